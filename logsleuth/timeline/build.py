"""From a tally to the timeline: every kind of message as moments in UTC, with what is known of it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from logsleuth.library import meaning
from logsleuth.scan.series import MOST_CLASSES
from logsleuth.scan.sighting import UNDATED, Sighting
from logsleuth.scan.tally import Traffic as KeptTraffic
from logsleuth.scan.templates import mask
from logsleuth.timeline.model import (
    FIRST,
    Asked,
    AskedBy,
    Counts,
    Durations,
    EveryClient,
    Moment,
    OfPid,
    Opening,
    Series,
    Sign,
    Signs,
    Timeline,
    Traffic,
)
from logsleuth.timeline.placement import clock_offsets
from logsleuth.timeline.text import client_of, message
from logsleuth.timeline.undated import with_what_follows
from logsleuth.timeline.wording import some_of, wording
from logsleuth.timeline.zones import zone_offsets
from logsleuth.units import MINUTE, SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.library.card import Card
    from logsleuth.library.card_index import CardIndex
    from logsleuth.library.mechanisms import Mechanisms
    from logsleuth.library.pattern import Library, Pattern
    from logsleuth.scan.bykey import AnswersByKey
    from logsleuth.scan.series import Counts as Kept
    from logsleuth.scan.series import Durations as KeptDurations
    from logsleuth.scan.series import Moment as KeptMoment
    from logsleuth.scan.tally import PatternTally, PidTally, Tally, TemplateTally
    from logsleuth.timeline.clock import Clock


def build(
    tally: Tally,
    library: Library,
    mechanisms: Mechanisms,
    cards: CardIndex | None,
    clock: Clock,
    rotated: Iterable[Sequence[int]] = (),
) -> Timeline:
    """Everything that a tally holds, in UTC. Cards are asked only for what no pattern knows; None: there is nothing.

    `mechanisms`: those of the library; `rotated`: the numbers of the files that are parts of one log, each set in its
    order.
    """
    patterns = {name: pattern for name in tally.patterns if (pattern := library.get(name)) is not None}
    offsets = zone_offsets(tally, patterns) | clock_offsets(tally, patterns)
    instants = _Instants(clock, offsets)
    known = [_of_pattern(patterns[name], found, instants) for name, found in sorted(tally.patterns.items())
             if name in patterns]  # fmt: skip
    others = _of_templates(tally.templates, cards, instants) if cards is not None else []
    traffic = _traffic_by_log(tally, clock, rotated)
    start, end = _span(tally, known, clock, offsets, [one.all for one in traffic.values() if one.all])
    return Timeline(
        start=start,
        end=end,
        series={series.name: series for series in with_what_follows((*known, *others), mechanisms)},
        signs=_signs(tally, clock),
        served=_counts(tally.served, clock),
        offsets=offsets,
        levels=_levels(tally),
        traffic=traffic,
        neighbours={
            number: clock.utc(log.first.time - offsets.get(number, 0))
            for number, log in tally.logs.items()
            if log.foreign and log.first and log.first.time > UNDATED
        },
        openings=dict(_openings(tally, clock, offsets)),
    )


def _span(
    tally: Tally, known: Sequence[Series], clock: Clock, offsets: dict[int, int], asked: Sequence[Counts]
) -> tuple[int, int]:
    """UTC microseconds from the first to the last line of httpd's logs, or on the server in another program's.

    Another program's log alone, such as the journal of a unit, spans all of its lines. `asked`: the requests of the
    access logs.
    """
    logs = [(log, offsets.get(number, 0)) for number, log in tally.logs.items()]
    logs = [(log, ahead) for log, ahead in logs if not log.foreign] or logs
    firsts = [clock.utc(log.first.time - ahead) for log, ahead in logs if log.first and log.first.time > UNDATED]
    lasts = [clock.utc(log.last.time - ahead) for log, ahead in logs if log.last and log.last.time > UNDATED]
    server = [one for one in known if one.meaning.about == "server" and one.moments]
    firsts += [one.moments[0].time for one in server if one.meaning.witnessed]
    lasts += [one.moments[-1].last for one in server if one.meaning.witnessed]
    return _with_silent_hours(min(firsts, default=0), max(lasts, default=0), server, asked)


def _openings(tally: Tally, clock: Clock, offsets: dict[int, int]) -> Iterable[tuple[int, Opening]]:
    for number, log in tally.logs.items():
        if log.first is not None and log.first.time > UNDATED:
            kind = f"log {number}" if log.foreign else "access" if number in tally.traffic else "error"
            time = clock.utc(log.first.time - offsets.get(number, 0))
            yield number, Opening(kind, time, (number, log.first.offset))


def _with_silent_hours(start: int, end: int, server: Sequence[Series], asked: Sequence[Counts]) -> tuple[int, int]:
    """With the hours in which httpd answered and had nothing to report: many a log is empty but for an outage.

    Not where the error log begins or ends beside a start, a stop or a reload, with which logs are rotated: then another
    file has those hours. `server`: what tells of these; `asked`: the requests of the access logs.
    """
    changes = [time for series in server for time in (series.moments[0].time, series.moments[-1].last)]

    def is_rotated(edge: int) -> bool:
        return any(abs(time - edge) <= MINUTE for time in changes)

    return (
        start if is_rotated(start) else min([start, *(counts.begins[0] for counts in asked)]),
        end if is_rotated(end) else max([end, *(counts.begins[-1] for counts in asked)]),
    )


def _traffic_by_log(tally: Tally, clock: Clock, rotated: Iterable[Sequence[int]]) -> dict[int, Traffic]:
    """By the number of the log, of several parts the first with requests: a request is counted once, in all of them."""
    sets = [[number for number in parts if number in tally.traffic] for parts in rotated]
    together = {number for parts in sets for number in parts}
    sets += [[number] for number in tally.traffic if number not in together]
    return {parts[0]: _traffic(tally, parts, clock) for parts in sorted(filter(None, sets))}


def _traffic(tally: Tally, parts: Sequence[int], clock: Clock) -> Traffic:
    found = tally.traffic[parts[0]]
    if len(parts) > 1:
        found = KeptTraffic()
        for number in parts:
            found.merge(tally.traffic[number])
    return Traffic(
        all=_counts(found.all, clock),
        failed=_counts(found.failed, clock),
        refused=_counts(found.refused, clock),
        by_vhost=_asked(found.by_vhost),
        by_path=_asked(found.by_path),
        by_client=_asked(found.by_client),
        parts=frozenset(parts),
        redirected=_counts(found.redirected, clock),
        took=_durations(found.took, clock),
    )


def _asked(answers: AnswersByKey) -> AskedBy:
    kept = (
        Asked(key, one.requests, one.refused, one.failed, one.redirected) for key, one in sorted(answers.kept.items())
    )
    return AskedBy(tuple(kept), answers.distinct)


class _Instants:
    """Turns kept moments into instants: UTC, with each log's clock corrected."""

    def __init__(self, clock: Clock, offsets: dict[int, int]) -> None:
        self._clock, self._offsets = clock, offsets

    def moment(self, first: Sighting, last: int, count: int) -> Moment:
        """`last`: local microseconds of the last line."""
        ahead = self._offsets.get(first.log, 0)
        begin = self._clock.utc(first.time - ahead)
        end = begin if last == first.time else self._clock.utc(last - ahead)
        return Moment(begin, end, count, first, client_of(first.words))

    def line(self, sighting: Sighting) -> Moment:
        """One line by itself."""
        return self.moment(sighting, sighting.time, 1)

    def moments(self, kept: Iterable[KeptMoment]) -> list[Moment]:
        """Those that have a time."""
        return [self.moment(one.first, one.last, one.count) for one in kept if one.first.time > UNDATED]


def _place(moment: Moment) -> tuple[int, int, int]:
    """What moments are in order by."""
    sighting = moment.sighting
    return moment.time, sighting.log, sighting.offset


def _in_order(moments: list[Moment]) -> tuple[Moment, ...]:
    return tuple(sorted(moments, key=_place))


def _undated(kept: Iterable[KeptMoment]) -> Moment | None:
    return next((_without_time(one.count, one.first) for one in kept if one.first.time <= UNDATED), None)


def _without_time(count: int, first: Sighting) -> Moment:
    return Moment(0, 0, count, first, client_of(first.words))


def _of_pattern(pattern: Pattern, found: PatternTally, instants: _Instants) -> Series:
    by_pid = {pid: _of_pid(one, instants) for pid, one in found.by_pid.items() if one.first.time > UNDATED}
    kept = found.series.buckets.values()
    moments, undated = _in_order(instants.moments(kept)), _undated(kept)
    return Series(meaning.of_pattern(pattern), moments, by_pid, undated, _every_client(found, moments, undated))


def _of_pid(found: PidTally, instants: _Instants) -> OfPid:
    first = instants.line(found.first)
    return OfPid(found.count, first, first if found.count == 1 else instants.line(found.last))


def _every_client(found: PatternTally, moments: Iterable[Moment], undated: Moment | None) -> EveryClient | None:
    """The clients of a pattern's lines, if there are few enough for all to be kept."""
    if len(found.clients.kept) >= found.clients.cap:
        return None
    lines = sum(moment.count for moment in moments) + (undated.count if undated else 0)
    return EveryClient(frozenset(found.clients.kept), lines)


class _Group:
    """Shapes that mean the same, or that one card knows."""

    def __init__(self, rank: int, sample: Sighting, shape: str, card: Card | None) -> None:
        self.rank, self.sample, self.shape, self.card = rank, sample, shape, card
        self.moments: list[Moment] = []
        self.undated: Moment | None = None

    def series(self) -> Series:
        moments, sample = _in_order(self.moments), self.sample
        if self.card is not None:
            return Series(meaning.of_card(self.card), moments, {}, self.undated)
        words = [message(moment.sighting) for moment in some_of(moments)] or [message(sample)]
        found = meaning.of_level(sample.module, sample.level, sample.words, self.shape, wording(words))
        return Series(found, moments, {}, self.undated)


def _of_templates(
    templates: dict[tuple[int, int], TemplateTally], cards: CardIndex, instants: _Instants
) -> list[Series]:
    """What no pattern knows: shapes that mean the same, or that one card knows, as one series each."""
    groups: dict[str, _Group] = {}
    for (rank, _), template in sorted(templates.items()):
        kept = template.series.buckets.values()
        moments, undated = instants.moments(kept), _undated(kept)
        first = min(moments, key=_place) if moments else undated
        if first is None:
            continue
        sample = first.sighting
        words = message(sample)
        shape = mask(words)
        if not shape.strip():  # an empty line within what an application printed
            continue
        card = cards.find(sample.module, sample.level, words)
        group = groups.setdefault(card.id if card is not None else shape, _Group(rank, sample, shape, card))
        group.moments += moments
        group.undated = _both(group.undated, undated)
    ordered = sorted(groups.items(), key=lambda one: (one[1].card is None, one[1].rank, -len(one[1].moments), one[0]))
    return [group.series() for _, group in ordered]


def _both(one: Moment | None, other: Moment | None) -> Moment | None:
    if one is None or other is None:
        return one or other
    return _without_time(one.count + other.count, one.sighting)


def _signs(tally: Tally, clock: Clock) -> Signs:
    signs: defaultdict[int, list[Sign]] = defaultdict(list)
    utc = clock.utc
    for (pid, _), sign in tally.signs.items.items():
        first = utc(sign.first)
        last = first if sign.last == sign.first else utc(sign.last)
        signs[pid].append(Sign(first, last, sign.count))
    for several in signs.values():
        if len(several) > 1:
            several.sort(key=FIRST)
    return Signs({pid: tuple(signs.pop(pid)) for pid in sorted(signs)})


def _counts(kept: Kept, clock: Clock) -> Counts:
    width = kept.width * SECOND
    return Counts(width, ((clock.utc(number * width), count) for number, count in sorted(kept.buckets.items())))


def _durations(kept: KeptDurations, clock: Clock) -> Durations:
    width = kept.width * SECOND
    by_begin: dict[int, dict[int, int]] = {}
    for key, count in sorted(kept.buckets.items()):
        number, kind = divmod(key, MOST_CLASSES)
        by_begin.setdefault(number * width, {})[kind] = count
    return Durations(width, ((clock.utc(begin), counts) for begin, counts in by_begin.items()))


def _levels(tally: Tally) -> dict[str, int]:
    """Lines by level; of another program's log the levels mean something else."""
    levels: dict[str, int] = {}
    for log in tally.logs.values():
        if log.foreign:
            continue
        for (_, level), count in log.kinds.items():
            levels[level] = levels.get(level, 0) + count
    return levels
