"""What was looked for and not found within an incident: a reader need not wonder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.library.category import GROUPS, LIMIT, category_of
from logsleuth.timeline.model import between
from logsleuth.units import MINUTE

if TYPE_CHECKING:
    from logsleuth.incidents.model import Incident
    from logsleuth.timeline.model import Timeline

CAVEATS = {LIMIT: " (httpd writes that line once in a parent's life, so this is no proof)"}


def statements(incident: Incident, timeline: Timeline) -> tuple[str, ...]:
    """A sentence for each kind of cause of which no line is seen in the incident or a minute around it."""
    begin, end = incident.onset - MINUTE, incident.end + MINUTE
    seen = {category_of(signal.category).group for signal in incident.signals}
    for series in timeline.known():
        group = category_of(series.meaning.category).group
        if group and group not in seen and between(series.moments, begin, end):
            seen.add(group)
    return tuple(f"{group}: no line reports any{CAVEATS.get(group, '')}." for group in GROUPS if group not in seen)
