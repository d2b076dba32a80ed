"""Lines over time, each counted once: what two patterns know, a bare fact and one that names it better, is one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.timeline.model import between

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.timeline.model import Series


def lines_by_step(series: Iterable[Series], begin: int, end: int, steps: int) -> tuple[tuple[int, ...], int]:
    """The lines of these series in equal steps from begin to end (UTC microseconds), and the length of a step.

    A pattern that refines another has matched lines of the other's: they are taken off those.
    """
    step = (end - begin) // steps + 1
    chosen = {one.name: one for one in series}
    counts = {name: _counts(one, begin, end, step, steps) for name, one in chosen.items()}
    total = [sum(column) for column in zip(*counts.values(), strict=True)] or [0] * steps
    for name, own in counts.items():
        better = [counts[one.name] for one in chosen.values() if name in one.meaning.refines]
        for nth, twice in enumerate(map(sum, zip(*better, strict=True))):
            total[nth] -= min(twice, own[nth])
    return tuple(total), step


def _counts(series: Series, begin: int, end: int, step: int, steps: int) -> list[int]:
    counts = [0] * steps
    for moment in between(series.moments, begin, end):
        counts[(moment.time - begin) // step] += moment.count
    return counts
