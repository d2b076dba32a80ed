"""The three sentences that answer first: what users saw, why, and how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.incidents.model import How
from logsleuth.report.words import clock, duration, fill, full_stop, has_all, plural
from logsleuth.signals.model import Why
from logsleuth.timeline.text import message
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from logsleuth.causes.model import Cause, Diagnosis
    from logsleuth.signals.model import Signal

ANSWERED = "access.failed"
"""The pattern of failed requests in an access log: what clients saw, never a cause."""
LONGEST_QUOTE = 200
"""Characters of a message that are quoted in a sentence."""


def summary(diagnosis: Diagnosis, tz: tzinfo) -> tuple[str, str, str]:
    """What happened, why, how it ended: one plain sentence each, or two."""
    return _happened(diagnosis, tz), why(diagnosis), _ended(diagnosis)


def _happened(diagnosis: Diagnosis, tz: tzinfo) -> str:
    """The harm first: requests where they are counted, else the server, its workers, or lines of failures."""
    harm = [sentence for sentence in (_down(diagnosis), _requests(diagnosis, tz), _workers(diagnosis)) if sentence]
    return " ".join(harm[:2]) if harm else _lines(diagnosis)


def _down(diagnosis: Diagnosis) -> str:
    """For how long the server was not up."""
    incident = diagnosis.incident
    absent = [signal for signal in incident.signals if signal.why is Why.NOT_UP]
    if not absent:
        return ""
    begin = min(signal.begin for signal in absent)
    if incident.recovery is None:
        return "The server is down: nothing in the log shows that it started again."
    return f"The server was down for {duration((incident.over - begin) / SECOND)}."


def _requests(diagnosis: Diagnosis, tz: tzinfo) -> str:
    """How many requests failed of those that were made, and when it was worst."""
    seen = diagnosis.incident.requests
    if seen is None or not seen.failed:
        return ""
    said = f"{seen.failed:,} of {plural(seen.seen, 'request')} failed ({_percent(seen.failed, seen.seen)})"
    if seen.peak is not None and diagnosis.incident.seconds > 120:
        time, failed, asked = seen.peak
        said += f"; at worst {failed:,} of {asked:,} in the minute from {clock(time, tz)}"
    return f"{said}."


def _percent(part: int, whole: int) -> str:
    share = 100 * part / max(whole, 1)
    return f"{share:.0f} %" if share >= 1 else "less than 1 %"


def _workers(diagnosis: Diagnosis) -> str:
    """How many workers were lost, and how."""
    workers = diagnosis.workers
    lost = workers.lost_workers
    if not lost:
        return ""
    number = len(lost)
    of_pool = f" of {workers.pool}" if workers.pool and workers.pool >= number else ""
    concerned = [pool.name for pool in workers.pools if pool.lost]
    where = f" of the {concerned[0]}" if len(concerned) == 1 and concerned[0] else ""
    were = "was" if number == 1 and not of_pool else "were"
    noun = "worker" if number == 1 and not of_pool else "workers"
    within = (lost[-1].time - lost[0].time) / SECOND
    span = f" within {duration(within)}" if number > 1 and within >= 1 else ""
    return f"{number:,}{of_pool} {noun}{where} {were} lost ({_hows(diagnosis)}){span}."


def _hows(diagnosis: Diagnosis) -> str:
    """How they were lost, and how many of the losses are inferred."""
    lost = diagnosis.workers.lost_workers
    inferred = sum(worker.inferred for worker in lost)
    hows = ", ".join(sorted({worker.how for worker in lost}))
    return f"{hows}; {inferred} of them inferred" if 0 < inferred < len(lost) else hows


def _lines(diagnosis: Diagnosis) -> str:
    """Lines are not requests: without an access log only they can be counted."""
    incident = diagnosis.incident
    loudest = max(incident.signals, key=lambda signal: signal.count)
    if loudest.is_latched and incident.recovery is None:
        return "The limit on workers was reached; the log does not show for how long requests had to wait."
    lasted = f" within {duration(incident.seconds)}" if incident.seconds >= 1 and loudest.count > 1 else ""
    return f"“{loudest.title.rstrip('.')}” was logged {_times(loudest.count)}{lasted}."


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"


def why(diagnosis: Diagnosis) -> str:
    """The likeliest cause, what comes with it, and what fault of its own was there at the same time."""
    if not diagnosis.causes:
        return "No known message explains it; the appendix lists what was never seen before."
    cause = diagnosis.causes[0]
    if cause.signal.meaning.known_by == "level":
        seen = "nowhere else" if cause.signal.outside == 0 else "hardly anywhere else"
        return f"Unknown: no pattern knows the messages. “{_quote(cause.signal)}” appears {seen} in the log."
    if cause.signal.name == ANSWERED:
        return "Unknown: the access log shows that requests failed, and no line of the other logs says why."
    said = f"{_how_sure(diagnosis)} {_of_cause(cause, values_of(cause.signal, diagnosis))}"
    if diagnosis.beside is not None:
        said += f" It comes with “{_quote(diagnosis.beside)}”, which no pattern knows."
    other = next((c for c in diagnosis.causes[1:] if _is_a_fault_of_its_own(c)), None)
    return said if other is None else f"{said} At the same time: {other.title.rstrip('.')}."


def _how_sure(diagnosis: Diagnosis) -> str:
    """What is known: the cause, or only what failed."""
    if diagnosis.why == "low" and diagnosis.confidence != "low":
        return f"What failed is clear ({diagnosis.confidence} confidence), why is not:"
    return f"Likely cause ({diagnosis.confidence} confidence):"


def _of_cause(cause: Cause, values: Mapping[str, str]) -> str:
    said = cause.signal.meaning.explain.summary
    return full_stop(fill(said, values) if said and has_all(said, values) else cause.title)


def _is_a_fault_of_its_own(cause: Cause) -> bool:
    return cause.kind == "independent" and cause.category is not None and cause.confidence != "low"


def _quote(signal: Signal) -> str:
    return message(signal.moments[0].sighting)[:LONGEST_QUOTE]


def values_of(signal: Signal, diagnosis: Diagnosis) -> dict[str, str]:
    """What a pattern's sentences may name: its captures, and the counts of the incident."""
    values = dict(signal.moments[0].sighting.fields)
    if diagnosis.workers.lost:  # a sentence on "0 workers" would be false: the title is shown in its place
        values["workers"] = f"{len(diagnosis.workers.lost):,}"
    values["pool"] = str(diagnosis.workers.pool) if diagnosis.workers.pool else "an unknown number of"
    values["count"] = f"{signal.count:,}"
    return values


def _ended(diagnosis: Diagnosis) -> str:
    recovery = diagnosis.incident.recovery
    if recovery is None:
        return "Nothing in the log shows that it ended."
    if recovery.how is How.FADED:
        return "The failures stopped without a restart."
    if any(signal.why is Why.NOT_UP for signal in diagnosis.incident.signals):
        return "The server was started again."
    return "A graceful restart ended it." if recovery.how is How.RELOAD else "A restart ended it."
