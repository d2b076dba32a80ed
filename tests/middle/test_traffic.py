"""What an access log beside the error log says of an incident."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path  # noqa: TC003 - pytest reads the annotations
from typing import TYPE_CHECKING

import pytest

import logsleuth

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.report.model import IncidentReport

START = datetime(2026, 3, 3, 6, tzinfo=UTC)
REFUSED = (
    "[{:%a %b %d %H:%M:%S.%f %Y}] [proxy:error] [pid 61:tid 61] (111)Connection refused: AH00957: http: attempt to "
    "connect to 192.0.2.5:8080 (192.0.2.5:8080) failed\n"
)
QUIET = "[{:%a %b %d %H:%M:%S.%f %Y}] [core:info] [pid 61:tid 61] [client 192.0.2.9:4000] AH00128: File does not exist: /x\n"
REQUEST = '192.0.2.9 - - [{:%d/%b/%Y:%H:%M:%S} +0000] "GET /x HTTP/1.1" {} 196 "-" "curl/7.88.1"\n'


def at(second: float) -> datetime:
    return START + timedelta(seconds=second)


def told(folder: Path, status: int, every: float) -> IncidentReport:
    """An outage of 100 s after an hour; within it requests are answered so, one each so many seconds; else one a second."""
    lines = [(second, QUIET) for second in range(0, 7200, 40)] + [(second, REFUSED) for second in range(3600, 3700)]
    (folder / "error.log").write_text("".join(line.format(at(second)) for second, line in sorted(lines)))
    requests = [(float(second), 200) for second in range(7200) if not 3600 <= second < 3700]
    requests += [(3600 + number * every, status) for number in range(int(100 / every))]
    text = "".join(REQUEST.format(at(second), answer) for second, answer in sorted(requests))
    (folder / "access.log").write_text(text)
    report = logsleuth.analyze([str(folder / "error.log"), str(folder / "access.log")], tz="UTC")
    (incident,) = report.incidents
    return incident


def test_failed_requests_agree_with_the_cause_and_tell_the_damage(tmp_path: Path) -> None:
    incident = told(tmp_path, 503, 1)
    assert "The access log agrees: requests failed in that time." in incident.causes[0].for_
    assert incident.summary[0] == "All 100 requests failed."
    assert (incident.requests and (incident.requests.failed, incident.requests.seen)) == (100, 100)
    assert any(fact.text.startswith("In the 1 min 39 s before: 0 of ") for fact in incident.impact)


def test_requests_that_one_fault_has_a_line_for_are_no_ground_of_another(tmp_path: Path) -> None:
    told(tmp_path, 503, 1)
    crash = "[{:%a %b %d %H:%M:%S.%f %Y}] [core:notice] [pid 60:tid 60] AH00052: child pid {} exit signal Segmentation fault (11)\n"
    with (tmp_path / "error.log").open("a") as log:
        log.writelines(crash.format(at(3650 + number), 300 + number) for number in range(12))
    report = logsleuth.analyze([str(tmp_path / "error.log"), str(tmp_path / "access.log")], tz="UTC")
    agree = {
        cause.title: any("access log agrees" in ground for ground in cause.for_) for cause in report.incidents[0].causes
    }
    assert agree == {"Backend refuses connections": True, "Segmentation faults of workers": False}


def test_answers_that_are_never_given_are_damage_too(tmp_path: Path) -> None:
    incident = told(tmp_path, 200, 20)
    assert any("a request that is never answered is not logged" in fact.text for fact in incident.impact)
    assert incident.summary[0].startswith("Most requests were not answered for ")


def test_served_requests_agree_with_nothing(tmp_path: Path) -> None:
    incident = told(tmp_path, 200, 1)
    assert not any("access log" in ground for ground in (*incident.causes[0].for_, *incident.causes[0].against))
    (damage,) = [fact.text for fact in incident.impact if "access.log" in fact.text]
    assert damage.endswith("access.log: none of 100 requests got a server error (5xx).")


def test_a_log_rotated_within_an_outage_counts_as_one(tmp_path: Path) -> None:
    told(tmp_path, 503, 1)
    access = tmp_path / "access.log"
    lines = access.read_text().splitlines(keepends=True)
    (tmp_path / "access.log.1").write_text("".join(lines[:3650]))
    access.write_text("".join(lines[3650:]))
    names = ("access.log", "access.log.1", "error.log")
    (incident,) = logsleuth.analyze([str(tmp_path / name) for name in names], tz="UTC").incidents
    assert incident.summary[0] == "All 100 requests failed."
    (fact,) = [fact for fact in incident.impact if fact.text.startswith(f"{access}: ")]
    cited = {one.path for one in incident.evidence if one.id in fact.evidence}
    assert cited == {str(access), str(tmp_path / "access.log.1")}


@pytest.mark.parametrize("jobs", [1, 2])
def test_any_number_of_processes_counts_the_same(tmp_path: Path, jobs: int) -> None:
    told(tmp_path, 503, 1)
    paths = [str(tmp_path / name) for name in ("error.log", "access.log")]
    assert logsleuth.analyze(paths, tz="UTC", jobs=jobs) == logsleuth.analyze(paths, tz="UTC")


SLOW = (
    "[{0:%a %b %d %H:%M:%S.%f %Y}] [proxy_http:error] [pid 61:tid 61] (70007)The timeout specified has expired: "
    "[client 198.51.100.1{0:%M}:4000] AH01102: error reading status line from remote server 192.0.2.9:8081\n"
)
DENIED = (
    "[{:%a %b %d %H:%M:%S.%f %Y}] [authz_core:error] [pid 62:tid 62] [client 203.0.113.9:4000] AH01630: client denied by "
    "server configuration: /srv/www/.git\n"
)


@pytest.mark.parametrize(
    ("slow", "scanned", "requests", "outages"),
    [
        pytest.param(range(36000, 36480, 40), range(36000, 36600), range(0, 86400), 1, id="a scanner is no busy time"),
        pytest.param(
            [*range(0, 86400, 9600), *range(43200, 45600, 100)],
            (),
            [*range(0, 86400, 5), *(second / 30 for second in range(43200 * 30, 45600 * 30))],
            0,
            id="a page that fails one time in thousands does so most often when most ask for it",
        ),
    ],
)
def test_how_busy_the_server_was_is_what_its_access_log_counts(
    slow: Iterable[int], scanned: Iterable[int], requests: Iterable[float], outages: int, tmp_path: Path
) -> None:
    errors = [(second, SLOW) for second in slow] + [(second, DENIED) for second in [*range(0, 86400, 300), *scanned]]
    (tmp_path / "error.log").write_text("".join(line.format(at(second)) for second, line in sorted(errors)))
    (tmp_path / "access.log").write_text("".join(REQUEST.format(at(second), 200) for second in sorted(requests)))
    report = logsleuth.analyze([str(tmp_path / "error.log"), str(tmp_path / "access.log")], tz="UTC")
    assert len(report.incidents) == outages


NO_SLOT = (
    "[{:%a %b %d %H:%M:%S.%f %Y}] [mpm_event:error] [pid 60:tid 60] AH03490: scoreboard is full, not at "
    "MaxRequestWorkers.Increase ServerLimit.\n"
)


@pytest.mark.parametrize(
    ("answered", "outages"), [(1, 0), (20, 1), (None, 1)], ids=["as before", "hardly anybody", "no access log"]
)
def test_a_limit_that_is_reached_again_and_again_is_an_outage_if_requests_wait(
    answered: int | None, outages: int, tmp_path: Path
) -> None:
    """Five minutes of lines; `answered`: seconds from one answer in them to the next; else one a second."""
    errors = [(second, QUIET) for second in range(0, 7200, 40)] + [(second, NO_SLOT) for second in range(3600, 3900, 2)]
    (tmp_path / "error.log").write_text("".join(line.format(at(second)) for second, line in sorted(errors)))
    paths = [str(tmp_path / "error.log")]
    if answered is not None:
        requests = [second for second in range(7200) if not 3600 <= second < 3900 or second % answered == 0]
        (tmp_path / "access.log").write_text("".join(REQUEST.format(at(second), 200) for second in requests))
        paths.append(str(tmp_path / "access.log"))
    assert len(logsleuth.analyze(paths, tz="UTC").incidents) == outages
