"""Exports made plain before they are read: rows over several lines, entries that hold several, newest first."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING

from logsleuth.logs.wrappers.columns import LONGEST_ROW, cells_of, columns_in, is_whole
from logsleuth.logs.wrappers.objects import object_of, value_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import BinaryIO

ROWS = "CSV rows over several lines"
ENTRIES = "entries of several lines ("
LARGEST_TURNED = 256 << 20
"""Bytes of a log that are put into the order of time; a larger one is read as it is."""
LEAST_STEPS = 2
BACKWARDS = 4
"""A log is newest first if times step back this many times as often as forward."""


def entries_in(path: str) -> str:
    """The name of the rewriting that splits entries at this path."""
    return f"{ENTRIES}{path})"


def path_named(name: str) -> str | None:
    """The path that such a name says; None: it is another rewriting's."""
    return name[len(ENTRIES) : -1] if name.startswith(ENTRIES) else None


def has_long_rows(sample: bytes) -> bool:
    """Whether a sample is CSV with rows that go on over several lines."""
    first, *rest = sample.decode("utf-8", "backslashreplace").split("\n")
    columns = columns_in(first)
    return columns is not None and any(not is_whole(line) for line in rest[:-1])


def rows_as_objects(stream: BinaryIO) -> Iterator[bytes]:
    """Each row of CSV as a JSON object; what is no row, as it is."""
    columns = columns_in(stream.readline(LONGEST_ROW).decode("utf-8", "backslashreplace")) or (",",)
    held = ""
    while line := stream.readline(LONGEST_ROW):
        held += line.decode("utf-8", "backslashreplace")
        if not is_whole(held) and len(held) < LONGEST_ROW:
            continue
        yield _object(held.rstrip("\r\n"), columns)
        held = ""
    if held:
        yield from (part.encode("utf-8", "backslashreplace") for part in held.split("\n"))


def _object(row: str, columns: Sequence[str]) -> bytes:
    cells = cells_of(row, columns[0])
    if len(cells) != len(columns) - 1:
        return row.replace("\n", "\\n").encode("utf-8", "backslashreplace")
    record = {name: cell for name, cell in zip(columns[1:], cells, strict=True) if cell}
    return json.dumps(record, ensure_ascii=False).encode("utf-8", "backslashreplace")


def split_entries(stream: BinaryIO, path: str) -> Iterator[bytes]:
    """Each line of an entry as an object of its own, with all that the entry says around it."""
    for line in iter(lambda: stream.readline(LONGEST_ROW), b""):
        text = line.removesuffix(b"\n")
        record = object_of(text.decode("utf-8", "backslashreplace")) if b"\\n" in text else None
        message = value_at(record, path) if record is not None else None
        if record is None or not isinstance(message, str) or "\n" not in message.strip("\n"):
            yield text
            continue
        for part in message.split("\n"):
            if part.strip():
                copy = _replaced(dict(record), path, part)
                yield json.dumps(copy, ensure_ascii=False).encode("utf-8", "backslashreplace")


def _replaced(record: dict[str, object], path: str, value: str) -> dict[str, object]:
    """A copy of a record with another value at a path that it has."""
    if path in record:
        return {**record, path: value}
    for at, char in enumerate(path):
        inner = record.get(path[:at])
        if char == "." and isinstance(inner, dict) and value_at(inner, path[at + 1 :]) is not None:
            return {**record, path[:at]: _replaced(inner, path[at + 1 :], value)}
    return record


def is_newest_first(times: Iterable[int]) -> bool:
    """Whether these times, as they come, step back much more often than forward."""
    steps = [after - before for before, after in pairwise(times)]
    back, forward = sum(step < 0 for step in steps), sum(step > 0 for step in steps)
    return back >= LEAST_STEPS and back > BACKWARDS * forward


def oldest_first(stream: BinaryIO) -> Iterator[bytes]:
    """The lines from the last to the first."""
    data = stream.read(LARGEST_TURNED)
    more = stream.read(1)
    lines = data.removesuffix(b"\n").split(b"\n")
    if not more:
        yield from reversed(lines)
        return
    yield from lines[:-1]
    yield lines[-1] + more + stream.readline(LONGEST_ROW).removesuffix(b"\n")
    yield from (line.removesuffix(b"\n") for line in iter(lambda: stream.readline(LONGEST_ROW), b""))
