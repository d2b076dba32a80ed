"""Every fault: anything wrong that the log shows, whether or not users were failed by it.

What belongs to an incident is told there. What is left, and what goes on outside of it, is ranked by harm.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from logsleuth.incidents.model import Fault, Trend
from logsleuth.incidents.same_events import explained_by, taken_together
from logsleuth.lives.requests import ANSWERED, LONGEST_WAIT
from logsleuth.lives.server.events import kind_of
from logsleuth.signals.chance import surprise
from logsleuth.signals.clients import is_this_machine
from logsleuth.signals.rhythm import is_a_timers
from logsleuth.signals.tuning import (
    ALMOST_ALL,
    BY_CHANCE,
    JOIN_US,
    LASTING_US,
    LEAST_CLIENTS,
    LEAST_EXPECTED,
    LEAST_MOMENTS,
    MANY,
    MOST,
    TIMES_AS_MANY,
    TOGETHER_US,
)
from logsleuth.timeline.model import between
from logsleuth.units import DAY, SECOND, is_near
from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from logsleuth.incidents.model import Incident
    from logsleuth.library.mechanisms import Mechanisms
    from logsleuth.library.pattern import Severity
    from logsleuth.lives.live import Lives
    from logsleuth.lives.server.model import Absence
    from logsleuth.scan.sighting import Sighting
    from logsleuth.timeline.model import AskedBy, Moment, Series, Traffic

SEVERITIES: tuple[Severity, ...] = ("critical", "major", "minor", "info")
ROLES = ("cause", "death", "capacity", "shutdown", "symptom")
"""A cause before its symptoms, where both do the same harm."""
ANSWERED_BY_HTTPD = ("cgi.", "fcgid.", "proxy.")
"""How the names of faults begin for which httpd itself answers with a server error."""
QUARTERS = 4
"""Parts of a log from each to the next of which a fault must grow to be rising: one burst is no trend."""
OF_REQUESTS = frozenset({"request", "backend", "client"})
"""What a fault is about that fails one request at a time."""
RARELY = 0.005
"""Share of all requests up to which single ones that fail outside of an outage are a minor matter: one in 200."""
LINES = 3
"""Lines that are kept of each fault."""


def find_faults(lives: Lives, incidents: Sequence[Incident], mechanisms: Mechanisms) -> tuple[Fault, ...]:
    """All faults outside of the incidents, the most harmful first; what another fault explains comes after it."""
    taken = _taken(incidents)
    ends = [absence for incident in incidents for absence in incident.absences]
    refused = any(event.kind == "refused" for one in incidents for spell in one.absences for event in spell.lines)
    faults = [
        fault
        for series in lives.timeline.series.values()
        if (series.meaning.is_failure or _is_worth_a_word(series)) and not (refused and _is_an_echo(series))
        if (fault := _fault(series, taken.get(series.name, frozenset()), ends, lives)) is not None
        and not any(is_below(fault, incident) for incident in incidents)
    ]
    faults = list(_with_the_rest(faults, taken, ends, lives))
    by_name = {fault.series.name: fault for fault in faults}
    ordered = sorted(faults, key=lambda fault: _rank(fault, by_name, mechanisms))
    seen = {fault.series.name: _outside(fault, taken) for fault in faults}
    whole = taken_together(ordered, seen, lives.timeline.span, mechanisms)
    failed = _failed_outside(lives, incidents)
    judged = (_by_harm(_by_share(_by_whom(_by_answers(fault, failed, lives), lives), lives), lives) for fault in whole)
    return tuple(sorted(judged, key=lambda one: SEVERITIES.index(one.severity)))


def _with_the_rest(
    faults: Sequence[Fault], taken: Mapping[str, frozenset[Sighting]], ends: Sequence[Absence], lives: Lives
) -> Iterable[Fault]:
    """The faults; of failed requests those that are in no other log, and that no other fault's lines explain.

    Where nearly all of them are explained, or hardly any is, they stay together, as one event or as a fault of its own.
    """
    known = [
        one
        for fault in faults
        if fault.series.name != ANSWERED and _fails_requests(fault)
        for one in _outside(fault, taken)
    ]
    for fault in faults:
        if fault.series.name != ANSWERED:
            yield fault
            continue
        moments = _outside(fault, taken)
        explained = explained_by(moments, known, lives.timeline.span)
        if not is_split(len(explained), len(moments)):
            yield replace(fault, count=counted_once(moments, fault.count, lives.requests.logs.values()))
            continue
        aside = {one.sighting for one in explained}
        rest = _fault(fault.series, taken.get(ANSWERED, frozenset()) | aside, ends, lives)
        if rest is not None:
            yield rest


def _fails_requests(fault: Fault) -> bool:
    """Whether a line of it may be why a request failed, and something is known of it."""
    meaning = fault.series.meaning
    return meaning.known_by != "level" and meaning.about in OF_REQUESTS


def counted_once(moments: Sequence[Moment], count: int, logs: Iterable[Traffic]) -> int:
    """How many failed requests these are, where several access logs have them: a proxy's, and that behind it.

    A line of one log within two seconds of one in another is the same request, if nearly each of them is. `count`: how
    many lines there are.
    """
    times = [moment.time for moment in moments]
    each = []
    for traffic in logs:
        found = [begin for begin in traffic.failed.begins if is_near(times, begin, TOGETHER_US)]
        if found:
            each.append((sum(traffic.failed.between(begin, begin) for begin in found), found))
    each.sort(reverse=True)
    if not each:
        return count
    total, most = each[0]
    same = all(sum(is_near(most, one, TOGETHER_US) for one in some) >= ALMOST_ALL * len(some) for _, some in each[1:])
    return min(count, total) if same else count


def is_split(explained: int, every: int) -> bool:
    """Whether a part of the failed requests is another fault's, and the rest is of its own."""
    return (1 - ALMOST_ALL) * every < explained < ALMOST_ALL * every


def _outside(fault: Fault, taken: Mapping[str, frozenset[Sighting]]) -> list[Moment]:
    """The moments of a fault outside of the incidents, in order of time."""
    lines = taken.get(fault.series.name, frozenset())
    return [moment for moment in fault.series.moments if moment.sighting not in lines]


def _failed_outside(lives: Lives, incidents: Sequence[Incident]) -> int | None:
    """Requests outside of the incidents that were answered with a server error; None: no access log counts them all."""
    requests, timeline = lives.requests, lives.timeline
    if requests.counted is None:
        return None
    every = sum(seen.failed for seen in requests.seen_by_each(timeline.start, timeline.end))
    spans = [(one.onset - LONGEST_WAIT, one.over + LONGEST_WAIT) for one in incidents]
    return every - sum(seen.failed for begin, end in spans for seen in requests.seen_by_each(begin, end))


def _by_answers(fault: Fault, failed: int | None, lives: Lives) -> Fault:
    """A fault is minor where httpd would have answered with a server error, and most of its lines have none.

    A job that asks by another way fails, or a request that was tried again. `failed`: requests with a server error.
    """
    answers = fault.series.name.startswith(ANSWERED_BY_HTTPD) and fault.series.meaning.about in {"request", "backend"}
    if failed is None or not answers or fault.count < LEAST_MOMENTS or failed >= MOST * fault.count:
        return fault
    if any(time is None or lives.requests.seen(time, time) is None for time in (fault.first, fault.last)):
        return fault  # no access log covers its time
    return _at_most_minor(fault)


def _at_most_minor(fault: Fault) -> Fault:
    """A fault that is no graver than that."""
    return replace(fault, severity=max(fault.severity, "minor", key=SEVERITIES.index))


def _by_whom(fault: Fault, lives: Lives) -> Fault:
    """A fault is minor where only one client of many has it, or this machine itself: a broken link, a developer."""
    if fault.every_client and is_of_few(fault.names, lives.requests.logs.values()):
        return _at_most_minor(fault)
    return fault


def _by_share(fault: Fault, lives: Lives) -> Fault:
    """A fault of single requests is minor where the access log has many more; so is one that was always there."""
    seen = max((one.all.total for one in lives.requests.logs.values()), default=0)
    abouts = {one.series.meaning.about for one in (fault, *fault.also)}
    if not abouts.isdisjoint(OF_REQUESTS) and is_small(fault, seen, lives.timeline.span):
        return _at_most_minor(fault)
    return fault


def is_small(fault: Fault, seen: int, span: int) -> bool:
    """Whether a fault is of few of the requests. `seen`: how many an access log counts; `span`: how long (us) it is."""
    if fault.count >= MANY * seen:
        return False
    return fault.count < max(LEAST_EXPECTED, RARELY * seen) or is_chronic(fault, span)


def is_chronic(fault: Fault, span: int) -> bool:
    """Whether a fault lasts from the beginning to the end of a log of many hours, and does not grow."""
    if fault.first is None or fault.last is None or fault.trend == "rising":
        return False
    return span > LASTING_US and fault.last - fault.first >= ALMOST_ALL * span


def _by_harm(fault: Fault, lives: Lives) -> Fault:
    """Workers that die one by one, fewer than three a day, are minor where no request is seen to fail with them."""
    meaning = fault.series.meaning
    few = LEAST_MOMENTS * max(lives.timeline.span / DAY, 1)
    if meaning.role != "death" or meaning.about != "worker" or fault.count >= few:
        return fault
    if any(_fails_near(moment.time, lives) for moment in fault.series.moments):
        return fault
    return _at_most_minor(fault)


def _fails_near(time: int, lives: Lives) -> bool:
    """Whether requests failed around a moment, or no access log shows that they did not."""
    seen = lives.requests.seen(time - JOIN_US, time + JOIN_US)
    return seen is None or seen.failed > 0


def is_of_few(names: Collection[str], logs: Iterable[Traffic]) -> bool:
    """Whether these clients are one, or none but this machine, while an access log shows many others.

    Not where the one makes most requests: a proxy is one address, and represents everybody.
    """
    alone = len(names) == 1 or (bool(names) and all(map(is_this_machine, names)))
    by_client = [traffic.by_client for traffic in logs]
    others = max((clients.distinct for clients in by_client), default=0) - len(names)
    return alone and others >= LEAST_CLIENTS and not _make_most(names, by_client)


def _make_most(names: Collection[str], by_client: Sequence[AskedBy]) -> bool:
    """Whether most requests of the access logs are of these clients."""
    every = sum(one.requests for clients in by_client for one in clients.kept)
    mine = sum(one.requests for clients in by_client for one in clients.kept if one.key in names)
    return mine >= MOST * every > 0


def _taken(incidents: Iterable[Incident]) -> Mapping[str, frozenset[Sighting]]:
    """By series, the first lines of the moments that belong to an incident.

    A request that begins in it may wait for a timeout, and fail when it is over.
    """
    found: dict[str, set[Sighting]] = {}
    for incident in incidents:
        refusals = incident.countermeasure.signals if incident.countermeasure is not None else ()
        for signal in refusals:
            found.setdefault(signal.name, set()).update(moment.sighting for moment in signal.moments)
        for signal in incident.signals:
            near = between(signal.series.moments, incident.onset - LONGEST_WAIT, incident.over + LONGEST_WAIT)
            found.setdefault(signal.name, set()).update(moment.sighting for moment in (*signal.moments, *near))
    return {name: frozenset(lines) for name, lines in found.items()}


def is_below(fault: Fault, incident: Incident) -> bool:
    """Whether lines without a time are as many as an incident has of a message: they stand below its lines."""
    if not (fault.borrows or fault.series.undated) or fault.count < LEAST_EXPECTED or fault.last is None:
        return False
    is_here = incident.onset <= fault.last <= incident.over
    return is_here and any(signal.count == fault.count for signal in incident.signals)


def _is_worth_a_word(series: Series) -> bool:
    """Whether it is routine for a site, but an answer to somebody who asks about that very line."""
    return series.meaning.role == "noise" and series.meaning.category is not None


def _is_an_echo(series: Series) -> bool:
    """Whether it only repeats, without a time, that a start failed: what apachectl prints on the terminal."""
    meaning = series.meaning
    of_a_start = meaning.phase == "start" and meaning.about == "server" and meaning.role == "symptom"
    return of_a_start and series.undated is not None and not series.moments


def _fault(series: Series, taken: frozenset[Sighting], ends: Sequence[Absence], lives: Lives) -> Fault | None:
    """What is left of a series outside of the incidents; None: nothing, or nothing that is a fault.

    `ends`: the stretches of the incidents in which the server was not up.
    """
    if taken and series.undated is not None:  # its lines without a time were placed into the incident
        return None
    moments = [one for one in series.moments if one.sighting not in taken] if taken else list(series.moments)
    kind = kind_of(series.meaning)
    if kind == "unclean":
        moments = [moment for moment in moments if not _is_explained(moment, lives)]
    if kind not in {None, "word"}:
        moments = [moment for moment in moments if not _is_of_an_end(moment, ends)]
    count = sum(moment.count for moment in moments) + (series.undated.count if series.undated else 0)
    if not count or _is_routine(series, moments, lives):
        return None
    whole = series.clients if series.clients is not None and series.clients.lines == count else None
    clients = whole.names if whole is not None else {moment.client for moment in moments if moment.client}
    # one address that makes most requests represents everybody
    behind_one = len(clients) == 1 and _make_most(clients, [one.by_client for one in lives.requests.logs.values()])
    borrows = any(not moment.sighting.dated for moment in (*moments[:1], *moments[-1:]))
    return Fault(
        series=series,
        severity=_severity(series),
        count=count,
        first=moments[0].time if moments else None,
        last=moments[-1].last if moments else None,
        names=frozenset(clients),
        every_client=(whole is not None or count == len(moments))
        and not behind_one
        and name_clients(moments)
        and not are_proxies(series.meaning.about, clients, lives.requests.logs.values()),
        trend=_trend_of(series, moments, lives, is_known=not (borrows or taken)),
        lines=tuple(_lines(series, moments)),
        borrows=borrows,
    )


def name_clients(moments: Sequence[Moment]) -> bool:
    """Whether nearly all lines name a client: of the others nothing is known."""
    return sum(moment.client != "" for moment in moments) >= ALMOST_ALL * len(moments)


def are_proxies(about: str, clients: Collection[str], logs: Iterable[Traffic]) -> bool:
    """Whether the clients of lines about requests made none that an access log counts: it knows whom they stood for."""
    known = [traffic.by_client for traffic in logs if traffic.by_client.kept]
    if about not in OF_REQUESTS or not known or not all(one.is_complete for one in known):
        return False
    return not any(asked.key in clients for one in known for asked in one.kept)


def _is_explained(moment: Moment, lives: Lives) -> bool:
    """Whether the server before was told to stop, gave up or did not start: its pid file is left, and no riddle."""
    ends = (absence for absence in lives.server.absences if absence.why != "killed")
    return any(end.begin <= moment.time <= (end.end or moment.time) + SECOND for end in ends)


def _is_of_an_end(moment: Moment, ends: Iterable[Absence]) -> bool:
    """Whether a line tells how the server ended in an incident, as where it hung, and was killed at its stop."""
    return any(end.begin - SECOND <= moment.time <= (end.end or moment.time) + SECOND for end in ends)


def _severity(series: Series) -> Severity:
    """As grave as what is known of it says; what only its level says is worse than nothing, and no more."""
    meaning = series.meaning
    if meaning.known_by == "level" and meaning.severity == "critical":
        return "major"
    return meaning.severity


def _is_routine(series: Series, moments: Sequence[Moment], lives: Lives) -> bool:
    """Whether it only says what happens at every stop, or right after a start."""
    meaning = series.meaning
    if meaning.lasts == "latched" and moments:
        ups = lives.server.ups
        return all(any(0 <= moment.time - up <= TOGETHER_US for up in ups) for moment in moments)
    return meaning.phase == "stop" and meaning.severity in {"minor", "info"}


def _trend_of(series: Series, moments: Sequence[Moment], lives: Lives, *, is_known: bool) -> Trend:
    """How it develops. `is_known`: when its lines were written is, and all of them are here, none in an incident."""
    if is_a_timers(series, moments, lives.requests):
        return "timed"
    found = _trend(moments, lives)
    return found if is_known or found == "once" else "steady"


def _trend(moments: Sequence[Moment], lives: Lives) -> Trend:
    """How it develops: over before the log's last tenth, or more and more, or less and less, often through the log."""
    if sum(moment.count for moment in moments) <= 1:
        return "once"
    timeline = lives.timeline
    if (
        moments[-1].last < timeline.end - timeline.span // 10
        and moments[-1].last - moments[0].time < timeline.span // 2
    ):
        return "over"
    step = max(timeline.span // QUARTERS, 1)
    quarters = [0] * QUARTERS
    for moment in moments:
        quarters[min(max(moment.time - timeline.start, 0) // step, QUARTERS - 1)] += moment.count
    begins = [timeline.start + nth * step for nth in range(QUARTERS)]
    return developing(quarters, [lives.requests.exposure.between(begin, begin + step) for begin in begins])


def developing(quarters: Sequence[int], served: Sequence[int]) -> Trend:
    """Whether counts grow from each quarter of a log to the next, more than the requests do, and not by chance.

    `served`: requests in each quarter; all 0: not known.
    """
    if _grows(quarters, served):
        return "rising"
    return "falling" if _grows(quarters[::-1], served[::-1]) else "steady"


def _grows(quarters: Sequence[int], served: Sequence[int]) -> bool:
    first, last = quarters[0], quarters[-1]
    if list(quarters) != sorted(quarters) or last <= TIMES_AS_MANY * max(first, 1):
        return False
    known = served if all(served) else [1] * len(quarters)
    if last * known[0] <= TIMES_AS_MANY * max(first, 1) * known[-1]:
        return False
    late, half = sum(quarters[QUARTERS // 2 :]), sum(known[QUARTERS // 2 :]) / sum(known)
    return surprise(late, sum(quarters), half, 1.0) > -math.log10(BY_CHANCE)


def _lines(series: Series, moments: Sequence[Moment]) -> Iterable[Sighting]:
    """Some of its lines: those without a time, the first, the last."""
    if series.undated is not None:
        yield series.undated.sighting
    for moment in dict.fromkeys((*moments[: LINES - 1], *moments[-1:])):
        yield moment.sighting


def _rank(
    fault: Fault, by_name: Mapping[str, Fault], mechanisms: Mechanisms
) -> tuple[int, bool, bool, bool, int, int, int]:
    """What harms most first. What explains another fault does at least its harm, and comes before it."""
    meaning = fault.series.meaning
    explained = [by_name[name] for name in mechanisms.get(fault.series.name, ()) if name in by_name]
    harm = min(SEVERITIES.index(one.severity) for one in (fault, *explained))
    is_explained = any(fault.series.name in mechanisms.get(name, ()) for name in by_name if name != fault.series.name)
    role = ROLES.index(meaning.role) if meaning.role in ROLES else len(ROLES)
    first = fault.lines[0]
    return (harm, meaning.category is None, is_explained, meaning.fallback, role, first.log, first.offset)
