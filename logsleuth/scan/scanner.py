"""One block of bytes into a Tally: the hot path, told in order.

Each step takes all lines of the block at once; Python objects are made only for lines that a literal of
the library stands in, and of those only the ones that the tally keeps are kept whole.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC
from typing import TYPE_CHECKING

import numpy as np

from logsleuth.logs.block import SPAN
from logsleuth.scan import templates
from logsleuth.scan.census import add_log, add_signs, add_steps, add_templates, add_volume
from logsleuth.scan.entries import Entry, join, own_text
from logsleuth.scan.heads import NO_KIND
from logsleuth.scan.lines import Lines, Vocabulary, index_lines
from logsleuth.scan.records import WallClock, index_records
from logsleuth.scan.tally import (
    LogTally,
    Tally,
)
from logsleuth.scan.text import cut, text_of
from logsleuth.scan.tokens import Tokens
from logsleuth.scan.view import Found, View, Window

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import tzinfo

    from numpy.typing import NDArray

    from logsleuth.logs.block import Block
    from logsleuth.logs.reader import Reader
    from logsleuth.scan.heads import Kind
    from logsleuth.scan.matcher import Hit, Matcher

MEMO = 50_000
"""Distinct texts whose matches are remembered before the memory starts anew."""
LONGEST_MATCHED = 64 * 1024
"""Bytes of one text that patterns are matched on."""


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
        view = View(block, lines, self.window)
        ends, literals = self.matcher.find(lines.data)
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

    def _match_singles(
        self,
        view: View,
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
        view: View,
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
