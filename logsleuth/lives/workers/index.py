"""All workers' lives, found by pid and by time: a log may hold a hundred thousand, and hundreds of incidents."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from logsleuth.lives.workers.life import Life
    from logsleuth.timeline.model import Series


class Workers:
    """The lives of all workers, in order of their first sign."""

    def __init__(self, lives: Sequence[Life], series: Iterable[Series] = ()) -> None:
        """`series`: all that was logged."""
        self._lives = tuple(lives)
        self._series = series
        self._known_writers: dict[tuple[frozenset[str], frozenset[str]], frozenset[int]] = {}

    def __iter__(self) -> Iterator[Life]:
        return iter(self._lives)

    def __len__(self) -> int:
        return len(self._lives)

    def of_pid(self, pid: int) -> Sequence[Life]:
        """The lives of one pid, in order."""
        return self._by_pid.get(pid, ())

    def ended_between(self, begin: int, end: int) -> Sequence[Life]:
        """Those that are known to have ended from one moment to another (UTC microseconds), in order of their ends."""
        ends, lives = self._by_end
        return lives[bisect_left(ends, begin) : bisect_right(ends, end)]

    def pools_between(self, begin: int, end: int) -> set[str]:
        """The pools that had a worker at some time between two moments."""
        return {
            pool
            for pool, (lasts, firsts) in self._spans.items()
            if (place := bisect_left(lasts, begin)) < len(lasts) and firsts[place] <= end
        }

    def highest_pid_before(self, time: int) -> int:
        """The highest pid that was seen before a moment; 0: none was."""
        firsts, highest = self._highest
        place = bisect_left(firsts, time)
        return highest[place - 1] if place else 0

    def writers(self, modules: Collection[str], without: Collection[str]) -> frozenset[int]:
        """The processes of which lines of some modules are, but for messages of the categories `without`."""
        asked = frozenset(modules), frozenset(without)
        found = self._known_writers.get(asked)
        if found is None:
            each = (
                pids
                for (module, category), pids in self._writers.items()
                if module in modules and category not in without
            )
            found = self._known_writers[asked] = frozenset().union(*each)
        return found

    @cached_property
    def _writers(self) -> dict[tuple[str, str | None], set[int]]:
        """By module and the message's category."""
        found: dict[tuple[str, str | None], set[int]] = {}
        for one in self._series:
            lines = [moment.sighting for moment in one.moments]
            for module, pid in {(line.module, line.reporter) for line in lines}:
                found.setdefault((module, one.meaning.category), set()).add(pid)
        return found

    @cached_property
    def _by_pid(self) -> dict[int, list[Life]]:
        found: dict[int, list[Life]] = {}
        for life in self._lives:
            found.setdefault(life.pid, []).append(life)
        return found

    @cached_property
    def _by_end(self) -> tuple[list[int], list[Life]]:
        ended = sorted((life for life in self._lives if life.died is not None), key=_end)
        return [_end(life) for life in ended], ended

    @cached_property
    def _spans(self) -> dict[str, tuple[list[int], list[int]]]:
        """By pool: the ends of its workers in order, and for each the earliest begin of those that end no earlier."""
        by_pool: dict[str, list[Life]] = {}
        for life in self._lives:
            by_pool.setdefault(life.pool, []).append(life)
        spans = {}
        for pool, lives in by_pool.items():
            lives.sort(key=_end)
            firsts = list(accumulate((life.first for life in reversed(lives)), min))
            spans[pool] = ([_end(life) for life in lives], firsts[::-1])
        return spans

    @cached_property
    def _highest(self) -> tuple[list[int], list[int]]:
        ordered = sorted((life.first, life.pid) for life in self._lives)
        return [first for first, _ in ordered], list(accumulate((pid for _, pid in ordered), max))


def _end(life: Life) -> int:
    """UTC microseconds of its end; of one that is not known to have ended, of its last sign."""
    return life.died if life.died is not None else life.last
