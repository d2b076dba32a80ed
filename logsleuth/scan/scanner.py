"""One block of bytes into a Tally: the hot path, told in order.

Each step takes all lines of the block at once; Python objects are made only for lines that a literal of
the library stands in, and of those only the ones that the tally keeps are kept whole.
"""

from __future__ import annotations

from datetime import UTC
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from logsleuth.logs.block import SPAN
from logsleuth.scan import templates
from logsleuth.scan.census import add_log, add_served, add_signs, add_steps, add_templates, add_traffic
from logsleuth.scan.entries import join, own_text
from logsleuth.scan.hashing import Hasher, spread
from logsleuth.scan.heads import NO_KIND
from logsleuth.scan.lines import Lines, Vocabulary, index_lines
from logsleuth.scan.outcomes import Outcomes
from logsleuth.scan.records import WallClock, index_records
from logsleuth.scan.tally import (
    LogTally,
    Tally,
)
from logsleuth.scan.text import cut, text_of
from logsleuth.scan.tokens import Tokens
from logsleuth.scan.view import Matches, View, Window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import tzinfo

    from numpy.typing import NDArray

    from logsleuth.logs.block import Block
    from logsleuth.logs.reader import Reader
    from logsleuth.scan.entries import Entries, Entry
    from logsleuth.scan.heads import Kind
    from logsleuth.scan.matcher import Matcher
    from logsleuth.scan.outcomes import Hits

    Match = Callable[[NDArray[np.int64]], list[Hits]]
    """Matches the texts of these numbers."""
    Found = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
    """The line (of an entry: the first) of each match, the line to cite, and which hit it is."""

LONGEST_MATCHED = 64 * 1024
"""Bytes of one text that patterns are matched on."""
KEPT = 20_000
"""Distinct exceptions that are remembered."""


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
        self._hasher = Hasher()
        self._outcomes = Outcomes()
        self._exceptions: dict[tuple[Kind, bytes], tuple[int, int]] = {}
        fallbacks = np.array([p.fallback for p in matcher.patterns], np.bool_)
        symptoms = np.array([p.role == "symptom" for p in matcher.patterns], np.bool_)
        self._knows = ~fallbacks & ~symptoms, ~fallbacks & symptoms
        """By pattern: whether it knows why something failed, and whether it knows only that it did."""

    def scan(self, block: Block) -> Tally:
        """The tally of what the block owns."""
        tally = Tally()
        self.update(tally, block)
        return tally

    def update(self, tally: Tally, block: Block) -> None:
        """Add what the block owns to a tally."""
        self._trim()
        if block.damaged:
            tally.logs.setdefault(block.log, LogTally()).damaged = True
            return
        lines = self._index(block)
        view = View(block, lines, self.window)
        at, literals = self._find(lines)
        openers = _distinct(at[literals == self.matcher.traceback])
        entries = join(lines, openers.tolist(), self.span)
        in_entry = np.zeros(len(lines), np.bool_)
        in_entry[entries.members] = True
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
            continued = in_entry.copy()
            continued[entries.firsts] = False
            add_served(tally, view, continued)
        if self.source == "access":
            add_traffic(tally, view)
        tally.logs.setdefault(block.log, LogTally()).foreign |= foreign
        add_steps(tally, view, self.span)
        add_log(tally, view, in_entry, int(np.count_nonzero(view.owned[entries.firsts])))
        for name, count in self.matcher.timeouts.items():
            tally.timeouts[name] = tally.timeouts.get(name, 0) + count
        self.matcher.timeouts.clear()

    def _trim(self) -> None:
        """Start caches anew that hold too much: what they tell is good for one block at a time."""
        self._vocabulary.trim()
        self._outcomes.trim()
        if self._shapes.full:
            self._shapes = Tokens()
        if len(self._exceptions) > KEPT:
            self._exceptions.clear()

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
        hashes = self._hasher.spans(data, starts, ends)
        kinds = [*lines.kinds, NO_KIND]  # the last stands for -1

        def match(new: NDArray[np.int64]) -> list[Hits]:
            return [
                self._match_line(data[start:end], kinds[kind], literals_of)
                for start, end, kind, literals_of in zip(
                    starts[new].tolist(), ends[new].tolist(), lines.kind[chosen[new]].tolist(),
                    _grouped(at, literals, chosen[new]), strict=True,
                )
            ]  # fmt: skip

        which, hits = self._look_up(lines, chosen, hashes, match)
        return chosen[which], chosen[which], hits

    def _look_up(
        self, lines: Lines, at: NDArray[np.int64], hashes: NDArray[np.uint64], match: Match
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The hits of texts of the kinds of these lines: to which text each belongs, and its place among all hits."""
        hashes = spread(hashes ^ templates.kind_hashes(lines.kinds)[lines.kind[at]])
        return self._outcomes.expand(self._outcomes.look_up(hashes, match))

    def _match_line(self, rest: bytes, kind: Kind, literals: Sequence[int]) -> Hits:
        """Match what stands behind one line's head."""
        own = cut(rest)
        if own is rest:  # nothing that varies was cut off: the hash is all that has to be remembered
            return self.matcher.match(text_of(own), kind, self._standing_in(own, literals), self.source)
        return self._match(own, text_of(own), kind, literals)

    def _match(self, own: bytes, text: str, kind: Kind, literals: Iterable[int]) -> Hits:
        """Match a text whose hash was not seen before; the same with another client or referer may have been."""
        known = self._outcomes.texts
        hits = known.get((kind, own))
        if hits is None:
            hits = self.matcher.match(text, kind, self._standing_in(own, literals), self.source)
            known[kind, own] = hits
        return hits

    def _match_entries(
        self, view: View, entries: Entries, at: NDArray[np.int64], literals: NDArray[np.int64], tally: Tally
    ) -> Found:
        """Match each owned entry as a whole; one that no pattern knows is counted by its exception."""
        none = np.zeros(0, np.int64)
        owned = np.flatnonzero(view.owned[entries.firsts])
        if not len(owned):
            return none, none, none

        def match_one(entry: Entry) -> Hits:
            own = entry.text[:LONGEST_MATCHED]
            wanted = chain.from_iterable(_grouped(at, literals, np.array(entry.lines)))
            return self._match(own, own.decode("utf-8", "backslashreplace"), view.kind(entry.lines[0]), wanted)

        def match(new: NDArray[np.int64]) -> list[Hits]:
            return [match_one(entries[nth]) for nth in owned[new].tolist()]

        firsts = entries.firsts[owned]
        nth, hits = self._look_up(view.lines, firsts, entries.hashes(self._hasher)[owned], match)
        within = np.minimum(self._outcomes.lines(hits), entries.lengths[owned][nth] - 1)
        matched = entries.members[entries.begins[owned][nth] + within]
        self._add_unknown(view, entries, owned, (nth, hits, matched), tally)
        return firsts[nth], matched, hits

    def _add_unknown(
        self,
        view: View,
        entries: Entries,
        owned: NDArray[np.int64],
        found: Found,
        tally: Tally,
    ) -> None:
        """Count those of the owned entries of which the library knows no more than that something failed.

        A consequence is no reason: what its line introduces, or what comes before it in a chain of exceptions, is.
        `found`: by match, the entry, the outcome and the line.
        """
        nth, hits, matched = found
        patterns = self._outcomes.patterns(hits)
        why, that = (flags[patterns] for flags in self._knows)
        exceptions, roots = entries.exceptions[owned], entries.roots[owned]
        known, ended = np.zeros(len(owned), np.bool_), np.zeros(len(owned), np.bool_)
        known[nth[why]] = True
        ended[nth[that & (matched == exceptions[nth])]] = True
        known |= ended & (roots == exceptions)
        if known.all():
            return
        unknown, exceptions = owned[~known], np.where(ended, roots, exceptions)[~known]
        keys = [
            self._exception_key(view.kind(first), view.lines.rest(exception))
            for first, exception in zip(entries.firsts[unknown].tolist(), exceptions.tolist(), strict=True)
        ]
        numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
        view.add_templates(tally, list(numbers), np.array([numbers[key] for key in keys]), exceptions)

    def _standing_in(self, text: bytes, wanted: Iterable[int]) -> list[int]:
        """Those of a line's literals that stand in its text: what a client sends as referer proves nothing."""
        literals = self.matcher.literals
        return sorted({literal for literal in wanted if literals[literal] in text})

    def _exception_key(self, kind: Kind, rest: bytes) -> tuple[int, int]:
        """The template that a traceback unknown to the library counts under: its exception."""
        key = self._exceptions.get((kind, rest))
        if key is None:
            masked = templates.mask(own_text(cut(rest)).decode("utf-8", "backslashreplace"))
            key = self._exceptions[kind, rest] = (templates.rank(kind[1]), templates.key_of(*kind, masked))
        return key


def _grouped(at: NDArray[np.int64], numbers: NDArray[np.int64], wanted: NDArray[np.int64]) -> list[list[int]]:
    """The numbers that stand at each of the wanted lines; `at` is in order."""
    begins, ends = np.searchsorted(at, wanted).tolist(), np.searchsorted(at, wanted, side="right").tolist()
    return [numbers[begin:end].tolist() for begin, end in zip(begins, ends, strict=True)]


def _distinct(ordered: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each number once; np.unique would sort, and import what nothing else needs."""
    distinct: NDArray[np.int64] = ordered[np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]]
    return distinct
