"""The rows of an end: what was done or logged as it ended, and the last failure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.causes.model import By
from logsleuth.report.compose.answers.over import is_silent_after
from logsleuth.report.compose.story.phases import phase_of
from logsleuth.report.compose.story.reached import is_waiting
from logsleuth.report.model import KeyMoment
from logsleuth.report.words import plural
from logsleuth.units import SECOND, elapsed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.causes.model import Diagnosis
    from logsleuth.incidents.model import Incident
    from logsleuth.lives.live import Lives
    from logsleuth.lives.server.model import Restart
    from logsleuth.report.compose.story.exhibits import Exhibits
    from logsleuth.timeline.model import Moment

THAT = {False: "it", True: "this second"}
"""What no failure follows: a line, or the second of which only the first line is kept."""


def ending_rows(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits) -> Iterable[KeyMoment]:
    """How it ended, in one to three rows; of one that goes on, that the log ends."""
    incident = diagnosis.incident
    kept = [m for s in incident.signals for m in s.moments]
    last = max(m.last for m in kept)
    if incident.recovery is None:
        yield KeyMoment(max(lives.end, last), "end", "outage", "The log ends; nothing shows a recovery", True, ())
        return
    yield from _what_ended_it(diagnosis, lives, exhibits)
    if incident.recovery.restart is not None:
        cited = exhibits.cite(incident.recovery.restart.sightings[-1], None)
        was_it = diagnosis.ended_by is None or diagnosis.ended_by.by not in {By.SERVICE, By.BACK}
        text = "Server up again" if incident.was_down else _stops(incident.recovery.restart, incident, was_it=was_it)
        yield KeyMoment(incident.recovery.time, "recovery", "recovery", text, False, (cited,))
        return
    if diagnosis.ended_by is not None and diagnosis.ended_by.by is By.BACK and _is_a_state_over(incident):
        return  # the line that says so has its row
    shown = _last_line(incident, incident.recovery.time)
    cited = exhibits.cite(shown.sighting, None)
    several = sum(m.count for m in kept if m.time // SECOND == shown.time // SECOND) > 1
    none = f"; none after {THAT[several]}" if is_silent_after(diagnosis) and not _fails_later(incident) else ""
    text = f"Last failure{'s' if several else ''}{none}"
    if incident.is_slow_only or (incident.only_waits and incident.countermeasure is not None):
        text = "Requests no longer take as long"
    elif incident.recovery.time - last >= SECOND:
        text = _answered_again(last, incident.recovery.time, diagnosis, lives)
    elif shown.time // SECOND != incident.recovery.time // SECOND:
        cited = ""  # the line itself is not kept: of lines that come often only the first of some seconds is
    yield KeyMoment(incident.recovery.time, "recovery", "recovery", text, True, (cited,) if cited else ())


def _stops(restart: Restart, incident: Incident, *, was_it: bool) -> str:
    """That no failure follows a restart, where nothing else ended it; at a graceful one the server stayed up."""
    if not was_it:
        return "Graceful restart done" if restart.kind == "reload" else "Server up again"
    now = "requests no longer wait" if incident.only_waits else "the failures stop"
    return f"{'Graceful restart done' if restart.kind == 'reload' else 'Server up again'}; {now}"


def _is_a_state_over(incident: Incident) -> bool:
    """Whether it ended with the message that what it waited for is back."""
    return any(signal.is_a_state and signal.until == incident.over for signal in incident.signals)


def _fails_later(incident: Incident) -> bool:
    """Whether any kind of its lines is written again after its end."""
    return any(signal.series.moments[-1].last >= incident.over + SECOND for signal in incident.signals)


def _last_line(incident: Incident, over: int) -> Moment:
    """The last line of an incident up to its end: of a moment only the first one is kept, and of a worker the last."""
    kept = [m for s in incident.signals for m in s.moments]
    of_workers = [one.last for s in incident.signals for one in s.series.by_pid.values()]
    until = [m for m in (*kept, *of_workers) if m.time // SECOND <= over // SECOND]
    return max(until or kept, key=lambda m: (m.time, m.sighting.offset))


def _what_ended_it(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits) -> Iterable[KeyMoment]:
    """What was done or logged as it ended; the restart of httpd has a row of its own, and an order its time."""
    ended = diagnosis.ended_by
    if ended is None or not ended.sightings:
        return
    if ended.by is By.SERVICE and len(ended.sightings) > 1:
        stop = exhibits.cite(ended.sightings[0], None)
        time = exhibits.clock.utc(ended.sightings[0].time)
        told = f"A service behind httpd is told to {'reload' if ended.reloaded else 'stop'}"
        yield KeyMoment(time, "restart", phase_of(diagnosis, time), told, False, (stop,))
    done = exhibits.cite(ended.sightings[-1], ended.pattern)
    series = lives.timeline.series.get(ended.pattern or "")
    text = series.title if series is not None and series.meaning.role == "recovery" else ended.text
    if ended.by is By.COUNTERMEASURE:
        text = f"Countermeasure: {text}"
    yield KeyMoment(ended.time, "recovery", "recovery", text, False, (done,))


def _answered_again(last: int, over: int, diagnosis: Diagnosis, lives: Lives) -> str:
    """What the end of a wait shows: a full server may have answered somebody all the time.

    `last`: of its lines, `over`: when requests no longer waited, both in UTC microseconds.
    """
    if not (is_waiting(diagnosis) or diagnosis.incident.was_starved):
        return "Requests no longer fail"
    counted = lives.requests.counted
    seen = lives.requests.seen_by(counted, last + SECOND, over - SECOND) if counted is not None else None
    if seen is not None and seen.seen:
        return f"Requests no longer wait ({plural(seen.seen, 'request')} answered since the last line on it)"
    return f"Requests are answered again ({elapsed(last, over)} after the last line on it)"
