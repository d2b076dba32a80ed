"""Where several things are said of one worker, the one that ended it counts."""

from itertools import permutations

import pytest

from logsleuth.incidents import losses
from logsleuth.incidents.losses import Reports, find_workers
from logsleuth.incidents.model import Incident, LostWorker
from logsleuth.library.pattern import WorkerState
from logsleuth.lives.live import live
from logsleuth.signals.model import Signal, Why
from logsleuth.timeline.model import Series
from logsleuth.units import SECOND
from tests.lives.build import ANY, NOISE, moment, timeline

SAID = moment(5, 7, "203.0.113.7", 5)


def inferred(how: WorkerState) -> LostWorker:
    return LostWorker(7, 5 * SECOND, how, True, SAID.sighting, 1, "a_rule")


@pytest.mark.parametrize("states", list(permutations(["killed", "poisoned", "exited"])))
def test_the_gravest_of_what_is_inferred_of_a_worker_counts(
    states: tuple[WorkerState, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    noise = Series(NOISE, (SAID,))
    signal = Signal(noise, noise.moments, Why.SURPRISE)
    monkeypatch.setattr(losses, "_parent_gone", lambda _: [inferred(states[0])])
    monkeypatch.setattr(losses, "killed_unseen", lambda *_: [inferred(states[1])])
    monkeypatch.setattr(losses, "poisoned_workers", lambda *_: [inferred(states[2])])
    found = find_workers(Incident((signal,), 0, 9 * SECOND, None), live(timeline(noise)))
    assert [worker.how for worker in found.lost] == ["killed"]


def test_what_a_worker_reported_of_its_life_before_is_told_once_a_second() -> None:
    """An import that fails is an exception the first time; the next request is told that it is half done."""
    own = [moment(at, 7, "203.0.113.7", at) for at in (3, 5, 5, 8, 20)]
    others = [moment(at, 8, "203.0.113.7", 100 + at) for at in (4, 6)]
    noise = Series(NOISE, (moment(6, 7, "203.0.113.7", 200),))
    failures = Series(ANY, tuple(sorted((*own, *others), key=lambda one: one.time)))
    signals = tuple(Signal(one, one.moments, Why.SURPRISE) for one in (failures, noise))
    reports = Reports(Incident(signals, 0, 30 * SECOND, None))
    assert [one.time // SECOND for one in reports.before(7, 4 * SECOND, 20 * SECOND)] == [5, 8]
    assert reports.before(9, 0, 30 * SECOND) == []
