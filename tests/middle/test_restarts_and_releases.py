"""What begins with a restart, what is only said at one, what lasts until the next; and what is no release."""

from pathlib import Path

import pytest

import logsleuth
from tests.middle.shop import BROWSE, CLOSE, FULL, HOUR, HUP, OPEN, QUEUE, Log, day, pattern, second, told

LOOSE = "the new till aborted its start"
GREETING = "hello from the till"
ONCE = "the gate has fallen off"
GATE = pattern(
    "shop.gate.off", "The gate has fallen off", "cause", ONCE,
    "category = 'log-pipe-failure'\nseverity = 'critical'\nalone = true\n{}",
)  # fmt: skip


def said(log: Log, text: str, step: float, begin: float, end: float) -> Log:
    """What names no client, by changing workers."""
    for number in range(int((end - begin) / step)):
        log.add(text, begin + number * step, client="", pid=200 + number % 5)
    return log


@pytest.mark.parametrize(
    ("text", "after", "incidents"),
    [
        pytest.param(LOOSE, 1.0, 1, id="a failure since a restart"),
        pytest.param(LOOSE, 3000.0, 0, id="a failure long after it"),
        pytest.param(GREETING, 1.0, 0, id="words of no failure"),
    ],
)
def test_an_unknown_failure_that_begins_with_a_restart(text: str, after: float, incidents: int, tmp_path: Path) -> None:
    log = day().own(HUP, 5 * HOUR).own(OPEN, 5 * HOUR + 1)
    said(log, text, 0.5, 5 * HOUR + after, 5 * HOUR + after + 60)
    found = told(log, tmp_path).incidents
    assert [(incident.category, incident.confidence) for incident in found] == [(None, "low")] * incidents


def test_what_programs_say_without_a_head_at_a_restart_does_not_prolong_an_outage(tmp_path: Path) -> None:
    begin = 5 * HOUR
    told(day().every(1, begin, begin + 60, QUEUE).own(HUP, begin + 100).own(OPEN, begin + 100.2), tmp_path)
    path = tmp_path / "error.log"
    lines = path.read_text().splitlines()
    path.write_text("\n".join(line + "\nWe cannot load it twice" * 3 if HUP in line else line for line in lines) + "\n")
    (incident,) = logsleuth.analyze([path], tz="UTC", patterns=[tmp_path / "patterns"]).incidents
    assert begin + 58 <= second(incident.end) <= begin + 61


@pytest.mark.parametrize(
    ("tags", "end"), [("lasts = 'until-restart'", 900), ("about = 'worker'\nlasts = 'event'\nphase = 'serving'", 0)]
)
def test_what_lasts_until_a_restart_is_ended_by_it_though_it_is_said_once(tags: str, end: int, tmp_path: Path) -> None:
    log = day().own(ONCE, 5 * HOUR).own(CLOSE, 5 * HOUR + 895).own(OPEN, 5 * HOUR + 900)
    (incident,) = told(log, tmp_path, GATE.format(tags)).incidents
    assert second(incident.recovery_time) == 5 * HOUR + end


def test_a_limit_reached_while_it_lasts_is_its_consequence(tmp_path: Path) -> None:
    log = day().own(ONCE, 5 * HOUR).own(FULL, 5 * HOUR + 90).own(CLOSE, 5 * HOUR + 895).own(OPEN, 5 * HOUR + 900)
    (incident,) = told(log, tmp_path, GATE.format("lasts = 'until-restart'")).incidents
    assert incident.category == "log-pipe-failure"


@pytest.mark.parametrize(("text", "incidents"), [(BROWSE, 1), (QUEUE, 0)])
def test_a_crowd_of_failures_is_no_release_of_those_who_waited(text: str, incidents: int, tmp_path: Path) -> None:
    log = day().own(FULL, 9 * HOUR)
    for hour in range(1, 16):
        log.add(QUEUE, hour * HOUR + 600)
    for number in range(25):
        log.add(text, 9 * HOUR + 120 + 0.02 * number, client=f"203.0.113.{number}")
    assert len([found for found in told(log, tmp_path).incidents if found.category == "worker-exhaustion"]) == incidents
