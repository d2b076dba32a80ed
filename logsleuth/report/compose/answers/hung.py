"""Whether the server hung before it was down: from when on nobody was answered, though its parent was still there."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from logsleuth.signals.tuning import JOIN_US
from logsleuth.signals.waiting import answers_are_missing

if TYPE_CHECKING:
    from logsleuth.incidents.model import Incident
    from logsleuth.lives.live import Lives


def hung_since(incident: Incident, lives: Lives) -> int | None:
    """UTC microseconds from which on nobody was answered, up to where the server went down; None: it did not hang.

    Its own access log shows it, with no line where there would be many: a request that never ends has none.
    """
    own, down = lives.requests.own, incident.spells_down[:1]
    if own is None or not down:
        return None
    before = bisect_left(own.all.begins, down[0].begin)
    if not before:
        return None
    since = max(own.all.begins[before - 1] + own.all.width, incident.onset)
    is_long = down[0].begin - since > JOIN_US
    return since if is_long and answers_are_missing(lives.requests, since, down[0].begin) else None
