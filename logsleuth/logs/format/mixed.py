"""One record for each line, whatever it is: a file may hold lines of several formats, each read by its own."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING

from logsleuth.logs.console.reader import read_line
from logsleuth.logs.format.reader import reader_of
from logsleuth.logs.format.sniff import sniff
from logsleuth.logs.httpd.tokenize import tokenize
from logsleuth.logs.others.access.layout import KNOWN
from logsleuth.logs.others.access.reader import access_reader

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from logsleuth.logs.format.sniff import Format
    from logsleuth.logs.httpd.record import Reader, Record
    from logsleuth.logs.open.log import Log

NEIGHBOURS = frozenset({"access", "fpm", "nginx"})
"""Other programs' lines that are known by their looks alone; an application's output may look like the others'."""


def mixed(log: Log) -> Callable[[bytes], Record]:
    """The reader of all lines of a log: by the log's own format where that fits, else by the line's."""
    if log.format.pasted:
        return partial(_by_its_looks, log.format.day or log.newest)
    own = _reader(log.format, log.newest) if log.format.source is not None else None

    def read(line: bytes) -> Record:
        record = own(line) if own is not None else None
        if record is None or record.kind in ("bare", "unparsed"):
            default = tokenize(line, vhost=log.format.vhost)
            if record is None or default.kind == "record":
                record = default
        if record.kind not in ("bare", "unparsed") or not line:
            return record
        other = _other(line, log)
        return record if other is None else other

    return read


def _by_its_looks(newest: date, line: bytes) -> Record:
    """A line of a paste, from any program."""
    record = read_line(line.decode("utf-8", "backslashreplace"), newest).record
    return tokenize(line) if record is None else record


def _other(line: bytes, log: Log) -> Record | None:
    """The line as one of another format, if it looks like one."""
    form = sniff(line + b"\n", complete=True, newest=log.newest)
    if form.wrapper is None and form.kind not in NEIGHBOURS:
        return None
    read = _reader(form, log.newest)
    record = read(line) if read is not None else None
    return None if record is None or record.kind in ("bare", "unparsed") else record


@lru_cache(maxsize=64)
def _reader(form: Format, newest: date) -> Reader | None:
    if form.kind == "access":
        return access_reader(form.layouts or KNOWN, whole=True)
    return reader_of(form, newest)
