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
from logsleuth.scan.lines import NO_KIND, NO_TIME, Lines, Vocabulary, index_lines
from logsleuth.scan.series import Counts
from logsleuth.scan.sighting import LONGEST_TEXT, Sighting, earlier, later
from logsleuth.scan.tally import (
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
        window: Window | None = None,
        span: int = SPAN,
    ) -> None:
        self.matcher = matcher
        self.window = window or Window()
        self.vhost = vhost
        self.source = source
        self.span = span
        self._vocabulary = Vocabulary()
        self._memo: dict[tuple[Kind, bytes], tuple[Hit, ...]] = {}

    def scan(self, block: Block) -> Tally:
        """The tally of what the block owns."""
        tally = Tally()
        self.update(tally, block)
        return tally

    def update(self, tally: Tally, block: Block) -> None:
        """Add what the block owns to a tally."""
        lines = index_lines(
            block.data, block.size, at_start=block.at_start, vocabulary=self._vocabulary,
            vhost=self.vhost, reach=self.span,
        )  # fmt: skip
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
            view.add_matches(tally, pattern.id, matches, by_pid=pattern.role != "noise")
        _add_templates(tally, view, matched)
        _add_signs(tally, view)
        _add_volume(tally, view)
        _add_log(tally, view, in_entry, sum(1 for entry in entries if view.owns(entry.lines[0])))
        for name, count in self.matcher.timeouts.items():
            tally.timeouts[name] = tally.timeouts.get(name, 0) + count
        self.matcher.timeouts.clear()

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
            rest = cut(data[starts[nth] : min(ends[nth], starts[nth] + LONGEST_MATCHED)])
            kind = names[kinds[nth]] if kinds[nth] >= 0 else NO_KIND
            hits = memo.get((kind, rest))
            if hits is None:
                text = text_of(data[lines.start[line] : ends[nth]], rest, vhost=self.vhost)
                wanted = literals[bounds[nth] : bounds[nth + 1]].tolist()
                hits = self._remember((kind, rest), self.matcher.match(text, kind, wanted, self.source))
            for hit in hits:
                matches = found[hit.pattern]
                matches.lines.append(line)
                matches.hits.append(hit)
            if hits:
                hit_lines.append(line)
        matched[hit_lines] = True
        for matches in found.values():
            matches.cited += matches.lines[len(matches.cited) :]

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
                hits = self._remember((kind, joined), self.matcher.match(text, kind, sorted(wanted), self.source))
            for hit in hits:
                matches = found[hit.pattern]
                matches.lines.append(entry.lines[0])
                matches.hits.append(hit)
                matches.cited.append(_cited(entry, hit.literal))
            if all(self.matcher.patterns[hit.pattern].fallback for hit in hits):
                unknown[_exception_key(entry, kind)].append(entry.lines[entry.exception])
        for key, exceptions in unknown.items():
            view.add_template(tally, key, np.array(exceptions, np.int64))

    def _remember(self, key: tuple[Kind, bytes], hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
        if len(self._memo) >= MEMO:
            self._memo.clear()
        self._memo[key] = hits
        return hits


def _cited(entry: Entry, literal: bytes) -> int:
    """The line of an entry that holds what its pattern was found by."""
    for line, text in zip(entry.lines, entry.texts, strict=True):
        if literal in text:
            return line
    return entry.lines[entry.exception]


def _exception_key(entry: Entry, kind: Kind) -> tuple[int, int]:
    """The template that a traceback unknown to the library counts under: its exception."""
    text = own_text(entry.texts[entry.exception]).decode("utf-8", "backslashreplace")
    return templates.rank(kind[1]), templates.key_of(*kind, templates.mask(text))


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
        module, level = self.kind(line)
        pid, tid = self.proc(line)
        raw = self.lines.raw(line)[: LONGEST_TEXT * 2]
        return Sighting(
            time=time, log=self.block.log, offset=int(self.lines.start[line]) + self.block.base,
            block=self.block.own_begin, nth=line - self.first_owned, module=module, level=level,
            reporter=pid, tid=tid, subject=subject or pid,
            text=raw.decode("utf-8", "backslashreplace")[:LONGEST_TEXT], fields=fields,
            dated=bool(self.lines.dated[line]),
        )  # fmt: skip

    def add_matches(self, tally: Tally, name: str, found: Found, *, by_pid: bool) -> None:
        """Add one pattern's matches in this block; `by_pid`: also for each worker that they are about."""
        pattern = tally.patterns.setdefault(name, PatternTally())
        at = np.array(found.lines, np.int64)
        times = self.lines.micros(at)
        offsets = self.lines.start[np.array(found.cited, np.int64)] + self.block.base
        reporters = self._pids(at)
        subjects = np.array([hit.subject for hit in found.hits], np.int64)
        subjects = np.where(subjects >= 0, subjects, reporters)

        def sight(i: int) -> Sighting:
            return self.sighting(found.cited[i], int(times[i]), int(subjects[i]), found.hits[i].fields)

        pattern.series.add(times, offsets, sight)
        order = np.lexsort((offsets, times))
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


def _add_templates(tally: Tally, view: _View, matched: NDArray[np.bool_]) -> None:
    """Count the owned lines that no pattern matched, by shape; indented lines continue something and are left out."""
    lines = view.lines
    raw = np.frombuffer(lines.data, np.uint8)
    initial = raw[lines.text]
    chosen = np.flatnonzero(view.owned & ~matched & (initial != 32) & (initial != 9) & (lines.text < lines.end))
    if not len(chosen):
        return
    keys = templates.keys(lines, chosen)
    ranks = np.array([templates.rank(level) for _, level in lines.kinds] + [1], np.int64)[lines.kind[chosen]]
    uniques, inverse = np.unique(keys, return_inverse=True)
    if len(uniques) < 1 << 16:
        inverse = inverse.astype(np.uint16)  # numpy sorts these by radix
    order = np.argsort(inverse, kind="stable")
    bounds = np.searchsorted(inverse[order], np.arange(len(uniques) + 1))
    rank_of = np.zeros(len(uniques), np.int64)
    rank_of[inverse] = ranks
    for nth in _within_bound(tally, rank_of, uniques):
        members = chosen[order[bounds[nth] : bounds[nth + 1]]]
        view.add_template(tally, (int(rank_of[nth]), int(uniques[nth])), members)
    tally.bound_templates()


def _within_bound(tally: Tally, ranks: NDArray[np.int64], keys: NDArray[np.uint64]) -> Iterable[int]:
    """The templates of a block that may still be kept: the lowest keys, so that nothing else need be looked at."""
    order = np.lexsort((keys, ranks))[:TEMPLATES]
    if len(tally.templates) < TEMPLATES:
        return list(map(int, order))
    highest = max(tally.templates)
    return [n for n in order.tolist() if (int(ranks[n]), int(keys[n])) <= highest]


def _add_signs(tally: Tally, view: _View) -> None:
    """Note for each pid when it wrote: its first and last line within each stretch of time."""
    lines = view.lines
    chosen = np.flatnonzero(view.owned & (lines.proc >= 0) & lines.dated)
    if not len(chosen):
        return
    pids = view._pids(chosen)
    stretch = lines.second[chosen] // tally.signs.width
    change = np.flatnonzero(np.diff(stretch)) + 1
    for begin, end in zip([0, *change.tolist()], [*change.tolist(), len(chosen)], strict=True):
        here = pids[begin:end]
        uniques, firsts, counts = np.unique(here, return_index=True, return_counts=True)
        lasts = len(here) - 1 - np.unique(here[::-1], return_index=True)[1]
        first_times = lines.micros(chosen[begin + firsts]).tolist()
        last_times = lines.micros(chosen[begin + lasts]).tolist()
        for pid, first, last, count in zip(uniques.tolist(), first_times, last_times, counts.tolist(), strict=True):
            tally.signs.add(pid, Sign(min(first, last), max(first, last), count))
    tally.signs.fit()


def _add_volume(tally: Tally, view: _View) -> None:
    """Count owned lines by level and second, and those that name a client."""
    lines = view.lines
    chosen = view.owned & lines.dated
    seconds, kinds = lines.second[chosen], lines.kind[chosen]
    by_level: dict[str, list[int]] = defaultdict(list)
    for number, (_, level) in enumerate(lines.kinds):
        by_level[level].append(number)
    present = np.unique(kinds)
    for level, numbers in by_level.items():
        mine = [number for number in numbers if number in present]
        if mine:
            tally.volume.setdefault(level, Counts(SECONDS_OF_VOLUME)).add(seconds[np.isin(kinds, mine)])
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
    log.odd_bytes += _odd_lines(raw, lines, own.own_begin - own.base, own.own_end - own.base)
    for kind, count in zip(*np.unique(lines.kind[owned & headed], return_counts=True), strict=True):
        name = lines.kinds[int(kind)]
        log.kinds[name] = log.kinds.get(name, 0) + int(count)
    dated = np.flatnonzero(owned & lines.dated)
    if len(dated):
        times = lines.micros(dated)
        log.first = earlier(log.first, view.sighting(int(dated[times.argmin()]), int(times.min())))
        log.last = later(log.last, view.sighting(int(dated[len(times) - 1 - times[::-1].argmax()]), int(times.max())))
    for line in unparsed[:SAMPLES].tolist():
        second = int(lines.second[line])
        log.samples.append(view.sighting(line, second * 1_000_000 if second != NO_TIME else NO_TIME * 1_000_000))
    log.samples = sorted(log.samples, key=lambda sample: sample.offset)[:SAMPLES]


def _odd_lines(raw: NDArray[np.uint8], lines: Lines, begin: int, end: int) -> int:
    """Lines with bytes that httpd would have escaped."""
    odd = raw[begin:end].view(np.int8) <= 0  # NUL, or 0x80 and above
    if not odd.any():
        return 0
    return len(np.unique(np.searchsorted(lines.start, np.flatnonzero(odd) + begin, side="right")))
