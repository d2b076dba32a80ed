"""Workers that write another local time than their parent into the same log, put right.

An application that calls tzset(), as Django does for its TIME_ZONE, sets the zone of the whole process, and with it
that of all that httpd logs from it. The parent's zone is the server's; a worker's first lines are in it, too, as long
as the application is not loaded. Zones differ by whole quarters of an hour, so such lines step back and forth by those.

A clock that is set makes steps, too, but only when it is set, and the parent's lines take them as well: that is no
zone. So a zone is believed only if the parent never leaves its own while workers come and go between the two.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from logsleuth.regexes import regex
from logsleuth.values import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from logsleuth.logs.httpd.record import Reader, Record

MINUTES = regex(rb"^\[[A-Z][a-z]{2} ([A-Z][a-z]{2} \d\d \d\d:\d\d):", re.MULTILINE)
PARENT = regex(
    r"(?:AH00094: )?Command line: |.{0,100}resuming normal operations|caught SIGTERM|.{0,20}SIGHUP received"
    r"|.{0,20}SIGUSR1 received|Graceful restart requested|child pid \d+ exit"
)
"""What only the parent says (server/mpm/*, server/mpm_unix.c, server/main.c)."""
MICRO = 1_000_000
QUARTER = 900
PAUSE = 120
"""Seconds that may pass between two lines of which one is in another zone."""
SILENCE = 600
FARTHEST = 26 * 3600
"""Seconds between the farthest zones."""
HOUR = 3600
"""Seconds that the end of daylight saving time steps back once a year: more evidence is needed for a zone like that."""
LEAST_STEPS = 3
"""Back and forth together: a clock that was wrong at boot and then set makes two."""
REMEMBERED = 10_000
MOST_EXCEPTIONS = 1_000_000
"""Lines of workers in the parent's zone that are remembered; each takes some eighty bytes."""


@dataclass(frozen=True, slots=True)
class WorkerZone:
    """The zone that a log's workers write in."""

    ahead: int
    """Seconds that workers' times are ahead of their parent's; less than 0: behind."""
    parents: frozenset[int] = frozenset()
    """The pids of parents."""
    exceptions: frozenset[int] = frozenset()
    """Digests of those of the workers' lines that are in the parent's zone."""


@dataclass(frozen=True, slots=True)
class _Line:
    time: int
    """Local seconds since 1970, as written."""
    parents: bool
    pid: int


def worker_zone_of(parts: Sequence[bytes], read: Reader, *, default: bool) -> WorkerZone | None:
    """The zone that workers write in, if it is another than their parent's; None: it is not, or nothing proves it.

    `parts`: samples of one log; `read`: the reader of its lines; `default`: they are in httpd's default formats.
    That times step back shows it, as a server's never do but once a year. Which of the two zones is the parent's is
    seen from its lines, and from what a process writes first.
    """
    if default and not any(map(_steps_back, parts)):
        return None
    found = [_Steps(_lines(part.split(b"\n"), read)) for part in parts]
    steps = sum((one.steps for one in found), Counter[int]())
    votes = sum((one.votes for one in found), Counter[int]())
    if any(one.parent_moved for one in found):
        return None
    for ahead, count in votes.most_common(1):
        back, forth = steps[-abs(ahead)], steps[abs(ahead)]
        enough = back >= 2 if abs(ahead) == HOUR else back and forth
        if enough and back + forth >= LEAST_STEPS and 3 * votes[-ahead] < count:
            return WorkerZone(ahead)
    return None


def _steps_back(part: bytes) -> bool:
    """Whether some line's time, to the minute, is before that of the line above it: a quick look, as most never do.

    A new month may look like it; a zone can't be left or taken up again without it.
    """
    return any(after < before for before, after in pairwise(MINUTES.findall(part)))


class _Steps:
    """How the times of a sample step from zone to zone."""

    def __init__(self, lines: Iterable[_Line]) -> None:
        self.steps: Counter[int] = Counter()
        """How often times step by so many seconds, all of them more than a silence."""
        self.votes: Counter[int] = Counter()
        """How often a worker's zone is seen to be so many seconds ahead of its parent's."""
        self.parent_moved = False
        """The parent wrote in several zones with no silence between: its clock was set, or is not one server's."""
        self._begin()
        before: _Line | None = None
        for line in lines:
            step = 0 if before is None else _quarters(line.time - before.time)
            if step is None:
                self._begin()
            else:
                self._step(step)
            self._see(line, step or 0)
            before = line

    def _begin(self) -> None:
        """Behind a silence nothing is known of the zone."""
        self._zone = 0
        self._parents: int | None = None
        self._own: dict[int, int] = {}

    def _step(self, step: int) -> None:
        self._zone += step
        self.steps[step] += step != 0

    def _see(self, line: _Line, step: int) -> None:
        if line.parents:
            if self._parents is not None and abs(self._parents - self._zone) > HOUR:
                self.parent_moved = True
            if step and self._parents == self._zone:
                self.votes[-step] += 1
            self._parents = self._zone
            return
        if step and self._parents is not None and self._zone - step == self._parents:
            self.votes[step] += 1
        first = self._own.setdefault(line.pid, self._zone)
        if line.pid and first != self._zone:
            self.votes[self._zone - first] += 1
            self._own[line.pid] = self._zone


def _lines(lines: Iterable[bytes], read: Reader) -> Iterator[_Line]:
    parents: set[int] = set()
    for line in lines:
        record = read(line)
        if record is not None and record.kind == "record" and record.time is not None and record.offset is None:
            is_parents = is_of_parent(record) or record.pid in parents
            if is_parents and record.pid:
                parents.add(record.pid)
            yield _Line(record.time // MICRO, is_parents, record.pid or 0)


def is_of_parent(record: Record) -> bool:
    """Whether a record is one that only the parent writes."""
    return (record.module or "").startswith("mpm_") or PARENT.match(record.message) is not None


def _quarters(seconds: int) -> int | None:
    """The whole quarters of an hour that two lines' times are apart; None: it is not known.

    Up to ten minutes are a silence.
    """
    if -PAUSE <= seconds < SILENCE:
        return 0
    step = round(seconds / QUARTER) * QUARTER
    return step if step and abs(seconds - step) <= PAUSE and abs(step) <= FARTHEST else None


def followed(lines: Iterable[bytes], zone: WorkerZone, read: Reader) -> WorkerZone:
    """The same zone, with what the whole log shows: its parents, and workers' lines that are in the parent's zone."""
    now: int | None = None
    own: dict[int, int] = {}
    parents: set[int] = set()
    exceptions: set[int] = set()
    for line in lines:
        record = read(line)
        if record is None or record.kind != "record" or record.time is None or record.offset is not None:
            continue
        time, pid = record.time // MICRO, record.pid or 0
        if is_of_parent(record) or pid in parents:
            parents |= {pid} - {0}
            now = time
            continue
        ahead = _ahead(time, now, zone.ahead, own.get(pid, zone.ahead))
        if pid:
            own[pid] = ahead
            if len(own) > REMEMBERED:
                own.clear()
        if not ahead and len(exceptions) < MOST_EXCEPTIONS:
            exceptions.add(_digest(line))
        now = time - ahead
    return replace(zone, parents=frozenset(parents), exceptions=frozenset(exceptions))


def in_one_zone(read: Reader, zone: WorkerZone) -> Reader:
    """The same reader, with workers' times in their parent's zone. The line itself stays as it is."""

    def read_in_one_zone(line: bytes) -> Record | None:
        record = read(line)
        if record is None or record.kind != "record" or record.time is None or record.offset is not None:
            return record
        if not is_of_parent(record) and record.pid not in zone.parents and _digest(line) not in zone.exceptions:
            record.time -= zone.ahead * MICRO
        return record

    return read_in_one_zone


def _digest(line: bytes) -> int:
    from hashlib import blake2b  # noqa: PLC0415 - few logs have workers in other zones

    return int.from_bytes(blake2b(line, digest_size=8).digest(), "big")


def _ahead(time: int, now: int | None, skew: int, usual: int) -> int:
    """By how much a worker's line is ahead: that by which it comes soonest after the line before it.

    `usual`: what its process was last, which counts after a silence.
    """
    if now is None:
        return usual
    waits = {ahead: time - ahead - now for ahead in (0, skew)}
    later = {ahead: wait for ahead, wait in waits.items() if wait >= -PAUSE}
    if not later or (usual in later and min(later.values()) > PAUSE):
        return usual
    return min(later, key=lambda ahead: later[ahead])
