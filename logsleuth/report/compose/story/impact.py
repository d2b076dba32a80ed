"""Whom it hurt, and how much: requests where an access log counts them, lines where none does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.lives.requests import took_of
from logsleuth.report.compose.answers.down import between_edges, only_at_its_edges
from logsleuth.report.compose.answers.shares import as_usual, set_aside
from logsleuth.report.compose.answers.summary import failed_requests, failing_lines
from logsleuth.report.compose.answers.unserved import fell, told_gaps, took_longer, without_answer
from logsleuth.report.compose.requests.earlier import counted_before
from logsleuth.report.compose.requests.hanging import said_of
from logsleuth.report.compose.requests.yardstick import are_refused, kind_of
from logsleuth.report.compose.story.exhibits import log_name
from logsleuth.report.compose.story.reached import kept_out_of
from logsleuth.report.model import ReportRequests, Sentence
from logsleuth.report.words import clock_span, day_clock, joined, lengths, plural
from logsleuth.signals.slow import timed_out
from logsleuth.units import SECOND, duration, elapsed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.causes.model import Diagnosis
    from logsleuth.incidents.model import Incident
    from logsleuth.lives.live import Lives
    from logsleuth.lives.requests import Seen
    from logsleuth.report.compose.requests.asked import AskedThen
    from logsleuth.report.compose.requests.sampled import Fuller
    from logsleuth.report.compose.story.exhibits import Exhibits
    from logsleuth.timeline.model import Moment, Traffic

SERVER_ERROR = "a server error (5xx)"
CLIENTS_CITED = 3
LEAST_BEFORE = 10
"""Requests from which on those of the time before an outage are worth comparing with."""
STATUSES_NAMED = 3
"""Statuses that are named in a sentence."""
FELL = 0.5
"""Share of the requests of as long before, to which they have fallen where clients are kept away."""
LEAST_SILENT = 20
SILENT_SHARE = 0.2
"""Connections without a request, of as many requests, that are worth a sentence."""
GAPS_NAMED = 4


def requests_of(
    incident: Incident, lives: Lives, exhibits: Exhibits, then: AskedThen | None = None
) -> ReportRequests | None:
    """The requests of an incident, monitors' and scanners' too, as its access log counts them; None: no log does."""
    seen = incident.requests
    if seen is None:
        return None
    name = log_name(seen.log, exhibits.logs, lives.requests.logs[seen.log].parts)
    failed, every = (seen.failed, seen.seen) if then is None else then.of_everybody
    return ReportRequests(failed, every, name, seen.refused, seen.peak, seen.expected)


def impact(
    diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits, then: AskedThen | None = None
) -> tuple[Sentence, ...]:
    """Sentences on the harm, the most telling first. `then`: what was asked for meanwhile."""
    incident, seen = diagnosis.incident, diagnosis.incident.requests
    counted = _counted(diagnosis, seen, lives, exhibits, then) if seen is not None else (_uncounted(incident, lives),)
    # where requests are answered, the access log knows who was hit
    is_counted = seen is not None and seen.failed + seen.refused > 0 and not kept_out_of(diagnosis)
    is_counted = is_counted or (seen is not None and seen.sent_away and then is not None)
    named = () if is_counted else _clients(incident, exhibits)
    return (*counted, *named, *_there_before(diagnosis, exhibits), *_rhythm(incident))


def _uncounted(incident: Incident, lives: Lives) -> Sentence:
    """Why requests are not counted."""
    if incident.was_down:
        return Sentence("How many requests were turned away is not known: while it is down, httpd logs none.")
    if lives.requests.counted is None:
        return Sentence(
            "No access log counts the requests: counts are of lines; a failed request may write one, several or none."
        )
    return Sentence("The access log does not cover this time, so the counts here are of lines, not of requests.")


def _counted(
    diagnosis: Diagnosis, seen: Seen, lives: Lives, exhibits: Exhibits, then: AskedThen | None
) -> Iterable[Sentence]:
    incident = diagnosis.incident
    path = log_name(seen.log, exhibits.logs, lives.requests.logs[seen.log].parts)
    proof = failing_lines(incident, lives, exhibits)
    if incident.was_starved and seen.seen and not incident.was_down:
        yield _starved(path, incident, seen, lives)
    if kept_out_of(diagnosis):
        yield from _kept_away(incident, seen, lives, exhibits, then)
        return
    if not seen.seen or only_at_its_edges(incident, lives):
        tz = exhibits.clock.tz
        between_them, till = ("between", "and") if seen.seen else ("from", "to")
        span = clock_span(incident.onset, incident.over, tz, till)
        yield Sentence(f"{path} has no request {between_them} {span}.")
    elif seen.sent_away:
        what = f"a redirect ({_statuses(then, '3xx')})"
        yield from _answered_so(path, seen, seen.redirected, what, then, proof)
    elif are_refused(seen):
        what = f"a client error ({_statuses(then, '4xx')})"
        yield from _answered_so(path, seen, seen.refused, what, then, proof)
    elif seen.failed:
        what = f"an error page of {seen.error_size:,} bytes with status 200" if seen.error_size else SERVER_ERROR
        yield from _answered_so(path, seen, seen.failed, what, then, proof)
    elif not incident.was_starved:
        yield Sentence(f"{path}: none of {plural(seen.seen, 'request')} got {SERVER_ERROR}{set_aside(then)}.")
        if diagnosis.workers.lost_workers and not any(w.how == "poisoned" for w in diagnosis.workers.lost_workers):
            yield Sentence("httpd logs no access line for a request whose worker dies, so such requests are not in it.")
    yield from _said_by_proxies(incident, then, exhibits)
    yield from _without_request(then)
    yield from _took(incident, seen, lives, then, proof)
    if then is not None and then.fuller is not None:
        yield _in_part(path, then.fuller, lives, exhibits)
    elif not incident.was_starved or not seen.seen:
        yield from _before(incident, seen, lives, then)
    if fallen := fell(incident, then):
        yield Sentence(f"{fallen}: what is not accepted, or never answered, has no line.")
    yield from _other_logs(incident, seen, lives, exhibits)
    if seen.seen and not only_at_its_edges(incident, lives):  # else it has been said that there is none at all
        yield from _gaps(incident, lives, exhibits)


def _said_by_proxies(incident: Incident, then: AskedThen | None, exhibits: Exhibits) -> Iterable[Sentence]:
    """What the logs of a proxy in front say of requests that failed: codes, or lines about those without an answer."""
    if then is not None and then.ends:
        yield Sentence(then.ends)
    if then is None or not then.seen.failed:
        for signal in without_answer(incident):
            log, lines = exhibits.logs[signal.moments[0].sighting.log].path, plural(signal.count, "line")
            yield Sentence(f"{log} has {lines} about requests that httpd did not answer.", exhibits.signal(signal, 2))


def _in_part(path: str, other: Fuller, lives: Lives, exhibits: Exhibits) -> Sentence:
    """That a log has not all that was served."""
    name = log_name(other.log, exhibits.logs, lives.requests.logs[other.log].parts)
    return Sentence(f"{path} has only some of the requests that were served: {name} has {other.served:,}.")


def _statuses(then: AskedThen | None, every: str) -> str:
    """Those that were the failure; `every`: what is said where they are many, or not known."""
    if then is None or not 0 < len(then.statuses) <= STATUSES_NAMED:
        return every
    return joined([str(status) for status in sorted(then.statuses)])


def _took(
    incident: Incident, seen: Seen, lives: Lives, then: AskedThen | None, proof: tuple[str, ...]
) -> Iterable[Sentence]:
    """How long requests took, how many hung, and whether those that failed took as long as a timeout is."""
    if then is not None and then.hung is not None:
        yield Sentence(said_of(then.hung))
    if seen.late is not None:
        yield Sentence(took_longer(seen.late))
    if not seen.failed:
        return
    if then is None:
        kept = [took for one in failed_requests(incident, lives) if (took := took_of(one)) is not None]
        if (found := timed_out(kept)) is not None:
            after = lengths(found.each)
            yield Sentence(f"Most of those that failed did so {after} after they began: a timeout.", proof)
    elif (found := then.timed_out) is not None:
        after = f"{found.count:,} of those that failed did so {lengths(found.each)} after they began"
        yield Sentence(f"{after}: a timeout ended them.", proof)


def _starved(path: str, incident: Incident, seen: Seen, lives: Lives) -> Sentence:
    """That most requests have no line at all."""
    number = between_edges(incident, lives) if len(incident.spells) < 2 else seen.seen  # what is in pauses is no part
    answered = plural(number, "request") if number else "no request"
    return Sentence(
        f"{path} has {answered} in that time, where at least {seen.expected:,} were to be expected: a request that is "
        "never answered is not logged."
    )


def _without_request(then: AskedThen | None) -> Iterable[Sentence]:
    """The connections on which no request came, where they are more than what some browser opens ahead."""
    silent = then.silent if then is not None else None
    if silent is None or then is None or silent.connections < max(LEAST_SILENT, SILENT_SHARE * then.seen.seen):
        return
    median = " (the median)" if len(silent.took) == 1 else ""
    after = f" after {lengths(silent.took)}{median}" if silent.took else ""
    opened = f"{plural(silent.clients, 'client')} opened {silent.connections:,} connections without a request on them"
    regulars = f"{silent.of_regulars:,} of these clients" if silent.of_regulars else "None of these clients"
    yield Sentence(f"Besides, {opened}, which were closed{after}. {regulars} made requests as well.")


def _answered_so(
    path: str, seen: Seen, number: int, what: str, then: AskedThen | None, proof: tuple[str, ...]
) -> Iterable[Sentence]:
    """How many got what is the outage, and how many of them would be usual."""
    kind = kind_of(seen)
    others = f", and {seen.failed:,} {SERVER_ERROR}" if kind != "failed" and seen.failed else ""
    of_all = plural(seen.seen, "request") if then is None or then.fuller is None else ""
    counted = f"{number:,} of {of_all}" if of_all else plural(number, "request")
    yield Sentence(f"{path}: {counted} got {what}{others}{as_usual(then)}.", proof)
    usual = {"failed": seen.usual, "refused": seen.usual_refused, "redirected": seen.usual_redirected}[kind]
    if usual:
        yield Sentence(f"About {usual:,} of these would be usual.")


def _other_logs(incident: Incident, told: Seen, lives: Lives, exhibits: Exhibits) -> Iterable[Sentence]:
    """What the other access logs count: a proxy in front of httpd sees failures that httpd's own log does not show."""
    for seen in lives.requests.seen_by_each(told.begin, incident.over):
        if seen.log != told.log and seen.seen and (seen.failed != told.failed or not told.seen):
            path = log_name(seen.log, exhibits.logs, lives.requests.logs[seen.log].parts)
            what = f"{seen.failed:,}" if seen.failed else "none"
            yield Sentence(f"{path}: {what} of {plural(seen.seen, 'request')} got {SERVER_ERROR}.")


def _kept_away(
    incident: Incident, told: Seen, lives: Lives, exhibits: Exhibits, then: AskedThen | None
) -> Iterable[Sentence]:
    """By how much the requests of an access log fell, where clients did not come as far as to send one.

    A log of another port does not show it, and nor does one whose clients do not mind.
    """
    for number, traffic in lives.requests.logs.items():
        before = counted_before(told, incident.over, lives.requests, number)
        meanwhile = lives.requests.seen_by(number, told.begin // SECOND * SECOND, incident.over)
        if before is None or meanwhile is None or before.requests < LEAST_BEFORE:
            continue
        usual = before.requests * (incident.over - told.begin // SECOND * SECOND) / before.length
        if meanwhile.seen <= FELL * usual:
            path = log_name(number, exhibits.logs, traffic.parts)
            now = plural(meanwhile.seen, "request")
            users = _of_users(then) if then is not None and number == told.log else ""
            earlier = f"and {before.requests:,} of the {elapsed(0, before.length)} before"
            yield Sentence(f"{path} has {now} of that time{users}, {earlier}.")


def _of_users(then: AskedThen) -> str:
    """Whose the few requests were that came through; empty: users' alone."""
    served = then.seen.seen - then.seen.refused - then.seen.failed
    others = (
        (then.by_monitors, "of monitors"),
        (then.by_jobs, "of this host itself"),
        (then.by_scanners, "of scanners"),
        (then.seen.refused, "got a client error (4xx)"),
    )
    if not then.by_monitors + then.by_jobs + then.by_scanners:
        return ""
    parts = [f"{number:,} {whose}" for number, whose in others if number]
    return f" ({joined([*parts, f'{served:,} of users' if served else 'no other'])})"


def _before(incident: Incident, seen: Seen, lives: Lives, then: AskedThen | None) -> Iterable[Sentence]:
    """How it was before, for as long as the log covers, by what the outage is measured by."""
    kind = kind_of(seen)
    became = {"failed": "failed", "refused": "got a client error", "redirected": "got a redirect"}[kind]
    read = then.before if then is not None and seen.seen else None
    if read is not None and then is not None and then.statuses and kind != "failed":
        became = f"got {_statuses(then, 'that')}"
    before = read or counted_before(seen, incident.over, lives.requests, seen.log)
    hit, number = before.of(kind) if before is not None else (0, 0)
    if before is None or number < LEAST_BEFORE:
        return
    is_counted = hit or getattr(seen, kind)  # where none failed then, or before, their number is what tells
    what = f"{hit:,} of {number:,} requests {became}" if is_counted else plural(number, "request")
    yield Sentence(f"In the {duration(before.length / SECOND)} before: {what}.")


def _gaps(incident: Incident, lives: Lives, exhibits: Exhibits) -> Iterable[Sentence]:
    """Stretches in which nothing was answered: an access log has no line for a request that never ends."""
    counted, found = lives.requests.counted, told_gaps(incident, lives)
    if counted is None or not found:
        return
    tz, traffic = exhibits.clock.tz, lives.requests.logs[counted]
    told = [_to_the_second(gap, counted, traffic, exhibits) for gap in found]
    each = [f"{elapsed(*gap)}, from {clock_span(*gap, tz)}" for gap in told[:GAPS_NAMED]]
    path = log_name(counted, exhibits.logs, traffic.parts)
    more = len(told) - len(each)
    times = f"{path} has {len(told)} gaps: " if len(told) > 1 else f"{path} has no request for "
    yield Sentence(f"{times}{'; '.join(each)}{f'; and {more} more' if more else ''}.")


def _to_the_second(gap: tuple[int, int], counted: int, traffic: Traffic, exhibits: Exhibits) -> tuple[int, int]:
    """The same from the last request before it to the first after it: a long log is counted by more than a second."""
    numbers, width = sorted(traffic.parts or {counted}), traffic.all.width - 1
    before, after = (
        [one.time for number in numbers for one in exhibits.again.requests(number, exhibits.clock, at, at + width)]
        for at in gap
    )
    return max(before, default=gap[0]), min(after, default=gap[1])


def _clients(incident: Incident, exhibits: Exhibits) -> Iterable[Sentence]:
    """How many clients met it, as far as lines name them; the server's own death needs no such count."""
    if incident.was_down:
        return
    first = clients_of(incident)
    number, every = number_of_clients(incident)
    if number == 1 and every and first:
        name, moment = next(iter(first.items()))
        yield Sentence(f"All lines that name a client name the same one, {name}.", (_cite(moment, exhibits),))
    elif number > 1:
        some = tuple(_cite(moment, exhibits) for moment in list(first.values())[:CLIENTS_CITED])
        least = "" if every else "at least "
        yield Sentence(f"The lines of the incident name {least}{number:,} different clients.", some)


def number_of_clients(incident: Incident) -> tuple[int, bool]:
    """How many clients the incident's lines name, and whether that is all: of a second only one line is kept."""
    names = set[str]()
    kept = {moment.client for signal in incident.signals for moment in signal.moments} - {""}
    all_known = True
    for signal in incident.signals:
        whole = signal.series.clients
        if whole is not None and whole.lines == signal.count:
            names |= whole.names
        elif all(moment.count == 1 for moment in signal.moments):
            names |= {moment.client for moment in signal.moments} - {""}
        else:
            all_known = False
    return max(len(names), len(kept)), all_known


def clients_of(incident: Incident) -> dict[str, Moment]:
    """The clients that the incident's lines name, each with its first moment."""
    first: dict[str, Moment] = {}
    for signal in incident.signals:
        for moment in signal.moments:
            if moment.client:
                first.setdefault(moment.client, moment)
    return first


def _cite(moment: Moment, exhibits: Exhibits) -> str:
    return exhibits.cite(moment.sighting, None)


def _there_before(diagnosis: Diagnosis, exhibits: Exhibits) -> Iterable[Sentence]:
    """How often the cause's message was logged before it became an outage; whether that has to do with it is open."""
    signal = diagnosis.first
    if signal is None:
        return
    count, early = exhibits.alike.before(signal, diagnosis.incident.onset)  # its own may begin before users are hit
    if early is not None:
        first = day_clock(early.time, exhibits.clock.tz)
        when = (
            f"once before the onset, at {first}"
            if count == 1
            else f"{count:,} times before the onset, first at {first}"
        )
        text = f"The log has the same message {when}."
        yield Sentence(text, (_cite(early, exhibits),))


def _rhythm(incident: Incident) -> Iterable[Sentence]:
    if incident.period is not None:
        yield Sentence(f"It came back about every {duration(incident.period)}.")
