"""Whole small logs in, verdicts out: what is an incident, why, and whether it is over."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import logsleuth
from logsleuth.report.model import IncidentReport, Report

START = datetime(2026, 3, 3, 6, 0, 0)
Tell = Callable[["Log"], Report]

REFUSED = "[proxy:error] [pid {pid}:tid {pid}] (111)Connection refused: AH00957: http: attempt to connect to 192.0.2.5:8080 (192.0.2.5:8080) failed"
FAILED = "[proxy_http:error] [pid {pid}:tid {pid}] [client {client}:4711] AH01114: HTTP: failed to make connection to backend: 192.0.2.5"
SLOW = "[proxy_http:error] [pid {pid}:tid {pid}] (70007)The timeout specified has expired: [client {client}:4711] AH01102: error reading status line from remote server 192.0.2.5:8080"
SEGV = "[core:notice] [pid 100:tid 100] AH00052: child pid {pid} exit signal Segmentation fault (11)"
EGG = "[wsgi:error] [pid {pid}:tid {pid}] [client {client}:4711] zipimport.ZipImportError: bad local file header: '/srv/eggs/a.egg'"
UP = "[mpm_prefork:notice] [pid 100:tid 100] AH00163: Apache/2.4.62 (Debian) configured -- resuming normal operations"
STOP = "[mpm_prefork:notice] [pid 100:tid 100] AH00169: caught SIGTERM, shutting down"
GRACEFUL = "[mpm_prefork:notice] [pid 100:tid 100] AH00171: Graceful restart requested, doing restart"
FULL = "[mpm_prefork:error] [pid 100:tid 100] AH00161: server reached MaxRequestWorkers setting, consider raising the MaxRequestWorkers setting"
BLOCKED = "[security2:error] [pid {pid}:tid {pid}] [client {client}:4711] ModSecurity: Access denied with code 403 (phase 2). Matched phrase"
NOTED = "[security2:error] [pid {pid}:tid {pid}] [client {client}:4711] ModSecurity: Warning. Matched phrase"
DENIED = "[authz_core:error] [pid {pid}:tid {pid}] [client {client}:4711] AH01630: client denied by server configuration: /srv/x"
NOT_FOUND = "[core:info] [pid {pid}:tid {pid}] [client {client}:4711] AH00128: File does not exist: /srv/new/index.html"
NO_INDEX = "[autoindex:error] [pid {pid}:tid {pid}] [client {client}:4711] AH01276: Cannot serve directory /srv/new/: No matching DirectoryIndex (index.html) found, and server-generated directory index forbidden by Options directive"
ODD = "[shop:error] [pid {pid}:tid {pid}] [client {client}:4711] the flux compensator of the basket has come loose"


class Log:
    """Lines with their seconds after START, written in order of time."""

    def __init__(self) -> None:
        self.lines: list[tuple[float, str]] = []

    def add(self, text: str, *seconds: float, pid: int = 200, client: str = "203.0.113.7") -> "Log":
        self.lines += [(second, text.format(pid=pid, client=client)) for second in seconds]
        return self

    def every(self, step: float, begin: float, end: float, text: str, clients: int = 40, pids: int = 8) -> "Log":
        """The line again and again, by changing workers for changing clients."""
        number, second = 0, begin
        while second < end:
            self.add(text, second, pid=200 + number % pids, client=f"203.0.113.{1 + number % clients}")
            number, second = number + 1, second + step
        return self

    def write(self, path: Path) -> Path:
        rows = []
        for second, text in sorted(self.lines, key=lambda line: line[0]):
            when = START + timedelta(seconds=second)
            rows.append(f"[{when:%a %b %d %H:%M:%S}.{when.microsecond:06d} {when:%Y}] {text}\n")
        path.write_text("".join(rows))
        return path


@pytest.fixture
def tell(tmp_path: Path) -> Tell:
    return lambda log: logsleuth.analyze([log.write(tmp_path / "error.log")], tz="UTC")


def seconds(incident: IncidentReport, time: int | None) -> float:
    assert time is not None
    return time / 1e6 - (START - datetime(1970, 1, 1)).total_seconds()


HOUR = 3600.0


def a_day() -> Log:
    """Sixteen hours of scanners, with a logrotate in the middle."""
    log = Log().every(97, 0, 16 * HOUR, DENIED)
    return log.add(GRACEFUL, 4 * HOUR).add(UP, 4 * HOUR + 0.2)


def test_a_quiet_day_with_a_log_rotation_is_no_incident(tell: Tell) -> None:
    assert tell(a_day()).incidents == ()


def crashes(log: Log, second: float, workers: int) -> Log:
    """So many of the day's eight workers die within one second."""
    for number in range(workers):
        log.add(SEGV, second + number / 100, pid=200 + number)
    return log


def test_half_of_the_workers_dead_in_one_second_need_no_longer_storm(tell: Tell) -> None:
    (incident,) = tell(crashes(a_day(), 8 * HOUR, 4)).incidents
    assert (incident.category, incident.severity, len(incident.lost)) == ("segfault", "critical", 4)


@pytest.mark.parametrize(
    ("workers", "seconds"),
    [
        pytest.param(3, (8 * HOUR,), id="few of many"),
        pytest.param(4, (4 * HOUR + 5,), id="children that end at a restart"),
        pytest.param(4, (1 * HOUR, 3 * HOUR, 6 * HOUR, 9 * HOUR), id="the way of this log"),
    ],
)
def test_crashes_in_one_second_that_are_no_incident(tell: Tell, workers: int, seconds: tuple[float, ...]) -> None:
    log = a_day().every(61, 0, 16 * HOUR, DENIED)
    for second in seconds:
        crashes(log, second, workers)
    assert tell(log).incidents == ()


@pytest.mark.parametrize(("clients", "outages"), [(40, ["permission-denied"]), (1, [])], ids=["everybody", "one"])
def test_a_firewall_rule_that_blocks_everybody_is_an_outage(tell: Tell, clients: int, outages: list[str]) -> None:
    log = Log().every(97, 0, 5 * HOUR, DENIED).add(GRACEFUL, 2 * HOUR - 1).add(UP, 2 * HOUR)
    for text in (NOTED, BLOCKED):
        log.every(307, 0, 5 * HOUR, text).every(3, 2 * HOUR + 2, 3 * HOUR, text, clients=clients)
    assert [incident.category for incident in tell(log).incidents] == outages


@pytest.mark.parametrize(
    ("text", "category"),
    [(DENIED, "permission-denied"), (NOT_FOUND, "app-misconfigured"), (NO_INDEX, "app-misconfigured")],
    ids=["403", "404", "no start page"],
)
@pytest.mark.parametrize("reloads", [(2, 9), (2,)], ids=["since a reload", "no reload"])
def test_everybody_turned_away_since_a_reload_is_an_outage_of_its_kind(
    tell: Tell, text: str, category: str, reloads: tuple[int, ...]
) -> None:
    """Scanners are refused all day; without a reload, or an access log, nobody can say that others were served."""
    log = Log().every(97, 0, 16 * HOUR, text, clients=3)
    for hour in reloads:
        log.add(GRACEFUL, hour * HOUR - 1).add(UP, hour * HOUR)
    found = tell(log.every(2, 9 * HOUR + 1, 9.5 * HOUR, text)).incidents
    assert [(one.category, seconds(one, one.onset)) for one in found] == [(category, 9 * HOUR + 1)] * (len(reloads) - 1)


def test_a_fault_that_is_always_there_is_no_incident(tell: Tell) -> None:
    assert tell(a_day().every(631, 5, 16 * HOUR, SLOW)).incidents == ()


def test_a_burst_stands_out_from_a_chronic_fault_of_another_kind(tell: Tell) -> None:
    log = a_day().every(631, 5, 16 * HOUR, SLOW).every(1, 9 * HOUR, 9 * HOUR + 60, REFUSED)
    (incident,) = tell(log.every(1, 9 * HOUR + 0.1, 9 * HOUR + 60, FAILED)).incidents
    assert (incident.category, incident.confidence) == ("backend-down", "high")
    assert seconds(incident, incident.onset) == 9 * HOUR
    assert incident.recovery_how == "faded"
    assert abs(seconds(incident, incident.recovery_time) - (9 * HOUR + 60)) < 5


def test_a_burst_stands_out_from_the_same_fault_as_it_always_is(tell: Tell) -> None:
    log = a_day().every(631, 5, 16 * HOUR, REFUSED).every(0.5, 9 * HOUR, 9 * HOUR + 60, REFUSED)
    (incident,) = tell(log).incidents
    assert incident.category == "backend-down"
    assert abs(seconds(incident, incident.onset) - 9 * HOUR) < 5


def test_two_outages_hours_apart_are_two(tell: Tell) -> None:
    log = a_day().every(1, 2 * HOUR, 2 * HOUR + 60, REFUSED).every(1, 9 * HOUR, 9 * HOUR + 60, SLOW)
    assert {incident.category for incident in tell(log).incidents} == {"backend-down", "backend-timeout"}


def test_two_outages_that_share_a_consequence_are_two(tell: Tell) -> None:
    log = a_day()
    for begin, cause in (
        (2 * HOUR, REFUSED),
        (11 * HOUR, REFUSED.replace("(111)Connection refused", "(110)Connection timed out")),
    ):
        log.every(1, begin, begin + 60, cause).every(1, begin + 0.1, begin + 60, FAILED)
    assert {incident.category for incident in tell(log).incidents} == {"backend-down", "backend-timeout"}


def test_the_cause_wins_over_its_consequence_though_it_is_rarer(tell: Tell) -> None:
    log = a_day().every(1, 9 * HOUR, 9 * HOUR + 60, FAILED).every(4, 9 * HOUR, 9 * HOUR + 60, REFUSED)
    (incident,) = tell(log).incidents
    assert incident.causes[0].pattern == "proxy.connect-refused"


def test_a_pool_that_goes_on_growing_does_not_prolong_the_outage(tell: Tell) -> None:
    busy = "[mpm_event:info] [pid 100:tid 100] AH00486: server seems busy, (you may need to increase StartServers, "
    busy += "ThreadsPerChild or Min/MaxSpareThreads), spawning 1 children, there are around 0 idle threads, "
    busy += "3 active children, and 1 children that are shutting down"
    log = a_day().every(1, 9 * HOUR, 9 * HOUR + 60, REFUSED).every(1, 9 * HOUR, 9 * HOUR + 60, FAILED)
    (incident,) = tell(log.every(2, 9 * HOUR + 5, 9 * HOUR + 900, busy)).incidents
    assert incident.category == "backend-down"
    assert seconds(incident, incident.recovery_time) < 9 * HOUR + 120


def test_one_poisoned_worker_is_an_incident_though_many_were_another_day(tell: Tell) -> None:
    log = a_day().add(EGG, 3 * HOUR, 3 * HOUR + 20, pid=250)
    for number in range(6):
        log.add(EGG, *(20 * HOUR + 30 * number + 7 * n for n in range(40)), pid=300 + number)
    incidents = sorted(tell(log).incidents, key=lambda incident: incident.onset)
    assert [incident.category for incident in incidents] == ["stale-egg", "stale-egg"]
    assert [worker.pid for worker in incidents[0].lost] == [250]


def test_a_fault_that_poisons_some_worker_every_hour_is_chronic(tell: Tell) -> None:
    log = a_day()
    for hour in range(24):
        log.add(EGG, hour * HOUR + 600 + 97 * hour, pid=300 + hour)
    assert len(tell(log).incidents) <= 1


def test_workers_that_are_poisoned_all_day_long_are_chronic(tell: Tell) -> None:
    log = a_day().every(331, 5, 16 * HOUR, EGG)
    assert tell(log).incidents == ()
    (incident,) = tell(a_day().every(331, 6 * HOUR, 16 * HOUR, EGG)).incidents
    assert incident.category == "stale-egg"


def test_a_full_server_that_is_restarted_at_once_was_an_outage(tell: Tell) -> None:
    full = (
        "[mpm_prefork:error] [pid 100:tid 100] AH00161: server reached MaxRequestWorkers setting, consider raising it"
    )
    assert tell(a_day().add(full, 9 * HOUR)).incidents == ()
    (incident,) = tell(a_day().add(full, 9 * HOUR).add(STOP, 9 * HOUR + 90).add(UP, 9 * HOUR + 92)).incidents
    assert (incident.category, incident.recovery_how) == ("worker-exhaustion", "restart")


def test_poisoned_workers_are_named_and_the_restart_is_the_recovery(tell: Tell) -> None:
    log = a_day()
    for number in range(6):
        log.add(EGG, *(9 * HOUR + 30 * number + 7 * n for n in range(40)), pid=300 + number)
    end = 9 * HOUR + 30 * 5 + 7 * 40
    (incident,) = tell(log.add(STOP, end + 5).add(UP, end + 6)).incidents
    assert (incident.category, incident.severity, incident.confidence) == ("stale-egg", "critical", "high")
    assert [worker.pid for worker in incident.lost] == [300, 301, 302, 303, 304, 305]
    assert incident.recovery_how == "restart"
    assert seconds(incident, incident.recovery_time) == end + 6


def test_a_long_story_is_told_in_twenty_rows_from_onset_to_recovery(tell: Tell) -> None:
    log = a_day()
    for number in range(12):
        begin = 9 * HOUR + 60 * number
        log.add(STOP, begin).add(UP, begin + 1).add(SEGV, begin + 10, begin + 20, begin + 30, pid=400 + number)
        log.every(2, begin + 5, begin + 55, REFUSED).every(2, begin + 5, begin + 55, FAILED)
    (incident,) = tell(log.add(STOP, 9 * HOUR + 720).add(UP, 9 * HOUR + 721)).incidents
    kinds = [row.kind for row in incident.timeline]
    assert 8 <= len(kinds) <= 20
    assert (kinds[:2], kinds[-1]) == (["trigger", "onset"], "recovery")
    assert [row.time for row in incident.timeline] == sorted(row.time for row in incident.timeline)


def test_crashes_name_the_pid_that_the_parent_reports(tell: Tell) -> None:
    log = a_day()
    for number in range(12):
        log.add(SEGV, 9 * HOUR + 5 * number, pid=400 + number)
    (incident,) = tell(log).incidents
    assert incident.category == "segfault"
    assert {(worker.pid, worker.how) for worker in incident.lost} == {(400 + n, "crashed") for n in range(12)}


def test_a_log_that_ends_in_the_outage_shows_no_recovery(tell: Tell) -> None:
    (incident,) = tell(Log().every(97, 0, HOUR, DENIED).every(1, HOUR, HOUR + 60, REFUSED)).incidents
    assert incident.recovery_time is None
    assert incident.end is None


def test_a_broken_configuration_at_a_reload_is_one_line_and_an_outage(tell: Tell, tmp_path: Path) -> None:
    path = a_day().add(GRACEFUL, 9 * HOUR).add(UP.replace("100", "101"), 9 * HOUR + 90).write(tmp_path / "error.log")
    lines = path.read_text().splitlines(keepends=True)
    reload = next(n for n, line in enumerate(lines) if "15:00:00" in line and "Graceful" in line)
    lines[reload + 1 : reload + 1] = ["AH00526: Syntax error on line 2 of /etc/apache2/x.conf:\n"]
    path.write_text("".join(lines))
    (incident,) = logsleuth.analyze([path], tz="UTC").incidents
    assert (incident.category, incident.severity) == ("config-error", "critical")
    assert incident.recovery_how == "restart"
    assert [(gone.pid, gone.pool, gone.inferred) for gone in incident.lost] == [(100, "the parent process", True)]
    assert "worker" not in incident.summary[0], "a parent is no worker"


def test_the_limit_reached_right_after_a_start_means_nothing(tell: Tell) -> None:
    log = Log().add(UP, 0).add(FULL, 1).every(9, 2, 900, DENIED)
    assert tell(log).incidents == ()


def test_the_limit_reached_once_in_a_long_day_without_a_trace_means_nothing(tell: Tell) -> None:
    assert tell(a_day().add(FULL, 9 * HOUR)).incidents == ()


def test_the_limit_reached_and_a_release_of_all_who_waited_is_an_outage(tell: Tell) -> None:
    log = a_day().add(FULL, 9 * HOUR)
    log.every(0.02, 9 * HOUR + 120, 9 * HOUR + 120.5, DENIED)
    (incident,) = tell(log).incidents
    assert incident.category == "worker-exhaustion"
    assert abs(seconds(incident, incident.recovery_time) - (9 * HOUR + 120)) <= 1


def test_an_unknown_message_of_many_clients_is_told_as_unknown_with_its_line(tell: Tell) -> None:
    (incident,) = tell(a_day().every(1, 9 * HOUR, 9 * HOUR + 60, ODD)).incidents
    assert (incident.category, incident.confidence) == (None, "low")
    assert "flux compensator" in incident.evidence[0].text


def test_an_unknown_message_of_one_client_is_a_scanner(tell: Tell) -> None:
    assert tell(a_day().every(1, 9 * HOUR, 9 * HOUR + 60, ODD, clients=1)).incidents == ()


def test_the_verdict_does_not_hang_on_the_zone(tell: Tell, tmp_path: Path) -> None:
    log = a_day().every(1, 9 * HOUR, 9 * HOUR + 60, REFUSED)
    (here,) = tell(log).incidents
    (there,) = logsleuth.analyze([tmp_path / "error.log"], tz="America/Chicago").incidents
    assert there.onset - here.onset == 6 * 3600 * 1_000_000
    assert (there.category, there.confidence, len(there.evidence)) == (
        here.category,
        here.confidence,
        len(here.evidence),
    )


def test_the_kernel_names_workers_that_httpd_never_mentions(tell: Tell, tmp_path: Path) -> None:
    path = Log().every(3, 0, 1200, DENIED).write(tmp_path / "error.log")
    killed = [START + timedelta(seconds=600 + 3 * n) for n in range(8)]
    kernel = tmp_path / "dmesg.txt"
    kernel.write_text(
        "".join(
            f"[{when:%a %b %d %H:%M:%S %Y}] Out of memory: Killed process {500 + n} (apache2) total-vm:1kB\n"
            for n, when in enumerate(killed)
        )
    )
    (incident,) = logsleuth.analyze([path, kernel], tz="UTC").incidents
    assert incident.category == "oom-kill"
    assert {(worker.pid, worker.how) for worker in incident.lost} == {(500 + n, "killed") for n in range(8)}


FACE = "[{}:error] [pid {pid}:tid {pid}] [client 192.0.2.9:4711] {}the far end made a face"


def test_httpds_own_words_on_back_ends_are_an_incident_though_all_clients_come_through_one_balancer(tell: Tell) -> None:
    words = FACE.format("proxy_balancer", "AH09999: ", pid=200)
    (incident,) = tell(a_day().every(2, 9 * HOUR, 9 * HOUR + 120, words)).incidents
    assert (incident.category, incident.confidence) == (None, "low")


def test_what_an_application_prints_in_batches_is_no_incident(tell: Tell) -> None:
    assert tell(a_day().every(2, 9 * HOUR, 9 * HOUR + 120, FACE.format("wsgi", "", pid=200))).incidents == ()


UNCLEAN = "[core:warn] [pid {pid}:tid {pid}] AH00098: pid file /run/httpd.pid overwritten -- Unclean shutdown of previous Apache run?"


def test_a_parent_that_was_killed_is_told_by_the_next_one(tell: Tell) -> None:
    log = Log().every(97, 0, 9 * HOUR, DENIED).add(UNCLEAN, 9 * HOUR + 400).add(UP, 9 * HOUR + 400.1)
    (incident,) = tell(log.every(97, 9 * HOUR + 410, 16 * HOUR, DENIED)).incidents
    assert (incident.category, incident.recovery_how) == ("parent-killed", "restart")
    assert 9 * HOUR - 97 <= seconds(incident, incident.onset) <= 9 * HOUR
    assert abs(seconds(incident, incident.recovery_time) - 9 * HOUR - 400) < 2


def test_a_pid_file_that_was_left_over_is_a_fault_and_no_outage(tell: Tell) -> None:
    report = tell(Log().add(UNCLEAN, 0).add(UP, 0.1).every(97, 10, HOUR, DENIED))
    assert (report.verdict, report.incidents) == ("faults", ())
    assert [(fault.category, fault.severity) for fault in report.faults] == [
        ("parent-killed", "minor"),
        ("permission-denied", "info"),
    ]


def test_a_host_that_always_kills_its_server_has_no_incident_each_time(tell: Tell) -> None:
    log = Log().every(97, 0, 16 * HOUR, DENIED)
    for hour in range(2, 16, 3):
        log.add(UNCLEAN, hour * HOUR).add(UP, hour * HOUR + 0.1)
    assert tell(log).incidents == ()


def test_deaths_that_an_unknown_message_goes_before_are_not_called_the_cause_for_sure(tell: Tell) -> None:
    def crashes(log: Log) -> Log:
        for number in range(20):
            log.add(SEGV, 9 * HOUR + 2 * number, pid=300 + number).add(DENIED, 9 * HOUR - 60 + number, pid=300 + number)
        return log

    (sure,) = tell(crashes(a_day())).incidents
    assert (sure.category, sure.confidence) == ("segfault", "high")
    before = crashes(a_day()).every(2, 9 * HOUR - 1, 9 * HOUR + 38, ODD)
    (unsure,) = tell(before).incidents
    assert (unsure.category, unsure.confidence) == ("segfault", "medium")
    assert any("matches no known pattern came first" in ground for ground in unsure.causes[0].against)


def test_a_server_that_crashes_again_and_again_is_up_for_now_and_not_well(tell: Tell) -> None:
    """Its parent dies every seven minutes, and is started again each time; the log ends a minute after the last start."""
    died = "[core:notice] [pid 100:tid 100] AH00060: seg fault or similar nasty error detected in the parent process"
    log = Log().every(30, 0, 12060, ODD).add(UP, 0, *(10008 + 428 * n for n in range(5)))
    log.add(died, *(10000 + 428 * n for n in range(5)))
    (incident,) = tell(log).incidents
    assert incident.recovery_time is None
    assert "went down 5 times" in incident.summary[0]
    assert "started again at" in incident.summary[0]
    assert "for now" in " ".join(incident.actions.now)
