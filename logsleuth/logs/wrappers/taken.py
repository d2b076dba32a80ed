"""Where a wrapped log's fields were taken from, for people who want to check it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.logs.wrappers.columns import fields_of_row
from logsleuth.logs.wrappers.objects import object_of, value_at
from logsleuth.logs.wrappers.wrapped import peel
from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from logsleuth.logs.wrappers.objects import Fields
    from logsleuth.logs.wrappers.peeled import Peeled
    from logsleuth.logs.wrappers.wrapper import Wrapper

KINDS = (
    "message", "time", "host", "stream", "container", "file", "level", "program", "pid", "module", "tid", "client",
    "port",
)  # fmt: skip
"""What a shape may say, in the order in which it is shown."""
AROUND = "around the line"
LOOKED_AT = 200
"""Lines of a sample that are looked at."""


def taken_from(wrapper: Wrapper, lines: Iterable[str], newest: date) -> tuple[tuple[str, str], ...]:
    """What was taken from a wrapper, and from which of its fields; of each kind the fields that a sample has."""
    sample = [line for _, line in zip(range(LOOKED_AT), lines, strict=False)]
    found: dict[str, dict[str, None]] = {}
    for line in sample:
        for kind, where in _of_line(wrapper, line, newest):
            found.setdefault(kind, {})[where] = None
    return tuple((kind, ", ".join(found[kind])) for kind in KINDS if kind in found)


def _of_line(wrapper: Wrapper, line: str, newest: date) -> Iterator[tuple[str, str]]:
    if wrapper.inside is not None:
        outer = peel(replace(wrapper, inside=None), line, newest)
        yield from () if outer is None else _of_line(wrapper.inside, outer.inner, newest)
        yield from _of_line(replace(wrapper, inside=None), line, newest)
        return
    if wrapper.shape is None:
        outer = peel(wrapper, line, newest)
        yield from () if outer is None else _said(outer)
        return
    record = object_of(line) if wrapper.columns is None else fields_of_row(line, wrapper.columns)
    if record is not None:
        yield from _paths(wrapper, record)


def _paths(wrapper: Wrapper, record: Fields) -> Iterator[tuple[str, str]]:
    """The paths that are read of a record."""
    shape = wrapper.shape
    prefix = f"{shape.envelope}." if shape is not None and shape.envelope else ""
    for kind in KINDS:
        for path in getattr(shape, kind):
            value = value_at(record, prefix + path)
            if isinstance(value, (str, int, float)) and value != "":
                yield kind, prefix + path
                break


def _said(outer: Peeled) -> Iterator[tuple[str, str]]:
    """What a line's wrapper says that has no names for it."""
    said = {
        "time": outer.time, "host": outer.host, "program": outer.program, "pid": outer.pid, "level": outer.level,
        "container": outer.extra.get("container"), "file": outer.extra.get("file"), "stream": outer.extra.get("stream"),
    }  # fmt: skip
    yield from ((kind, AROUND) for kind, value in said.items() if value is not None)
