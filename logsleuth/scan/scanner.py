"""One block of bytes into a Tally: the hot path, told in order.

Each step takes all lines of the block at once; Python objects are made only for lines that a literal of
the library stands in, and of those only the ones that the tally keeps are kept whole.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from logsleuth.logs.block import SPAN
from logsleuth.scan import templates
from logsleuth.scan.entries import Entry, join, own_text
from logsleuth.scan.foreign import index_foreign
from logsleuth.scan.lines import NO_KIND, NO_TIME, Lines, Vocabulary, index_lines
from logsleuth.scan.series import Counts, Series, by_time
from logsleuth.scan.sighting import LONGEST_TEXT, Sighting, earlier, later
from logsleuth.scan.tally import (
    MOMENTS_A_PATTERN,
    MOMENTS_OF_NOISE,
    SAMPLES,
    SECONDS_OF_VOLUME,
    TEMPLATES,
    LogTally,
    PatternTally,
    PidTally,
    Sign,
    Tally,
    TemplateTally,
)
from logsleuth.scan.text import cut, text_of
from logsleuth.scan.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from logsleuth.logs.block import Block
    from logsleuth.scan.lines import Kind
    from logsleuth.scan.matcher import Hit, Matcher

MEMO = 50_000
"""Distinct texts whose matches are remembered before the memory starts anew."""
LONG_LINE = 8180
"""httpd's buffer is 8192 bytes (MAX_STRING_LEN, include/httpd.h): a line this long has lost its tail."""
LONGEST_MATCHED = 64 * 1024
"""Bytes of one text that patterns are matched on."""


@dataclass(slots=True)
class Found:
    """The matches of one pattern in one block, as parallel lists."""

    lines: list[int] = field(default_factory=list)
    cited: list[int] = field(default_factory=list)
    """For each, the line to show as evidence."""
    hits: list[Hit] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Window:
    """The stretch of local time that is looked at; lines without any time are outside of a bounded one."""

    since: int | None = None
    """Local seconds since 1970, inclusive."""
    until: int | None = None
    """Exclusive."""

    def holds(self, second: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of these local seconds lie within."""
        inside = np.ones(len(second), np.bool_)
        if self.since is not None:
            inside &= second >= self.since
        if self.until is not None:
            inside &= second < self.until
        return inside


class Scanner:
    """Blocks into tallies. Holds the matcher and caches, and nothing that a result depends on."""

    def __init__(
        self,
        matcher: Matcher,
        *,
        vhost: bool = False,
        source: str = "httpd",
        foreign: str | None = None,
        year: int = 1970,
        window: Window | None = None,
        span: int = SPAN,
    ) -> None:
        self.matcher = matcher
        self.window = window or Window()
        self.foreign = foreign
        """The kind of another program's log (a row of scan/foreign.py); None: an httpd log."""
        self.year = year
        """The year of times that name none."""
        self.vhost = vhost
        self.source = source
        self.span = span
        self._vocabulary = Vocabulary()
        self._shapes: Tokens[int] = Tokens()
        self._memo: dict[tuple[Kind, bytes], tuple[Hit, ...]] = {}
        self._exceptions: dict[tuple[Kind, bytes], tuple[int, int]] = {}

    def scan(self, block: Block) -> Tally:
        """The tally of what the block owns."""
        tally = Tally()
        self.update(tally, block)
        return tally

    def update(self, tally: Tally, block: Block) -> None:
        """Add what the block owns to a tally."""
        lines = self._index(block)
        view = _View(block, lines, self.window)
        ends, literals = self.matcher.find(block.data)
        at = np.searchsorted(lines.start, ends, side="right") - 1
        inside = (at >= 0) & (ends < lines.end[at]) if len(lines) else np.zeros(len(at), np.bool_)
        at, literals = at[inside], literals[inside]

        openers = np.unique(at[literals == self.matcher.traceback])
        entries = join(lines, openers.tolist(), self.span)
        in_entry = np.zeros(len(lines), np.bool_)
        for entry in entries:
            in_entry[list(entry.lines)] = True

        found: dict[int, Found] = defaultdict(Found)
        matched = in_entry.copy()
        self._match_entries(view, entries, at, literals, found, tally)
        self._match_singles(view, in_entry, at, literals, found, matched)
        for number, matches in found.items():
            pattern = self.matcher.patterns[number]
            view.add_matches(
                tally, pattern.id, matches, noise=pattern.role == "noise", by_pid=pattern.worker is not None
            )
        if self.foreign is None:  # other programs' pids, levels and chatter say nothing of the server's workers
            _add_templates(tally, view, matched, self._shapes)
            _add_signs(tally, view)
            _add_volume(tally, view)
        tally.logs.setdefault(block.log, LogTally()).foreign |= self.foreign is not None
        _add_log(tally, view, in_entry, sum(1 for entry in entries if view.owns(entry.lines[0])))
        for name, count in self.matcher.timeouts.items():
            tally.timeouts[name] = tally.timeouts.get(name, 0) + count
        self.matcher.timeouts.clear()

    def _index(self, block: Block) -> Lines:
        """All lines of a block."""
        if self.foreign is not None:
            return index_foreign(
                block.data, block.size, at_start=block.at_start, vocabulary=self._vocabulary,
                kind=self.foreign, year=self.year, reach=self.span,
            )  # fmt: skip
        return index_lines(
            block.data, block.size, at_start=block.at_start, vocabulary=self._vocabulary,
            vhost=self.vhost, reach=self.span,
        )  # fmt: skip

    def _match_singles(
        self,
        view: _View,
        in_entry: NDArray[np.bool_],
        at: NDArray[np.int64],
        literals: NDArray[np.int64],
        found: dict[int, Found],
        matched: NDArray[np.bool_],
    ) -> None:
        """Match each owned line that holds a literal and belongs to no entry."""
        lines, data = view.lines, view.lines.data
        keep = view.owned[at] & ~in_entry[at]
        at, literals = at[keep], literals[keep]
        order = np.argsort(at, kind="stable")
        at, literals = at[order], literals[order]
        chosen, begins = np.unique(at, return_index=True)
        bounds = [*begins.tolist(), len(at)]
        starts, ends, kinds = (
            lines.text[chosen].tolist(),
            lines.end[chosen].tolist(),
            lines.kind[chosen].tolist(),
        )
        names, memo = lines.kinds, self._memo
        hit_lines = []
        for nth, line in enumerate(chosen.tolist()):
            rest = data[starts[nth] : min(ends[nth], starts[nth] + LONGEST_MATCHED)]
            kind = names[kinds[nth]] if kinds[nth] >= 0 else NO_KIND
            hits = memo.get((kind, rest))
            if hits is None:
                wanted = literals[bounds[nth] : bounds[nth + 1]].tolist()
                hits = self._match_line(rest, kind, wanted)
            for hit in hits:
                matches = found[hit.pattern]
                matches.lines.append(line)
                matches.hits.append(hit)
            if hits:
                hit_lines.append(line)
        matched[hit_lines] = True
        for matches in found.values():
            matches.cited += matches.lines[len(matches.cited) :]

    def _match_line(self, rest: bytes, kind: Kind, wanted: Sequence[int]) -> tuple[Hit, ...]:
        """Match one line that was not seen before; the same text with another client or referer may have been."""
        own = cut(rest)
        hits = self._memo.get((kind, own))
        if hits is None:
            wanted = self._standing_in(own, wanted)
            hits = self._remember((kind, own), self.matcher.match(text_of(own), kind, wanted, self.source))
        return hits if own == rest else self._remember((kind, rest), hits)

    def _match_entries(
        self,
        view: _View,
        entries: Sequence[Entry],
        at: NDArray[np.int64],
        literals: NDArray[np.int64],
        found: dict[int, Found],
        tally: Tally,
    ) -> None:
        """Match each owned entry as a whole; one that no pattern knows is counted by its exception."""
        if not entries:
            return
        by_line: dict[int, list[int]] = defaultdict(list)
        for line, literal in zip(at.tolist(), literals.tolist(), strict=True):
            by_line[line].append(literal)
        unknown: dict[tuple[int, int], list[int]] = defaultdict(list)
        for entry in entries:
            if not view.owns(entry.lines[0]):
                continue
            kind = view.kind(entry.lines[0])
            joined = b"\n".join(entry.texts)[:LONGEST_MATCHED]
            hits = self._memo.get((kind, joined))
            if hits is None:
                wanted = {literal for line in entry.lines for literal in by_line.get(line, ())}
                text = joined.decode("utf-8", "backslashreplace")
                standing = self._standing_in(joined, wanted)
                hits = self._remember((kind, joined), self.matcher.match(text, kind, standing, self.source))
            for hit in hits:
                matches = found[hit.pattern]
                matches.lines.append(entry.lines[0])
                matches.hits.append(hit)
                matches.cited.append(entry.lines[min(hit.line, len(entry.lines) - 1)])
            if all(self.matcher.patterns[hit.pattern].fallback for hit in hits):
                unknown[self._exception_key(entry, kind)].append(entry.lines[entry.exception])
        for key, exceptions in unknown.items():
            view.add_template(tally, key, np.array(exceptions, np.int64))
        tally.bound_templates()

    def _standing_in(self, text: bytes, wanted: Iterable[int]) -> list[int]:
        """Those of a line's literals that stand in its text: what a client sends as referer proves nothing."""
        return sorted({literal for literal in wanted if self.matcher.literals[literal] in text})

    def _exception_key(self, entry: Entry, kind: Kind) -> tuple[int, int]:
        """The template that a traceback unknown to the library counts under: its exception."""
        text = entry.texts[entry.exception]
        key = self._exceptions.get((kind, text))
        if key is None:
            masked = templates.mask(own_text(text).decode("utf-8", "backslashreplace"))
            key = (templates.rank(kind[1]), templates.key_of(*kind, masked))
            if len(self._exceptions) >= MEMO:
                self._exceptions.clear()
            self._exceptions[kind, text] = key
        return key

    def _remember(self, key: tuple[Kind, bytes], hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
        if len(self._memo) >= MEMO:
            self._memo.clear()
        self._memo[key] = hits
        return hits


class _View:
    """A block's lines, with what it takes to keep one of them whole."""

    def __init__(self, block: Block, lines: Lines, window: Window) -> None:
        self.block = block
        self.lines = lines
        absolute = lines.start + block.base
        mine = (absolute >= block.own_begin) & (absolute < block.own_end)
        self.first_owned = int(np.argmax(mine)) if mine.any() else 0
        self.begun = int(mine.sum())
        """Lines that begin in what the block owns."""
        self.owned = mine & window.holds(lines.second)
        """Those of them that are looked at."""

    def owns(self, line: int) -> bool:
        return bool(self.owned[line])

    def kind(self, line: int) -> Kind:
        number = int(self.lines.kind[line])
        return self.lines.kinds[number] if number >= 0 else NO_KIND

    def proc(self, line: int) -> tuple[int, int]:
        number = int(self.lines.proc[line])
        return self.lines.procs[number] if number >= 0 else (0, 0)

    def sighting(self, line: int, time: int, subject: int = 0, fields: tuple[tuple[str, str], ...] = ()) -> Sighting:
        lines = self.lines
        module, level = self.kind(line)
        pid, tid = self.proc(line)
        begin = int(lines.start[line])
        raw = lines.data[begin : min(int(lines.end[line]), begin + 2 * LONGEST_TEXT)]
        return Sighting(
            time, self.block.log, begin + self.block.base, self.block.own_begin, line - self.first_owned,
            module, level, pid, tid, subject or pid, raw.decode("utf-8", "backslashreplace")[:LONGEST_TEXT],
            fields, bool(lines.dated[line]),
        )  # fmt: skip

    def add_matches(self, tally: Tally, name: str, found: Found, *, noise: bool, by_pid: bool) -> None:
        """Add one pattern's matches in this block; `by_pid`: also for each worker that they say something of."""
        cap = MOMENTS_OF_NOISE if noise else MOMENTS_A_PATTERN
        pattern = tally.patterns.setdefault(name, PatternTally(Series(cap)))
        at = np.array(found.lines, np.int64)
        times = self.lines.micros(at)
        offsets = self.lines.start[np.array(found.cited, np.int64)] + self.block.base
        reporters = self._pids(at)
        subjects = np.array([hit.subject for hit in found.hits], np.int64)
        subjects = np.where(subjects >= 0, subjects, reporters)

        def sight(i: int) -> Sighting:
            return self.sighting(found.cited[i], int(times[i]), int(subjects[i]), found.hits[i].fields)

        pattern.series.add(times, offsets, sight)
        order = by_time(times, offsets)
        newest = int(order[-1])
        if pattern.last is None or times[newest] >= pattern.last.time:
            pattern.last = later(pattern.last, sight(newest))
        if by_pid:
            self._add_pids(pattern, order, subjects, sight)

    def _add_pids(
        self,
        pattern: PatternTally,
        order: NDArray[np.int64],
        subjects: NDArray[np.int64],
        sight: Callable[[int], Sighting],
    ) -> None:
        ordered = subjects[order]
        pids, firsts, counts = np.unique(ordered, return_index=True, return_counts=True)
        lasts = len(ordered) - 1 - np.unique(ordered[::-1], return_index=True)[1]
        for pid, first, last, count in zip(pids.tolist(), firsts, lasts, counts.tolist(), strict=True):
            if pid <= 0:
                continue
            new = PidTally(count, sight(int(order[first])), sight(int(order[last])))
            known = pattern.by_pid.get(pid)
            pattern.by_pid[pid] = new if known is None else known.merged(new)
        pattern.bound()

    def _pids(self, at: NDArray[np.int64]) -> NDArray[np.int64]:
        pids = np.array([pid for pid, _ in self.lines.procs] + [0], np.int64)
        return pids[self.lines.proc[at]]

    def add_template(self, tally: Tally, key: tuple[int, int], at: NDArray[np.int64]) -> None:
        """Add lines of one template."""
        times = self.lines.micros(at)
        template = tally.templates.setdefault(key, TemplateTally())
        template.series.add(
            times, self.lines.start[at] + self.block.base, lambda i: self.sighting(int(at[i]), int(times[i]))
        )


def _add_templates(tally: Tally, view: _View, matched: NDArray[np.bool_], shapes: Tokens[int]) -> None:
    """Count the owned lines that no pattern matched, by shape; indented lines continue something and are left out."""
    lines = view.lines
    raw = np.frombuffer(lines.data, np.uint8)
    initial = raw[lines.text]
    chosen = np.flatnonzero(view.owned & ~matched & (initial != 32) & (initial != 9) & (lines.text < lines.end))
    if not len(chosen):
        return
    keys = templates.keys(lines, chosen)
    ranks = np.array([templates.rank(level) for _, level in lines.kinds] + [1], np.int64)[lines.kind[chosen]]
    if len(tally.templates) >= TEMPLATES:  # nothing above the highest that is kept can be kept
        rank, key = max(tally.templates)
        low = (ranks < rank) | ((ranks == rank) & (keys <= np.uint64(key)))
        chosen, keys, ranks = chosen[low], keys[low], ranks[low]
        if not len(chosen):
            return
    ids = shapes.ids(keys, lambda at: int(keys[at]))
    counts = np.bincount(ids)
    present = np.flatnonzero(counts)
    # numpy sorts 16-bit integers by radix
    order = np.argsort(ids.astype(np.uint16) if len(counts) < 1 << 16 else ids, kind="stable")
    ends = np.cumsum(counts[present])
    begins = ends - counts[present]
    named = [(int(ranks[order[begin]]), int(keys[order[begin]])) for begin in begins]
    for nth in sorted(range(len(named)), key=named.__getitem__)[:TEMPLATES]:
        view.add_template(tally, named[nth], chosen[order[begins[nth] : ends[nth]]])
    tally.bound_templates()


def _add_signs(tally: Tally, view: _View) -> None:
    """Note for each pid when it wrote: its first and last line within each stretch of time."""
    lines = view.lines
    chosen = np.flatnonzero(view.owned & (lines.proc >= 0) & lines.dated)
    if not len(chosen):
        return
    # clocks step back, and the first line of a stretch need not be its earliest
    chosen = chosen[np.argsort(lines.time[chosen], kind="stable")]
    procs = lines.proc[chosen]
    stretch = lines.second[chosen] // tally.signs.width
    change = np.flatnonzero(np.diff(stretch)) + 1
    for begin, end in zip([0, *change.tolist()], [*change.tolist(), len(chosen)], strict=True):
        present, firsts, lasts, counts = _extent(procs[begin:end], len(lines.procs))
        first_times = lines.micros(chosen[begin + firsts]).tolist()
        last_times = lines.micros(chosen[begin + lasts]).tolist()
        for proc, first, last, count in zip(present.tolist(), first_times, last_times, counts.tolist(), strict=True):
            pid = lines.procs[proc][0]
            if pid:
                tally.signs.add(pid, Sign(first, last, count))
    tally.signs.fit()


def _extent(ids: NDArray[np.int64], most: int) -> tuple[NDArray[np.int64], ...]:
    """The ids that are there, and for each its first place, its last place and how often it is there.

    A table as long as the vocabulary beats sorting, unless the stretch is short.
    """
    if most > 4 * len(ids):
        present, firsts, counts = np.unique(ids, return_index=True, return_counts=True)
        return present, firsts, len(ids) - 1 - np.unique(ids[::-1], return_index=True)[1], counts
    places = np.arange(len(ids))
    counts = np.bincount(ids, minlength=most)
    first, last = np.empty(most, np.int64), np.empty(most, np.int64)
    last[ids] = places  # of several assignments to one place numpy keeps the last
    first[ids[::-1]] = places[::-1]
    present = np.flatnonzero(counts)
    return present, first[present], last[present], counts[present]


def _add_volume(tally: Tally, view: _View) -> None:
    """Count owned lines by level and second, and those that name a client."""
    lines = view.lines
    chosen = view.owned & lines.dated
    seconds, kinds = lines.second[chosen], lines.kind[chosen]
    numbers: dict[str, int] = {"": 0}
    level_of = np.array([numbers.setdefault(level, len(numbers)) for _, level in lines.kinds] + [0], np.int64)
    levels = level_of[kinds]
    for level, number in numbers.items():
        mine = seconds[levels == number]
        if len(mine):
            tally.volume.setdefault(level, Counts(SECONDS_OF_VOLUME)).add(mine)
    tally.served.add(lines.second[chosen & lines.client])


def _add_log(tally: Tally, view: _View, in_entry: NDArray[np.bool_], entries: int) -> None:
    """Count the log as a whole."""
    lines, owned = view.lines, view.owned
    log = tally.logs.setdefault(view.block.log, LogTally())
    raw = np.frombuffer(lines.data, np.uint8)
    own = view.block
    log.bytes += own.own_end - own.own_begin
    number = int(owned.sum())
    log.blocks[own.own_begin] = view.begun
    log.lines += number
    if not number:
        return
    headed = lines.kind >= 0
    understood = np.array([kind is not NO_KIND for kind in lines.kinds] + [False], np.bool_)[lines.kind] & headed
    like_head = (raw[lines.start] == 91) & ~understood
    bare = owned & ~understood & ~like_head
    log.records += int((owned & understood).sum())
    log.joined += int((owned & in_entry).sum()) - entries
    log.bare += int(bare.sum())
    unparsed = np.flatnonzero(owned & like_head)
    log.unparsed += len(unparsed)
    log.long += int((owned & (lines.end - lines.start >= LONG_LINE)).sum())
    log.odd_bytes += _odd_lines(raw, lines, owned)
    for kind, count in enumerate(np.bincount(lines.kind[owned & headed]).tolist()):
        if count:
            log.kinds[lines.kinds[kind]] = log.kinds.get(lines.kinds[kind], 0) + count
    dated = np.flatnonzero(owned & lines.dated)
    if len(dated):
        times = lines.micros(dated)
        log.first = earlier(log.first, view.sighting(int(dated[times.argmin()]), int(times.min())))
        log.last = later(log.last, view.sighting(int(dated[len(times) - 1 - times[::-1].argmax()]), int(times.max())))
    for line in unparsed[:SAMPLES].tolist():
        second = int(lines.second[line])
        log.samples.append(view.sighting(line, second * 1_000_000 if second != NO_TIME else NO_TIME * 1_000_000))
    log.samples = sorted(log.samples, key=lambda sample: sample.offset)[:SAMPLES]


def _odd_lines(raw: NDArray[np.uint8], lines: Lines, owned: NDArray[np.bool_]) -> int:
    """Owned lines with bytes that httpd would have escaped."""
    mine = np.flatnonzero(owned)
    begin, end = int(lines.start[mine[0]]), int(lines.end[mine[-1]])
    odd = raw[begin:end].view(np.int8) <= 0  # NUL, or 0x80 and above
    if not odd.any():
        return 0
    at = np.unique(np.searchsorted(lines.start, np.flatnonzero(odd) + begin, side="right") - 1)
    return int(owned[at].sum())
