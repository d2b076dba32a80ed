"""Another program's log, read once more: its lines with their times, from any moment on.

A tally keeps no unknown lines of other programs; what is out of the ordinary there is looked for in the log itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.library.thrown import reason_below
from logsleuth.logs.format.reader import reader_of
from logsleuth.regexes import regex
from logsleuth.report.compose.log.again import RawLine
from logsleuth.report.words import file_name
from logsleuth.units import SECOND
from logsleuth.values import NamedTuple, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from logsleuth.lives.live import Lives
    from logsleuth.logs.httpd.record import Record
    from logsleuth.report.compose.story.exhibits import Exhibits
    from logsleuth.scan.sighting import Sighting

OTHERS: Final = frozenset(
    {"syslog", "kernel", "packages", "jk", "nginx", "fpm", "suexec", "watchdog", "service", "application", "dated"}
)
"""Kinds of logs that are other programs'."""
STEP: Final = 64 << 10
"""Bytes: to find a time in a log, no piece is halved further than this."""
CONTINUES: Final = regex(r"\s|Stack trace:|#\d+ |thrown in /|\.{3} \d+ more|Caused by: |at [\w.$/<>]+\(|\[stacktrace\]")
"""How a message begins that goes on with the record before it: a frame of a stack."""
VARIES: Final = regex(rb"[0-9a-fA-F]*[0-9][0-9a-fA-F]*|\s+")
"""What makes two lines of one kind differ: numbers."""
NAMED: Final = regex(
    rb'"(?:[^"\\]|\\.){0,400}"|(?<![A-Za-z])\'[^\']{1,200}\'|<[^<>]{1,200}>|\[[^\[\]]{1,200}\]'
    rb"|(?<=[\w-]=)[^\s,;\"'<\[]+|(?i:\b(?:user|login|account)) (?!is |was |has |name )[\w.@\\-]{1,64}"
    rb"|(?<![\w.])(?:[a-z][a-z+]{1,10}://|/)[^\s,;\"'()<>\[\]]+"
)
"""What lines of one kind name: texts in quotes and brackets, values, users, URLs and paths. A long one is cut off."""


MOST_BELOW: Final = 200
"""Lines below the head of a record that are looked at."""


class DatedLine(NamedTuple):
    """A line that has a time of its own."""

    line: RawLine
    record: Record
    time: int
    """UTC microseconds."""
    below: tuple[RawLine, ...] = ()
    """The lines without a time that follow it."""

    def with_below(self, below: Sequence[RawLine]) -> Iterator[DatedLine]:
        """The line with what follows it; where it is a time alone, each of those that follow is a line of that time."""
        if self.record.message:
            yield self._replace(below=tuple(below))
            return
        for line in below:
            yield self._replace(line=line, record=replace(self.record, message=_text(line)))

    @property
    def reason(self) -> RawLine:
        """The line that says most of what happened: of a record with a stack, the one that names what was thrown."""
        nth = self._thrown
        return self.line if nth is None else self.below[nth]

    @property
    def message(self) -> str:
        """What that line says, without what the log puts before it."""
        nth = self._thrown
        return self.record.message if nth is None else _text(self.below[nth])

    @property
    def _thrown(self) -> int | None:
        return reason_below([line.text.decode("utf-8", "backslashreplace") for line in self.below])


class DatedLog:
    """The lines of one log of another program."""

    def __init__(self, number: int, data: bytes, read: Callable[[bytes], Record | None], exhibits: Exhibits) -> None:
        """`read`: the reader of its format."""
        self.number, self.data, self.path = number, data, exhibits.logs[number].path
        self.name = file_name(self.path)
        self._read, self._exhibits, self._ahead = read, exhibits, 0

    @classmethod
    def each(cls, lives: Lives, exhibits: Exhibits, kinds: Collection[str] = OTHERS) -> Iterator[DatedLog]:
        """The logs of other programs that can be read again."""
        for number, log in enumerate(exhibits.logs):
            if log.format.kind not in kinds:
                continue
            data, read = exhibits.again.data(number), reader_of(log.format, log.newest)
            if data and read is not None:
                found = cls(number, data, read, exhibits)
                found._ahead = lives.timeline.offsets.get(number, 0)
                yield found

    def goes_on(self, found: DatedLine) -> bool:
        """Whether a line only goes on with the record before it, and reports nothing by itself."""
        return CONTINUES.match(found.record.message) is not None

    def place_of(self, time: int) -> int:
        """The place from which on all lines of this moment and later stand, as lines are in order of time."""
        low, high = 0, len(self.data)
        while high - low > STEP:
            middle = self.data.find(b"\n", (low + high) // 2, high) + 1
            first = next(self.lines(middle, middle + STEP), None) if middle else None
            if first is None or first.time >= time:
                high = middle - 1 if middle else low
            else:
                low = middle
        return low

    def lines(self, begin: int, end: int) -> Iterator[DatedLine]:
        """The lines from one place to another that have a time of their own, with what is below each."""
        self._exhibits.again.read_closely += max(min(end, len(self.data)) - begin, 0)
        offset, head = begin, None
        below: list[RawLine] = []
        for text in self.data[begin:end].split(b"\n"):
            record = self._read(text.rstrip(b"\r")) if text else None
            if record is not None and record.time is not None and record.kind in {"foreign", "record"}:
                if head is not None:
                    yield from head.with_below(below)
                head, below = DatedLine(RawLine(offset, text), record, self._utc(record)), []
            elif text and len(below) < MOST_BELOW:
                below.append(RawLine(offset, text))
            offset += len(text) + 1
        if head is not None:
            yield from head.with_below(below)

    def sighting(self, found: DatedLine) -> Sighting:
        """A line as evidence, or what is below it that says more."""
        record, exhibits = found.record, self._exhibits
        local = (record.time or 0) if record.offset is None else 2 * found.time - exhibits.clock.utc(found.time)
        return exhibits.again.sighting(self.number, found.reason, local, exhibits.tally)

    def _utc(self, record: Record) -> int:
        assert record.time is not None, "only lines with a time are asked for theirs"
        time = record.time - self._ahead
        return self._exhibits.clock.utc(time) if record.offset is None else time - record.offset * SECOND


def _text(line: RawLine) -> str:
    return line.text.decode("utf-8", "backslashreplace").strip()


def shape(line: bytes) -> bytes:
    """What lines of one kind have in common."""
    return VARIES.sub(b"#", line.rstrip(b"\r"))


def kind_of(line: bytes) -> bytes:
    """What lines of one kind have in common, whomever and whatever they name."""
    return shape(NAMED.sub(b"#", line))
