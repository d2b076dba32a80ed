"""Which routine lines belong to an incident, and are not listed among what is no fault."""

from dataclasses import replace

import pytest

from logsleuth.causes.model import By, EndedBy
from logsleuth.incidents.model import How, Incident, Recovery
from logsleuth.lives.live import live
from logsleuth.report.compose.log.facts import usual_messages
from logsleuth.report.compose.story.belongs import belonging
from logsleuth.signals.model import Signal, Why
from logsleuth.units import SECOND
from tests.lives.build import ANY, series, timeline
from tests.report.test_detection import diagnosis

ROUTINE = replace(ANY, id="routine", title="Connection closed", role="noise", category=None, severity="info")
ONSET, OVER, DAY = 40_000, 40_600, 86_400


def incident() -> Incident:
    failing = series(ANY, *range(ONSET, OVER, 5))
    signal = Signal(failing, failing.moments, Why.SURPRISE)
    return Incident((signal,), signal.begin, signal.end, Recovery(OVER * SECOND, How.FADED))


@pytest.mark.parametrize(
    ("seconds", "belong"),
    [
        ([*range(ONSET, OVER, 5)], 120),
        ([*range(0, DAY, 600), *range(ONSET + 1, OVER, 5)], 121),
        ([*range(0, DAY, 60)], 0),  # as often as ever
        ([*range(0, DAY, 10), *range(ONSET + 5, OVER, 10)], 0),  # twice as often, as by day
        ([ONSET - 4], 1),  # seconds before the onset
        ([OVER - 1], 1),
        ([ONSET + 300], 1),  # once in a day
        ([ONSET - 300], 0),
        ([*range(0, DAY, 600)], 0),
    ],
)
def test_what_is_hardly_there_at_other_times_or_seconds_from_an_edge_belongs(seconds: list[int], belong: int) -> None:
    assert len(belonging(series(ROUTINE, *sorted(seconds)), incident(), DAY * SECOND, 10)) == belong


def test_what_belongs_to_an_incident_is_not_listed_as_no_fault() -> None:
    what = timeline(series(ROUTINE, 50, *range(ONSET, OVER, 5)), end=DAY)
    told = replace(diagnosis(ANY), incident=incident())
    assert [(row.title, row.count) for row in usual_messages(live(what).timeline, [told])] == [("Connection closed", 1)]
    assert [row.count for row in usual_messages(what, [])] == [121]


def test_what_was_written_in_an_incident_is_not_counted_outside_of_it() -> None:
    all_day = timeline(series(ROUTINE, *range(0, DAY, 600)), end=DAY)
    told = replace(diagnosis(ANY), incident=incident())
    within = sum(ONSET <= second <= OVER for second in range(0, DAY, 600))
    assert within
    assert [row.count for row in usual_messages(all_day, [told])] == [DAY // 600 - within]


def test_what_ended_an_incident_is_not_listed_as_no_fault() -> None:
    ready = replace(ROUTINE, id="ready", title="The database is ready", role="recovery")
    what = timeline(series(ready, 50, OVER + 10), end=DAY)
    told = replace(diagnosis(ANY), incident=incident())
    by = EndedBy(By.SERVICE, (OVER + 10) * SECOND, "ready", (), "ready")
    assert [row.count for row in usual_messages(what, [told])] == [2]
    assert [row.count for row in usual_messages(what, [replace(told, ended_by=by)])] == [1]


def test_of_many_kinds_of_lines_one_is_there_by_chance() -> None:
    once = series(ROUTINE, ONSET + 300)
    assert not belonging(once, incident(), DAY * SECOND, 100)
    assert belonging(series(ROUTINE, ONSET - 1), incident(), DAY * SECOND, 100)
