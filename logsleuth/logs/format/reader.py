"""Which reader takes the lines of a log of this format."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from logsleuth.bounded import LAST_SECOND
from logsleuth.logs.httpd.record import Record
from logsleuth.logs.httpd.tokenize import tokenize
from logsleuth.logs.zones.workers import in_one_zone

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from logsleuth.logs.format.sniff import Format
    from logsleuth.logs.httpd.record import Reader
    from logsleuth.logs.others.access.converters import Converter

FARTHEST_ZONE = 15 * 3600
"""Seconds from UTC: Kiribati's is 14 hours."""


def reader_of(form: Format, newest: date) -> Reader | None:
    """The reader of a log; None for httpd's default formats, which are read a whole block at once.

    `newest`: the day of the log's last change, which tells the year of times that name none.
    """
    read = _reader_of(form, newest)
    return None if read is None else partial(_read_or_pass_over, read)


def access_formats(form: Format) -> tuple[str, ...]:
    """The LogFormats that the reader of an access log takes its lines to be in; none: it is something else."""
    if form.kind != "access" or form.pasted or form.wrapper is not None:
        return ()
    from logsleuth.logs.others.access.layout import KNOWN  # noqa: PLC0415 - most runs read error logs alone

    return form.layouts or KNOWN


PLAIN = {"docker json-file": "docker", "Kubernetes CRI": "cri", "syslog": "syslog"}
"""Wrappers that the compiled scan takes off lines itself, and what it calls them."""


def plain_wrapper(form: Format, newest: date) -> tuple[str, date] | None:
    """The wrapper that an error log in httpd's default format is in, if the compiled scan knows it; else None."""
    wrapper = form.wrapper
    if wrapper is None or wrapper.shape is not None or wrapper.inside is not None or wrapper.name not in PLAIN:
        return None
    if form.kind != "httpd" or form.pasted or form.layouts or form.vhost or form.workers is not None or form.access:
        return None
    return PLAIN[wrapper.name], newest


def plain_layouts(form: Format) -> tuple[str, ...]:
    """The ErrorLogFormats that an error log is in, with nothing around its lines; none: it is something else."""
    is_plain = form.kind == "httpd" and form.wrapper is None and not form.pasted and form.workers is None
    is_plain = is_plain and not form.access
    return form.layouts if is_plain else ()


def _read_or_pass_over(read: Reader, line: bytes) -> Record | None:
    """What a reader makes of a line. One line must not end a run, whatever it holds: then it counts as unparsed."""
    try:
        record = read(line)
        return record if record is None else _of_this_world(record)
    except (ValueError, ArithmeticError, LookupError, RecursionError):
        return Record("unparsed", line.decode("utf-8", "backslashreplace"))


def _of_this_world(record: Record) -> Record:
    """A record without a time or zone that no log can have: an epoch of twenty digits, or `-99:99`."""
    if record.time is not None and not 0 <= record.time < LAST_SECOND * 1_000_000:
        record.time = None
    if record.offset is not None and abs(record.offset) > FARTHEST_ZONE:
        record.offset = None
    return record


def _reader_of(form: Format, newest: date) -> Reader | None:
    if form.pasted:
        from logsleuth.logs.console.reader import console_reader  # noqa: PLC0415 - few logs are pasted

        return console_reader(form.source or "httpd", form.day or newest)
    if form.kind != "httpd":
        return _neighbours_reader(form, newest)
    read = _own_reader(form, newest)
    return read if form.workers is None else in_one_zone(read or partial(tokenize, vhost=form.vhost), form.workers)


def _neighbours_reader(form: Format, newest: date) -> Reader:
    """The reader of another program's lines; access lines may be in a wrapper beside httpd's own."""
    from logsleuth.logs.others.neighbours import neighbour  # noqa: PLC0415 - most runs read error logs alone

    read = neighbour(form, newest)
    if form.access and form.kind != "access":
        return _beside_requests(form, read)
    if form.wrapper is None:
        return partial(_requests_alone, read) if form.access or (form.kind == "access" and form.others) else read
    from logsleuth.logs.wrappers.wrapped import wrapped_access  # noqa: PLC0415 - most logs are in no wrapper

    return wrapped_access(form.wrapper, newest, read)


def _own_reader(form: Format, newest: date) -> Reader | None:
    """The reader of an error log, whatever the zones of its times."""
    inner = _inner(form)
    if form.wrapper is not None:
        from logsleuth.logs.wrappers.wrapped import wrapped  # noqa: PLC0415 - most logs are in no wrapper

        return wrapped(form.wrapper, newest, inner)
    return inner


def _requests_alone(read: Reader, line: bytes) -> Record | None:
    """A request among another log's lines; None: a line of that."""
    record = read(line)
    return record if record is not None and record.kind == "foreign" else None


def _inner(form: Format) -> Reader | None:
    """The reader of what httpd wrote itself, without the access lines that stand among it."""
    read = _own(form)
    return _beside_requests(form, read or partial(tokenize, vhost=form.vhost)) if form.access else read


def _beside_requests(form: Format, read: Reader) -> Reader:
    """The reader of what stands among access lines that are in no LogFormat."""
    from logsleuth.logs.others.access.converters import converters_of  # noqa: PLC0415 - most runs read error logs alone

    return partial(_without_requests, converters_of(form.access), read)


def _without_requests(requests: Sequence[Converter], read: Reader, line: bytes) -> Record | None:
    """A line of a log; None: it is a request."""
    text = line.decode("utf-8", "backslashreplace").rstrip("\r")
    return None if any(one.usual_line(text) is not None for one in requests) else read(line)


def _own(form: Format) -> Reader | None:
    if form.layouts:
        from logsleuth.logs.httpd.layout.reader import layout_reader  # noqa: PLC0415

        return layout_reader(form.layouts, vhost=form.vhost)
    return partial(tokenize, vhost=form.vhost) if form.line_by_line else None
