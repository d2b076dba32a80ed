"""Where several things are said of one worker, the one that ended it counts."""

from itertools import permutations

import pytest

from logsleuth.incidents import losses
from logsleuth.incidents.losses import Reports, find_workers, parent_gone_at
from logsleuth.incidents.model import Incident, LostWorker
from logsleuth.library.pattern import WorkerState
from logsleuth.lives.live import live
from logsleuth.lives.server.model import Event, Restart, RestartKind
from logsleuth.signals.model import Signal, Why
from logsleuth.timeline.model import Series
from logsleuth.units import SECOND
from tests.lives.build import ANY, NOISE, REFUSED, line, moment, series, timeline

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


@pytest.mark.parametrize(
    ("kind", "pid", "named", "after", "gone"),
    [
        ("hup", 0, "3107", 1, 3107),
        ("reload", 0, "3107", 1, 3107),
        ("hup", 3000, "3107", 1, 3000),
        ("hup", 0, "3107", 57, 0),
        ("hup", 0, "", 1, 0),
        ("stop", 0, "3107", 1, 0),
    ],
    ids=["named-by-its-lock", "reloaded", "it-wrote-the-order", "of-a-later-start", "not-named", "told-to-stop"],
)
def test_a_parent_that_cannot_go_on_at_a_restart_is_gone(
    kind: RestartKind, pid: int, named: str, after: int, gone: int
) -> None:
    """Before 2.4 only the name of a lock's file may have its pid: another than those of the starts that follow."""
    said = line(0)._replace(fields=(("parent", named),))
    refusal = Event((100 + after) * SECOND, "refused", series(REFUSED, 100.0 + after), said)
    order = Restart(kind, 100 * SECOND, None, pid, (line(pid),), (refusal,))
    assert parent_gone_at(order) == gone
