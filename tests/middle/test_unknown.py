"""What no pattern knows: when it is told, as what, and when it is not."""

import re
from pathlib import Path

import pytest

import logsleuth
from tests.middle.shop import BROWSE, CLOSE, FULL, HOUR, OPEN, Log, day, second, told

LOOSE = "AH09999: the anchor has come loose"
KNOCK = "AH09998: a stranger knocks: handshake failed"
UNCLEAN = "AH00098: pid file /run/shop.pid overwritten -- Unclean shutdown of previous Apache run?"
UP = "AH00163: Apache/2.4.62 (Debian) configured -- resuming normal operations"
CODED = (
    "id = 'shop.coin.coded'\ntitle = 'An odd coin'\nrole = 'cause'\ncategory = 'tls-handshake'\nseverity = 'major'\n"
    "[[match]]\ncontains = 'an odd coin'\n"
)


def of_itself(log: Log, text: str, *seconds: float, level: str = "error", module: str = "core") -> Log:
    """What the server says without a client."""
    return log.add(text, *seconds, client="", pid=100, level=level, module=module)


def minutes() -> Log:
    """A log that somebody cut out to be looked at."""
    return Log().own(OPEN, 0).every(7, 1, 600, BROWSE)


def test_one_error_of_the_server_itself_is_told_in_a_log_of_minutes(tmp_path: Path) -> None:
    (incident,) = told(of_itself(minutes(), LOOSE, 300), tmp_path).incidents
    assert (incident.category, incident.confidence, incident.severity) == (None, "low", "minor")
    assert incident.title == f"Unknown message “{LOOSE}”"
    assert LOOSE in incident.summary[1]
    assert second(incident.onset) == 300


@pytest.mark.parametrize(
    "log",
    [
        pytest.param(minutes().add(LOOSE, 300, module="core"), id="brought about by a client"),
        pytest.param(of_itself(minutes(), LOOSE, 1), id="at a start"),
        pytest.param(of_itself(minutes(), LOOSE, 300, module="php"), id="of another module"),
        pytest.param(of_itself(minutes(), LOOSE, 300, level="warn"), id="no error"),
        pytest.param(of_itself(minutes(), LOOSE[9:], 300), id="without a code"),
        pytest.param(of_itself(day(), LOOSE, 5 * HOUR), id="within a day"),
    ],
)
def test_what_is_no_sign_of_an_outage(log: Log, tmp_path: Path) -> None:
    assert told(log, tmp_path).incidents == ()


def test_within_a_day_it_counts_if_the_server_was_stopped_soon_after(tmp_path: Path) -> None:
    log = of_itself(day(), LOOSE, 5 * HOUR).own(CLOSE, 5 * HOUR + 200).own(OPEN, 5 * HOUR + 203)
    (incident,) = told(log, tmp_path).incidents
    assert (incident.category, incident.recovery_how) == (None, "restart")


def test_alarms_again_and_again_are_major(tmp_path: Path) -> None:
    (incident,) = told(of_itself(minutes(), LOOSE, 100, 220, 380, level="alert"), tmp_path).incidents
    assert (incident.category, incident.severity, incident.confidence) == (None, "major", "low")


def test_a_flood_of_failures_of_many_clients_counts_though_its_level_is_info(tmp_path: Path) -> None:
    def flood(text: str, clients: int) -> Log:
        log = day()
        for number in range(60):
            log.add(text, 5 * HOUR + number, level="info", client=f"198.51.100.{number % clients}")
        return log

    (incident,) = told(flood(KNOCK, 20), tmp_path).incidents
    assert (incident.category, incident.confidence) == (None, "low")
    assert told(flood(KNOCK, 2), tmp_path).incidents == ()
    assert told(flood("AH09998: a stranger knocks", 20), tmp_path).incidents == ()


def test_what_the_server_ended_with_is_nearer_than_that_it_was_killed(tmp_path: Path) -> None:
    log = Log().every(97, 0, 9 * HOUR, BROWSE)
    of_itself(log, LOOSE, 9 * HOUR, level="emerg")
    of_itself(log, UNCLEAN, 9 * HOUR + 300, level="warn").own(UP, 9 * HOUR + 300.1)
    (incident,) = told(log.every(97, 9 * HOUR + 310, 16 * HOUR, BROWSE), tmp_path).incidents
    assert (incident.category, incident.severity, second(incident.onset)) == (None, "critical", 9 * HOUR)
    assert incident.causes[0].pattern is None


@pytest.mark.parametrize(("said", "category"), [(298, None), (340, "worker-exhaustion")])
def test_a_limit_that_is_reached_after_it_is_its_consequence(said: float, category: str | None, tmp_path: Path) -> None:
    log = of_itself(minutes().add(FULL, *range(300, 360, 3), client="", pid=100), LOOSE, said)
    (incident,) = told(log, tmp_path).incidents
    assert incident.category == category


def test_the_host_itself_is_one_client_where_others_come_by_themselves(tmp_path: Path) -> None:
    def asked_by(client: str) -> Log:
        return day().add("an odd coin", *(36_000 + 3 * n for n in range(60)), client=client)

    assert told(asked_by("198.51.100.9"), tmp_path, CODED).incidents == ()
    assert told(asked_by("127.0.0.1"), tmp_path, CODED).incidents == ()


def test_in_a_format_of_ones_own_the_message_and_the_client_are_known_too(tmp_path: Path) -> None:
    log = day().every(1, 5 * HOUR, 5 * HOUR + 60, "the flux compensator has come loose")
    text = re.sub(
        r"^\[([^\]]*)\] \[shop:(\w+)\] \[pid (\d+):tid (\d+)\] \[client ([^\]]*)\] ",
        r"\1 | \2 | \3 | \5 | ",
        log.text(),
        flags=re.M,
    )
    (tmp_path / "error.log").write_text(text)
    (incident,) = logsleuth.analyze(
        [tmp_path / "error.log"], tz="UTC", log_formats=[r"%{u}t | %l | %P | %a | %M"]
    ).incidents
    assert incident.title == "Unknown message “the flux compensator has come loose”"
    assert incident.evidence[0].text.startswith("Tue Mar 03 11:00:00.000000 2026 | error | ")


NAMELESS = (
    "id = 'shop.coin.odd'\ntitle = 'An odd coin'\nrole = '{}'\nseverity = '{}'\n[[match]]\ncontains = 'an odd coin'\n"
)


def coins(clients: int) -> Log:
    """Minutes of a log in which some coins are odd, at all times alike: no stretch of it stands out."""
    return Log().own(OPEN, 0).every(7, 1, 600, BROWSE).every(20, 10, 600, "an odd coin", clients=clients)


@pytest.mark.parametrize(
    ("clients", "severity", "incidents"),
    [
        pytest.param(20, "major", 1, id="many clients"),
        pytest.param(4, "major", 0, id="few clients"),
        pytest.param(20, "minor", 0, id="hardly severe"),
    ],
)
def test_in_a_log_of_minutes_a_severe_failure_without_a_category_counts_if_many_clients_have_it(
    clients: int, severity: str, incidents: int, tmp_path: Path
) -> None:
    report = told(coins(clients), tmp_path, NAMELESS.format("symptom", severity))
    assert len(report.incidents) == incidents
    assert all(incident.category is None for incident in report.incidents)


def test_in_a_log_of_minutes_workers_that_die_count_whatever_ends_them(tmp_path: Path) -> None:
    log = minutes().add("an odd coin", 100, 250, 400, client="", pid=100)
    (incident,) = told(log, tmp_path, NAMELESS.format("death", "major")).incidents
    assert (incident.category, len(incident.causes)) == (None, 1)
    assert told(log, tmp_path, NAMELESS.format("symptom", "major")).incidents == ()


@pytest.mark.parametrize("more", [(), ("AH09997: the purse failed", "AH09996: the scales failed")])
def test_the_many_lines_of_each_failing_request_are_no_sign_of_a_busy_hour(
    more: tuple[str, ...], tmp_path: Path
) -> None:
    log = Log().own(OPEN, 0).every(20, 1, 600, BROWSE).every(20, 700, 1000, BROWSE)
    for text in ("an odd coin", KNOCK, *more):
        log.every(1, 600, 700, text)
    (incident,) = told(log, tmp_path, NAMELESS.format("symptom", "minor")).incidents
    assert second(incident.onset) == 600


UNLOADED = (
    "id = 'shop.till.unloaded'\ntitle = 'The till could not be loaded'\nrole = 'symptom'\nproof = 'single'\n"
    "category = 'wsgi-load-failure'\nseverity = 'major'\n[[match]]\ncontains = 'the till could not be loaded'\n"
)
REASON = "NoSectionError: No section: 'till'"


@pytest.mark.parametrize(
    ("pid", "seconds", "named"),
    [(200, 0.001, True), (201, 0.001, False), (200, 30, False)],
    ids=["its process's next words", "another process", "much later"],
)
def test_what_a_process_says_right_after_a_failure_names_its_reason(
    pid: int, seconds: float, named: bool, tmp_path: Path
) -> None:
    log = minutes().add("the till could not be loaded", 300, pid=200).add(REASON, 300 + seconds, pid=pid)
    (incident,) = told(log, tmp_path, UNLOADED).incidents
    assert any(REASON in line for line in incident.summary) == named
