"""The engine that has its blocks scanned by the workers of a Dask cluster.

Each task scans a piece of some megabytes and leaves its tally where it is; further tasks merge tallies by eights, so
that one tally of each reading comes back. Tallies are a commutative monoid: which worker did what, how often and in
which order does not show. So all that goes wrong has one answer: the pieces whose tally is lost are scanned again.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from logsleuth.engines.cluster.check import check_workers
from logsleuth.engines.cluster.pieces import pieces_of
from logsleuth.engines.cluster.under_way import UnderWay
from logsleuth.engines.cluster.work import Work
from logsleuth.engines.read import unreadable
from logsleuth.engines.reading import sources_of
from logsleuth.engines.scanners import Scanners
from logsleuth.engines.serial import scan_serial
from logsleuth.engines.source import Unreadable
from logsleuth.scan.matcher import Matcher
from logsleuth.scan.scanner import Partial

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from distributed import Client

    from logsleuth.engines.reading import Read, Reading
    from logsleuth.library.pattern import Library

TASKS_A_THREAD = 4
"""Tasks on the cluster for each of its threads: it is never idle, and no queue grows with the logs."""
FEWEST_TASKS = 64
"""So that a cluster that grows with its work sees that there is some."""
READINGS_AHEAD = 256
"""Readings whose tallies may wait on the cluster while an earlier one is not done."""


class Cluster:
    """See `Engine`."""

    def __init__(self, client: Client, library: Library, progress: Callable[[int], None] | None = None) -> None:
        """`progress` is called with the bytes of each piece that is done."""
        self._client, self._progress = client, progress
        self._matcher = Matcher(library)
        self._work = Work(client, self._matcher, progress)

    def read_all(self, readings: Sequence[Reading]) -> Iterator[Read]:
        """The result of each reading: see `Engine`. Raises LogsleuthError if a worker cannot do its part."""
        logs = [log for reading in readings for log in reading.logs if not log.is_held]
        threads = check_workers(self._client, self._work.patterns, self._matcher.library.digest, logs)
        most = max(TASKS_A_THREAD * threads, FEWEST_TASKS)
        left, under_way = deque(readings), deque[UnderWay]()
        try:
            while left or under_way:
                self._begin(left, under_way, most)
                while not self._is_there(under_way[0]):
                    self._work.hear(under_way[0])
                    self._begin(left, under_way, most)
                done = under_way.popleft()
                yield done.error or (done.here, False)
        except KeyboardInterrupt:
            yield from self._known(under_way)
        finally:
            for reading in under_way:
                self._work.drop(reading)

    def _begin(self, left: deque[Reading], under_way: deque[UnderWay], most: int) -> None:
        """Submit tasks until the cluster has enough, of readings in their order."""
        for reading in under_way:
            self._work.submit(reading, most)
        while left and self._work.tasks < most and len(under_way) < READINGS_AHEAD:
            reading = UnderWay(left.popleft())
            under_way.append(reading)
            self._cut(reading)
            self._work.submit(reading, most)

    def _cut(self, reading: UnderWay) -> None:
        """Find the pieces of a reading. What only this process can read is read now."""
        logs = reading.reading.logs
        try:
            part = Partial()
            sources = sources_of(reading.reading, part)
            held = [source for source in sources if source.log.is_held]
            scanners = Scanners(reading.reading, self._matcher.library, self._matcher)
            interrupted = scan_serial(held, scanners, self._progress, part)
            reading.here.merge(part.tally())
            if interrupted:
                raise KeyboardInterrupt
            reading.todo.extend(pieces_of(reading.reading, sources))
        except Unreadable as failure:
            reading.error = unreadable(logs[failure.number], failure.reason)

    def _is_there(self, reading: UnderWay) -> bool:
        """Whether all of a reading is counted here."""
        return reading.is_done and self._work.fetch(reading)

    def _known(self, under_way: deque[UnderWay]) -> Iterator[Read]:
        """What is known of each reading when an interrupt comes."""
        while under_way:
            reading = under_way.popleft()
            complete = reading.is_done
            self._work.fetch_known(reading)
            yield reading.error or (reading.here, not complete)
