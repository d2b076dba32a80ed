"""A block's own lines, and what it takes to keep one of them whole in the tally."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np

from logsleuth.scan.hashing import Hasher, spread
from logsleuth.scan.heads import NO_KIND
from logsleuth.scan.series import Series, add_all
from logsleuth.scan.sighting import LONGEST_TEXT, Sighting, later
from logsleuth.scan.tally import (
    MOMENTS_A_PATTERN,
    MOMENTS_OF_NOISE,
    PatternTally,
    PidTally,
    Tally,
    TemplateTally,
)
from logsleuth.scan.text import client_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from logsleuth.library.pattern import Pattern
    from logsleuth.logs.block import Block
    from logsleuth.scan.heads import Kind
    from logsleuth.scan.lines import Lines
    from logsleuth.scan.outcomes import Outcomes

FARTHEST_CLIENT = 256
"""Bytes of a text in which a client field may stand behind an errno and its message."""
Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Window:
    """The stretch of local time that is looked at; lines without any time are outside of a bounded one."""

    since: int | None = None
    """Local seconds since 1970, inclusive."""
    until: int | None = None
    """Exclusive."""

    @property
    def bounded(self) -> bool:
        """Whether any line is out of it."""
        return self.since is not None or self.until is not None

    def holds(self, second: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of these local seconds lie within."""
        inside = np.ones(len(second), np.bool_)
        if self.since is not None:
            inside &= second >= self.since
        if self.until is not None:
            inside &= second < self.until
        return inside


@dataclass(slots=True)
class Matches:
    """Matches in one block, as parallel arrays."""

    lines: NDArray[np.int64]
    """The line, or the first line of the entry, that each stands for: when it was."""
    cited: NDArray[np.int64]
    """The line to show as evidence."""
    hits: NDArray[np.int64]
    """Which of the outcomes' hits."""


class View:
    """A block's lines, with what it takes to keep one of them whole."""

    def __init__(self, block: Block, lines: Lines, window: Window) -> None:
        self._hasher = Hasher()
        self.block = block
        self.lines = lines
        absolute = lines.place + block.base
        mine = (absolute >= block.own_begin) & (absolute < block.own_end)
        self.first_owned = int(np.argmax(mine)) if mine.any() else 0
        self.begun = int(np.count_nonzero(mine))
        """Lines that begin in what the block owns."""
        self.looked_at = window.holds(lines.second)
        if lines.origin is not None:
            self.looked_at &= ~lines.origin.passed
        self.owned = mine & self.looked_at
        """Those of them that are looked at."""

    def owns(self, line: int) -> bool:
        """Whether a line is the block's own, and looked at."""
        return bool(self.owned[line])

    def kind(self, line: int) -> Kind:
        """A line's module and level."""
        number = int(self.lines.kind[line])
        return self.lines.kinds[number] if number >= 0 else NO_KIND

    def sightings(
        self,
        at: NDArray[np.int64],
        times: NDArray[np.int64],
        subjects: NDArray[np.int64] | None = None,
        fields: Iterable[Fields] = repeat(()),
    ) -> list[Sighting]:
        """Lines made whole, under the local times (microseconds) of the entries that they stand for."""
        lines, block = self.lines, self.block
        kinds = [*lines.kinds, NO_KIND]  # the last stands for -1
        modules, levels = zip(*(kinds[kind] for kind in lines.kind[at].tolist()), strict=True) if len(at) else ((), ())
        pids = self.pids[lines.proc[at]]
        data = lines.data if lines.origin is None else lines.origin.data
        begins, ends = lines.place[at], lines.stop[at]
        texts = [
            data[begin:end].decode("utf-8", "backslashreplace")[:LONGEST_TEXT]
            for begin, end in zip(begins.tolist(), np.minimum(ends, begins + 2 * LONGEST_TEXT).tolist(), strict=True)
        ]
        inner: Iterable[str] = repeat("")
        if lines.origin is not None:
            inner = [
                lines.data[begin:end].decode("utf-8", "backslashreplace").lstrip(" ")[:LONGEST_TEXT]
                for begin, end in zip(lines.start[at].tolist(), lines.end[at].tolist(), strict=True)
            ]
        return list(
            map(
                Sighting, times.tolist(), repeat(block.log), (begins + block.base).tolist(), repeat(block.own_begin),
                (at - self.first_owned).tolist(), modules, levels, pids.tolist(), self.tids[lines.proc[at]].tolist(),
                (pids if subjects is None else np.where(subjects, subjects, pids)).tolist(), texts, fields,
                lines.dated[at].tolist(), inner,
            )
        )  # fmt: skip

    def sighting(self, line: int, time: int) -> Sighting:
        """One line made whole."""
        return self.sightings(np.array([line]), np.array([time]))[0]

    def add_matches(self, tally: Tally, patterns: Sequence[Pattern], matches: Matches, outcomes: Outcomes) -> None:
        """Add the matches in this block to their patterns; also to each worker that they say something of."""
        if not len(matches.lines):
            return
        numbers, which = np.unique(outcomes.patterns(matches.hits), return_inverse=True)
        chosen = [patterns[number] for number in numbers.tolist()]
        tallies = [tally.patterns.setdefault(pattern.id, PatternTally(Series(_cap(pattern)))) for pattern in chosen]
        times = self.lines.time[matches.lines]
        named = outcomes.subjects(matches.hits)
        subjects = np.where(named >= 0, named, self.pids[self.lines.proc[matches.lines]])

        def sights(i: NDArray[np.int64]) -> list[Sighting]:
            fields = [outcomes.hits[hit].fields for hit in matches.hits[i].tolist()]
            return self.sightings(matches.cited[i], times[i], subjects[i], fields)

        places = self.lines.place[matches.cited] + self.block.base
        order = add_all([pattern.series for pattern in tallies], which, times, places, sights)
        ends = np.cumsum(np.bincount(which))
        newest = order[ends - 1]
        for pattern, last in zip(tallies, sights(newest), strict=True):
            pattern.last = later(pattern.last, last)
        self._add_clients(tallies, which, matches.lines)
        for nth, pattern in enumerate(chosen):
            if pattern.worker is not None:
                mine = order[ends[nth - 1] if nth else 0 : ends[nth]]
                _add_pids(tallies[nth], mine, subjects[mine], sights)

    def _add_clients(self, tallies: Sequence[PatternTally], which: NDArray[np.int64], at: NDArray[np.int64]) -> None:
        """Count matches by the client that their line names, before its text or behind an errno."""
        lines, data = self.lines, self.lines.data
        texts = lines.text[at]
        behind = np.frombuffer(data, np.uint8)[texts] == ord("(")
        some = np.flatnonzero(lines.client[at] | behind)
        ends = np.where(behind[some], np.minimum(texts[some] + FARTHEST_CLIENT, lines.end[at[some]]), texts[some])
        hashes = self._hasher.spans(data, lines.field[at[some]], ends) ^ spread(which[some].astype(np.uint64))
        _, firsts, counts = np.unique(hashes, return_index=True, return_counts=True)
        found: list[dict[str, int]] = [{} for _ in tallies]
        for nth, end, count in zip(some[firsts].tolist(), ends[firsts].tolist(), counts.tolist(), strict=True):
            line = at[nth]
            client = client_of(data[lines.field[line] : end], ported=bool(lines.proc[line] >= 0))
            if client:
                by_client = found[which[nth]]
                by_client[client] = by_client.get(client, 0) + count
        for tally, by_client in zip(tallies, found, strict=True):
            tally.clients.add(by_client)

    @cached_property
    def pids(self) -> NDArray[np.int64]:
        """By number of a proc: its pid, and 0 for -1."""
        return np.array([pid for pid, _ in self.lines.procs] + [0], np.int64)

    @cached_property
    def tids(self) -> NDArray[np.int64]:
        """By number of a proc: its tid, and 0 for -1."""
        return np.array([tid for _, tid in self.lines.procs] + [0], np.int64)

    def add_templates(
        self, tally: Tally, keys: Sequence[tuple[int, int]], which: NDArray[np.int64], at: NDArray[np.int64]
    ) -> None:
        """Add lines to the templates of these keys; `which`: the number of each line's key."""
        series = [tally.templates.setdefault(key, TemplateTally()).series for key in keys]
        times = self.lines.time[at]
        add_all(series, which, times, self.lines.place[at] + self.block.base, lambda i: self.sightings(at[i], times[i]))
        tally.bound_templates()


def _cap(pattern: Pattern) -> int:
    return MOMENTS_OF_NOISE if pattern.role == "noise" else MOMENTS_A_PATTERN


def _add_pids(
    pattern: PatternTally,
    order: NDArray[np.int64],
    subjects: NDArray[np.int64],
    sights: Callable[[NDArray[np.int64]], list[Sighting]],
) -> None:
    """Add matches, in their order, to the pids that they are about."""
    pids, firsts, counts = np.unique(subjects, return_index=True, return_counts=True)
    lasts = len(subjects) - 1 - np.unique(subjects[::-1], return_index=True)[1]
    some = np.flatnonzero(pattern.worth_adding(pids))
    first_lines, last_lines = sights(order[firsts[some]]), sights(order[lasts[some]])
    for pid, count, first, last in zip(
        pids[some].tolist(), counts[some].tolist(), first_lines, last_lines, strict=True
    ):
        new = PidTally(count, first, last)
        known = pattern.by_pid.get(pid)
        pattern.by_pid[pid] = new if known is None else known.merged(new)
    pattern.bound()
