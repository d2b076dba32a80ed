"""Records of a shape that nobody lists: the field in which httpd's heads are is found by looking.

What else is read goes by the usual names of such fields.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from logsleuth.logs.httpd.tokenize import HEAD, LEVELLED
from logsleuth.logs.open.hosts import HOST as HOST_NAME
from logsleuth.logs.wrappers.columns import SEPARATORS, cells_of
from logsleuth.logs.wrappers.moments import stamp_of
from logsleuth.logs.wrappers.shape import LEVEL_NAMES
from logsleuth.logs.wrappers.wrapper import Shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from logsleuth.logs.wrappers.columns import Columns
    from logsleuth.logs.wrappers.objects import Fields

MOST_FIELDS = 200
"""Fields of one record that are looked at."""
MOST_DEPTH = 6
SHORT_NUMBER = re.compile(r"\d{1,12}\Z")
"""More likely an id than seconds since 1970, where no name says what it is."""
LOOKED_AT = 200
"""Records that are looked at."""
TIME = r"t|time|timestamp|ts|date|datetime|eventtime|logged_?at|created_?at|when"
HOST = r"host|host_?name|server|node|machine|computer|instance|pod|pod_?name|source_?host"
FILE = r"file|filename|file_?path|path|log_?file|logpath|source"
NAMES: dict[str, re.Pattern[str]] = {
    "time": re.compile(rf"(?i)(?:^|[._@ ])(?:{TIME})(?:$|[._ \[])"),
    "host": re.compile(rf"(?i)(?:^|[._])(?:{HOST})(?:[._]name)?(?: \d+)?$"),
    "container": re.compile(r"(?i)(?:^|[._])container(?:[._]?(?:name|id))?$"),
    "file": re.compile(rf"(?i)(?:^|[._])(?:{FILE})(?:[._](?:name|path))?$"),
    "level": re.compile(r"(?i)(?:^|[._])(?:level|severity|loglevel|priority)(?: \d+)?$"),
}
"""How fields are named that hold these."""


def shape_by_looking(records: Sequence[Fields]) -> Shape | None:
    """The shape of records in one of whose fields httpd's heads are; None: there is none such."""
    flat = [dict(leaves(record)) for record in records[:LOOKED_AT]]
    heads = Counter(path for record in flat for path, value in record.items() if _has_head(value))
    if not heads:
        return None
    message = min(heads, key=lambda path: (-heads[path], len(path)))
    found = {kind: _named(flat, kind, message) for kind in NAMES}
    return Shape(
        f"records, their lines in {message}", marks=(message,), message=(message,), time=found["time"],
        host=found["host"], container=found["container"], file=found["file"], level=found["level"],
    )  # fmt: skip


def columns_by_looking(lines: Sequence[str]) -> Columns | None:
    """The columns of a table without a header, in one of which httpd's heads are; None: it is no table.

    They are named after what their values look like, as far as that is seen.
    """
    for separator in SEPARATORS:
        rows = [(cells_of(line, separator), line) for line in lines[:LOOKED_AT]]
        width = Counter(len(row) for row, _ in rows).most_common(1)[0][0] if rows else 0
        alike = [(row, line) for row, line in rows if len(row) == width]
        if width > 1 and any(_has_head_in_a_cell(row, line) for row, line in alike):
            named = [_looks(column) for column in zip(*(row for row, _ in alike), strict=True)]
            return (separator, *(f"{name} {number}" for number, name in enumerate(named, 1)))
    return None


def _has_head_in_a_cell(row: Sequence[str], line: str) -> bool:
    """Whether a head begins a cell, and not merely the line itself: error lines hold commas too."""
    return any(_has_head(cell) for cell in (row if line.startswith('"') else row[1:]))


def _looks(column: Sequence[str]) -> str:
    """What a column is named after: 'time', 'level', 'host', or nothing in particular."""
    values = [cell for cell in column if cell]
    if values and all(stamp_of(cell) is not None and not SHORT_NUMBER.match(cell) for cell in values):
        return "time"
    if values and all(cell.lower() in LEVEL_NAMES and not cell.isdigit() for cell in values):
        return "level"
    return "host" if values and all(HOST_NAME.match(cell) for cell in values) else "column"


def leaves(value: object, path: str = "", depth: int = 0) -> Iterator[tuple[str, object]]:
    """The values of a record that are no objects, by their dotted paths."""
    if isinstance(value, dict) and depth < MOST_DEPTH:
        for number, (key, inner) in enumerate(value.items()):
            if number >= MOST_FIELDS:
                return
            yield from leaves(inner, f"{path}.{key}" if path else str(key), depth + 1)
    elif path:
        yield path, value[0] if isinstance(value, list) and len(value) == 1 else value


def _has_head(value: object) -> bool:
    return isinstance(value, str) and bool(HEAD.match(value) or LEVELLED.match(value))


def _named(records: Iterable[dict[str, object]], kind: str, message: str) -> tuple[str, ...]:
    """The fields whose names and values are of this kind, those on the message's level first."""
    paths = dict.fromkeys(path for record in records for path in record if NAMES[kind].search(path))
    fitting = [path for path in paths if path != message and any(_fits(kind, record.get(path)) for record in records)]
    above = message.rpartition(".")[0]
    return tuple(sorted(fitting, key=lambda path: (path.rpartition(".")[0] != above, len(path), path))[:4])


def _fits(kind: str, value: object) -> bool:
    return stamp_of(value) is not None if kind == "time" else isinstance(value, str) and 0 < len(value) < 256
