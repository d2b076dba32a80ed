"""Tasks on the cluster: submitting them, hearing of them, and what is done about those that are lost."""

from __future__ import annotations

import logging
import time
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING
from uuid import uuid4

from distributed.client import ClosedClientError

from logsleuth.engines.cluster import tasks
from logsleuth.engines.cluster.under_way import Part
from logsleuth.engines.read import unreadable
from logsleuth.engines.source import Unreadable
from logsleuth.errors import LogsleuthError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from distributed import Client, Future

    from logsleuth.engines.cluster.pieces import Piece
    from logsleuth.engines.cluster.under_way import UnderWay
    from logsleuth.scan.matcher import Matcher

MOST_FAILURES = 3
"""Times that a piece is lost on the cluster before it is scanned here."""
RETRIES = 2
"""Times that Dask itself repeats a task that raised an error: a store may be out of reach for a moment."""
SILENCE = 60.0
"""Seconds without a word of a cluster that has work, after which this process does the oldest task itself: a worker
hangs, or none is left."""

_log = logging.getLogger("logsleuth")


class Work:
    """The tasks of all readings that are under way. Everything happens in the thread that calls it."""

    def __init__(self, client: Client, matcher: Matcher, progress: Callable[[int], None] | None) -> None:
        """`matcher`: of the patterns that are sent; `progress` is called with the bytes of each piece that is done."""
        self._client, self._matcher, self._progress = client, matcher, progress
        self.patterns = tasks.pack_patterns(matcher.library)
        self._sent: Future[bytes] | None = None
        """The patterns on the cluster: sent once, and handed on from worker to worker."""
        self._run = f"logsleuth-{uuid4().hex}"
        self._submitted = 0
        self._owners: dict[Hashable, UnderWay] = {}
        """By the key of each task that was not heard of yet, whose it is."""
        self._events: SimpleQueue[Future[bytes]] = SimpleQueue()
        """Tasks that are done or have failed."""
        self._heard = time.monotonic()

    def submit(self, reading: UnderWay, most: int) -> None:
        """Submit what there is to scan, as long as no more than `most` tasks are on the cluster, and all merges."""
        while reading.todo and len(self._owners) < most:
            self._submit_scan(reading, reading.todo.popleft())
        while parts := reading.to_merge():
            self._submit_merge(reading, parts)

    @property
    def tasks(self) -> int:
        """Tasks that are on the cluster."""
        return len(self._owners)

    def hear(self, reading: UnderWay) -> None:
        """Wait until a task of any reading is done; if nothing is heard, do one of this reading here."""
        try:
            future = self._events.get(timeout=max(self._heard + SILENCE - time.monotonic(), 0))
        except Empty:
            self._take_over(reading)
            return
        self._heard = time.monotonic()
        owner = self._owners.pop(future.key, None)
        part = owner.busy.pop(future.key, None) if owner is not None else None
        if owner is None or part is None:
            return  # it was done here in the meantime
        if future.status == "finished":
            owner.done.append(Part(future, part.pieces))
            self._count(owner, part.pieces)
        else:
            self._lost(owner, part)

    def fetch(self, reading: UnderWay) -> bool:
        """Bring the one tally that is left of a reading here; false if it is lost, and to be made again."""
        if reading.error is None and reading.done:
            part = reading.done.popleft()
            try:
                data = part.future.result(timeout=SILENCE)
            except Exception:  # whatever Dask raises: the tally is not to be had
                self._lost(reading, part)
                return False
            reading.here.merge(tasks.unpacked(data))
        return True

    def fetch_known(self, reading: UnderWay) -> None:
        """Bring here what is done of a reading by now, and give up the rest."""
        known = [part.future for part in reading.finished()]
        data = self._client.gather(known, errors="skip") if known else []
        self.drop(reading)
        for one in data:
            reading.here.merge(tasks.unpacked(one))

    def drop(self, reading: UnderWay) -> None:
        """Cancel what is not done of a reading, and let go of what is."""
        busy = [part.future for part in reading.busy.values()]
        reading.todo.clear()
        reading.busy.clear()
        reading.done.clear()
        for future in busy:
            future.cancel()

    def _submit_scan(self, reading: UnderWay, piece: Piece) -> None:
        if self._client.status not in ("running", "connecting"):
            self._scan_here(reading, [piece])
            return
        try:
            future = self._client.submit(
                tasks.scan, self._patterns_there(), piece.to_send(), key=self._key("scan"), retries=RETRIES
            )
        except ClosedClientError:
            self._scan_here(reading, [piece])
        else:
            self._watch(reading, Part(future, (piece,)))

    def _submit_merge(self, reading: UnderWay, parts: tuple[Part, ...]) -> None:
        """Merges go first: each frees the memory of eight tallies."""
        pieces = tuple(piece for part in parts for piece in part.pieces)
        try:
            future = self._client.submit(
                tasks.merge, [part.future for part in parts], key=self._key("merge"), priority=1
            )
        except ClosedClientError:
            self._scan_here(reading, pieces)
        else:
            self._watch(reading, Part(future, pieces, parts))

    def _patterns_there(self) -> Future[bytes]:
        """The patterns as the result of a task, which Dask makes again where a worker that had them dies."""
        if self._sent is None or self._sent.status in ("cancelled", "error", "lost"):
            self._sent = self._client.submit(bytes, self.patterns, key=self._key("patterns"))
        return self._sent

    def _key(self, what: str) -> str:
        self._submitted += 1
        return f"{self._run}-{what}-{self._submitted}"

    def _watch(self, reading: UnderWay, part: Part) -> None:
        reading.busy[part.future.key] = part
        self._owners[part.future.key] = reading
        part.future.add_done_callback(self._events.put)

    def _lost(self, reading: UnderWay, part: Part) -> None:
        """Have a lost part's pieces scanned again. Raises LogsleuthError if a worker has another version."""
        error = part.future.exception() if part.future.status == "error" else None
        if isinstance(error, tasks.OtherVersion):
            raise LogsleuthError(
                f"a worker that joined has another version of logsleuth: {error}", "install the same on all workers"
            )
        for piece in part.pieces:
            reading.failures[piece.number] += 1
            if isinstance(error, Unreadable) or reading.failures[piece.number] > MOST_FAILURES:
                _log.warning("scanned here, since the cluster could not: %s (%s)", piece.sources[0].log.path, error)
                self._scan_here(reading, [piece])
            else:
                reading.todo.append(piece)

    def _take_over(self, reading: UnderWay) -> None:
        """Do here what a reading waits for: of its tasks the smallest, and of those the oldest."""
        if reading.busy:
            key = min(reading.busy, key=lambda key: len(reading.busy[key].pieces))
            part = reading.busy.pop(key)
            self._owners.pop(key, None)
            part.future.cancel()
            self._scan_here(reading, part.pieces)
        elif reading.todo:
            self._scan_here(reading, [reading.todo.popleft()])

    def _scan_here(self, reading: UnderWay, pieces: Iterable[Piece]) -> None:
        for piece in pieces:
            try:
                reading.here.merge(tasks.tally_of(self._matcher, piece))
            except Unreadable as failure:
                reading.error = unreadable(reading.reading.logs[failure.number], failure.reason)
                self.drop(reading)
                return
            self._count(reading, [piece])

    def _count(self, reading: UnderWay, pieces: Iterable[Piece]) -> None:
        """Report as progress what is done for the first time."""
        for piece in pieces:
            if piece.number not in reading.counted:
                reading.counted.add(piece.number)
                if self._progress is not None:
                    self._progress(piece.bytes)
