"""Where several things are said of one worker, the one that ended it counts."""

from itertools import permutations

import pytest

from logsleuth.incidents import losses
from logsleuth.incidents.losses import find_workers
from logsleuth.incidents.model import Incident, LostWorker
from logsleuth.library.pattern import WorkerState
from logsleuth.lives.live import live
from logsleuth.signals.model import Signal, Why
from logsleuth.timeline.model import Series
from logsleuth.units import SECOND
from tests.lives.build import NOISE, moment, timeline

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
