"""What was looked for and not found within an incident: a reader need not wonder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.library.category import CONFIGURATION, GROUPS, LIMIT, category_of
from logsleuth.timeline.model import is_any_between
from logsleuth.units import MINUTE

if TYPE_CHECKING:
    from logsleuth.incidents.model import Incident
    from logsleuth.timeline.model import Timeline

ONCE = "httpd logs a full worker pool only once in the life of a parent, so its absence proves nothing."


def statements(incident: Incident, timeline: Timeline, *, is_sure: bool) -> tuple[str, ...]:
    """One sentence on the kinds of cause of which no line is seen in the incident or a minute around it.

    `is_sure`: the cause is known; then a limit that may have been reached unseen is no rival.
    """
    begin, end = incident.onset - MINUTE, incident.end + MINUTE
    seen = {category_of(signal.category).group for signal in incident.signals}
    if any(signal.meaning.is_refusal for signal in incident.signals):
        seen.add(CONFIGURATION)  # whatever it was, httpd refused to start with it
    for series in timeline.known():
        group = category_of(series.meaning.category).group
        if group and group not in seen and is_any_between(series.moments, begin, end):
            seen.add(group)
    missing = [group for group in GROUPS if group not in seen]
    if not missing:
        return ()
    listed = "; ".join(group[:1].lower() + group[1:] for group in missing)
    return (
        f"No line in it, or within a minute of it, reports any of these: {listed}.",
        *([ONCE] if LIMIT in missing and not is_sure else []),
    )
