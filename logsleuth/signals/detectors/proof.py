"""Faults that one line proves: a worker that fails every request from then on, a log program that is not restarted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.signals.back import back_at
from logsleuth.signals.model import Signal, Why
from logsleuth.signals.scene import is_standing
from logsleuth.signals.tuning import LASTING_US, SOON_US

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.lives.live import Lives
    from logsleuth.signals.scene import Scene
    from logsleuth.timeline.model import Moment, Series


def proven(scene: Scene) -> Iterable[Signal]:
    """Runs of lines of which a single one is enough. If they recur every few hours, they are a chronic fault."""
    timeline = scene.lives.timeline
    for series in scene.failures:
        if series.meaning.proof != "single":
            continue
        runs = list(_runs(series.moments, scene.lives))
        if len(runs) > max(timeline.span / LASTING_US, 1.0):
            continue
        for run in runs:
            if not is_standing(run, timeline):
                yield Signal(series, run, Why.PROOF, until=_lasts_until(series, run, scene.lives))


def _may_have_recovered(before: Moment, after: Moment, lives: Lives) -> bool:
    """Whether the server was restarted between two failures, or the log is so long that nobody can say."""
    up = lives.server.up_after(before.last)
    return lives.timeline.span > LASTING_US or (up is not None and up <= after.time)


def _lasts_until(series: Series, run: Sequence[Moment], lives: Lives) -> int:
    """UTC microseconds of what ends that which is not tried again by itself; 0: it is not of that kind.

    A restart of httpd does, or the message that a program behind it is up again.
    """
    if series.meaning.lasts != "until-restart":
        return 0
    if back := back_at(lives.timeline, series, run[-1]):
        return back
    ends = (restart.down or restart.up or 0 for restart in lives.server.restarts)
    return next((end for end in ends if end > run[-1].time), lives.timeline.end)


def _runs(moments: Sequence[Moment], lives: Lives) -> Iterable[tuple[Moment, ...]]:
    """Moments that follow one another closely; in a log of a few hours, all between two starts of the server.

    Few may ask for an application that cannot be loaded: that it fails each time says more than how often.
    """
    run: list[Moment] = []
    for moment in moments:
        if run and moment.time - run[-1].last > SOON_US and _may_have_recovered(run[-1], moment, lives):
            yield tuple(run)
            run = []
        run.append(moment)
    if run:
        yield tuple(run)
