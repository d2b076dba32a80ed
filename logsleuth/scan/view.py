"""A block's own lines, and what it takes to keep one of them whole in the tally."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from logsleuth.scan.heads import NO_KIND
from logsleuth.scan.series import Series, by_time
from logsleuth.scan.sighting import LONGEST_TEXT, Sighting, later
from logsleuth.scan.tally import (
    MOMENTS_A_PATTERN,
    MOMENTS_OF_NOISE,
    PatternTally,
    PidTally,
    Tally,
    TemplateTally,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from logsleuth.logs.block import Block
    from logsleuth.scan.heads import Kind
    from logsleuth.scan.lines import Lines
    from logsleuth.scan.matcher import Hit


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
class Found:
    """The matches of one pattern in one block, as parallel lists."""

    lines: list[int] = field(default_factory=list)
    cited: list[int] = field(default_factory=list)
    """For each, the line to show as evidence."""
    hits: list[Hit] = field(default_factory=list)


class View:
    """A block's lines, with what it takes to keep one of them whole."""

    def __init__(self, block: Block, lines: Lines, window: Window) -> None:
        self.block = block
        self.lines = lines
        absolute = lines.place + block.base
        mine = (absolute >= block.own_begin) & (absolute < block.own_end)
        self.first_owned = int(np.argmax(mine)) if mine.any() else 0
        self.begun = int(mine.sum())
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

    def proc(self, line: int) -> tuple[int, int]:
        """A line's pid and tid."""
        number = int(self.lines.proc[line])
        return self.lines.procs[number] if number >= 0 else (0, 0)

    def sighting(self, line: int, time: int, subject: int = 0, fields: tuple[tuple[str, str], ...] = ()) -> Sighting:
        """A line made whole, under the local time (microseconds) of the entry that it stands for."""
        lines = self.lines
        module, level = self.kind(line)
        pid, tid = self.proc(line)
        begin = int(lines.place[line])
        raw = lines.raw(line, 2 * LONGEST_TEXT)
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
        offsets = self.lines.place[np.array(found.cited, np.int64)] + self.block.base
        reporters = self.pids(at)
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

    def pids(self, at: NDArray[np.int64]) -> NDArray[np.int64]:
        """The pid of each of these lines, 0 where it names none."""
        pids = np.array([pid for pid, _ in self.lines.procs] + [0], np.int64)
        return pids[self.lines.proc[at]]

    def add_template(self, tally: Tally, key: tuple[int, int], at: NDArray[np.int64]) -> None:
        """Add lines of one template."""
        times = self.lines.micros(at)
        template = tally.templates.setdefault(key, TemplateTally())
        template.series.add(
            times, self.lines.place[at] + self.block.base, lambda i: self.sighting(int(at[i]), int(times[i]))
        )
