"""The logs of a run, read once more where that can be done, for what a tally does not keep.

Each log is read at most once for all incidents of a run; of a large one only what is of their time. A log that was
changed, removed or damaged meanwhile has no lines here, nor has a time in which too much was written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar, cast

from logsleuth.errors import LogsleuthError
from logsleuth.logs.format.reader import access_formats
from logsleuth.logs.open.unpack import failures
from logsleuth.regexes import regex
from logsleuth.report.compose.log.part import STAMP, Part, minute_of, part_of
from logsleuth.scan.sighting import LONGEST_TEXT, Sighting
from logsleuth.units import MINUTE, SECOND
from logsleuth.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from logsleuth.logs.httpd.record import Reader, Request
    from logsleuth.logs.open.log import Log
    from logsleuth.scan.tally import Tally
    from logsleuth.timeline.clock import Clock

Found = TypeVar("Found")
LARGEST: Final = 16 << 20
"""Bytes of a log that are looked through again at most: a tenth of a second."""
AROUND: Final = 60
"""Minutes before and after those that are asked for that are read with them, for the next question."""
ASKED: Final = regex(rb'"([A-Za-z-]{1,20}) (?:[a-z]+://[^/ "]*)?(/[^?#; "]*)')
"""The method of a line's request, and the path that it asks for."""
STATUS: Final = regex(rb'"(?:[^"\\]|\\.)*" (\d{3})\b')
"""Behind a line's request."""
ANSWER: Final = regex(rb'"(?:[^"\\]|\\.)*" 200 (\d{1,12})(?!\S)')
"""Of a good answer, with its bytes (%b, %B, %O)."""
QUOTED: Final = regex(rb'"(?:[^"\\]|\\.)*"')
USER: Final = regex(rb'\A(?:[^\s\["]+ ){2,3}(?!- )[^\s\["]+ \[[^\]"]{1,40}\] "')
"""A line in httpd's usual formats that names a user."""
REFERER_PLACE, AGENT_PLACE = 1, 2
"""Which of the quoted parts of a line they are, from 0, in the format "combined"."""
MOST_KEPT: Final = 50_000
"""Requests that are kept for the next question."""
WITHOUT: Final = -1
"""The minute of lines without such a time."""


class RawLine(NamedTuple):
    """A line as it is in its log."""

    offset: int
    text: bytes


class AskedAgain(NamedTuple):
    """A request, with what a tally does not keep of it."""

    log: int
    """The number of its log."""
    line: RawLine
    time: int
    """UTC microseconds."""
    local: int
    """Local microseconds, as in a tally."""
    request: Request
    level: str
    """error: it failed; warn: it was refused; info: it was served."""
    method: str
    path: str
    """That was asked for, whole, without what was sent to it; empty: the line names none."""
    took: int | None = None
    """Microseconds until it was answered; None: the line does not say."""
    usual: bytes = b""
    """The line as httpd's usual formats have it, where it is in another."""

    @property
    def text(self) -> bytes:
        """The line in a usual format, with which all else that it says is found."""
        return self.usual or self.line.text

    @property
    def status(self) -> str:
        """Of its answer."""
        found = STATUS.search(self.text)
        return found[1].decode() if found else ""

    @property
    def size(self) -> int:
        """Bytes of a good answer (200); 0: it got another, or the line does not say."""
        found = ANSWER.search(self.text)
        return int(found[1]) if found else 0

    @property
    def names_user(self) -> bool:
        """It came with the name of a user."""
        return USER.search(self.text) is not None

    @property
    def referer(self) -> str:
        """The page that led to it; empty: the line names none."""
        return _quoted(self.text, REFERER_PLACE)

    @property
    def agent(self) -> str:
        """How the client names itself; empty: the line does not say."""
        return _quoted(self.text, AGENT_PLACE) or self._sole_quoted()

    def _sole_quoted(self) -> str:
        """What alone is quoted behind the request, where that is no page: a format without a referer has the agent."""
        alone = self.referer if len(QUOTED.findall(self.text)) == AGENT_PLACE else ""
        return "" if alone.startswith(("http://", "https://")) else alone


class Again:
    """Access to the lines of a run's logs."""

    def __init__(self, logs: Sequence[Log]) -> None:
        self._logs = logs
        self._data: dict[int, bytes] = {}
        self._found: dict[tuple[int, Callable[[bytes], object]], object] = {}
        self.read_closely = 0
        """Bytes of other programs' logs whose lines were read one by one."""
        self._parts: dict[int, Part] = {}
        self._minutes: dict[int, dict[int, list[RawLine]]] = {}
        self._requests: dict[tuple[int, int], list[AskedAgain]] = {}
        self._kept = 0
        self._readers: dict[int, Reader] = {}

    def data(self, number: int) -> bytes:
        """All of a log; empty where it cannot be read again."""
        if number not in self._data:
            self._data[number] = _read(self._logs[number])
        return self._data[number]

    def found(self, number: int, look: Callable[[bytes], Found]) -> Found:
        """What a look through all of a log finds, which is the same for each incident."""
        key = (number, look)
        if key not in self._found:
            self._found[key] = look(self.data(number))
        return cast("Found", self._found[key])

    def between(self, number: int, first: int, last: int) -> Iterator[RawLine]:
        """Lines of an access log from one minute since 1970 to another, both included, and those without a time."""
        for minute in self._minutes_between(number, first, last):
            yield from self._by_minute(number, minute, minute).get(minute, ())

    def _minutes_between(self, number: int, first: int, last: int) -> Iterator[int]:
        """Those of which a log has lines; first, that of lines without a time."""
        by_minute = self._by_minute(number, first, last)
        if WITHOUT in by_minute:
            yield WITHOUT
        if last - first > len(by_minute):
            yield from (minute for minute in sorted(by_minute) if first <= minute <= last)
        else:
            yield from (minute for minute in range(first, last + 1) if minute in by_minute)

    def _by_minute(self, number: int, first: int, last: int) -> dict[int, list[RawLine]]:
        """The lines of a log, or, if it is large, at least those from one minute to another."""
        is_whole = (self._logs[number].size or 0) <= LARGEST
        known = self._parts.get(number)
        if known is None or not (is_whole or (known.first <= first and last <= known.last) or first == WITHOUT):
            known = self._parts[number] = self._part(number, first, last, is_whole=is_whole)
            self._minutes[number] = _by_minute(known)
            if not is_whole:
                self._minutes[number].pop(WITHOUT, None)  # of which minute they are, only the whole log says
        return self._minutes[number]

    def _part(self, number: int, first: int, last: int, *, is_whole: bool) -> Part:
        if is_whole:
            return Part(first, last, 0, self.data(number))
        log = self._logs[number]
        wide = part_of(log, first - AROUND, last + AROUND, LARGEST)
        return wide if wide.data else part_of(log, first, last, LARGEST)

    def requests(self, number: int, clock: Clock, begin: int, end: int) -> Iterator[AskedAgain]:
        """The requests of an access log from one moment to another, both included (UTC microseconds)."""
        return (one for one in self.connections(number, clock, begin, end) if one.request.asks)

    def connections(self, number: int, clock: Clock, begin: int, end: int) -> Iterator[AskedAgain]:
        """The same with the connections that timed out before they asked for anything."""
        for minute in self._minutes_between(number, begin // MINUTE, end // MINUTE):
            yield from (one for one in self._parsed(number, minute, clock) if begin <= one.time <= end)

    def _parsed(self, number: int, minute: int, clock: Clock) -> list[AskedAgain]:
        """The requests of a minute: the same ones are asked for again and again, for several questions."""
        key = (number, minute)
        if key not in self._requests:
            if self._kept > MOST_KEPT:
                self._requests.clear()
                self._kept = 0
            lines = self._by_minute(number, minute, minute).get(minute, ())
            formats = access_formats(self._logs[number].format)
            self._requests[key] = list(_requests(number, lines, self._reader(number), formats, clock))
            self._kept += len(lines)
        return self._requests[key]

    def _bytes(self, number: int, begin: int, end: int) -> bytes:
        """A part of a log that can be read again."""
        if data := self.data(number):
            return data[begin:end]
        try:
            with self._logs[number].open() as stream:
                stream.seek(begin)
                return stream.read(end - begin)
        except failures(LogsleuthError):
            return b""

    def _reader(self, number: int) -> Reader:
        if number not in self._readers:
            from logsleuth.logs.others.access.layout import KNOWN  # noqa: PLC0415 - most runs have no access log
            from logsleuth.logs.others.access.reader import access_reader  # noqa: PLC0415

            # an access log may stand among the lines of an error log, as in the output of a container
            self._readers[number] = access_reader(access_formats(self._logs[number].format) or KNOWN)
        return self._readers[number]

    def sighting(self, number: int, line: RawLine, time: int, tally: Tally) -> Sighting:
        """A line as evidence. `time`: local microseconds."""
        offset = line.offset
        block = max((begin for begin in tally.logs[number].blocks if begin <= offset), default=0)
        before = self._bytes(number, max(block - 1, 0), max(offset - 1, 0)).count(b"\n")
        nth = before + 1 if block == 0 and offset else before
        text = line.text.rstrip(b"\r").decode("utf-8", "backslashreplace")[:LONGEST_TEXT]
        return Sighting(time, number, offset, block, nth, "", "", 0, 0, 0, text)


def _by_minute(part: Part) -> dict[int, list[RawLine]]:
    found: dict[int, list[RawLine]] = {}
    offset = part.offset
    for text in part.data.split(b"\n"):
        stamp = STAMP.search(text)
        minute = WITHOUT if stamp is None else minute_of(*stamp.groups())
        found.setdefault(minute, []).append(RawLine(offset, text))
        offset += len(text) + 1
    return found


def _requests(
    number: int, lines: Iterable[RawLine], read: Reader, formats: tuple[str, ...], clock: Clock
) -> Iterator[AskedAgain]:
    from logsleuth.logs.others.access.reader import usual_text  # noqa: PLC0415 - most runs have no access log

    for line in lines:
        record = read(line.text)
        if record is None or record.time is None or record.request is None:
            continue
        utc = clock.utc(record.time)  # if the line's time is in the zone of the run
        time = utc if record.offset is None else record.time - record.offset * SECOND
        text = usual_text(formats, line.text)
        local, (method, path) = time + (record.time - utc), _asked_for(text)
        level, made = record.level or "info", b"" if text is line.text else text
        yield AskedAgain(number, line, time, local, record.request, level, method, path, record.took, made)


def _read(log: Log) -> bytes:
    if not log.is_plain or not 0 < (log.size or 0) <= LARGEST:
        return b""
    try:
        with log.open() as stream:
            return stream.read(log.size or 0)
    except failures(LogsleuthError):
        return b""


def _quoted(line: bytes, place: int) -> str:
    """One of the quoted parts of a line; empty: it has none, or `-`."""
    quoted = QUOTED.findall(line)
    text = quoted[place][1:-1].decode("utf-8", "backslashreplace") if len(quoted) > place else ""
    return "" if text == "-" else text


def _asked_for(line: bytes) -> tuple[str, str]:
    """The method and the path of a line's request; empty: it names none."""
    asked = ASKED.search(line)
    return (asked[1].decode(), asked[2].decode("utf-8", "backslashreplace")) if asked else ("", "")
