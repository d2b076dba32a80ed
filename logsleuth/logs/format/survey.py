"""What a log is, for people who want to check it: how its sampled lines were read, and which were not understood."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from logsleuth.logs.format.reader import reader_of
from logsleuth.logs.format.sniff import SAMPLE
from logsleuth.logs.httpd.tokenize import tokenize
from logsleuth.logs.open.sampling import further_samples
from logsleuth.values import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logsleuth.logs.httpd.record import Record
    from logsleuth.logs.open.log import Log

SHOWN = 3
"""Lines whose fields are shown, and lines that were not understood."""
REASONS = {
    "unparsed": "it starts like a line of this format, but does not continue like one",
    "bare": "it has no head: it was written by a child, script or library, or before the log was opened",
    "continuation": "it continues the line before it",
}
"""Why a line has no fields, by the kind of its record."""
WORDLESS = "it has no head, and its words are not known from Apache or a related program"
"""Why a line of a paste was not understood."""
PRECISIONS = {0: "seconds", 3: "milliseconds", 6: "microseconds", 9: "nanoseconds"}


@dataclass(frozen=True, slots=True)
class Survey:
    """One log's sampled lines."""

    log: Log
    lines: int
    """Sampled lines that are not empty, without those that another reader reads."""
    read: int
    """Of these, lines whose fields were found."""
    shown: tuple[Record, ...]
    """The first of each kind of line."""
    not_understood: tuple[tuple[str, str], ...]
    """Some lines without fields, and why."""
    first: int | None
    last: int | None
    """Local microseconds of the earliest and the latest time in the sample."""
    precision: int
    """The most digits of a second that a line has."""
    offsets: tuple[int, ...]
    """Seconds east of UTC that lines name."""
    whose: tuple[tuple[str, int], ...] = ()
    """Of a paste: whose lines there are, by the source of their patterns, and how many."""
    around: tuple[tuple[str, int, str], ...] = ()
    """Of a paste: what was taken off lines, of how many, and what was taken from it."""
    taken: tuple[tuple[str, str], ...] = ()
    """Of a wrapped log: what was taken from the wrapper, and from which of its fields."""
    hosts: tuple[str, ...] = ()
    """The hosts that lines name, those with most lines first."""


def survey(log: Log) -> Survey:
    """Read a log's head, and of a plain file its middle and end too. Raises OSError."""
    if log.format.source is None:
        return Survey(log, 0, 0, (), (), None, None, 0, ())
    if log.format.pasted:
        return _of_paste(log)
    read = reader_of(log.format, log.newest) or partial(tokenize, vhost=log.format.vhost)
    pairs = [
        (line, record)
        for line in _lines(log)
        if line.strip() and (record := read(line.rstrip(b"\r"))) is not None
    ]  # fmt: skip
    understood = [record for _, record in pairs if record.kind in ("record", "foreign")]
    others = {record.kind: line for line, record in reversed(pairs) if record.kind in REASONS}
    found = _surveyed(
        log, len(pairs), understood,
        tuple((line.decode("utf-8", "backslashreplace"), REASONS[kind]) for kind, line in sorted(others.items())),
    )  # fmt: skip
    return _of_wrapper(found, [line for line, _ in pairs]) if log.format.wrapper is not None else found


def _of_wrapper(found: Survey, lines: list[bytes]) -> Survey:
    """The same, with what was taken from the wrapper."""
    from logsleuth.logs.wrappers.taken import taken_from  # noqa: PLC0415 - most logs are in no wrapper

    wrapper, texts = found.log.format.wrapper, (line.decode("utf-8", "backslashreplace") for line in lines)
    return found if wrapper is None else replace(found, taken=taken_from(wrapper, texts, found.log.newest))


def _of_paste(log: Log) -> Survey:
    """Read all lines of a paste, from any program."""
    from logsleuth.logs.console.dressings import GIVES  # noqa: PLC0415 - few logs are pasted
    from logsleuth.logs.console.reader import read_line  # noqa: PLC0415

    newest = log.format.day or log.newest
    pairs = [
        (text, reading)
        for line in _lines(log)
        if (reading := read_line(text := line.decode("utf-8", "backslashreplace"), newest)).record is not None
    ]
    known = [reading for _, reading in pairs if reading.understood]
    others = [(text, WORDLESS) for text, reading in pairs if not reading.understood][:SHOWN]
    found = _surveyed(log, len(pairs), [one.record for one in known if one.record is not None], tuple(others))
    around = Counter(name for one in known for name in one.dressings)
    return replace(
        found, whose=tuple(Counter(one.source for one in known).most_common()),
        around=tuple((name, count, GIVES.get(name, "")) for name, count in around.most_common()),
    )  # fmt: skip


def _surveyed(log: Log, lines: int, understood: list[Record], not_understood: tuple[tuple[str, str], ...]) -> Survey:
    times = [record.time for record in understood if record.time is not None]
    return Survey(
        log, lines, len(understood), _different(understood), not_understood,
        first=min(times, default=None), last=max(times, default=None),
        precision=max((record.precision for record in understood), default=0),
        offsets=tuple(sorted({record.offset for record in understood if record.offset is not None})),
        hosts=tuple(host for host, _ in Counter(r.host for r in understood if r.host is not None).most_common()),
    )  # fmt: skip


def _lines(log: Log) -> Iterator[bytes]:
    with log.open() as stream:
        head = b""
        while len(head) < SAMPLE and (part := stream.read(SAMPLE - len(head))):
            head += part
    lines = head.split(b"\n")
    yield from lines[:-1] if len(head) == SAMPLE and len(lines) > 1 else lines
    if log.is_plain and len(head) == SAMPLE and log.size:
        with log.open() as stream:
            for later in further_samples(stream, log.size, SAMPLE):
                yield from later.split(b"\n")


def _different(records: list[Record]) -> tuple[Record, ...]:
    """The first records that differ in which fields they have; if there are too few of them, the next ones."""
    kinds: dict[tuple[object, ...], Record] = {}
    for record in records:
        fields = (record.module is None, record.client is None, record.errno is None, record.code is None)
        kinds.setdefault(fields, record)
    chosen = [*kinds.values()]
    chosen += [record for record in records[:SHOWN] if all(record is not other for other in chosen)]
    return tuple(chosen[:SHOWN])
