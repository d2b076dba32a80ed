"""Which wrapper a log's lines are in, and the reader of an error log inside it."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from logsleuth.logs.tokenize import HEAD, LEVELLED, tokenize
from logsleuth.logs.wrappers.containers import peel_compose, peel_cri, peel_docker, peel_stamp
from logsleuth.logs.wrappers.journal import peel_journal
from logsleuth.logs.wrappers.servers import peel_server
from logsleuth.logs.wrappers.syslog import peel_new, peel_old

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from logsleuth.logs.reader import Reader
    from logsleuth.logs.record import Record
    from logsleuth.logs.wrappers.peeled import Peeled

    Peel = Callable[[str, date], Peeled | None]

WRAPPERS: dict[str, Peel] = {
    "docker json-file": lambda line, _: peel_docker(line),
    "journal json": lambda line, _: peel_journal(line),
    "syslog (RFC 5424)": lambda line, _: peel_new(line),
    "Kubernetes CRI": lambda line, _: peel_cri(line),
    "syslog": peel_old,
    "time stamps": lambda line, _: peel_stamp(line),
    "docker compose": lambda line, _: peel_compose(line),
    "server names": lambda line, _: peel_server(line),
}
"""By the name that reports give them; the more special ones first."""
HTTPD = re.compile(r"(?:.*/)?(?:httpd|apache2?)(?:[-.\w]*)\Z")
"""Syslog tags of the server (`ErrorLog syslog` uses the program's name, or the given tag)."""
ACCESS = re.compile(r'\S+ \S+ \S+ \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] "')
EPOCH_HEAD = "[Thu Jan 01 00:00:00 1970] "
"""Stands in for the time that `ErrorLog syslog` leaves to the syslog daemon (server/log.c, using_syslog)."""
MOST_FOREIGN = 0.2
"""Share of the lines that may be without the wrapper: what a rotation or an operator writes."""


def find_wrapper(lines: Sequence[str], newest: date) -> tuple[str, int] | None:
    """The wrapper of these lines that has an error log inside, and how many of them are that log's; or None."""
    for name, peel in WRAPPERS.items():
        peeled = [outer for line in lines if (outer := peel(line, newest)) is not None]
        if len(peeled) < (1 - MOST_FOREIGN) * len(lines):
            continue
        ours = sum(1 for outer in peeled if _is_ours(outer) and _like_error_log(outer.inner))
        if ours:
            return name, ours
    return None


def wrapped(name: str, newest: date, inner: Reader | None = None) -> Reader:
    """The reader of an error log in this wrapper; `inner` reads its lines (default: httpd's default formats)."""
    return partial(_read, WRAPPERS[name], newest, inner or tokenize)


def _read(peel: Peel, newest: date, inner: Reader, line: bytes) -> Record | None:
    outer = peel(line.decode("utf-8", "backslashreplace"), newest)
    if outer is None:
        return inner(line)
    if not _is_ours(outer) or ACCESS.match(outer.inner):
        return None
    record = inner(outer.inner.encode("utf-8", "backslashreplace"))
    if record is not None and record.time is None and LEVELLED.match(outer.inner):
        record = inner((EPOCH_HEAD + outer.inner).encode("utf-8", "backslashreplace"))
        if record is not None:
            record.time = None
    if record is None:
        return None
    if record.time is None:
        record.time, record.offset, record.precision = outer.time, outer.offset, outer.precision
    if record.pid is None:
        record.pid = outer.pid
    record.extra.update((key, value) for key, value in outer.extra.items() if key not in record.extra)
    return record


def _is_ours(outer: Peeled) -> bool:
    """Whether the server wrote the line: where the wrapper names no program, all are taken for its."""
    return outer.program is None or bool(HTTPD.match(outer.program))


def _like_error_log(inner: str) -> bool:
    return bool(HEAD.match(inner) or LEVELLED.match(inner))
