"""Which routine lines belong to an incident: they come with it by more than chance.

Such a line is no fault by itself. But what is nearly only there while an outage lasts, or is said seconds before it
begins or ends, is part of it: a list of what is no fault would hide it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from logsleuth.signals.chance import surprise
from logsleuth.signals.tuning import BY_CHANCE, JOIN_US, MOST, TIMES_AS_MANY, TOGETHER_US
from logsleuth.timeline.model import between
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.incidents.model import Incident
    from logsleuth.timeline.model import Moment, Series


def belonging(series: Series, incident: Incident, span: int, tried: int) -> Sequence[Moment]:
    """Those moments of a series that belong to an incident; empty: it comes with it by chance.

    `span`: microseconds of the whole log; `tried`: kinds of lines that are asked, of which one may seem to by chance.
    """
    least = -math.log10(BY_CHANCE / max(tried, 1))
    inside = between(series.moments, incident.onset - JOIN_US, incident.over + TOGETHER_US)
    if not inside:
        return ()
    share = min((incident.over - incident.onset + JOIN_US + TOGETHER_US) / max(span, SECOND), 1.0)
    of_all = len(inside) / len(series.moments)
    # by day, or while somebody tries doors, there is more of everything
    if (
        of_all * (1 - share) >= TIMES_AS_MANY * share * (1 - of_all)
        and surprise(len(inside), len(series.moments), share, 1.0) >= least
    ):
        return inside
    if of_all < MOST:
        return ()
    edges = (incident.onset, *((incident.recovery.time,) if incident.recovery is not None else ()))
    is_near = any(_by_chance(one, edge, series, span) <= 10**-least for one in inside for edge in edges)
    return inside if is_near else ()


def _by_chance(moment: Moment, edge: int, series: Series, span: int) -> float:
    """How likely one of the lines is so near to the beginning or the end."""
    return len(series.moments) * max(abs(edge - moment.time), SECOND) / max(span, SECOND)
