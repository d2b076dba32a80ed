"""Everybody is turned away for a while, by a rule that scanners are turned away by all day long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path  # noqa: TC003 - pytest reads the annotations
from typing import TYPE_CHECKING

import pytest

import logsleuth
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Sequence

HOUR = 3600
START = datetime(2026, 3, 3, 6, tzinfo=UTC)
DENIED = (
    "[security2:error] [pid 71:tid 71] [client {}:40001] ModSecurity: Access denied with code 403 (phase 1). Matched "
    'phrase "{}" at REQUEST_HEADERS:User-Agent. [id "{}"]'
)
GRACEFUL = "[mpm_prefork:notice] [pid 61:tid 61] AH00171: Graceful restart requested, doing restart"
UP = "[mpm_prefork:notice] [pid 61:tid 61] AH00163: Apache/2.4.58 (Unix) configured -- resuming normal operations"
SCANNERS = ("198.51.100.7", "198.51.100.8")
RELOADED, UNDONE = 7200, 7290
SCANNED = (*range(0, 7100, 400), *range(7130, 7360, 2), *range(7600, 14400, 400))
"""When scanners come: now and then, and often around the time of the outage."""


def error_log(*, reloads: tuple[int, ...]) -> str:
    """Four hours with scanners; from RELOADED to UNDONE a rule denies 25 users too, each a few times."""
    lines = [
        (float(second), DENIED.format(SCANNERS[second // 3 % 2], "zgrab", 900120)) for second in range(0, 14400, 40)
    ]
    lines += [
        (second + part / 8, DENIED.format(f"192.0.2.{(8 * second + part) % 25}", "Mozilla", 900131))
        for second in range(RELOADED, UNDONE)
        for part in range(1, 7)
    ]
    lines += [(second, line) for second in reloads for line in (GRACEFUL, UP)]
    return written(lines)


def written(lines: Sequence[tuple[float, str]]) -> str:
    """Lines at their seconds after START, in order of time."""
    return "".join(
        f"[{START + timedelta(seconds=second):%a %b %d %H:%M:%S.%f %Y}] {line}\n" for second, line in sorted(lines)
    )


def test_it_lasts_from_the_reload_that_began_it_to_the_one_that_ended_it(tmp_path: Path) -> None:
    (tmp_path / "error.log").write_text(error_log(reloads=(RELOADED, UNDONE)))
    (incident,) = logsleuth.analyze([str(tmp_path / "error.log")], tz="UTC").incidents
    assert incident.causes[0].category == "permission-denied"
    assert incident.end is not None
    began, ended = ((time - START.timestamp() * SECOND) / SECOND for time in (incident.onset, incident.end))
    assert (began, ended) == pytest.approx((RELOADED, UNDONE), abs=1)


@pytest.mark.parametrize("reloads", [(), (3600,), (UNDONE,)])
def test_without_a_reload_at_its_beginning_the_error_log_alone_does_not_show_it(
    reloads: tuple[int, ...], tmp_path: Path
) -> None:
    (tmp_path / "error.log").write_text(error_log(reloads=reloads))
    assert not logsleuth.analyze([str(tmp_path / "error.log")], tz="UTC").incidents


def test_what_is_refused_all_day_long_is_no_outage_after_a_long_stop(tmp_path: Path) -> None:
    """Many clients ask for what is not there; the server is down for hours in between."""
    missing = (
        "[core:error] [pid 71:tid 71] [client 192.0.2.{}:40001] AH00128: File does not exist: /srv/www/favicon.ico"
    )
    stop = "[mpm_prefork:notice] [pid 61:tid 61] AH00169: caught SIGTERM, shutting down"
    hours = [*range(0, 4 * HOUR, 60), *range(8 * HOUR, 16 * HOUR, 40)]
    lines = [(second, missing.format(second // 20 % 40)) for second in hours]
    lines += [(4 * HOUR, stop), (8 * HOUR - 9, UP)]
    (tmp_path / "error.log").write_text(written(lines))
    report = logsleuth.analyze([str(tmp_path / "error.log")], tz="UTC")
    assert not [incident for incident in report.incidents if incident.causes and "404" in incident.causes[0].title]


@pytest.mark.parametrize(("level", "outages"), [("error", 1), ("info", 0)])
def test_what_only_a_lower_log_level_shows_was_there_before_as_well(tmp_path: Path, level: str, outages: int) -> None:
    """Somebody lowers LogLevel with a reload: AH00128, which httpd 2.4 writes at info, appears with it."""
    missing = f"[core:{level}] [pid 71:tid 71] [client 192.0.2.{{}}:40001] AH00128: File does not exist: /srv/www/a.ico"
    other = "[autoindex:error] [pid 71:tid 71] [client 192.0.2.{}:40001] AH01276: Cannot serve directory /srv/www/img/"
    lines = [(float(second), other.format(second // 600 % 5)) for second in range(0, 8 * HOUR, 600)]
    lines += [(4 * HOUR, GRACEFUL), (4 * HOUR + 0.1, UP)]
    lines += [(second, missing.format(second // 20 % 40)) for second in range(4 * HOUR + 20, 8 * HOUR, 20)]
    (tmp_path / "error.log").write_text(written(lines))
    assert len(logsleuth.analyze([str(tmp_path / "error.log")], tz="UTC").incidents) == outages


@pytest.mark.parametrize(("every", "outages"), [(200, 0), (40, 1)], ids=["one request in fifty", "one in ten"])
def test_a_broken_link_that_hardly_anybody_asks_for_is_no_outage(tmp_path: Path, every: int, outages: int) -> None:
    link = "[core:error] [pid 71] [client 192.0.2.{}:40001] AH00037: Symbolic link not allowed or link target not accessible: /home/a/www"
    broken = range(6 * HOUR, 12 * HOUR, every)
    (tmp_path / "error.log").write_text(
        written([(1.0, UP), *((float(second), link.format(second // 40 % 60)) for second in broken)])
    )
    asked = sorted([*((second, 403) for second in broken), *((second, 200) for second in range(0, 12 * HOUR, 4))])
    (tmp_path / "access.log").write_text(
        "".join(
            f'192.0.2.{second // 40 % 60} - - [{START + timedelta(seconds=second):%d/%b/%Y:%H:%M:%S +0000}] "GET /~a/ '
            f'HTTP/1.1" {status} 196\n'
            for second, status in asked
        )
    )
    report = logsleuth.analyze([str(tmp_path / "error.log"), str(tmp_path / "access.log")], tz="UTC")
    assert len(report.incidents) == outages


@pytest.mark.parametrize(("pages", "outages"), [(2, 1), (30, 0)], ids=["all pages are gone", "a few are gone"])
def test_all_pages_are_gone_though_pictures_are_still_served(tmp_path: Path, pages: int, outages: int) -> None:
    """A deploy took the scripts away, at 2 o'clock for twenty minutes; no reload tells of it."""
    unknown = "[proxy_fcgi:error] [pid 71] [client {}:40001] AH01071: Got error 'Primary script unknown'"
    gone = set(range(2 * HOUR, 2 * HOUR + 1200, pages * 5))
    scanned = set(range(7, 4 * HOUR, 300))
    rows = [(1.0, UP)]
    rows += [(float(second), unknown.format(f"192.0.2.{second // 10 % 40}")) for second in gone]
    rows += [(float(second), unknown.format(SCANNERS[0])) for second in scanned]
    (tmp_path / "error.log").write_text(written(rows))
    asked = [
        (second, f"192.0.2.{second // 10 % 40}", "/page/", 404 if second in gone else 200)
        for second in range(0, 4 * HOUR, 10)
    ]
    asked += [(second, f"192.0.2.{second // 10 % 40}", "/media/a.png", 200) for second in range(3, 4 * HOUR, 25)]
    asked += [(second, SCANNERS[0], "/wp-login.php", 404) for second in scanned]
    (tmp_path / "access.log").write_text(
        "".join(
            f'{client} - - [{START + timedelta(seconds=second):%d/%b/%Y:%H:%M:%S +0000}] "GET {path} HTTP/1.1" {status} 16\n'
            for second, client, path, status in sorted(asked)
        )
    )
    report = logsleuth.analyze([str(tmp_path / "error.log"), str(tmp_path / "access.log")], tz="UTC")
    assert [one.category for one in report.incidents] == ["app-misconfigured"] * outages
