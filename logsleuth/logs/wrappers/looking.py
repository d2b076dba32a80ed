"""Records of a shape that nobody lists: the field in which httpd's heads are is found by looking.

What else is read goes by the usual names of such fields.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from logsleuth.logs.tokenize import HEAD, LEVELLED
from logsleuth.logs.wrappers.moments import stamp_of
from logsleuth.logs.wrappers.wrapper import Shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from logsleuth.logs.wrappers.objects import Fields

MOST_FIELDS = 200
"""Fields of one record that are looked at."""
MOST_DEPTH = 6
LOOKED_AT = 200
"""Records that are looked at."""
TIME = r"time|timestamp|ts|date|datetime|eventtime|logged_?at|created_?at|when"
HOST = r"host|host_?name|server|node|machine|computer|instance|pod|pod_?name|source_?host"
FILE = r"file|filename|file_?path|path|log_?file|logpath|source"
NAMES: dict[str, re.Pattern[str]] = {
    "time": re.compile(rf"(?i)(?:^|[._@ ])(?:{TIME})(?:$|[._ \[])"),
    "host": re.compile(rf"(?i)(?:^|[._])(?:{HOST})(?:[._]name)?$"),
    "container": re.compile(r"(?i)(?:^|[._])container(?:[._]?(?:name|id))?$"),
    "file": re.compile(rf"(?i)(?:^|[._])(?:{FILE})(?:[._](?:name|path))?$"),
    "level": re.compile(r"(?i)(?:^|[._])(?:level|severity|loglevel|priority)$"),
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
