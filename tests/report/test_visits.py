"""The requests around an outage, read once more and judged as a probe would."""

from pathlib import Path

import pytest

from logsleuth.logs.open.log import open_logs
from logsleuth.report.compose.again import Again
from logsleuth.report.compose.exhibits import Exhibits
from logsleuth.report.compose.visits import Visit, Visits, read_visits
from logsleuth.scan.tally import Tally
from logsleuth.timeline.clock import Clock
from logsleuth.units import SECOND

NOON = 1_772_539_200 * SECOND
"""2026-03-03 12:00:00 UTC."""


def visits(folder: Path, lines: list[str], begin: int = 0, end: int = 60, by_referer: tuple[str, ...] = ()) -> Visits:
    """Of a minute from noon on, or a part of it in seconds."""
    path = folder / "access.log"
    path.write_text("".join(lines))
    logs, _ = open_logs([str(path)])
    exhibits = Exhibits(Tally(), logs, Clock.named("UTC"), again=Again(logs))
    return read_visits([0], exhibits, NOON + begin * SECOND, NOON + end * SECOND, by_referer)


def line(second: int, path: str, status: int, agent: str = "curl", method: str = "GET") -> str:
    return f'192.0.2.1 - - [03/Mar/2026:12:00:{second:02} +0000] "{method} {path} HTTP/1.1" {status} 9 "-" "{agent}"\n'


def test_each_request_has_its_answer() -> None:
    assert Visit(0, "/", "well").is_well
    assert Visit(0, "/", "well", took=10 * SECOND).is_well
    assert not Visit(0, "/", "well", took=11 * SECOND).is_well
    assert not Visit(0, "/", "failed").is_well
    assert Visit(0, "/", "well", "HEAD").reads
    assert not Visit(0, "/", "well", "POST").reads


def test_requests_of_the_outage_are_told_from_those_around_it(tmp_path: Path) -> None:
    statuses = [200, 304, 500, 503, 404, 301, 401, 200]
    found = visits(tmp_path, [line(n, "/a?q=1", status) for n, status in enumerate(statuses, 1)], 3, 7)
    assert [one.how for one in found.during] == ["failed", "failed", "refused", "redirected", "asked who"]
    assert [one.how for one in found.elsewhen] == ["well", "well", "well"]
    assert {one.path for one in (*found.during, *found.elsewhen)} == {"/a"}


def test_the_log_says_where_requests_came_in_and_how(tmp_path: Path) -> None:
    named = f"a.example:8443 {line(1, '/', 200)}"
    (one,) = visits(tmp_path, [named]).during
    assert (one.site, one.port, one.is_tls) == ("a.example", "8443", False)
    (one,) = visits(tmp_path, [line(1, "/", 200).replace("\n", " TLSv1.3\n")]).during
    assert (one.site, one.port, one.is_tls) == ("", "", True)
    led = line(1, "/", 200).replace('"-" "curl"', '"https://b.example/x" "curl"')
    (one,) = visits(tmp_path, [led], by_referer=("b.example",)).during
    assert one.site == "b.example"


def test_an_agent_without_a_referer_before_it_is_known(tmp_path: Path) -> None:
    lines = [line(n, "/", 200, "check_http/v2").replace(' "-"', " 404") for n in range(1, 7)]
    (monitor,) = visits(tmp_path, lines).monitors
    assert (monitor.name, monitor.requests) == ("check_http", 6)


@pytest.mark.parametrize(
    ("agent", "path", "statuses", "said"),
    [
        ("UptimeRobot/2.0", "/", [200] * 6, "The monitor that already asks for / (UptimeRobot) got a good answer 6 times out of 6: it saw nothing of this outage."),
        ("kube-probe/1.30", "/x", [500] * 6, "The monitor that already asks for /x (kube-probe) got an error all 6 times: it saw this outage."),
        ("monit/5.33", "/x", [500, 200] * 3, "The monitor that already asks for /x (monit) got an error 3 of 6 times."),
        ("check_http/v2", "/x", [301] * 6, "The monitor that already asks for /x (check_http) was redirected 6 of 6 times: to most monitors a redirect is a good answer (to check_http unless it has the option -f critical)."),
        ("curl", "/v1/health", [503] * 5, "The check /v1/health got an error all 5 times: it saw this outage."),
        ("curl", "/actuator/health", [404] * 4, None),  # a scanner
        ("curl", "/shop", [500] * 6, None),
        ("Pingdom", "/$(x)", [500] * 6, None),
    ],
)  # fmt: skip
def test_it_is_said_what_a_monitor_saw(
    tmp_path: Path, agent: str, path: str, statuses: list[int], said: str | None
) -> None:
    lines = [line(n, path, status, agent) for n, status in enumerate(statuses, 1)]
    found = visits(tmp_path, lines)
    assert [one.sentence for one in found.monitors] == ([said] if said else [])
