"""The lines of other programs' logs: the same `Lines` as of an httpd log, made line by line.

These logs are given beside an error log and are small; their heads have no fixed places, so each line is read
by a regex. A new format is a row in HEADS.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from logsleuth.logs.tokenize import MONTHS, midnight
from logsleuth.scan.lines import NO_TIME, Lines, Vocabulary, lend_times, split_lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from logsleuth.scan.lines import Kind, Proc
    from logsleuth.scan.tokens import Tokens

T = TypeVar("T")
_CLOCK = rb"(?P<clock>\d\d:\d\d:\d\d)"
HEADS: dict[str, re.Pattern[bytes]] = {
    # src/core/ngx_log.c, ngx_log_error_core
    "nginx": re.compile(
        rb"(?P<year>\d{4})/(?P<month>\d\d)/(?P<day>\d\d) " + _CLOCK
        + rb" \[(?P<level>\w+)\] (?P<pid>\d{1,10})#\d+: (?:\*\d+ )?"
    ),
    # sapi/fpm/fpm/zlog.c
    "fpm": re.compile(
        rb"\[(?P<day>\d\d)-(?P<month>[A-Z][a-z]{2})-(?P<year>\d{4}) " + _CLOCK + rb"(?:\.\d+)?\] (?P<level>[A-Z]+): "
    ),
    # dmesg -T
    "kernel": re.compile(
        rb"\[[A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2}) (?P<day>[ \d]\d) " + _CLOCK + rb" (?P<year>\d{4})\] "
    ),
    # RFC 3164 as rsyslog writes it to files: without a year
    "syslog": re.compile(
        rb"(?P<month>[A-Z][a-z]{2}) (?P<day>[ \d]\d) " + _CLOCK + rb" \S+ "
        rb"(?:kernel: (?:\[ *\d+\.\d+\] )?|[\w./\-]+(?:\[(?P<pid>\d{1,10})\])?: )"
    ),
}  # fmt: skip


def index_foreign(
    data: bytes, size: int, *, at_start: bool, vocabulary: Vocabulary, kind: str, year: int, reach: int
) -> Lines:
    """Read the heads of all lines that begin in `data[:size]`; `year` is taken where the format has none."""
    start, end = split_lines(data, size, at_start=at_start)
    head = HEADS[kind]
    lines = Lines(
        data, start, end,
        second=np.full(len(start), NO_TIME, np.int64), time=start, dated=np.zeros(len(start), np.bool_),
        kind=np.full(len(start), -1, np.int64), proc=np.full(len(start), -1, np.int64), text=start.copy(),
        client=np.zeros(len(start), np.bool_), kinds=vocabulary.kinds.values, procs=vocabulary.procs.values,
    )  # fmt: skip
    kinds: list[Kind] = []
    procs: list[Proc] = []
    read = []
    for number, (begin, stop) in enumerate(zip(start.tolist(), end.tolist(), strict=True)):
        found = head.match(data, begin, stop)
        second = _second(found.groupdict(), year) if found else NO_TIME
        if found is None or second == NO_TIME:
            continue
        fields = found.groupdict()
        lines.second[number] = second
        lines.text[number] = found.end()
        read.append(number)
        kinds.append(("", (fields.get("level") or b"").decode("ascii", "replace").lower()))
        procs.append((int(fields.get("pid") or 0), 0))
    which = np.array(read, np.int64)
    lines.dated[which] = True
    lines.kind[which] = _ids(vocabulary.kinds, kinds)
    lines.proc[which] = _ids(vocabulary.procs, procs)
    lend_times(lines, reach)
    lines.time = lines.second * 1_000_000
    return lines


def _ids(tokens: Tokens[T], values: list[T]) -> NDArray[np.int64]:
    """The ids of these values, told apart by their own hashes."""
    hashes = np.array([hash(value) & 0xFFFFFFFFFFFFFFFF for value in values], np.uint64)
    return tokens.ids(hashes, lambda at: values[at])


def _second(fields: dict[str, bytes | None], year: int) -> int:
    """Local seconds since 1970, or NO_TIME."""
    month = (fields["month"] or b"").decode("ascii", "replace")
    number = int(month) if month.isdigit() else MONTHS.get(month, 0)
    named = fields.get("year")
    day = midnight(named.decode() if named else str(year), number, (fields["day"] or b"").decode())
    hour, minute, second = ((fields["clock"] or b"")[at : at + 2] for at in (0, 3, 6))
    return NO_TIME if day is None else day + int(hour) * 3600 + int(minute) * 60 + int(second)
