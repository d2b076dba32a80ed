"""Whether an outage met whatever was asked for, for a while at least: then no page and no client was spared.

A request that waits, or that nobody accepts, has no line, or a late and good one: that none of a page's requests
failed does not say that the page was well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.report.compose.answers.unserved import told_gaps

if TYPE_CHECKING:
    from logsleuth.incidents.model import Incident
    from logsleuth.lives.live import Lives


def stood_still(incident: Incident, lives: Lives) -> bool:
    """Whether httpd was down or had no free worker for a while, or most requests, or all of a while, have no line."""
    is_full = any(one.meaning.role == "capacity" and one.meaning.about == "server" for one in incident.signals)
    return is_full or bool(incident.spells_down) or incident.lacks_requests or bool(told_gaps(incident, lives))
