"""PHP's own error_log: `[25-May-2025 20:06:59 Europe/Berlin] PHP Fatal error:  …` (main/main.c of PHP)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from logsleuth.logs.httpd.record import Record
from logsleuth.logs.httpd.tokenize import EPOCH, MONTHS, midnight
from logsleuth.logs.wrappers.stamps import zone_offset

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

HEAD = re.compile(
    r"\[(?P<day>\d\d)-(?P<month>[A-Z][a-z]{2})-(?P<year>\d{4}) (?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)"
    r"(?:\.(?P<fraction>\d{1,6}))?(?: (?P<zone>[A-Za-z][\w+\-]{1,40}(?:/[\w+\-]{1,40}){0,2}|[+-]\d\d:\d\d))?\] "
    r"(?! *(?:(?:NOTICE|WARNING|ERROR|ALERT|DEBUG): |\[pool ))",  # PHP-FPM's
    re.ASCII,
)
KIND = re.compile(r"PHP (?P<kind>[A-Z][A-Za-z ]{1,30}): ")
LEVELS = {
    "Fatal error": "error", "Parse error": "error", "Recoverable fatal error": "error",
    "Catchable fatal error": "error", "Core error": "error", "Compile error": "error", "Warning": "warn",
    "Core Warning": "warn", "Notice": "notice", "Deprecated": "notice", "Strict Standards": "notice",
}  # fmt: skip
"""By PHP's name of a kind of error, the level that mod_php would have logged it at (sapi/apache2handler)."""

FIRST = re.compile(rb"\[\d\d-[A-Z][a-z]{2}-\d{4} [^\]\n]{8,60}\] PHP ")
FURTHER = re.compile(rb"(?:PHP )?Stack trace:|#\d{1,4} |  thrown in |PHP {1,3}\d{1,4}\. |Next [\w\\]{1,100}: ")
LONGEST = 1 << 20
"""Bytes of one error with its trace."""


def joined_traces(stream: BinaryIO) -> Iterator[bytes]:
    r"""The same log with each trace on the line of its error, as mod_php writes it: `…\nStack trace:\n#0 …`.

    An empty line replaces each that was joined to the one before.
    """
    error, held = b"", 0
    for raw in iter(lambda: stream.readline(LONGEST), b""):
        line = raw.rstrip(b"\r\n")
        if held and FURTHER.match(line) and len(error) < LONGEST:
            error += b"\\n" + line
            held += 1
            continue
        if held:
            yield error
            yield from [b""] * (held - 1)
        error, held = line, int(FIRST.match(line) is not None)
        if not held:
            yield line
    if held:
        yield error
        yield from [b""] * (held - 1)


def read(text: str) -> Record | None:
    """A line with PHP's head; None: it has none."""
    found = HEAD.match(text)
    if found is None:
        return None
    day = midnight(found["year"], MONTHS.get(found["month"], 0), found["day"])
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"])
    if day is None or hour > 23 or minute > 59 or second > 60:
        return None
    fraction = found["fraction"] or ""
    seconds = day + (hour * 60 + minute) * 60 + second
    record = Record("record", text[found.end() :], seconds * 1_000_000 + int(fraction.ljust(6, "0")), len(fraction))
    record.module = "php"
    kind = KIND.match(record.message)
    record.level = LEVELS.get(kind["kind"]) if kind else None
    if zone := found["zone"]:
        record.extra["zone"] = zone
        record.offset = zone_offset(zone) if zone[0] in "+-" else offset_in(zone, seconds)
    return record


@lru_cache(maxsize=4096)
def offset_in(zone: str, seconds: int) -> int | None:
    """Seconds east of UTC of a zone's local time; None: this machine knows no zone of that name."""
    try:
        local = (EPOCH + timedelta(seconds=seconds)).replace(tzinfo=UTC)
        there = datetime.combine(local.date(), local.time(), ZoneInfo(zone)).utcoffset()
    except (ValueError, OSError, OverflowError, KeyError):  # an unknown zone is a KeyError
        return None
    return None if there is None else int(there.total_seconds())
