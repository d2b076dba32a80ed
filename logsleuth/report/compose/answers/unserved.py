"""That requests were not answered, answered late, or not written down, as a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.lives.requests import gaps
from logsleuth.report.compose.answers.down import between_edges
from logsleuth.report.words import brief, lengths, plural
from logsleuth.signals.tuning import MANY
from logsleuth.signals.waiting import answers_are_missing
from logsleuth.units import SECOND, elapsed

if TYPE_CHECKING:
    from logsleuth.incidents.model import Incident
    from logsleuth.lives.live import Lives
    from logsleuth.lives.requests import Late
    from logsleuth.report.compose.requests.asked import AskedThen
    from logsleuth.signals.model import Signal

OF_NGINX = "nginx.upstream."
"""How the names of messages begin with which nginx reports a request that the server behind it did not answer."""
GAP_SHARE = 0.2
"""Share of an incident's time without any answer that is worth a sentence."""
ALSO_SHARE = 0.1
"""The same of the others, where one is."""
MOSTLY_SILENT = 0.5
"""Part of an incident's time without any answer, from which on most likely nobody who asked got one."""
LEAST_GAP = 5 * SECOND
MOSTLY = 0.5
"""Share of the requests that are refused, from which on that is what users saw."""


def unanswered(incident: Incident, lives: Lives) -> str:
    """That most requests have no line at all, where traffic was to be expected."""
    seen = incident.requests
    if seen is None or seen.expected is None or not incident.was_starved:
        return ""
    if len(incident.spells) > 1:
        counted = f"{plural(seen.seen, 'request')} in its {len(incident.spells)} spells"
        expected = f"where at least {seen.expected:,} were to be expected"
        return f"Most requests were not answered: the access log has {counted}, {expected}."
    number = between_edges(incident, lives)
    span, expected = elapsed(incident.onset, incident.over), f"where at least {seen.expected:,} were to be expected"
    if lives.requests.trace.between(incident.onset + SECOND, incident.over - SECOND) > number:
        return f"The access log has {plural(number, 'request') if number else 'no request'} for {span}, {expected}."
    what = "Most requests were not answered" if number else "No request was answered"
    counted = plural(number, "request") if number else "none"
    return f"{what} for {span}: the access log has {counted}, {expected}."


def without_answer(incident: Incident) -> list[Signal]:
    """The signals of a proxy's error log that are of requests which httpd did not answer: one line for each."""
    return [signal for signal in incident.signals if signal.name.startswith(OF_NGINX)]


def by_proxy(incident: Incident) -> str:
    """How many requests a proxy in front got no answer to, as a sentence; empty: no log of one says it."""
    number = max((signal.count for signal in without_answer(incident)), default=0)
    return f"{plural(number, 'request')} got no answer from httpd, by the lines of nginx." if number else ""


def unwritten(incident: Incident, lives: Lives) -> str:
    """That the access log was hardly written, where that is part of what went wrong."""
    seen = incident.requests
    if seen is None or seen.expected is None or not incident.lacks_lines:
        return ""
    handled = lives.timeline.served.between(incident.onset, incident.over)
    lines = plural(seen.seen, "line") if seen.seen else "no line"
    span = elapsed(incident.onset, incident.over)
    text = f"The access log has {lines} for {span}, where at least {seen.expected:,} were to be expected"
    if handled <= seen.seen:
        return f"{text}: it could not be written, so what became of the requests is not known."
    wrote = f"{handled:,} lines of the error log name" if handled > 1 else "a line of the error log names"
    return f"{text}, but httpd went on handling requests: {wrote} a client then."


def took(incident: Incident) -> str:
    """That requests were answered late, where hardly any failed."""
    seen = incident.requests
    return "" if seen is None or seen.late is None or seen.share >= MANY else took_longer(seen.late)


def took_longer(late: Late) -> str:
    """How long requests took, and how long before."""
    if late.peaks is not None:
        slow = f"{100 * late.peaks.slow:.0f} %"
        usual = f"{brief(late.usual)}" if late.share <= MOSTLY else f"four of five within {brief(late.usual)}"
        return f"{slow} of the requests took {brief(late.peaks.late)} or more (before, {usual})."
    if late.share <= MOSTLY:
        if late.kinds:
            return f"Requests took {lengths(late.kinds)} (before, {brief(late.usual)})."
        return f"Requests took {brief(late.now)} (the median; before, {brief(late.usual)})."
    return f"One request in five took {brief(late.now)} or more (before, {brief(late.usual)} or more)."


def waited(incident: Incident, lives: Lives) -> str:
    """For how long nobody was answered, or may have been, where that is over and nothing else says it."""
    if incident.was_starved or incident.recovery is None:
        return ""
    if unanswered := told_gaps(incident, lives):
        longest = f", at most {elapsed(*max(unanswered, key=_length))} at a time" if len(unanswered) > 1 else ""
        return f"Nobody was answered for {elapsed(0, sum(map(_length, unanswered)))}{longest}: no worker was free."
    full = [signal.begin for signal in incident.signals if signal.meaning.role == "capacity"]
    begin = max(min(full, default=incident.onset), incident.onset)
    length = f" for up to {elapsed(begin, incident.over)}" if incident.over - begin >= SECOND else ""
    return f"httpd had no free worker{length}: requests had to wait, and those that gave up are in no log."


def told_gaps(incident: Incident, lives: Lives) -> list[tuple[int, int]]:
    """(UTC microseconds) Stretches without any answer that are worth a sentence: a request that never ends has no line.

    All of them that are long for the incident, where one is a good part of it.
    """
    counted = lives.requests.counted
    if counted is None:
        return []
    whole = incident.over - incident.onset
    found = gaps(lives.requests.logs[counted].all, incident.onset, incident.over)
    found = [gap for gap in found if _length(gap) >= LEAST_GAP and answers_are_missing(lives.requests, *gap)]
    if max(map(_length, found), default=0) < GAP_SHARE * whole:
        return []
    return [gap for gap in found if _length(gap) >= ALSO_SHARE * whole]


def is_silent(incident: Incident, lives: Lives) -> bool:
    """Whether for most of an outage no request at all was answered."""
    return sum(map(_length, told_gaps(incident, lives))) >= MOSTLY_SILENT * (incident.over - incident.onset)


def _length(gap: tuple[int, int]) -> int:
    return gap[1] - gap[0]


def fell(incident: Incident, then: AskedThen | None) -> str:
    """To how many the requests fell that were answered, as a sentence without its end; empty: they did not.

    Who gets an error asks for no more of the page: where many requests fail, that is why there are fewer.
    """
    seen = incident.requests
    if seen is None or not incident.lacks_requests or incident.was_starved or seen.share >= MANY:
        return ""
    if then is not None and then.before is not None:
        before = f"there were {then.before.requests:,} in the {elapsed(0, then.before.length)} before"
        return f"Only {plural(seen.seen, 'request')} of users have a line; {before}"
    return f"Only {plural(seen.seen, 'request')} have a line, where at least {seen.expected or 0:,} were to be expected"
