"""Faults that follow the day, one client's doing, and what comes back."""

import random
from pathlib import Path

import pytest

from tests.story.shop import BROWSE, FAINTED, HOUR, JAMMED, OPEN, QUEUE, SHIFT, Log, day, second, told

PROTOCOL = (
    "id = 'shop.coin.odd'\ntitle = 'An odd coin'\nrole = 'cause'\ncategory = 'tls-handshake'\nseverity = 'major'\n"
    "[[match]]\ncontains = 'an odd coin'\n"
)


def by_day(log: Log, days: int, text: str, mean: float, seed: int) -> Log:
    """A line at chance times from eight to six, at this mean distance; hardly at night."""
    rng = random.Random(seed)
    now = 0.0
    while (now := now + rng.expovariate(1 / mean)) < days * 24 * HOUR:
        if 2 <= now / HOUR % 24 <= 12 or rng.random() < 0.02:  # the shop's days begin at six
            log.add(text, now, pid=200 + rng.randrange(8), client=f"203.0.113.{rng.randrange(1, 99)}", about=400)
    return log


def test_a_chronic_fault_that_rises_and_falls_with_the_visitors_is_no_incident(tmp_path: Path) -> None:
    log = by_day(by_day(Log(), 3, BROWSE, 40, 1), 3, QUEUE, 60, 2)
    assert told(log, tmp_path).incidents == ()


def test_a_rare_fault_in_office_hours_is_no_incident(tmp_path: Path) -> None:
    log = by_day(Log().every(97, 0, 24 * HOUR, BROWSE), 1, QUEUE, 400, 3)
    assert told(log, tmp_path).incidents == ()


@pytest.mark.parametrize("seed", [6, 7])
@pytest.mark.parametrize("hours", [1.2, 2.8])
def test_a_rare_fault_in_two_busy_hours_is_no_incident(seed: int, hours: float, tmp_path: Path) -> None:
    rng = random.Random(seed)
    log = Log().every(40, 0, 12 * HOUR, BROWSE)
    now = 5 * HOUR
    while (now := now + rng.expovariate(1 / 120)) < (5 + hours) * HOUR:
        log.add(QUEUE, now, client=f"203.0.113.{rng.randrange(1, 99)}").add(BROWSE, now + rng.uniform(0, 100))
    assert told(log, tmp_path).incidents == ()


def test_hours_of_an_outage_on_a_site_of_few_visitors_are_an_incident(tmp_path: Path) -> None:
    log = Log().every(97, 0, 24 * HOUR, BROWSE).every(150, 10 * HOUR, 14 * HOUR, JAMMED)
    (incident,) = told(log, tmp_path).incidents
    assert (incident.category, second(incident.onset)) == ("backend-down", 10 * HOUR)


def test_the_flood_within_such_hours_is_one(tmp_path: Path) -> None:
    log = by_day(by_day(Log(), 2, BROWSE, 40, 1), 2, QUEUE, 300, 2).every(2, 33 * HOUR, 33.2 * HOUR, QUEUE)
    (incident,) = told(log, tmp_path).incidents
    assert abs(second(incident.onset) - 33 * HOUR) < 60


def test_a_fault_that_fills_a_whole_day_is_an_incident_though_it_follows_the_visitors(tmp_path: Path) -> None:
    log = by_day(Log(), 2, BROWSE, 40, 1)
    late = by_day(Log(), 2, JAMMED, 10, 4)
    log.lines += [line for line in late.lines if line[0] > 24 * HOUR]
    (incident,) = told(log, tmp_path).incidents
    assert incident.category == "backend-down"
    assert 24 * HOUR <= second(incident.onset) <= 27 * HOUR


def test_a_slow_burn_is_told_from_its_flood(tmp_path: Path) -> None:
    rng = random.Random(5)
    log = Log().every(97, 0, 96 * HOUR, BROWSE).every(20, 90 * HOUR, 91 * HOUR, FAINTED)
    for _ in range(20):
        log.add(FAINTED, rng.uniform(72, 90) * HOUR, client="", about=500 + rng.randrange(100))
    (incident,) = told(log, tmp_path).incidents
    assert incident.category == "segfault"
    assert 89 * HOUR < second(incident.onset) <= 90 * HOUR + 60


def test_what_depends_on_the_request_and_hits_one_client_among_many_is_that_clients_doing(tmp_path: Path) -> None:
    one = day().add("an odd coin", *(36_000 + 3 * n for n in range(60)), client="198.51.100.9")
    assert told(one, tmp_path, PROTOCOL).incidents == ()
    many = day().every(3, 36_000, 36_180, "an odd coin")
    (incident,) = told(many, tmp_path, PROTOCOL).incidents
    assert incident.category == "tls-handshake"


@pytest.mark.parametrize(("clients", "begin"), [(1, 36_000), (2, 35_980)])
def test_what_one_visitor_ran_into_before_is_not_the_begin(clients: int, begin: int, tmp_path: Path) -> None:
    log = day().every(1, 36_000, 36_060, "an odd coin")
    for number in range(2):
        log.add("an odd coin", 35_980 + 3 * number, client=f"198.51.100.{number % clients}")
    (incident,) = told(log, tmp_path, PROTOCOL).incidents
    assert second(incident.onset) == begin


def test_behind_a_proxy_all_lines_name_one_client(tmp_path: Path) -> None:
    log = Log().every(97, 0, 16 * HOUR, BROWSE, clients=1)
    log.add("an odd coin", *(36_000 + 3 * n for n in range(60)), client="203.0.113.1")
    assert len(told(log, tmp_path, PROTOCOL).incidents) == 1


def test_what_comes_back_every_twenty_minutes_is_one_incident(tmp_path: Path) -> None:
    log = day()
    for nth in range(9):
        log.every(2, 5 * HOUR + 1200 * nth, 5 * HOUR + 1200 * nth + 90, QUEUE)
    (incident,) = told(log, tmp_path).incidents
    assert abs(second(incident.onset) - 5 * HOUR) < 5
    assert abs(second(incident.end) - (5 * HOUR + 8 * 1200 + 90)) < 10


def test_what_comes_back_after_restarts_that_did_not_help_is_one_incident(tmp_path: Path) -> None:
    log = day()
    for begin in (5 * HOUR, 5 * HOUR + 900, 5 * HOUR + 1800):
        log.every(2, begin, begin + 400, JAMMED).own(SHIFT, begin + 401).own(OPEN, begin + 402)
    (incident,) = told(log, tmp_path).incidents
    assert incident.recovery_how in {"restart", "reload"}
    assert abs(second(incident.recovery_time) - (5 * HOUR + 2202)) < 5


def test_another_fault_soon_after_is_another_incident(tmp_path: Path) -> None:
    log = day().every(2, 5 * HOUR, 5 * HOUR + 400, JAMMED).every(2, 5 * HOUR + 1400, 5 * HOUR + 1800, FAINTED)
    assert len(told(log, tmp_path).incidents) == 2


def test_how_often_it_came_back_is_told_and_one_fault_is_one_kind_of_evidence(tmp_path: Path) -> None:
    log = day()
    for nth in range(6):
        log.every(2, 5 * HOUR + 1200 * nth, 5 * HOUR + 1200 * nth + 90, QUEUE)
    (incident,) = told(log, tmp_path).incidents
    assert "It came back every 20 min." in incident.impact
    (cause,) = incident.causes
    assert cause.count == 6 * 45
    returns = [moment for moment in incident.timeline if moment.kind == "return"]
    assert [round(second(moment.time) - 5 * HOUR) for moment in returns] == [1200 * nth for nth in range(1, 6)]
    assert returns[0].text == "It is back, for the 2nd time of 6"
    assert all(moment.evidence for moment in returns)


def test_traffic_that_stops_is_told_but_is_no_incident(tmp_path: Path) -> None:
    log = Log().every(7, 0, 5 * HOUR, BROWSE).every(7, 5 * HOUR + 1800, 10 * HOUR, BROWSE)
    report = told(log, tmp_path)
    assert report.incidents == ()
    (note,) = (note for note in report.notes if note.startswith("No line names a client"))
    assert "from 2026-03-03 10:59:" in note
    assert "(30 min" in note
    steady = told(Log().every(7, 0, 10 * HOUR, BROWSE), tmp_path)
    assert not any(note.startswith("No line names a client") for note in steady.notes)
