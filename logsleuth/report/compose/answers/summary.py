"""The three sentences that answer first: what users saw, why, and how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.lives.requests import ANSWERED
from logsleuth.report.compose.answers.down import down, only_at_its_edges
from logsleuth.report.compose.answers.lost import workers
from logsleuth.report.compose.answers.over import ended
from logsleuth.report.compose.answers.shares import requests
from logsleuth.report.compose.answers.unserved import took, unanswered, unwritten
from logsleuth.report.compose.answers.why import why
from logsleuth.report.compose.requests.yardstick import are_refused
from logsleuth.report.compose.story.reached import kept_out_of
from logsleuth.signals.model import Why
from logsleuth.signals.tuning import ALMOST_ALL
from logsleuth.timeline.model import between
from logsleuth.units import SECOND, elapsed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from logsleuth.causes.model import Diagnosis
    from logsleuth.incidents.model import Incident
    from logsleuth.lives.live import Lives
    from logsleuth.report.compose.requests.asked import AskedThen
    from logsleuth.report.compose.story.exhibits import Exhibits
    from logsleuth.signals.model import Signal
    from logsleuth.timeline.model import Moment


def summary(diagnosis: Diagnosis, lives: Lives, tz: tzinfo, then: AskedThen | None = None) -> tuple[str, str, str]:
    """What happened, why, how it ended: one plain sentence each, or two. `then`: what was asked for meanwhile."""
    return _happened(diagnosis, lives, tz, then), why(diagnosis), ended(diagnosis, lives)


def proof_of_harm(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits) -> tuple[str, ...]:
    """The ids of the lines that the first sentence rests on."""
    incident = diagnosis.incident
    cited = []
    for signal in incident.signals:
        if signal.why is Why.NOT_UP:
            cited.append(exhibits.cite(signal.moments[0].sighting, signal.name))
    if cited and incident.recovery is not None and incident.recovery.restart is not None:
        cited.append(exhibits.cite(incident.recovery.restart.sightings[-1], None))
    for spell in incident.spells_down[-1:] if cited and len(incident.spells_down) > 1 else ():
        cited += [exhibits.cite(line, None) for line in (spell.lines[0].sighting, spell.up) if line is not None]
    lost, is_down = diagnosis.workers.lost_workers, bool(cited)
    is_counted = incident.requests is not None and not are_refused(incident.requests) and not kept_out_of(diagnosis)
    if is_counted and incident.requests is not None and incident.requests.failed:
        cited += failing_lines(incident, lives, exhibits)
    if lost and not is_down:
        cited += [exhibits.cite(worker.sighting, None) for worker in dict.fromkeys((lost[0], lost[-1]))]
    if not cited or (lost and not is_down and not is_counted and _is_lost_by_the_way(diagnosis, [workers(diagnosis)])):
        cited = [*exhibits.signal(_loudest(diagnosis), 2), *cited]
    return tuple(dict.fromkeys(cited))


def failing_lines(incident: Incident, lives: Lives, exhibits: Exhibits) -> tuple[str, ...]:
    """The first and last failed request of an incident, of those that the access log keeps a line of."""
    lines = [moment.sighting for moment in failed_requests(incident, lives)]
    return tuple(dict.fromkeys(exhibits.cite(line, ANSWERED) for line in (lines[:1] + lines[-1:])))


def failed_requests(incident: Incident, lives: Lives) -> list[Moment]:
    """The failed requests of an incident of which the access log that counts them keeps a line, in order of time."""
    series, seen = lives.timeline.series.get(ANSWERED), incident.requests
    if series is None or seen is None:
        return []
    parts = lives.requests.logs[seen.log].parts
    return [one for one in between(series.moments, incident.onset, incident.over) if one.sighting.log in parts]


def _happened(diagnosis: Diagnosis, lives: Lives, tz: tzinfo, then: AskedThen | None) -> str:
    """The harm first: requests where they are counted, else the server, its workers, or lines of failures."""
    kinds = (
        down(diagnosis, lives, tz)
        or unanswered(diagnosis.incident, lives)
        or unwritten(diagnosis.incident, lives)
        or took(diagnosis.incident),
        "" if only_at_its_edges(diagnosis.incident, lives) else requests(diagnosis, lives, tz, then),
        workers(diagnosis),
    )
    harm = [sentence for sentence in kinds if sentence]
    if not harm or _is_lost_by_the_way(diagnosis, harm):
        harm.insert(0, _lines(diagnosis))
    return " ".join(harm[:2])


def _is_lost_by_the_way(diagnosis: Diagnosis, harm: Sequence[str]) -> bool:
    """Whether all that is known of the harm is that workers were lost, and the cause is no message about workers."""
    first = diagnosis.first
    return first is not None and first.meaning.worker is None and list(harm) == [workers(diagnosis)]


def _loudest(diagnosis: Diagnosis) -> Signal:
    """The cause, where it is known and logged nearly all the time; else what is logged most often.

    What follows from it may write several lines for each request.
    """
    cause = diagnosis.first
    loudest = max(diagnosis.incident.signals, key=lambda signal: (signal.count, signal is cause))
    if cause is None or cause.meaning.known_by == "level" or cause.count == 1:
        return loudest
    return cause if cause.end - cause.begin >= ALMOST_ALL * (loudest.end - loudest.begin) else loudest


def _lines(diagnosis: Diagnosis) -> str:
    """Lines are not requests: without an access log only they can be counted."""
    incident, loudest = diagnosis.incident, _loudest(diagnosis)
    if loudest.is_latched and incident.recovery is None:
        return "The limit on workers was reached; the log does not show for how long requests had to wait."
    last = loudest.moments[-1].last
    span = f" within {elapsed(loudest.begin, last)}" if last - loudest.begin >= SECOND else ""
    return f"{diagnosis.title_of(loudest)} (logged {_times(loudest.count)}{span})."


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"
