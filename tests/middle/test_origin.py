"""Trigger, root cause, contributing conditions and symptoms, told apart."""

from collections.abc import Callable
from pathlib import Path

import pytest

import logsleuth
from logsleuth.report.model import IncidentReport
from tests.middle.shop import CLOSE, EGG, FULL, HOUR, JAMMED, KEYS, OPEN, PATTERNS, QUEUE, ROOF, SHIFT, Log, day

Tell = Callable[[Log], IncidentReport]


@pytest.fixture
def tell(tmp_path: Path) -> Tell:
    def told(log: Log) -> IncidentReport:
        for number, pattern in enumerate(PATTERNS):
            (tmp_path / f"{number}.toml").write_text(pattern)
        (tmp_path / "error.log").write_text(log.text())
        report = logsleuth.analyze([tmp_path / "error.log"], tz="UTC", patterns=[tmp_path])
        assert len(report.incidents) == 1
        return report.incidents[0]

    return told


def jam(log: Log) -> Log:
    log.every(1, 5 * HOUR, 5 * HOUR + 60, JAMMED)
    return log.every(0.2, 5 * HOUR + 2, 5 * HOUR + 60, QUEUE)


def links(incident: IncidentReport, role: str) -> list[str]:
    return [link.text for link in incident.chain if link.role == role]


def test_cause_and_symptom_are_told_apart_by_the_known_mechanism(tell: Tell) -> None:
    incident = tell(jam(day()))
    assert links(incident, "root cause") == ["The till is jammed."]
    assert links(incident, "symptom") == ["The queue is too long (290 lines, first 2 s after the onset)."]


def test_a_log_without_a_trigger_says_so_and_names_where_it_would_be_seen(tell: Tell) -> None:
    (trigger,) = links(tell(jam(day())), "trigger")
    assert (
        trigger
        == "None found: checked error.log for restarts and reported changes. Check the backend's own log and recent deployments."
    )


def test_a_change_just_before_is_the_trigger_with_its_line(tell: Tell) -> None:
    incident = tell(jam(day().own(KEYS, 5 * HOUR - 30)))
    (link,) = [link for link in incident.chain if link.role == "trigger"]
    assert link.text == "Possibly: new keys, 30 s before the onset."
    assert [e.text.endswith(KEYS) for e in incident.evidence if e.id in link.evidence] == [True]


@pytest.mark.parametrize(("before", "told"), [(20, True), (600, True), (2000, False), (-5, False)])
def test_a_reload_is_a_trigger_only_just_before(tell: Tell, before: float, told: bool) -> None:
    incident = tell(jam(day().own(SHIFT, 5 * HOUR - before).own(OPEN, 5 * HOUR - before + 0.5)))
    assert ("graceful restart, which reloads" in links(incident, "trigger")[0]) is told


def test_where_the_server_restarts_all_the_time_a_restart_before_means_nothing(tell: Tell) -> None:
    log = day()
    for number in range(60):
        log.own(CLOSE, 300 + 600 * number).own(OPEN, 301 + 600 * number)
    assert links(tell(jam(log)), "trigger")[0].startswith(
        "None found: checked error.log for restarts and reported changes."
    )


def test_the_first_start_of_a_log_is_no_change(tell: Tell) -> None:
    log = Log().own(OPEN, 0).every(1, 30, 90, JAMMED)
    assert links(tell(log), "trigger")[0].startswith("None found: checked error.log for restarts and reported changes.")


def test_the_order_to_reload_is_the_trigger_of_what_it_brought_down(tell: Tell) -> None:
    incident = tell(day().own(SHIFT, 5 * HOUR).own(ROOF, 5 * HOUR + 0.2).own(OPEN, 5 * HOUR + 60))
    assert "graceful restart, which reloads" in links(incident, "trigger")[0]


def test_workers_forked_since_and_lost_too_are_a_condition(tell: Tell) -> None:
    log = day()
    for number in range(6):
        log.add(EGG, *(5 * HOUR + 20 * number + 3 * n for n in range(30)), pid=9000 + number)
    (made_worse,) = links(tell(log), "contributing")
    assert made_worse.startswith("5 of the 6 lost workers started after the first failure")


def test_a_limit_reached_before_is_a_condition_where_workers_live_on(tell: Tell) -> None:
    bad = day().own(FULL, 4 * HOUR)
    for number in range(8):
        bad.add(EGG, *(5 * HOUR + 20 * number + 3 * n for n in range(30)), pid=200 + number)
    told = "The limit on workers had been reached once before the onset (“The shop is full”)."
    assert told in links(tell(bad), "contributing")
    assert told not in links(tell(jam(day().own(FULL, 4 * HOUR))), "contributing")


def test_restarts_in_vain_are_told(tell: Tell) -> None:
    log = jam(day())
    for second in (10, 20, 30):
        log.own(CLOSE, 5 * HOUR + second).own(OPEN, 5 * HOUR + second + 0.5)
    rows = [row.text for row in tell(log).timeline if row.kind == "restart"]
    assert rows == [f"Back up after a stop and start; the failures went on ({number} of 3)" for number in (1, 2, 3)]


def test_every_link_but_a_missing_trigger_has_its_evidence(tell: Tell) -> None:
    incident = tell(jam(day().own(KEYS, 5 * HOUR - 30).own(FULL, 4 * HOUR)))
    known = {evidence.id for evidence in incident.evidence}
    assert all(link.evidence and set(link.evidence) <= known for link in incident.chain)
