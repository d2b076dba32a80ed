"""How long the server was not up, as a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.report.compose.answers.hung import hung_since
from logsleuth.report.words import clock, clock_after, clock_span
from logsleuth.signals.model import Why
from logsleuth.units import SECOND, elapsed

if TYPE_CHECKING:
    from datetime import tzinfo

    from logsleuth.causes.model import Diagnosis
    from logsleuth.incidents.model import Incident
    from logsleuth.lives.live import Lives
    from logsleuth.lives.server.model import Absence


def down(diagnosis: Diagnosis, lives: Lives, tz: tzinfo) -> str:
    """For how long the server was not up."""
    incident = diagnosis.incident
    absent = [signal for signal in incident.signals if signal.why is Why.NOT_UP]
    if not absent:
        return ""
    if len(incident.spells_down) > 1:
        return _down_again_and_again(incident, tz)
    begin = min(signal.begin for signal in absent)
    spell = incident.spells_down[0] if incident.spells_down else None
    if spell is not None and spell.why == "refused" and _was_never_up(spell, lives):
        return _never_started(incident, begin, tz)
    if min(absent, key=lambda signal: signal.begin).meaning.role == "death" and spell is not None and not spell.ordered:
        return _ended_unseen(incident, begin, tz)
    end = incident.over if incident.recovery is not None else spell.end if spell is not None else None
    if end is None:
        return f"Apache went down at {clock(begin, tz)}; nothing in the log shows that it started again."
    return _down_once(incident, lives, begin, end, tz)


def _down_once(incident: Incident, lives: Lives, begin: int, end: int, tz: tzinfo) -> str:
    """It went down, or hung before it did, and came up again."""
    if (hung := hung_since(incident, lives)) is not None:
        span = f"No request was answered for {elapsed(hung, end)}, from {clock_span(hung, end, tz)}"
        return f"{span}: Apache hung, and was down from {clock_after(begin, hung, tz)} on."
    return f"Apache was down for {elapsed(begin, end)}, from {clock_span(begin, end, tz)}."


def _was_never_up(spell: Absence, lives: Lives) -> bool:
    """Whether nothing in the log comes from a server before the start that was refused."""
    no_order = spell.lines[0].kind == "refused" and not spell.ordered
    return no_order and spell.begin - spell.not_before < SECOND and lives.server.up_before(spell.begin) is None


def _never_started(incident: Incident, begin: int, tz: tzinfo) -> str:
    """A start was refused, and the log does not show that a server had been up before."""
    if incident.recovery is None:
        return f"Apache could not start at {clock(begin, tz)}; nothing in the log shows that it started later."
    over, length = clock_after(incident.over, begin, tz), elapsed(begin, incident.over)
    return f"Apache could not start at {clock(begin, tz)}; it was up {length} later, at {over}."


def _ended_unseen(incident: Incident, begin: int, tz: tzinfo) -> str:
    """Of a run that ended without a word only the last sign of life is known: it may have lived on for a while."""
    last = f"its last sign of life is from {clock(begin, tz)}"
    if incident.recovery is None:
        return f"Apache ended without logging it: {last}, and nothing in the log shows that it started again."
    over, length = clock_after(incident.over, begin, tz), elapsed(begin, incident.over)
    return f"Apache was down for at most {length}: {last}, and it was up again at {over}."


def _down_again_and_again(incident: Incident, tz: tzinfo) -> str:
    """How often the server was not up, and whether it is now."""
    spells = incident.spells_down
    first, last = spells[0], spells[-1]
    text = f"Apache went down {len(spells)} times between {clock_span(first.begin, last.begin, tz, 'and')}"
    if last.end is None:
        return f"{text}; nothing in the log shows that it started again after that."
    return f"{text}; it was last started again at {clock_after(last.end, first.begin, tz)}."


def between_edges(incident: Incident, lives: Lives) -> int:
    """Requests of an incident but for those of its first and last second.

    What was answered as the server went down, or came up again, is not of the time in between.
    """
    seen = incident.requests
    if seen is None:
        return 0
    begin, end = (incident.onset // SECOND + 1) * SECOND, incident.over // SECOND * SECOND - 1
    within = lives.requests.seen_by(seen.log, begin, end) if begin < end else None
    return within.seen if within is not None else 0


def only_at_its_edges(incident: Incident, lives: Lives) -> bool:
    """Whether the server was down and what requests there are lie in the seconds in which it went and came."""
    return incident.was_down and incident.requests is not None and not between_edges(incident, lives)
