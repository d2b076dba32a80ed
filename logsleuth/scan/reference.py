"""The definition of the scan: one block of bytes into a Tally, line by line, in plain Python.

Read `Reference.update` first: it lists the steps in order. The compiled scan gives the same Tally, entry by entry;
this one runs where there is none, and is the definition.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from operator import attrgetter
from typing import TYPE_CHECKING

from logsleuth.scan.census import Census
from logsleuth.scan.clock import WallClock
from logsleuth.scan.entries import Entry, join
from logsleuth.scan.head import HeadReader
from logsleuth.scan.line import MICRO, NO_KIND
from logsleuth.scan.lines import default_lines, lend_times, lines_by_host, record_lines
from logsleuth.scan.matcher import LONGEST_MATCHED
from logsleuth.scan.own import Own
from logsleuth.scan.series import Series
from logsleuth.scan.sighting import later
from logsleuth.scan.tally import MOMENTS_A_PATTERN, MOMENTS_OF_NOISE, LogTally, PatternTally, PidTally, Tally
from logsleuth.scan.templates import exception_key, shape_key
from logsleuth.scan.text import client_of, message_of, own_message
from logsleuth.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from logsleuth.library.pattern import Pattern
    from logsleuth.logs.open.block import Block
    from logsleuth.scan.line import Line
    from logsleuth.scan.matcher import Hit, Matcher
    from logsleuth.scan.options import ScanOptions
    from logsleuth.scan.sighting import Sighting


TIME_AND_PLACE = attrgetter("time", "place")
"""The order of lines."""


class Reference:
    """Blocks into tallies. Holds the matcher and caches, and nothing that a result depends on."""

    def __init__(self, matcher: Matcher, options: ScanOptions) -> None:
        self.matcher = matcher
        self._source, self._reader = options.source, options.reader
        self._clock = WallClock(options.zone)
        self._heads = HeadReader(vhost=options.vhost)
        self._window = options.window
        self._span = options.span
        self._by_host = options.by_host

    def update(self, tally: Tally, block: Block) -> None:
        """Add what the block owns to a tally."""
        log = tally.logs.setdefault(block.log, LogTally())
        if block.damaged:
            log.damaged = True
            return
        lines = self._lines(block)
        if self._by_host:
            self._update_each_host(tally, Own(block, lines, self._window), lines)
        else:
            lend_times(lines, self._span)
            self._count(tally, Own(block, lines, self._window), lines)
        _take_timeouts(tally, self.matcher)

    def _update_each_host(self, tally: Tally, own: Own, lines: Sequence[Line]) -> None:
        """Count each host's lines apart, as if they were alone in the block."""
        tally.logs[own.block.log].add_block(own.block, own.begun)
        for host, part in lines_by_host(lines, self._span).items():
            lend_times(part, self._span)
            mine = own.among(part)
            if mine.lines:
                self._count(tally.hosts.setdefault(host, Tally()), mine, part)
        tally.bound_hosts()

    def _count(self, tally: Tally, own: Own, lines: Sequence[Line]) -> None:
        """Add what the block owns of these lines."""
        entries = join(lines, self._span)
        joined = {line.nth for entry in entries for line in entry.lines}
        owned_entries = [entry for entry in entries if own.holds(entry.lines[0])]
        singles = [line for line in own.lines if line.nth not in joined]

        found = Found()
        for entry in owned_entries:
            self._match_entry(entry, found)
        for line in singles:
            self._match_line(line, found)
        found.add_to(tally, self.matcher.patterns, own)

        census = Census(tally, own, foreign=self._source != "httpd")
        census.count_log(joined, len(owned_entries))
        census.count_steps(lines, self._span)
        if self._source == "httpd":  # other programs' pids, levels and chatter say nothing of the server's workers
            census.count_signs()
            census.count_served(joined - {entry.lines[0].nth for entry in owned_entries})
        if self._source == "access":
            census.count_traffic()
        tally.bound()

    def _lines(self, block: Block) -> list[Line]:
        if self._reader is None:
            return default_lines(block, self._heads)
        return record_lines(block, self._reader, self._clock, self._span)

    def _match_line(self, line: Line, found: Found) -> None:
        """Match a line that belongs to no entry; one that no pattern knows is counted by its shape."""
        message = message_of(line.rest[:LONGEST_MATCHED])
        hits = self.matcher.match(message, line.kind or NO_KIND, self._source)
        for hit in hits:
            found.matches[hit.pattern].append(Match(line.time, line.place, line, line, hit))
        # what starts blank continues something
        if not hits and line.rest and line.rest[:1] not in (b" ", b"\t") and self._source == "httpd":
            found.unknown[shape_key(line.kind or NO_KIND, message)].append(line)

    def _match_entry(self, entry: Entry, found: Found) -> None:
        """Match an entry as a whole; one of which no pattern knows the reason is counted by its exception."""
        first = entry.lines[0]
        kind = first.kind or NO_KIND
        hits = self.matcher.match(entry.text[:LONGEST_MATCHED], kind, self._source)
        for hit in hits:
            cited = entry.lines[hit.line]
            found.matches[hit.pattern].append(Match(first.time, cited.place, first, cited, hit))
        reason = self._unexplained(entry, hits)
        if reason is not None and self._source == "httpd":
            line = entry.lines[reason]
            found.unknown[exception_key(kind, own_message(message_of(line.rest)))].append(line)

    def _unexplained(self, entry: Entry, hits: Sequence[Hit]) -> int | None:
        """The line of an entry that names a reason which no pattern knows, or None.

        A consequence is no reason: what its line introduces, or what comes before it in a chain of exceptions, is.
        """
        patterns = [self.matcher.patterns[hit.pattern] for hit in hits]
        if any(not pattern.fallback and pattern.role != "symptom" for pattern in patterns):
            return None
        consequence = any(
            hit.line == entry.exception and not pattern.fallback for hit, pattern in zip(hits, patterns, strict=True)
        )
        if not consequence:
            return entry.exception
        return entry.root if entry.root != entry.exception else None


class Match(NamedTuple):
    """A pattern's match in the block at hand. Sorts by time, then by place: no two of a pattern cite the same line."""

    time: int
    """Local microseconds of the line, or of the first line of the entry."""
    place: int
    """Byte offset in the block of the line to cite."""
    first: Line
    """The line, or the first line of the entry: it says when and by whom."""
    cited: Line
    """The line to show as evidence."""
    hit: Hit


class Found:
    """What the entries and lines of one block are known by."""

    def __init__(self) -> None:
        self.matches: dict[int, list[Match]] = defaultdict(list)
        """By number of the pattern."""
        self.unknown: dict[tuple[int, int], list[Line]] = defaultdict(list)
        """By shape."""

    def add_to(self, tally: Tally, patterns: Sequence[Pattern], own: Own) -> None:
        """Add it all."""
        for number, matches in self.matches.items():
            pattern = patterns[number]
            known = tally.patterns.setdefault(pattern.id, PatternTally(Series(_cap(pattern))))
            _add_matches(known, matches, own, workers=pattern.worker is not None)
        for key, lines in self.unknown.items():
            series = tally.template(key).series
            lines.sort(key=TIME_AND_PLACE)
            for first, last in seconds([line.time for line in lines]):
                line = lines[first]
                series.add(line.time, own.place(line), own.maker(line, line.time), last - first, lines[last - 1].time)


def _cap(pattern: Pattern) -> int:
    return MOMENTS_OF_NOISE if pattern.is_outlined else MOMENTS_A_PATTERN


def _add_matches(known: PatternTally, matches: list[Match], own: Own, *, workers: bool) -> None:
    """Add one pattern's matches in the block at hand; `workers`: it says something of the workers that it names."""
    matches.sort()
    for begin, end in seconds([match.time for match in matches]):
        match = matches[begin]
        place = own.place(match.cited)
        known.series.add(match.time, place, _maker(match, own), end - begin, matches[end - 1].time)
    known.last = later(known.last, _maker(matches[-1], own)())
    clients = Counter(client_of(m.first.client, m.first.rest, ported=m.first.pid != 0) for m in matches)
    del clients[""]
    known.clients.add(clients)
    by_pid: dict[int, list[Match]] = defaultdict(list)
    for match in matches if workers else ():
        by_pid[_subject(match)].append(match)
    for pid, about in by_pid.items():
        if pid > 0:
            known.add_pid(pid, PidTally(len(about), _maker(about[0], own)(), _maker(about[-1], own)()))
    known.bound()


def seconds(times: Sequence[int]) -> Iterator[tuple[int, int]]:
    """(first, after the last) of the times, which are in order, that fall into one second (local microseconds)."""
    begin = 0
    for at in range(1, len(times) + 1):
        if at == len(times) or times[at] // MICRO != times[begin] // MICRO:
            yield begin, at
            begin = at


def _subject(match: Match) -> int:
    """The pid that a match is about; 0 unknown."""
    return match.hit.subject if match.hit.subject >= 0 else match.first.pid


def _maker(match: Match, own: Own) -> Callable[[], Sighting]:
    return own.maker(match.cited, match.first.time, _subject(match), match.hit.fields)


def _take_timeouts(tally: Tally, matcher: Matcher) -> None:
    for name, count in matcher.timeouts.items():
        tally.timeouts[name] = tally.timeouts.get(name, 0) + count
    matcher.timeouts.clear()
