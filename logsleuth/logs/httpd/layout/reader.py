"""The reader of a log whose lines are in one or several ErrorLogFormats, and in httpd's own where they are not."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from logsleuth.logs.httpd.layout.layout import layout
from logsleuth.logs.httpd.tokenize import tokenize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.logs.httpd.record import Reader, Record

MOST_OPEN = 10_000
"""Connections and requests whose lines are remembered, to be joined with the messages that name them."""


def layout_reader(formats: Sequence[str], *, vhost: bool = False) -> Reader:
    """A reader of lines in any of these formats (arguments of ErrorLogFormat).

    A line of none of them is read as one of httpd's default formats: messages written before the configuration was
    read, an older file, another virtual host. If several formats fit, the one that leaves least as free text does.
    """
    layouts = [layout(argument) for argument in formats]

    def read(line: bytes) -> Record:
        text = line.decode("utf-8", "backslashreplace")
        if text.endswith("\r"):
            text = text[:-1]
        found = [(record, one) for one in layouts if (record := one.read(text)) is not None]
        if not found:
            return tokenize(line, vhost=vhost)
        record, one = min(found, key=lambda pair: len(pair[0].message))
        if not one.dated and (default := tokenize(line, vhost=vhost)).kind == "record":
            return default  # such a format fits any line
        return record

    return read


def joined(read: Reader) -> Reader:
    """The same, for lines that are read in order: what a connection's or request's own lines say is added by `%L`.

    What the message's line says itself stands. Only the last MOST_OPEN connections and requests are remembered.
    """
    known: OrderedDict[tuple[str, str], Record] = OrderedDict()

    def read_in_order(line: bytes) -> Record | None:
        record = read(line)
        if record is None:
            return None
        for name in ("request", "connection"):  # in this order: a request's line may name its connection
            _add(record, known.get((name, record.extra.get(name, ""))))
        role = record.extra.get("line", "")
        if role in record.extra:
            known[role, record.extra[role]] = record
            if len(known) > MOST_OPEN:
                known.popitem(last=False)
        return record

    return read_in_order


def _add(record: Record, more: Record | None) -> None:
    """What another line of the same connection or request says, where the record says nothing."""
    if more is None:
        return
    if record.client is None:
        record.client, record.client_port = more.client, more.client_port
    record.referer = record.referer or more.referer
    record.pid, record.tid = record.pid or more.pid, record.tid or more.tid
    for name, value in more.extra.items():
        if name != "line":
            record.extra.setdefault(name, value)
