"""A block of a log in any other than httpd's default formats: the same `Lines`, made record by record.

What patterns are matched on is written anew, one line a record, so that a message looks the same whatever it was
wrapped in; `Origin` keeps where each line really stands, for evidence and for the law that cuts don't matter.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from logsleuth.logs.block import PAD
from logsleuth.scan.entries import CLIENT_REACH
from logsleuth.scan.lines import Lines, Origin, Vocabulary, lend_times, split_lines
from logsleuth.scan.times import NO_TIME

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from logsleuth.logs.reader import Reader
    from logsleuth.logs.record import Record
    from logsleuth.scan.tokens import Tokens

T = TypeVar("T")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
QUARTER = 900 * 1_000_000
"""Microseconds; zones change their offset at whole quarters of an hour."""


class WallClock:
    """Turns a time whose zone the line names into the local time that the other logs are written in."""

    def __init__(self, zone: tzinfo = UTC) -> None:
        self._zone = zone
        self._offsets: dict[int, int] = {}

    def local(self, time: int, offset: int) -> int:
        """Local microseconds of a time that was written `offset` seconds east of UTC."""
        utc = time - offset * 1_000_000
        quarter = utc // QUARTER
        shift = self._offsets.get(quarter)
        if shift is None:
            try:
                there = (EPOCH + timedelta(microseconds=quarter * QUARTER)).astimezone(self._zone)
            except OverflowError:  # the first or last day that a calendar knows
                return utc
            shift = self._offsets[quarter] = int((there.utcoffset() or timedelta()).total_seconds()) * 1_000_000
        return utc + shift


def index_records(
    data: bytes, size: int, *, at_start: bool, vocabulary: Vocabulary, reader: Reader, clock: WallClock, reach: int
) -> Lines:
    """Read all lines that begin in `data[:size]`; the parameters are those of `index_lines`."""
    begin, stop = split_lines(data, size, at_start=at_start)
    count = len(begin)
    # no further than any block shows of a line that it owns
    shown = np.minimum(stop, begin + reach).tolist()
    records = [reader(data[i:j]) for i, j in zip(begin.tolist(), shown, strict=True)]
    clients = [_client(record) for record in records]
    texts = [_text(record) for record in records]
    lengths = np.array([len(client) + len(text) for client, text in zip(clients, texts, strict=True)], np.int64)
    ends = np.cumsum(lengths + 1) - 1
    starts = ends - lengths
    lead = np.array([len(client) for client in clients], np.int64)
    whole = b"".join(part for pair in zip(clients, texts, strict=True) for part in (*pair, b"\n")) + bytes(PAD)

    dated = np.array([record is not None and record.time is not None for record in records], np.bool_)
    time = np.array([_time(record, clock) for record in records], np.int64)
    lines = Lines(
        whole, starts, ends, second=time // 1_000_000, time=time, dated=dated,
        kind=_ids(vocabulary.kinds, records, _kind), proc=_ids(vocabulary.procs, records, _proc),
        text=starts + lead, client=lead > 0, field=starts, kinds=vocabulary.kinds.values, procs=vocabulary.procs.values,
        requests=[None if record is None else record.request for record in records],
        origin=Origin(
            data, begin, stop,
            unparsed=np.array([record is not None and record.kind == "unparsed" for record in records], np.bool_),
            passed=np.array([record is None for record in records], np.bool_),
        ),
    )  # fmt: skip
    if count:
        fraction = time - lines.second * 1_000_000
        lend_times(lines, reach)
        lines.time = lines.second * 1_000_000 + np.where(dated, fraction, 0)
    return lines


def _client(record: Record | None) -> bytes:
    if record is None or record.client is None:
        return b""
    port = f":{record.client_port}" if record.client_port is not None else ""
    return _one_line(f"[client {record.client}{port}] ").rjust(CLIENT_REACH)  # so that it hides the line before


def _text(record: Record | None) -> bytes:
    """What patterns are matched on; the referer stands where the default formats have it, to be cut off there."""
    if record is None:
        return b""
    return _one_line(record.text if record.referer is None else f"{record.text}, referer: {record.referer}")


def _one_line(text: str) -> bytes:
    """A record is one line: what an outer format let through (JSON does) is escaped as httpd escapes it."""
    if "\n" in text or "\r" in text:
        text = text.replace("\n", "\\n").replace("\r", "\\r")
    return text.encode("utf-8", "backslashreplace")


def _time(record: Record | None, clock: WallClock) -> int:
    if record is None or record.time is None:
        return NO_TIME * 1_000_000
    return record.time if record.offset is None else clock.local(record.time, record.offset)


def _kind(record: Record) -> tuple[str, str] | None:
    if record.kind not in ("record", "foreign"):
        return None
    return (record.module or "", record.level or "")


def _proc(record: Record) -> tuple[int, int] | None:
    return None if record.pid is None else (record.pid, record.tid or 0)


def _ids(tokens: Tokens[T], records: list[Record | None], value_of: Callable[[Record], T | None]) -> NDArray[np.int64]:
    """The id of each record's value, -1 where it has none; values are told apart by their own hashes."""
    values = [None if record is None else value_of(record) for record in records]
    ids = np.full(len(values), -1, np.int64)
    which = [number for number, value in enumerate(values) if value is not None]
    there = [value for value in values if value is not None]
    hashes = np.array([hash(value) & 0xFFFFFFFFFFFFFFFF for value in there], np.uint64)
    ids[which] = tokens.ids(hashes, lambda at: [there[place] for place in at.tolist()])
    return ids
