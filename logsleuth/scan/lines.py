"""The lines of a block: split, read one by one, and lent a time where they have none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.logs.open.block import PAD
from logsleuth.logs.open.hosts import LONGEST_HOST
from logsleuth.scan.line import MICRO, NO_KIND, NO_TIME, Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logsleuth.logs.httpd.record import Reader, Record
    from logsleuth.logs.open.block import Block
    from logsleuth.scan.clock import WallClock
    from logsleuth.scan.head import HeadReader

LENDING = 2
"""An undated line may borrow the time of one behind it within a span divided by this, and an entry that starts
undated may fill as much: both together a block shows behind its own lines."""


def split_lines(block: Block) -> Iterator[tuple[int, bytes]]:
    """Each line that starts in a block, with its place; one that started before the block is passed over."""
    data = block.data[: len(block.data) - PAD]
    place = 0 if block.at_start else data.find(b"\n") + 1
    if not place and not block.at_start:
        return
    lines = data[place:].split(b"\n")
    if not lines[-1]:
        lines.pop()
    for line in lines:
        yield place, line[:-1] if line[-1:] == b"\r" else line
        place += len(line) + 1


def default_lines(block: Block, heads: HeadReader) -> list[Line]:
    """All lines of a block in one of httpd's default formats."""
    return [_default_line(nth, place, raw, heads) for nth, (place, raw) in enumerate(split_lines(block))]


def _default_line(nth: int, place: int, raw: bytes, heads: HeadReader) -> Line:
    time, writer, client, text = heads.read(raw)
    dated = time is not None
    moment = NO_TIME * MICRO if time is None else time
    if writer is None:
        return Line(nth, place, raw, moment, dated, None, 0, 0, b"", raw, False, raw[:1] == b"[")
    kind = writer.kind
    parsed = kind is not NO_KIND
    return Line(
        nth, place, raw, moment, dated, kind, writer.pid, writer.tid, client, raw[text:], parsed, not parsed
    )  # fmt: skip


def record_lines(block: Block, reader: Reader, clock: WallClock, reach: int) -> list[Line]:
    """All lines of a block in any other format, each read by the log's reader."""
    return [
        # no further than any block shows of a line that it owns
        record_line(nth, place, raw, reader(raw[:reach]), clock)
        for nth, (place, raw) in enumerate(split_lines(block))
    ]


def record_line(nth: int, place: int, raw: bytes, record: Record | None, clock: WallClock) -> Line:
    """A line as its log's reader has it."""
    if record is None:
        return Line(nth, place, raw, NO_TIME * MICRO, False, None, 0, 0, b"", b"", False, inner=b"", passed=True)
    time = NO_TIME * MICRO
    if record.time is not None:
        time = record.time if record.offset is None else clock.local(record.time, record.offset)
    parsed = record.kind in ("record", "foreign")
    client, text = _client(record), _text(record)
    return Line(
        nth, place, raw, time, record.time is not None,
        kind=(record.module or "", record.level or "") if parsed else None, pid=record.pid or 0, tid=record.tid or 0,
        client=client, rest=text, parsed=parsed, damaged=record.kind == "unparsed",
        inner=client + b" " + text if client else text, request=record.request, took=_answered_in(record),
        host=record.host[:LONGEST_HOST] if record.host else "",
    )  # fmt: skip


def _answered_in(record: Record) -> int | None:
    """Microseconds until a request was answered, where an access log says it."""
    return None if record.request is not None and record.request.switches else record.took


def _client(record: Record) -> bytes:
    """The client field as httpd writes it by default."""
    if record.client is None:
        return b""
    port = f":{record.client_port}" if record.client_port is not None else ""
    return _one_line(f"[client {record.client}{port}]")


def _text(record: Record) -> bytes:
    """What patterns are matched on; the referer follows where the default formats have it."""
    return _one_line(record.text if record.referer is None else f"{record.text}, referer: {record.referer}")


def _one_line(text: str) -> bytes:
    """A record is one line: what an outer format let through (JSON does) is escaped as httpd escapes it."""
    if "\n" in text or "\r" in text:
        text = text.replace("\n", "\\n").replace("\r", "\\r")
    return text.encode("utf-8", "backslashreplace")


def lend_times(lines: Sequence[Line], reach: int) -> None:
    """Give each undated line the second of the last dated line before it, or of the next one after it.

    `reach`: how many bytes away that one may be, so that every block which owns the line shows it.
    """
    before: Line | None = None
    waiting: list[Line] = []
    for line in lines:
        if line.dated:
            before = line
            for bare in waiting:
                if line.stop - bare.place <= reach // LENDING:
                    bare.time = line.second * MICRO
            waiting.clear()
        elif before is not None and line.place - before.place <= reach:
            line.time = before.second * MICRO
        else:
            waiting.append(line)


def lines_by_host(lines: Sequence[Line], reach: int) -> dict[str, list[Line]]:
    """The lines of each host, in order. A line that names none goes with the line before it, else with the one after.

    `reach`: how many bytes away that one may be, so that every block which owns the line shows it.
    """
    hosts: dict[str, list[Line]] = {}
    before: Line | None = None
    waiting: list[Line] = []
    for line in lines:
        host = line.host
        if host:
            for bare in waiting:
                near = line.stop - bare.place <= reach // LENDING
                hosts.setdefault(host if near else "", []).append(bare)
            waiting.clear()
            before = line
        elif before is not None and line.place - before.place <= reach:
            host = before.host
        else:
            waiting.append(line)
            continue
        hosts.setdefault(host, []).append(line)
    if waiting:
        hosts.setdefault("", []).extend(waiting)
    return hosts
