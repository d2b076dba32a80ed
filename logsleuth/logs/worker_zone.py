"""Workers that write another local time than their parent into the same log, put right.

An application that calls tzset(), as Django does for its TIME_ZONE, sets the zone of the whole process, and with it
that of all that httpd logs from it. The parent's zone is the server's; a worker's first lines are in it, too, as long
as the application is not loaded. Zones differ by whole quarters of an hour, so such lines step back and forth by those.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from logsleuth.logs.tokenize import MONTHS, midnight

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import BinaryIO

HEAD = re.compile(
    rb"\[(?P<stamp>[A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2}) (?P<day>\d\d) (?P<clock>\d\d:\d\d:\d\d)(?P<fraction>\.\d{6})?"
    rb" (?P<year>\d{4}))\] \[(?:(?P<module>[\w.\-]*):)?\w{4,6}\] (?:\[pid (?P<pid>\d{1,10}))?"
)
MINUTES = re.compile(rb"^\[[A-Z][a-z]{2} ([A-Z][a-z]{2} \d\d \d\d:\d\d):", re.MULTILINE)
PARENT = re.compile(
    rb"AH00094: |resuming normal operations|caught SIGTERM|SIGHUP received|SIGUSR1 received|Graceful restart requested"
    rb"|child pid \d+ exit"
)
"""What only the parent says (server/mpm/*, server/mpm_unix.c, server/main.c)."""
QUARTER = 900
PAUSE = 120
"""Seconds that may pass between two lines of which one is in another zone."""
SILENCE = 600
FARTHEST = 26 * 3600
"""Seconds between the farthest zones."""
HOUR = 3600
"""Seconds that daylight saving time steps back once a year: to tell it from a zone takes more."""
NO_YEARS = (b"0001", b"9999")
"""Damaged dates, from which a step may lead to where there are none."""
LONGEST = 1 << 20
REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class _Line:
    time: int
    """Local seconds since 1970, as written."""
    parents: bool
    pid: int


NAME = re.compile(r"workers' zone ([+-]\d+) s")


def name_of(skew: int) -> str:
    """What the rewriting that puts such a log right is called."""
    return f"workers' zone {skew:+d} s"


def skew_named(name: str | None) -> int | None:
    """The skew that a rewriting's name says; None: it is another one's."""
    found = NAME.fullmatch(name or "")
    return int(found[1]) if found else None


def skew_of(parts: Sequence[bytes]) -> int | None:
    """Seconds that workers' times are ahead of their parent's (behind: less than 0); None: they are not.

    `parts`: samples of one log. That times step back shows it, as a server's never do but once a year. Which of the
    two zones is the parent's is seen from its lines, and from what a process writes first.
    """
    if not any(map(_steps_back, parts)):
        return None
    found = [_Steps(_lines(part.split(b"\n"))) for part in parts]
    steps = sum((one.steps for one in found), Counter[int]())
    votes = sum((one.votes for one in found), Counter[int]())
    for skew, count in votes.most_common(1):
        back, forth = steps[-abs(skew)], steps[abs(skew)]
        enough = back >= 2 if abs(skew) == HOUR else back and forth
        if enough and 3 * votes[-skew] < count:
            return skew
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


def _lines(lines: Iterable[bytes]) -> Iterator[_Line]:
    for line in lines:
        found = HEAD.match(line)
        time = None if found is None else _seconds(found)
        if found is not None and time is not None:
            yield _Line(time, _is_parents(found, line), int(found["pid"] or 0))


def _is_parents(head: re.Match[bytes], line: bytes) -> bool:
    return (head["module"] or b"").startswith(b"mpm_") or PARENT.search(line, head.end(), head.end() + 200) is not None


def _quarters(seconds: int) -> int | None:
    """The whole quarters of an hour that two lines' times are apart; None: it is not known.

    Up to ten minutes are a silence.
    """
    if -PAUSE <= seconds < SILENCE:
        return 0
    step = round(seconds / QUARTER) * QUARTER
    return step if step and abs(seconds - step) <= PAUSE and abs(step) <= FARTHEST else None


def _seconds(head: re.Match[bytes]) -> int | None:
    """Local seconds since 1970; None: there is no such day."""
    day = _midnight(head["year"], head["month"], head["day"])
    clock = head["clock"]
    return None if day is None else day + int(clock[:2]) * 3600 + int(clock[3:5]) * 60 + int(clock[6:])


@lru_cache(maxsize=64)
def _midnight(year: bytes, month: bytes, day: bytes) -> int | None:
    if year in NO_YEARS:
        return None
    return midnight(year.decode(), MONTHS.get(month.decode(), 0), day.decode())


def put_right(stream: BinaryIO, skew: int) -> Iterator[bytes]:
    """The lines of a log, all in the parent's zone; none gets longer or shorter."""
    now: int | None = None
    own: dict[int, int] = {}
    for line in iter(lambda: stream.readline(LONGEST), b""):
        text = line.removesuffix(b"\n")
        head = HEAD.match(text)
        time = None if head is None else _seconds(head)
        if head is None or time is None:
            yield text
            continue
        pid = int(head["pid"] or 0)
        ahead = 0 if _is_parents(head, text) else _ahead(time, now, skew, own.get(pid, skew))
        if pid:
            own[pid] = ahead
            if len(own) > REMEMBERED:
                own.clear()
        now = time - ahead
        yield text if not ahead else text[: head.start("stamp")] + _stamp(head, now) + text[head.end("stamp") :]


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


def _stamp(head: re.Match[bytes], time: int) -> bytes:
    """A time as httpd writes it (`ap_recent_ctime_ex`)."""
    day, clock = _words(time // 86_400), time % 86_400
    of_day = b"%02d:%02d:%02d" % (clock // 3600, clock // 60 % 60, clock % 60)
    return b" ".join((day[0], of_day + (head["fraction"] or b""), day[1]))


@lru_cache(maxsize=64)
def _words(day: int) -> tuple[bytes, bytes]:
    """'Tue Mar 03' and '2020'."""
    date = datetime(1970, 1, 1) + timedelta(days=day)
    return f"{date.ctime()[:7]} {date.day:02d}".encode(), f"{date.year:04d}".encode()
