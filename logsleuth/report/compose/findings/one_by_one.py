"""Whether processes ran out of file descriptors one after another, each by itself: a leak, or many connections."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from logsleuth.causes.model import ONLY_TOLD, Ground
from logsleuth.report.words import clock, joined
from logsleuth.signals.tuning import JOIN_US, LEAST_MOMENTS, TOGETHER_US
from logsleuth.units import elapsed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from logsleuth.causes.model import Diagnosis
    from logsleuth.report.compose.story.exhibits import Exhibits

CATEGORY: Final = "fd-exhaustion"
OF_THE_MACHINE: Final = "23"
"""The errno of a table of open files that all processes share."""
NAMED: Final = 3
"""Processes that are named."""


def of_leak(diagnosis: Diagnosis, exhibits: Exhibits) -> tuple[Ground, ...]:
    """That each process filled up by itself, if the log shows when the first lines of each were written."""
    first = diagnosis.first
    if first is None or first.category != CATEGORY:
        return ()
    if any(dict(moment.sighting.fields).get("errno") == OF_THE_MACHINE for moment in first.moments):
        return ()
    begun: dict[int, int] = {}
    for moment in first.moments:
        if moment.sighting.reporter:
            begun.setdefault(moment.sighting.reporter, moment.time)
    said = fill_up_alone(begun, exhibits.clock.tz)
    return (Ground("one-by-one", ONLY_TOLD, said),) if said else ()


def fill_up_alone(begun: Mapping[int, int], tz: tzinfo) -> str:
    """A sentence, if processes ran out one after another; else empty. `begun`: UTC microseconds by pid."""
    order = sorted(begun.items(), key=lambda item: (item[1], item[0]))
    times = [time for _, time in order]
    apart = 1 + sum(after - before >= TOGETHER_US for before, after in pairwise(times))
    if apart < LEAST_MOMENTS or times[-1] - times[0] < JOIN_US:
        return ""
    named = joined([f"{pid} at {clock(time, tz)}" for pid, time in order[:NAMED]])
    more = f", and {len(order) - NAMED} more" if len(order) > NAMED else ""
    return (
        f"The processes ran out one after another, within {elapsed(times[0], times[-1])} (pid {named}{more}): each "
        "fills up by itself. Either the code that it runs leaves files open (a leak), or it has very many connections."
    )
