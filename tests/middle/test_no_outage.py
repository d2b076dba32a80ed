"""What looks like an outage and is none: chatter, probes, one client's faults, what goes on beside; and a stall's end."""

from pathlib import Path

import pytest

import logsleuth
from tests.middle.shop import BROWSE, FULL, HOUR, JAMMED, OPEN, QUEUE, Log, day, pattern, second, told

MANY = pattern(
    "shop.badge.wrong", "A wrong badge", "cause", "a wrong badge",
    "category = 'app-misconfigured'\nseverity = 'minor'\nproof = 'many-clients'",
)  # fmt: skip
OWN = pattern(
    "shop.order.lost", "An order is lost", "cause", "an order is lost", "category = 'php-fatal'\nseverity = 'major'"
)
MINUTES = 100
"""Seconds of a log that somebody cut out."""


def minutes() -> Log:
    return Log().own(OPEN, 0).every(3, 1, MINUTES, BROWSE)


@pytest.mark.parametrize(
    ("text", "incidents"),
    [
        ("WARNING in till: drawer reads slowly", 0),
        ("[2026-03-03 06:00:00,120] INFO in till: drawer reads slowly", 0),
        ("ERROR in till: drawer reads slowly", 1),
        ("the drawer reads slowly", 1),
        ("AH09999: WARNING is what a client called himself", 1),
    ],
)
def test_the_level_that_an_application_gives_its_words_counts(text: str, incidents: int, tmp_path: Path) -> None:
    found = told(day().every(0.5, 9 * HOUR, 9 * HOUR + 60, text), tmp_path).incidents
    assert [incident.category for incident in found] == [None] * incidents


def test_what_comes_like_clockwork_is_a_probe(tmp_path: Path) -> None:
    assert told(minutes().add(JAMMED, *(5 + 10 * n for n in range(9))), tmp_path).incidents == ()
    uneven = minutes()
    for number in range(9):
        uneven.add(JAMMED, 5 + 10 * number + 3 * (number % 2), client=f"203.0.113.{number}")
    (incident,) = told(uneven, tmp_path).incidents
    assert incident.category == "backend-down"


@pytest.mark.parametrize(("step", "clients"), [(1, 9), (10, 9)])
def test_a_flood_and_what_many_meet_are_none_though_they_are_even(step: int, clients: int, tmp_path: Path) -> None:
    (incident,) = told(minutes().every(step, 5, MINUTES - 3, JAMMED, clients=clients), tmp_path).incidents
    assert incident.category == "backend-down"


def test_the_servers_own_clock_is_no_probe(tmp_path: Path) -> None:
    log = minutes().add(JAMMED, *(5 + 10 * n for n in range(9)), client="", module="mpm_event")
    (incident,) = told(log, tmp_path).incidents
    assert incident.category == "backend-down"


@pytest.mark.parametrize(("clients", "incidents"), [(1, 0), (8, 1)])
def test_in_a_short_log_too_one_clients_faults_are_none(clients: int, incidents: int, tmp_path: Path) -> None:
    log = minutes()
    for number in range(20):
        client = f"203.0.113.{1 + number % clients}"
        log.add("an order is lost", 4 + 4 * number + number % 3, client=client)
    assert len(told(log, tmp_path, OWN).incidents) == incidents


@pytest.mark.parametrize(("clients", "incidents"), [(2, 0), (12, 1)])
def test_what_scanners_bring_about_too_needs_many_clients(clients: int, incidents: int, tmp_path: Path) -> None:
    log = day().every(0.5, 9 * HOUR, 9 * HOUR + 60, "a wrong badge", clients=clients)
    assert len(told(log, tmp_path, MANY).incidents) == incidents


def test_what_goes_on_beside_an_outage_as_often_as_within_is_no_part_of_it(tmp_path: Path) -> None:
    log = minutes().every(1, 40, 60, QUEUE)
    report = told(log, tmp_path)
    path = tmp_path / "error.log"
    lines = path.read_text().splitlines()
    path.write_text("".join(f"{line}\n" + "drawer not found\n" * (BROWSE in line) for line in lines))

    (with_chatter,) = logsleuth.analyze([path], tz="UTC", patterns=[tmp_path / "patterns"]).incidents
    (alone,) = report.incidents
    assert (with_chatter.onset, with_chatter.end) == (alone.onset, alone.end)


def test_what_may_be_chatter_does_not_begin_what_is_known_otherwise(tmp_path: Path) -> None:
    log = (
        day()
        .every(1, 9 * HOUR, 9 * HOUR + 60, JAMMED)
        .every(3, 9 * HOUR - 40, 9 * HOUR + 60, "the address book is old")
    )
    (incident,) = told(log, tmp_path).incidents
    assert (incident.category, second(incident.onset)) == ("backend-down", 9 * HOUR)
    worse = (
        day().every(1, 9 * HOUR, 9 * HOUR + 60, JAMMED).every(3, 9 * HOUR - 40, 9 * HOUR + 60, "the book is corrupt")
    )
    (incident,) = told(worse, tmp_path).incidents
    assert second(incident.onset) == 9 * HOUR - 40


def test_what_is_seldom_said_of_the_same_kind_belongs_to_it_as_long_as_it_follows(tmp_path: Path) -> None:
    seldom = pattern("shop.till.dead", "The till is dead", "cause", "the till is dead", "category = 'backend-down'")
    log = day().every(1, 9 * HOUR, 9 * HOUR + 30, JAMMED)
    log.add("the till is dead", 9 * HOUR + 20, 9 * HOUR + 150, 9 * HOUR + 400)
    (incident,) = told(log, tmp_path, seldom).incidents
    assert second(incident.end) == 9 * HOUR + 400


def test_in_a_short_log_a_stall_ends_when_somebody_is_answered_again(tmp_path: Path) -> None:
    log = Log().own(OPEN, 0).every(2, 1, 40, BROWSE).own(FULL, 41).every(2, 75, MINUTES, BROWSE)
    (incident,) = told(log, tmp_path).incidents
    assert incident.category == "worker-exhaustion"
    assert second(incident.recovery_time) == 75
    silent = Log().own(OPEN, 0).every(2, 1, 40, BROWSE).own(FULL, 41).own("the till is tested", MINUTES)
    (incident,) = told(silent, tmp_path).incidents
    assert incident.recovery_time is None
