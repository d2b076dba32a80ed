"""What a line is by its own looks, with nothing around it: httpd's head, a part of one, or a neighbour's line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.logs.console.parts import part_of_head
from logsleuth.logs.console.reading import Reading
from logsleuth.logs.httpd.tokenize import HEAD, tokenize
from logsleuth.logs.others import (
    audit,
    jk,
    kernel,
    litespeed,
    oracle,
    passenger,
    php,
    rt,
    supervisor,
    systemd,
    websphere,
    windows,
)
from logsleuth.logs.others.access.layout import KNOWN
from logsleuth.logs.others.access.reader import access_reader
from logsleuth.logs.others.neighbours import read_head, read_undated_nginx

if TYPE_CHECKING:
    from collections.abc import Callable

    from logsleuth.logs.httpd.record import Record

    Read = Callable[[str], Record | None]

HTTPD = "httpd"
BRACKETED: tuple[tuple[str, Read], ...] = (
    (HTTPD, php.read), (HTTPD, rt.read), (HTTPD, passenger.read), (HTTPD, oracle.read), (HTTPD, websphere.read),
    ("jk", jk.read), ("syslog", kernel.read),
)  # fmt: skip
"""Whose patterns are tried on a program's lines, and what reads them: of lines that begin with a bracket,"""
DATED: tuple[tuple[str, Read], ...] = ((HTTPD, litespeed.read), ("syslog", supervisor.read))
"""with a digit,"""
WORDED: tuple[tuple[str, Read], ...] = (
    (HTTPD, windows.read),
    ("syslog", systemd.read),
    ("syslog", audit.read),
    ("syslog", kernel.read),
)
"""with anything else."""
BY_HEAD = ("nginx", "fpm")
"""Neighbours whose lines are known by their heads alone."""
QUOTE = '"'
ACCESS = access_reader(KNOWN)


def own_looks(text: str) -> Reading | None:
    """What the line is; None: it has no head that anybody knows."""
    if HEAD.match(text):
        record = tokenize(_bytes_of(text))
        return Reading("head", HTTPD, record) if record.kind == "record" else None
    programs = BRACKETED if text.startswith("[") else DATED if text[:1].isdecimal() else WORDED
    for source, read in programs:
        if (record_ := read(text)) is not None:
            return _of_program(source, record_)
    return _neighbour(text) or _odd(text)


def is_of_kin(line: bytes) -> bool:
    """Whether a line is that of a server which is kin to httpd: LiteSpeed, Oracle's, IBM's."""
    text = line.decode("utf-8", "backslashreplace").rstrip("\r")
    return any(read(text) is not None for read in (litespeed.read, oracle.read, websphere.read))


def _bytes_of(text: str) -> bytes:
    """The line's bytes; half a character, which JSON can spell and no encoding has, is written as its escape."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace")


def _of_program(source: str, record: Record) -> Reading:
    if record.kind == "continuation":
        return Reading("bare", source, record)
    return Reading("neighbour" if source != HTTPD else "head", source, record)


def _odd(text: str) -> Reading | None:
    """An odd head, or what is left of one."""
    if text.startswith(("[", "\0", "\ufeff")):
        record = tokenize(_bytes_of(text))
        if record.kind == "foreign":
            return Reading("neighbour", "suexec", record)
        if record.kind == "record":
            return Reading("head", HTTPD, record)
    part = part_of_head(text)
    return None if part is None else Reading("part", HTTPD, part)


def _neighbour(text: str) -> Reading | None:
    """An access line, or another program's that beside httpd's are known by their looks alone."""
    if QUOTE in text and "[" in text:
        record = ACCESS(_bytes_of(text))
        if record is not None and record.kind == "foreign":
            return Reading("neighbour", "access", record)
    for kind in BY_HEAD:
        if (found := read_head(kind, text)) is not None:
            return Reading("neighbour", kind, found)
    undated = read_undated_nginx(text)
    return None if undated is None else Reading("neighbour", "nginx", undated)
