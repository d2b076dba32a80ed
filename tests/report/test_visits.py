"""The requests around an outage, read once more and judged as a probe would."""

from datetime import UTC
from pathlib import Path

import pytest

from logsleuth.logs.open.log import open_logs
from logsleuth.report.compose.log.again import Again
from logsleuth.report.compose.requests.bystanders import bystanders
from logsleuth.report.compose.requests.read_visits import read_visits
from logsleuth.report.compose.requests.visits import Visit, Visits
from logsleuth.report.compose.story.exhibits import Exhibits
from logsleuth.scan.tally import Tally
from logsleuth.timeline.clock import Clock
from logsleuth.units import SECOND

NOON = 1_772_539_200 * SECOND
"""2026-03-03 12:00:00 UTC."""


def visits(
    folder: Path,
    lines: list[str],
    begin: int = 0,
    end: int = 60,
    by_referer: tuple[str, ...] = (),
    refused_with: tuple[int, ...] | None = None,
) -> Visits:
    """Of a minute from noon on, or a part of it in seconds."""
    path = folder / "access.log"
    path.write_text("".join(lines))
    logs, _ = open_logs([str(path)])
    exhibits = Exhibits(Tally(), logs, Clock.named("UTC"), again=Again(logs))
    return read_visits([0], exhibits, NOON + begin * SECOND, NOON + end * SECOND, by_referer, refused_with)


def line(second: int, path: str, status: int, agent: str = "curl", method: str = "GET") -> str:
    return f'192.0.2.1 - - [03/Mar/2026:12:00:{second:02} +0000] "{method} {path} HTTP/1.1" {status} 9 "-" "{agent}"\n'


def test_each_request_has_its_answer() -> None:
    assert Visit(0, "/", "well").is_well
    assert Visit(0, "/", "well", took=10 * SECOND).is_well
    assert not Visit(0, "/", "well", took=11 * SECOND).is_well
    assert not Visit(0, "/", "failed").is_well
    assert Visit(0, "/", "well", "HEAD").reads
    assert not Visit(0, "/", "well", "POST").reads


def test_what_is_refused_for_another_reason_is_no_failure_of_the_outage(tmp_path: Path) -> None:
    lines = [line(n, "/a", status) for n, status in enumerate((400, 404, 401, 200), 1)]
    found = visits(tmp_path, lines, refused_with=(400,))
    assert [one.how for one in found.during] == ["refused", "other", "asked who", "well"]
    found = visits(tmp_path, lines, refused_with=())  # server errors alone were
    assert [one.how for one in found.during] == ["other", "other", "asked who", "well"]


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


def test_two_alike_of_which_one_log_says_how_long_it_took(tmp_path: Path) -> None:
    """A proxy may ask for the same page in the same second and note no duration."""
    plain = line(1, "/a", 503)
    path = tmp_path / "access.log"
    path.write_text(plain)
    (tmp_path / "timed.log").write_text("".join(plain.replace("\n", f" {took}\n") for took in (1200, 950)))
    logs, _ = open_logs(
        [str(path), str(tmp_path / "timed.log")],
        access_formats=('%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" %D',),
    )
    exhibits = Exhibits(Tally(), logs, Clock.named("UTC"), again=Again(logs))
    found = read_visits([0, 1], exhibits, NOON, NOON + 60 * SECOND)
    assert [one.how for one in found.during] == ["failed"] * 3


def test_an_agent_without_a_referer_before_it_is_known(tmp_path: Path) -> None:
    lines = [line(n, "/", 200, "check_http/v2").replace(' "-"', " 404") for n in range(1, 7)]
    (monitor,) = visits(tmp_path, lines).monitors
    assert (monitor.name, monitor.requests) == ("check_http", 6)


@pytest.mark.parametrize(
    ("agent", "path", "statuses", "said"),
    [
        ("UptimeRobot/2.0", "/", [200] * 6, "The monitor that already asks for / (UptimeRobot) got a good answer 6 times out of 6: it saw nothing of this outage."),
        ("kube-probe/1.30", "/x", [500] * 6, "The monitor that already asks for /x (kube-probe) failed all 6 times: it saw this outage; it had two failures in a row by 12:00:02."),
        ("kube-probe/1.30", "/x", [504] * 6, "The monitor that already asks for /x (kube-probe) failed all 6 times: it saw this outage; it had two failures in a row by 12:00:32."),
        ("monit/5.33", "/x", [500, 200] * 3, "The monitor that already asks for /x (monit) failed 3 of 6 times."),
        ("check_http/v2", "/x", [301] * 6, "The monitor that already asks for /x (check_http) was redirected 6 of 6 times: to most monitors a redirect is a good answer (to check_http unless it has the option -f critical)."),
        ("curl", "/v1/health", [503] * 6, None),  # no more than that they were six
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
    assert [one.said(UTC) for one in found.monitors] == ([said] if said else [])


def of_monitor(
    times: list[int], status: int = 200, agent: str = "UptimeRobot/2.0", asked: str = "GET /", client: str = "192.0.2.9"
) -> list[str]:
    """Lines of a monitor, by seconds from noon."""
    return [
        f'{client} - - [03/Mar/2026:12:{second // 60:02}:{second % 60:02} +0000] "{asked} HTTP/1.1" {status} 9 "-" '
        f'"{agent}"\n'
        for second in times
    ]


BEFORE = list(range(0, 600, 10))
"""A monitor that asks every ten seconds."""
AFTER = [960]


@pytest.mark.parametrize(
    ("during", "status", "said"),
    [
        ([*range(600, 900, 10)], 200, "(UptimeRobot) got a good answer 30 times out of 30: it saw nothing of this outage."),
        (
            [605, 700, 890],
            200,
            "(UptimeRobot) asked every 10 s before and is in the log 3 times in that time, where about 30 checks were due (from "
            "12:11:40 to 12:14:50 not once): the others were not answered, so it saw this outage.",
        ),
        (
            [second for second in range(600, 900, 10) if second not in {640, 700}],
            200,
            "(UptimeRobot) got a good answer 28 times; the checks due at 12:10:40 and 12:11:40 are not in the log: most likely they "
            "were not answered.",
        ),
        (
            [],
            200,
            "(UptimeRobot) asked every 10 s before and is in the log not once in that time, where about 30 checks were due: "
            "none was answered, so it saw this outage.",
        ),
        (
            [605, 700, 890],
            503,
            "(UptimeRobot) asked every 10 s before and is in the log 3 times in that time (3 of them failed or took more than 30 s), where about "
            "30 checks were due (from 12:11:40 to 12:14:50 not once): the others were not answered, so it saw this outage, and "
            "it had two failures in a row by 12:11:40.",
        ),
    ],
)  # fmt: skip
def test_checks_that_are_in_no_log_were_not_answered(tmp_path: Path, during: list[int], status: int, said: str) -> None:
    lines = [*of_monitor(BEFORE), *of_monitor(during, status), *of_monitor(AFTER)]
    (one,) = visits(tmp_path, lines, 600, 900).monitors
    assert one.said(UTC) == f"The monitor that already asks for / {said}"


def test_a_monitor_that_failed_a_few_times_is_named(tmp_path: Path) -> None:
    lines = [*of_monitor(BEFORE), *of_monitor([610, 620], 503), *of_monitor(AFTER)]
    (one,) = visits(tmp_path, lines, 600, 625).monitors
    assert one.said(UTC).startswith("The monitor that already asks for / (UptimeRobot) failed all 2 times: it saw this")


@pytest.mark.parametrize(
    ("asked", "user", "agent", "is_of_monitor"),
    [
        ("GET /mensa.html", "-", "-", True),
        ("GET /ping.txt", "-", "Wget", True),
        ("HEAD /courses/", "-", "Wget", True),
        ("OPTIONS *", "-", "-", True),
        ("GET /", "-", "lwp", True),
        ("POST /b2b/edi/inbound", "-", "Bridge/4.2", False),
        ("GET /svn/tools/trunk", "svc-ci", "SVN/1.6", False),
        ("GET /status.html", "svc-ci", "curl", False),
        ("GET /cron.php", "-", "Wget", False),
        ("GET /", "-", "Mozilla/5.0", False),
    ],
)
def test_a_check_reads_a_page_that_does_nothing(
    tmp_path: Path, asked: str, user: str, agent: str, *, is_of_monitor: bool
) -> None:
    path = tmp_path / "access.log"
    path.write_text("".join(of_monitor(BEFORE, agent=agent, asked=asked)).replace(" - - [", f" - {user} ["))
    logs, _ = open_logs([str(path)])
    read = list(Again(logs).requests(0, Clock.named("UTC"), NOON, NOON + 600 * SECOND))
    assert set(bystanders(read).values()) == ({"monitor"} if is_of_monitor else set())


DURING = list(range(600, 900, 10))
LATER = list(range(900, 1200, 10))


@pytest.mark.parametrize(
    ("agent", "asked", "before", "during", "said"),
    [
        ("curl/8", "GET /actuator/health", 200, 503, "The check /actuator/health failed all 30 times: it saw this outage; it had two failures in a row by 12:10:10."),
        ("curl/8", "GET /actuator/health", 404, 404, None),
        ("curl/8", "GET /actuator/health", 404, 503, "The check /actuator/health failed all 30 times: it saw this outage; it had two failures in a row by 12:10:10."),
        ("check_http/v2", "GET /server-status", 404, 404, "The monitor that already asks for /server-status (check_http) is answered with 404 at all times: it can see no outage."),
        ("check_http/v2", "GET /server-status", 200, 404, "The monitor that already asks for /server-status (check_http) failed all 30 times: it saw this outage; it had two failures in a row by 12:10:10."),
        ("kube-probe/1.30", "GET /x", 500, 500, "The monitor that already asks for /x (kube-probe) is answered with 500 at all times: it can see no outage."),
        ("Wget", "HEAD /courses/", 200, 502, "The monitor that already asks for /courses/ (Wget, from 192.0.2.9) failed all 30 times: it saw this outage; it had two failures in a row by 12:10:10."),
        ("-", "GET /", 200, 200, "The monitor that already asks for / (from 192.0.2.9) got a good answer 30 times out of 30: it saw nothing of this outage."),
        ("Mozilla/5.0", "GET /", 200, 500, None),  # a page that renews itself
        ("Wget", "GET /cron.php", 200, 500, None),  # a job
        ("Wget", "GET /feed.xml", 200, 500, None),  # a reader
        ("Wget", "GET /logo.svg", 200, 200, "The monitor that already asks for /logo.svg (Wget, from 192.0.2.9) got a good answer 30 times out of 30: it saw nothing of this outage."),
    ],
)  # fmt: skip
def test_a_monitor_is_judged_by_what_it_is_answered_at_other_times(
    tmp_path: Path, agent: str, asked: str, before: int, during: int, said: str | None
) -> None:
    lines = [
        *of_monitor(BEFORE, before, agent, asked),
        *of_monitor(DURING, during, agent, asked),
        *of_monitor(LATER, before, agent, asked),
    ]
    found = visits(tmp_path, lines, 600, 899, refused_with=())
    assert [one.said(UTC) for one in found.monitors] == ([said] if said else [])
    assert all(one.was_well == (before == 200) for one in found.monitors)


def test_scanners_who_ask_for_a_page_of_monitors_are_none(tmp_path: Path) -> None:
    lines = [
        line
        for number, second in enumerate(range(600, 900, 20))
        for line in of_monitor([second], 503, "curl", "GET /health", f"198.51.100.{number}")
    ]
    assert [one.name for one in visits(tmp_path, lines, 600, 899).monitors] == []


def test_a_log_that_ends_with_an_outage_says_nothing_of_what_was_due_later(tmp_path: Path) -> None:
    lines = [*of_monitor(BEFORE), *of_monitor([600, 610, 620, 630, 640])]
    (one,) = visits(tmp_path, lines, 600, 900).monitors
    assert not one.missing


def test_what_asks_now_and_then_has_no_rhythm(tmp_path: Path) -> None:
    lines = [*of_monitor([*range(0, 100, 10), *range(500, 600, 10)]), *of_monitor([605, 700]), *of_monitor(AFTER)]
    assert visits(tmp_path, lines, 600, 900).monitors == ()


def test_a_connection_on_which_no_request_came_is_no_request(tmp_path: Path) -> None:
    silent = '192.0.2.1 - - [03/Mar/2026:12:00:01 +0000] "-" 408 0 "-" "-"\n'
    assert [one.path for one in visits(tmp_path, [silent, line(2, "/", 200)]).during] == ["/"]
