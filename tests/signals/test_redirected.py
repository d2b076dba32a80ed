"""Redirects are an outage where nearly everybody gets them who was served just before, and routine otherwise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

import logsleuth

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAY = datetime(2026, 3, 3, tzinfo=UTC)
SERVED, MOVED, LOGIN = '"GET /shop HTTP/1.1" 200 5120', '"GET /shop HTTP/1.1" 302 199', '"POST /login HTTP/1.1" 303 0'
CAMPAIGN = '"GET /spring HTTP/1.1" 302 199'

CHATTER = (
    "[Tue Mar 03 {:02}:30:00.000000 2026] [core:error] [pid 7:tid 7] [client 192.0.2.9:40000] AH00128: File does not "
    "exist: /srv/www/favicon.ico\n"
)

Part = tuple[float, float, float, str]
"""From this minute of the day to another, at this interval in seconds, what is asked for and how it is answered."""


def log(*parts: Part, clients: int = 40) -> str:
    return "".join(f"192.0.2.{nth % clients} - - [{when:%d/%b/%Y:%H:%M:%S +0000}] {says}\n"
                   for nth, (when, says) in enumerate(sorted(_requests(parts))))  # fmt: skip


def _requests(parts: tuple[Part, ...]) -> Iterator[tuple[datetime, str]]:
    for begin, end, every, says in parts:
        for nth in range(int((end - begin) * 60 / every)):
            yield DAY + timedelta(minutes=begin, seconds=nth * every), says


def categories(folder: Path, access: str) -> list[str | None]:
    (folder / "error.log").write_text("".join(CHATTER.format(hour) for hour in range(16)))
    (folder / "access.log").write_text(access)
    report = logsleuth.analyze([str(folder / "error.log"), str(folder / "access.log")], tz="UTC")
    return [incident.category for incident in report.incidents]


def test_everybody_is_redirected_who_was_served_before(tmp_path: Path) -> None:
    usual = ((0, 600, 5.0, SERVED), (0, 600, 60.0, LOGIN), (620, 960, 5.0, SERVED))
    assert categories(tmp_path, log(*usual, (600, 620, 1.0, MOVED))) == ["rewrite-loop"]


@pytest.mark.parametrize(
    "access",
    [
        log((0, 420, 60.0, MOVED), (420, 700, 1.0, MOVED), (700, 960, 60.0, MOVED)),
        log((0, 960, 5.0, SERVED), (0, 960, 60.0, LOGIN), (540, 560, 2.0, LOGIN)),
        log((0, 960, 5.0, SERVED), (600, 620, 0.5, CAMPAIGN)),
        log((0, 600, 5.0, SERVED), (600, 620, 1.0, MOVED), (620, 960, 5.0, SERVED), clients=3),
    ],
    ids=["a site on port 80 that only redirects", "logins at nine", "a campaign's link", "three clients"],
)
def test_redirects_are_routine(tmp_path: Path, access: str) -> None:
    assert categories(tmp_path, access) == []


RELOAD = (
    "[Tue Mar 03 09:59:59.500000 2026] [mpm_event:notice] [pid 7:tid 7] AH00493: SIGUSR1 received.  Doing graceful "
    "restart\n[Tue Mar 03 10:00:00.250000 2026] [mpm_event:notice] [pid 7:tid 7] AH00489: Apache/2.4.58 (Unix) "
    "configured -- resuming normal operations\n"
)


@pytest.mark.parametrize(
    ("burst", "onset"),
    [(MOVED, "10:00:00"), (SERVED, "10:00:15")],
    ids=["redirected from the reload on", "served at first"],
)
def test_it_begins_with_the_first_who_met_it_after_the_reload_though_some_quiet_seconds_follow(
    tmp_path: Path, burst: str, onset: str
) -> None:
    first, later = (600, 600.05, 0.05, burst), (600.25, 620, 1.0, MOVED)
    chatter = [CHATTER.format(hour) for hour in range(16)]
    (tmp_path / "error.log").write_text("".join([*chatter[:10], RELOAD, *chatter[10:]]))
    usual = ((0, 600, 5.0, SERVED), (0, 600, 60.0, LOGIN), (620, 960, 5.0, SERVED))
    (tmp_path / "access.log").write_text(log(*usual, first, later))
    report = logsleuth.analyze([str(tmp_path / "error.log"), str(tmp_path / "access.log")], tz="UTC")
    (incident,) = report.incidents
    assert f"{datetime.fromtimestamp(incident.onset / 1e6, UTC):%H:%M:%S}" == onset
