"""One block of bytes into a Tally: the hot path, told in order.

Each step takes all lines of the block at once; Python objects are made only for lines that a literal of
the library stands in, and of those only the ones that the tally keeps are kept whole.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from logsleuth.logs.block import SPAN
from logsleuth.scan import templates
from logsleuth.scan.census import add_log, add_signs, add_steps, add_templates, add_volume
from logsleuth.scan.entries import Entry, join, own_text
from logsleuth.scan.heads import NO_KIND
from logsleuth.scan.lines import Lines, Vocabulary, index_lines
from logsleuth.scan.outcomes import KEPT, Outcomes
from logsleuth.scan.records import WallClock, index_records
from logsleuth.scan.tally import (
    LogTally,
    Tally,
)
from logsleuth.scan.text import cut, text_of
from logsleuth.scan.tokens import Tokens
from logsleuth.scan.view import Matches, View, Window

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import tzinfo

    from numpy.typing import NDArray

    from logsleuth.logs.block import Block
    from logsleuth.logs.reader import Reader
    from logsleuth.scan.heads import Kind
    from logsleuth.scan.matcher import Matcher

    Found = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
    """The line (of an entry: the first) of each match, the line to cite, and which hit it is."""

LONGEST_MATCHED = 64 * 1024
"""Bytes of one text that patterns are matched on."""

NEW = -1
"""Stands for the outcome of a text that was not seen before."""


class Scanner:
    """Blocks into tallies. Holds the matcher and caches, and nothing that a result depends on."""

    def __init__(
        self,
        matcher: Matcher,
        *,
        vhost: bool = False,
        source: str = "httpd",
        reader: Reader | None = None,
        zone: tzinfo = UTC,
        window: Window | None = None,
        span: int = SPAN,
    ) -> None:
        self.matcher = matcher
        self.window = window or Window()
        self.reader = reader
        """Reads the lines one by one; None: httpd's default formats, a whole block at once."""
        self._clock = WallClock(zone)
        """`zone`: that of the times which name none; the others are turned into it."""
        self.vhost = vhost
        self.source = source
        self.span = span
        self._vocabulary = Vocabulary()
        self._shapes: Tokens[int] = Tokens()
        self._outcomes = Outcomes()
        self._exceptions: dict[tuple[Kind, bytes], tuple[int, int]] = {}

    def scan(self, block: Block) -> Tally:
        """The tally of what the block owns."""
        tally = Tally()
        self.update(tally, block)
        return tally

    def update(self, tally: Tally, block: Block) -> None:
        """Add what the block owns to a tally."""
        lines = self._index(block)
        view = View(block, lines, self.window)
        at, literals = self._find(lines)
        openers = _distinct(at[literals == self.matcher.traceback])
        entries = join(lines, openers.tolist(), self.span)
        in_entry = np.zeros(len(lines), np.bool_)
        in_entry[list(chain.from_iterable(entry.lines for entry in entries))] = True

        self._outcomes.start_block()
        joined = self._match_entries(view, entries, at, literals, tally)
        singles = self._match_singles(view, at, literals, in_entry)
        both = Matches(*map(np.concatenate, zip(joined, singles, strict=True)))
        view.add_matches(tally, self.matcher.patterns, both, self._outcomes)
        matched = in_entry.copy()
        matched[both.lines] = True
        foreign = self.source != "httpd"
        if not foreign:  # other programs' pids, levels and chatter say nothing of the server's workers
            add_templates(tally, view, matched, self._shapes)
            add_signs(tally, view)
            add_volume(tally, view)
        tally.logs.setdefault(block.log, LogTally()).foreign |= foreign
        add_steps(tally, view, self.span)
        add_log(tally, view, in_entry, sum(1 for entry in entries if view.owns(entry.lines[0])))
        for name, count in self.matcher.timeouts.items():
            tally.timeouts[name] = tally.timeouts.get(name, 0) + count
        self.matcher.timeouts.clear()

    def _index(self, block: Block) -> Lines:
        """All lines of a block."""
        if self.reader is not None:
            return index_records(
                block.data, block.size, at_start=block.at_start, vocabulary=self._vocabulary,
                reader=self.reader, clock=self._clock, reach=self.span,
            )  # fmt: skip
        return index_lines(
            block.data, block.size, at_start=block.at_start, vocabulary=self._vocabulary,
            vhost=self.vhost, reach=self.span,
        )  # fmt: skip

    def _find(self, lines: Lines) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Every occurrence of a literal: its line, and the literal's number."""
        ends, literals = self.matcher.find(lines.data)
        if not len(lines):
            return ends[:0], literals[:0]
        at = np.searchsorted(lines.start, ends, side="right") - 1
        inside = (at >= 0) & (ends < lines.end[at])
        return at[inside], literals[inside]

    def _match_singles(
        self, view: View, at: NDArray[np.int64], literals: NDArray[np.int64], in_entry: NDArray[np.bool_]
    ) -> Found:
        """Match each owned line that holds a literal and belongs to no entry."""
        lines, data = view.lines, view.lines.data
        keep = view.owned[at] & ~in_entry[at]
        at, literals = at[keep], literals[keep]
        chosen = _distinct(at)
        starts = lines.text[chosen]
        ends = np.minimum(lines.end[chosen], starts + LONGEST_MATCHED)
        known = [self._outcomes.of_kind(kind) for kind in [*lines.kinds, NO_KIND]]  # the last stands for -1
        outcomes = np.array(
            [
                known[kind].get(data[start:end], NEW)
                for kind, start, end in zip(lines.kind[chosen].tolist(), starts.tolist(), ends.tolist(), strict=True)
            ],
            np.int64,
        )
        new = np.flatnonzero(outcomes == NEW)
        begins, stops = np.searchsorted(at, chosen[new]), np.searchsorted(at, chosen[new], side="right")
        for nth, begin, stop in zip(new.tolist(), begins.tolist(), stops.tolist(), strict=True):
            rest, kind = data[starts[nth] : ends[nth]], view.kind(int(chosen[nth]))
            outcomes[nth] = self._match_line(rest, kind, literals[begin:stop].tolist())
        which, hits = self._outcomes.expand(outcomes)
        return chosen[which], chosen[which], hits

    def _match_line(self, rest: bytes, kind: Kind, wanted: Sequence[int]) -> int:
        """Match one line that was not seen before; the same text with another client or referer may have been."""
        own = cut(rest)
        outcome = self._outcomes.of_kind(kind).get(own)
        if outcome is None:
            outcome = self._match(own, text_of(own), kind, wanted)
        return outcome if own == rest else self._outcomes.remember(kind, rest, outcome)

    def _match(self, own: bytes, text: str, kind: Kind, wanted: Iterable[int]) -> int:
        """Match a text that was not seen before, given which literals may stand in it."""
        standing = self._standing_in(own, wanted)
        hits = self.matcher.match(text, kind, standing, self.source)
        return self._outcomes.remember(kind, own, self._outcomes.new(hits))

    def _match_entries(
        self,
        view: View,
        entries: Sequence[Entry],
        at: NDArray[np.int64],
        literals: NDArray[np.int64],
        tally: Tally,
    ) -> Found:
        """Match each owned entry as a whole; one that no pattern knows is counted by its exception."""
        by_line: dict[int, list[int]] = defaultdict(list)
        if entries:
            for line, literal in zip(at.tolist(), literals.tolist(), strict=True):
                by_line[line].append(literal)
        owned = [entry for entry in entries if view.owns(entry.lines[0])]
        outcomes = []
        unknown: dict[tuple[int, int], list[int]] = defaultdict(list)
        for entry in owned:
            kind = view.kind(entry.lines[0])
            joined = entry.text[:LONGEST_MATCHED]
            outcome = self._outcomes.of_kind(kind).get(joined)
            if outcome is None:
                wanted = {literal for line in entry.lines for literal in by_line.get(line, ())}
                outcome = self._match(joined, joined.decode("utf-8", "backslashreplace"), kind, wanted)
            outcomes.append(outcome)
            if all(self.matcher.patterns[hit.pattern].fallback for hit in self._outcomes.hits_of(outcome)):
                unknown[self._exception_key(entry, kind)].append(entry.lines[entry.exception])
        if unknown:
            which = np.repeat(np.arange(len(unknown)), [len(lines) for lines in unknown.values()])
            view.add_templates(tally, list(unknown), which, np.array(list(chain.from_iterable(unknown.values()))))
        nth, hits = self._outcomes.expand(np.array(outcomes, np.int64))
        lines = np.array([owned[i].lines[0] for i in nth.tolist()], np.int64)
        cited = [
            owned[i].lines[min(self._outcomes.hits[hit].line, len(owned[i].lines) - 1)]
            for i, hit in zip(nth.tolist(), hits.tolist(), strict=True)
        ]
        return lines, np.array(cited, np.int64), hits

    def _standing_in(self, text: bytes, wanted: Iterable[int]) -> list[int]:
        """Those of a line's literals that stand in its text: what a client sends as referer proves nothing."""
        return sorted({literal for literal in wanted if self.matcher.literals[literal] in text})

    def _exception_key(self, entry: Entry, kind: Kind) -> tuple[int, int]:
        """The template that a traceback unknown to the library counts under: its exception."""
        text = entry.exception_text
        key = self._exceptions.get((kind, text))
        if key is None:
            masked = templates.mask(own_text(text).decode("utf-8", "backslashreplace"))
            key = (templates.rank(kind[1]), templates.key_of(*kind, masked))
            if len(self._exceptions) >= KEPT:
                self._exceptions.clear()
            self._exceptions[kind, text] = key
        return key


def _distinct(ordered: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each number once; np.unique would sort, and import what nothing else needs."""
    distinct: NDArray[np.int64] = ordered[np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]]
    return distinct
