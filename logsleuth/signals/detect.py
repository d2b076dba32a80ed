"""Everything that is more than chance, by whatever rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.signals.back import until_back
from logsleuth.signals.detectors.everybody import turned_away
from logsleuth.signals.detectors.limit import limits
from logsleuth.signals.detectors.newly_refused import newly_refused
from logsleuth.signals.detectors.not_up import not_up
from logsleuth.signals.detectors.proof import proven
from logsleuth.signals.detectors.refused_since import refused_since
from logsleuth.signals.detectors.share import almost_all_fail
from logsleuth.signals.detectors.short_log import repeated
from logsleuth.signals.detectors.slow_for_all import slow_for_all
from logsleuth.signals.detectors.states import states
from logsleuth.signals.detectors.surprise import surprising

if TYPE_CHECKING:
    from logsleuth.signals.model import Signal
    from logsleuth.signals.scene import Scene

DETECTORS = (
    not_up,
    surprising,
    turned_away,
    newly_refused,
    refused_since,
    proven,
    states,
    almost_all_fail,
    repeated,
    limits,
    slow_for_all,
)
"""In the order in which a report prefers their words; none depends on another's result."""


def detect(scene: Scene) -> tuple[Signal, ...]:
    """All signals, in order of time; a moment that several rules find is told once, by the first of them."""
    taken: dict[str, set[int]] = {}
    found: list[Signal] = []
    for detector in DETECTORS:
        for signal in detector(scene):
            times = taken.setdefault(signal.name, set())
            if not times.issuperset(moment.time for moment in signal.moments):
                times.update(moment.time for moment in signal.moments)
                found.append(until_back(signal, scene.lives.timeline))
    return tuple(sorted(found, key=lambda signal: (signal.begin, signal.name)))
