"""Which wrapper a log's lines are in, and the reader of an error log inside it."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from logsleuth.logs.format.rewrite import NEWEST_FIRST, both
from logsleuth.logs.httpd.record import Record
from logsleuth.logs.httpd.tokenize import CODE, HEAD, LEVELLED, split_client, tokenize
from logsleuth.logs.wrappers.cloudwatch import peel_tail
from logsleuth.logs.wrappers.columns import columns_in, fields_of_row
from logsleuth.logs.wrappers.containers import peel_compose, peel_cri, peel_docker, peel_stamp
from logsleuth.logs.wrappers.entries import entries_in, is_newest_first
from logsleuth.logs.wrappers.fluent import peel_fluent_bit, peel_fluentd
from logsleuth.logs.wrappers.heroku import peel_heroku
from logsleuth.logs.wrappers.journal import peel_journal
from logsleuth.logs.wrappers.loki import peel_loki
from logsleuth.logs.wrappers.looking import columns_by_looking, shape_by_looking
from logsleuth.logs.wrappers.objects import object_of, value_at
from logsleuth.logs.wrappers.servers import peel_server
from logsleuth.logs.wrappers.shape import peel_record
from logsleuth.logs.wrappers.shippers import ENVELOPES, SHAPES, enveloped
from logsleuth.logs.wrappers.syslog import HTTPD, peel_new, peel_old
from logsleuth.logs.wrappers.wrapper import Wrapper
from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from logsleuth.logs.httpd.record import Reader
    from logsleuth.logs.wrappers.objects import Fields
    from logsleuth.logs.wrappers.peeled import Peeled
    from logsleuth.logs.wrappers.wrapper import Shape

    Peel = Callable[[str, date], Peeled | None]

WRAPPERS: dict[str, Peel] = {
    "docker json-file": lambda line, _: peel_docker(line),
    "journal json": lambda line, _: peel_journal(line),
    "Heroku": lambda line, _: peel_heroku(line),
    "syslog (RFC 5424)": lambda line, _: peel_new(line),
    "Kubernetes CRI": lambda line, _: peel_cri(line),
    "Fluentd": lambda line, _: peel_fluentd(line),
    "Fluent Bit": lambda line, _: peel_fluent_bit(line),
    "Loki": lambda line, _: peel_loki(line),
    "syslog": peel_old,
    "time stamps": lambda line, _: peel_stamp(line),
    "CloudWatch": peel_tail,
    "docker compose": lambda line, _: peel_compose(line),
    "server names": lambda line, _: peel_server(line),
}
"""By the name that reports give them; the more special ones first."""
ACCESS = re.compile(r'(?:\S+ )?\S+ \S+ \S+ \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] "')
EPOCH_HEAD = "[Thu Jan 01 00:00:00 1970] "
"""Takes the place of the time that `ErrorLog syslog` leaves to the syslog daemon (server/log.c, using_syslog)."""
DEEPEST = 2
"""Wrappers within a wrapper."""
MOST_FOREIGN = 0.2
"""Share of the lines that may be without the wrapper: what a rotation or an operator writes."""


def peel(wrapper: Wrapper, line: str, newest: date) -> Peeled | None:
    """A line without its wrapper; None: it is not in it."""
    outer = _peel_outer(wrapper, line, newest)
    if outer is None or wrapper.inside is None:
        return outer
    inner = peel(wrapper.inside, outer.inner, newest)
    return outer if inner is None else _joined(outer, inner)


def _peel_outer(wrapper: Wrapper, line: str, newest: date) -> Peeled | None:
    if wrapper.shape is None:
        return WRAPPERS[wrapper.name](line, newest)
    fields = object_of(line) if wrapper.columns is None else fields_of_row(line, wrapper.columns)
    return None if fields is None else peel_record(wrapper.shape, fields)


def _joined(outer: Peeled, inner: Peeled) -> Peeled:
    """What two wrappers say: the inner one's word counts, and the outer one's where that has none.

    The outer one's program and pid are the shipper's.
    """
    dated = inner if inner.time is not None else outer
    return replace(
        inner,
        time=dated.time, offset=dated.offset, precision=dated.precision,
        host=inner.host or outer.host,
        level=inner.level or outer.level,
        extra={**outer.extra, **inner.extra},
    )  # fmt: skip


def find_wrapper(lines: Sequence[str], newest: date, depth: int = DEEPEST) -> tuple[Wrapper, int] | None:
    """The wrapper of these lines that has an error log inside, and how many of them are that log's; or None."""
    around: list[tuple[Wrapper, list[Peeled]]] = []
    for wrapper, peeled, count in _candidates(lines, newest):
        inside = [outer for outer in peeled if outer is not None]
        if not inside or len(inside) < (1 - MOST_FOREIGN) * count:
            continue
        if ours := [outer for outer in inside if _like_error_log(outer)]:
            return replace(wrapper, programs=_programs(ours)), len(ours)
        around.append((wrapper, inside))
    for wrapper, inside in around if depth else ():
        texts = [outer.inner for outer in inside if outer.inner.strip()]
        if texts and sum(text.lstrip()[:1] == "{" for text in texts) >= MOST_FOREIGN * len(texts):
            found = find_wrapper(texts, newest, depth - 1)
            if found is not None:
                return replace(wrapper, programs=found[0].programs, inside=found[0]), found[1]
    return None


def _candidates(lines: Sequence[str], newest: date) -> Iterator[tuple[Wrapper, list[Peeled | None], int]]:
    """The wrappers that lines may be in, likeliest first; the lines without them; and how many lines count."""
    for name, peel_line in WRAPPERS.items():
        yield Wrapper(name), [peel_line(line, newest) for line in lines], len(lines)
    columns = (columns_in(lines[0]) or columns_by_looking(lines)) if lines else None
    rows = [fields_of_row(line, columns) for line in lines] if columns else [object_of(line) for line in lines]
    if columns and rows[0] is None:
        rows = rows[1:]  # the header
    records = [row for row in rows if row is not None]
    if len(records) < (1 - MOST_FOREIGN) * len(rows):
        return
    for shape in _shapes(records):
        name = f"{shape.name} ({'CSV' if columns else 'JSON'})"
        yield Wrapper(name, shape, columns=columns), [peel_record(shape, record) for record in records], len(rows)


def peel_object(line: str, newest: date) -> Peeled | None:
    """A line of an error log in any shipper's record, by itself; None: it is in none."""
    record = object_of(line)
    for shape in _shapes([record]) if record is not None else ():
        outer = peel_record(shape, record or {})
        if outer is not None and (HEAD.match(outer.inner) or LEVELLED.match(outer.inner)):
            return outer
    return None


def _programs(ours: Iterable[Peeled]) -> frozenset[str]:
    named = {outer.program for outer in ours if outer.program is not None and HEAD.match(outer.inner)}
    return frozenset(name for name in named if not HTTPD.match(name))


def _shapes(records: Sequence[Fields]) -> Iterator[Shape]:
    """The shapes that such records may have, likeliest first."""
    if not records:
        return
    around = [path for path in ENVELOPES if all(path.split(".")[0] in record for record in records)]
    for path in around:
        yield from (enveloped(shape, path) for shape in SHAPES)
    yield from SHAPES
    if (found := shape_by_looking(records)) is not None:
        yield found


def preparation(wrapper: Wrapper, lines: Sequence[str], newest: date) -> str | None:
    """The rewriting that lines in this wrapper need before they are read; None: none."""
    read = wrapped(wrapper, newest)
    records = [read(line.encode("utf-8", "backslashreplace")) for line in lines]
    times = [record.time for record in records if record is not None and record.time is not None]
    is_json = wrapper.shape is not None and wrapper.columns is None and wrapper.inside is None
    path = _path_of_several(wrapper.shape, lines) if is_json and wrapper.shape is not None else None
    return both(NEWEST_FIRST if is_newest_first(times) else None, entries_in(path) if path else None)


def _path_of_several(shape: Shape, lines: Sequence[str]) -> str | None:
    """The path at which entries hold several lines; None: each holds one."""
    for line in lines:
        fields = object_of(line) if "\\n" in line else None
        for path in shape.message if fields is not None else ():
            whole = f"{shape.envelope}.{path}" if shape.envelope else path
            message = value_at(fields or {}, whole)
            if isinstance(message, str):
                if "\n" in message.strip("\n"):
                    return whole
                break
    return None


def wrapped(wrapper: Wrapper, newest: date, inner: Reader | None = None) -> Reader:
    """The reader of an error log in this wrapper; `inner` reads its lines (default: httpd's default formats)."""
    return partial(_read, wrapper, newest, inner or tokenize)


def wrapped_access(wrapper: Wrapper, newest: date, read: Reader) -> Reader:
    """The reader of the access lines in this wrapper; all others are passed over."""

    def read_access(line: bytes) -> Record | None:
        outer = peel(wrapper, line.decode("utf-8", "backslashreplace"), newest)
        if outer is None or not (outer.inner[:1] == "{" or ACCESS.match(outer.inner)):
            return None
        record = read(outer.inner.encode("utf-8", "backslashreplace"))
        return None if record is None or record.kind != "foreign" else _filled(record, outer)

    return read_access


def access_in(wrapper: Wrapper, line: str, newest: date) -> Peeled | None:
    """A line without its wrapper if it is an access log's; else None."""
    outer = peel(wrapper, line, newest)
    return outer if outer is not None and ACCESS.match(outer.inner) else None


def _read(wrapper: Wrapper, newest: date, inner: Reader, line: bytes) -> Record | None:
    text = line.decode("utf-8", "backslashreplace")
    outer = peel(wrapper, text, newest)
    if outer is None:
        if wrapper.columns is not None and columns_in(text) == wrapper.columns:
            return None  # the header
        return Record("unparsed", text) if text.startswith("{") else inner(line)
    if not _is_ours(outer, wrapper.programs) or ACCESS.match(outer.inner):
        return None
    record = _inner_record(outer, inner)
    return None if record is None else _filled(record, outer)


def _inner_record(outer: Peeled, inner: Reader) -> Record | None:
    """What the line itself says."""
    record = inner(outer.inner.encode("utf-8", "backslashreplace"))
    if record is not None and record.time is None and LEVELLED.match(outer.inner):
        record = inner((EPOCH_HEAD + outer.inner).encode("utf-8", "backslashreplace"))
        if record is not None:
            record.time = None
    return record


def _filled(record: Record, outer: Peeled) -> Record:
    """The record, with what the wrapper says where the line itself says nothing."""
    record.logged = outer.utc
    if record.time is None:
        record.time, record.offset, record.precision = outer.time, outer.offset, outer.precision
    if outer.split and record.kind == "bare" and outer.level is not None and outer.inner:
        record.kind = "record"
    record.level = record.level or outer.level
    record.module = record.module or outer.module
    record.host = record.host or outer.host
    if record.pid is None:
        record.pid = outer.pid
    if record.tid is None:
        record.tid = outer.tid
    if record.client is None and outer.client is not None:
        record.client, record.client_port = split_client(outer.client, ported=True)
    record.extra.update((key, value) for key, value in outer.extra.items() if key not in record.extra)
    return record


def _is_ours(outer: Peeled, programs: frozenset[str]) -> bool:
    """Whether the server wrote the line: where the wrapper names no program, all are taken for its."""
    return outer.program is None or outer.program in programs or bool(HTTPD.match(outer.program))


def _like_error_log(outer: Peeled) -> bool:
    """Whether a line is an error log's: with a head, or with one that its program or its shipper took apart."""
    if HEAD.match(outer.inner):
        return True
    if not _is_ours(outer, frozenset()):
        return False
    named = outer.module is not None or outer.client is not None or CODE.match(outer.inner) is not None
    return bool(LEVELLED.match(outer.inner)) or (outer.split and outer.level is not None and named)
