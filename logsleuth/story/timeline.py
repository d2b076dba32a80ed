"""The Timeline: all that a tally knows, as instants, told apart by what it means for the server."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from logsleuth.scan.sighting import UNDATED, Sighting
from logsleuth.scan.templates import mask
from logsleuth.scan.text import message_of
from logsleuth.story.placing import clock_offsets, failed_start
from logsleuth.story.restarts import Restart, life_event, pair_restarts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.library.pattern import Library, Pattern
    from logsleuth.scan.series import Counts, Series
    from logsleuth.scan.tally import PidTally, Sign, Tally
    from logsleuth.story.clock import Clock

SECOND = 1_000_000
CLIENT = re.compile(rb"^\[(?:client|remote) [^\]]*\] ")
LONGEST_TITLE = 90
"""Characters of a message that stands for a title."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Matches of one track within a second (or more, on a crowded track)."""

    time: int
    """UTC microseconds of the first."""
    last: int
    count: int
    sighting: Sighting


@dataclass(frozen=True, slots=True)
class Track:
    """All that one pattern, or one template that no pattern knows, says over time."""

    name: str
    """The pattern's id, or the template's text."""
    pattern: Pattern | None
    moments: tuple[Moment, ...]
    """In order of time; those without any time are left out."""
    by_pid: dict[int, PidTally]

    @property
    def title(self) -> str:
        """The pattern's title, or what is said that no pattern knows; log text may stand in it."""
        if self.pattern is not None:
            return self.pattern.title
        return f"Unknown message “{self.name if len(self.name) <= LONGEST_TITLE else self.name[:LONGEST_TITLE] + '…'}”"

    @property
    def count(self) -> int:
        """All matches with a time."""
        return sum(moment.count for moment in self.moments)

    @property
    def level(self) -> str:
        """The level of its first line."""
        return self.moments[0].sighting.level if self.moments else ""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many within a stretch of time."""

    begin: int
    """UTC microseconds."""
    width: int
    """Microseconds."""
    count: int


@dataclass(frozen=True, slots=True)
class Traffic:
    """The requests of one access log over time."""

    all: tuple[Counted, ...]
    failed: tuple[Counted, ...]
    """Those answered with a status of 500 or more."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole log as events in time."""

    start: int
    """UTC microseconds of the first dated line."""
    end: int
    tracks: dict[str, Track]
    """By pattern id."""
    unknown: tuple[Track, ...]
    """Templates that no pattern knows, gravest level first, then most frequent."""
    restarts: tuple[Restart, ...]
    signs: dict[int, list[Sign]]
    """pid to its signs of life, in order."""
    served: tuple[tuple[int, int, int], ...]
    """(UTC microseconds, width in seconds, count) of the lines that name a client, in order of time."""
    parents: frozenset[int]
    """pids known to be parents."""
    levels: dict[str, int]
    """Lines by level."""
    offsets: dict[int, int]
    """Number of a neighbour's log to the microseconds that its clock is ahead; its moments are put right by it."""
    traffic: dict[int, Traffic] = field(default_factory=dict)
    """Number of an access log to its requests."""
    neighbours: dict[int, int] = field(default_factory=dict)
    """Number of a neighbour's log to the UTC microseconds at which it begins."""
    pool: tuple[int, str] | None = None
    """How many workers there are, where something other than the log says so, and how that is known."""

    @property
    def span(self) -> float:
        """Seconds from the first dated line to the last."""
        return max((self.end - self.start) / SECOND, 1.0)


def build(tally: Tally, library: Library, clock: Clock) -> Timeline:
    """Read a tally as a timeline."""
    patterns = {pattern.id: pattern for pattern in library.patterns}
    offsets = clock_offsets(tally, patterns)
    tracks = {
        name: Track(name, patterns[name], _moments(found.series, clock, offsets), found.by_pid)
        for name, found in sorted(tally.patterns.items())
        if name in patterns
    }
    own = [log for log in tally.logs.values() if not log.foreign]
    firsts = [log.first.time for log in own if log.first]
    lasts = [log.last.time for log in own if log.last]
    levels: dict[str, int] = {}
    for log in own:
        for (_, level), count in log.kinds.items():
            levels[level] = levels.get(level, 0) + count
    signs: dict[int, list[Sign]] = {}
    for (pid, _), sign in sorted(tally.signs.items.items()):
        signs.setdefault(pid, []).append(sign)
    events = (
        life_event(moment.time, track.pattern, moment.sighting)
        for track in tracks.values()
        if track.pattern is not None
        for moment in track.moments
    )
    restarts = pair_restarts(event for event in events if event is not None)
    for name, track in tracks.items():
        if not track.moments and (time := failed_start(tally.patterns[name], patterns[name], restarts)):
            moment = tally.patterns[name].series.first
            if moment is not None:
                tracks[name] = replace(track, moments=(Moment(time, time, tally.patterns[name].series.count, moment),))
    return Timeline(
        start=clock.utc(min(firsts)) if firsts else 0,
        end=clock.utc(max(lasts)) if lasts else 0,
        tracks=tracks,
        unknown=_unknown(tally, clock),
        restarts=restarts,
        signs=signs,
        served=tuple(
            (clock.utc(number * tally.served.width * SECOND), tally.served.width, count)
            for number, count in sorted(tally.served.buckets.items())
        ),
        parents=_parents(restarts, tracks.values(), foreign={n for n, log in tally.logs.items() if log.foreign}),
        levels=levels,
        offsets=offsets,
        traffic={
            number: Traffic(_counts(told.all, clock), _counts(told.failed, clock))
            for number, told in sorted(tally.traffic.items())
        },
        neighbours={
            number: clock.utc(log.first.time - offsets.get(number, 0))
            for number, log in tally.logs.items()
            if log.foreign and log.first
        },
    )


def _counts(counts: Counts, clock: Clock) -> tuple[Counted, ...]:
    width = counts.width * SECOND
    return tuple(Counted(clock.utc(number * width), width, count) for number, count in sorted(counts.buckets.items()))


def _parents(restarts: Iterable[Restart], tracks: Iterable[Track], foreign: set[int]) -> frozenset[int]:
    """The pids that write what only a parent writes: of starts and stops, of its pool's limit, of children's ends."""
    found = {sighting.reporter for restart in restarts for sighting in restart.sightings}
    for track in tracks:
        if track.pattern is None:
            continue
        if track.pattern.role == "capacity":
            lines = [moment.sighting for moment in track.moments]
            found |= {line.reporter for line in lines if line.module.startswith("mpm_")}
        worker = track.pattern.worker
        if worker is not None and worker.subject != "reporter":
            lines = [line for told in track.by_pid.values() for line in (told.first, told.last)]
            found |= {line.reporter for line in lines if line.subject != line.reporter and line.log not in foreign}
    return frozenset(found - {0})


def _moments(series: Series, clock: Clock, offsets: dict[int, int]) -> tuple[Moment, ...]:
    """A series as instants, in order."""
    moments = []
    for moment in series.buckets.values():
        if moment.first.time > UNDATED:
            ahead = offsets.get(moment.first.log, 0)
            first, last = clock.utc(moment.first.time - ahead), clock.utc(moment.last - ahead)
            moments.append(Moment(first, last, moment.count, moment.first))
    return tuple(sorted(moments, key=lambda m: (m.time, m.sighting.log, m.sighting.offset)))


def _unknown(tally: Tally, clock: Clock) -> tuple[Track, ...]:
    """Templates, those with the same masked text taken together."""
    by_text: dict[tuple[int, str, str], list[tuple[Moment, ...]]] = {}
    for (rank, _), template in sorted(tally.templates.items()):
        moments = _moments(template.series, clock, {})
        if moments:
            sample = moments[0].sighting
            text = template_text(sample)
            if not text.strip():  # an empty line within what an application printed
                continue
            by_text.setdefault((rank, text, sample.module), []).append(moments)
    tracks = []
    for (rank, text, _), parts in by_text.items():
        merged = tuple(sorted((m for part in parts for m in part), key=lambda m: (m.time, m.sighting.offset)))
        tracks.append((rank, Track(text, None, merged, {})))
    tracks.sort(key=lambda item: (item[0], -item[1].count, item[1].name))
    return tuple(track for _, track in tracks)


def template_text(sighting: Sighting) -> str:
    """A line's text with what varies masked."""
    return mask(said(sighting))


def said(sighting: Sighting) -> str:
    """A line's text without its head."""
    raw = sighting.words.encode("utf-8", "replace")
    if sighting.inner:
        raw = CLIENT.sub(b"", raw)
    elif sighting.dated:
        for _ in range(4):
            if not raw.startswith(b"["):
                break
            close = raw.find(b"]")
            if close < 0:
                break
            raw = raw[close + 1 :].lstrip(b" ")
    return message_of(raw).decode("utf-8", "replace")
