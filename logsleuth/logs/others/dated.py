"""Logs of programs that nobody here knows: all that is asked of their lines is a time, in one form throughout the log.

A backup script, a monitor, a directory server, a queue: beside an error log their lines can tell what set an outage off
or ended it, if only it is known when they were written. A line without a time goes with the line before it.
"""

from __future__ import annotations

import re
from functools import cache, partial
from typing import TYPE_CHECKING, Final

from logsleuth.logs.httpd.record import Record
from logsleuth.logs.httpd.tokenize import MONTHS, midnight
from logsleuth.logs.others.application import LEVELS as IN_CAPITALS
from logsleuth.logs.wrappers.stamps import DAY, year_of, zone_offset
from logsleuth.regexes import regex
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from logsleuth.logs.httpd.record import Reader

_CLOCK: Final = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d):(?P<second>\d\d)(?:[.,:](?P<fraction>\d{1,9}))?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\b\.?)?"
)
_ZONE: Final = r"(?: ?(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d)\b)?"
_MONTH: Final = r"(?P<month>[A-Z][a-z]{2})[a-z]{0,6}"
_YEAR: Final = r"(?P<year>\d{4})"
DAY_FIRST: Final = "28/05/2014 17:00:35"
MONTH_FIRST: Final = "05/28/2014 17:00:35"
_DAY, _MONTH_NUMBER = r"(?P<day>\d\d?)", r"(?P<month>\d\d?)"
_SIGN, _SAME = "(?P<sign>[-/.])", "(?P=sign)"
_AFTER_A_DAY: Final = rf"{_SAME}(?P<year>\d{{4}}|\d\d)(?:[ T,|]|, |\",\"){_CLOCK}{_ZONE}"
_YEAR_FIRST: Final = rf"{_YEAR}[-/.](?P<month>\d\d)[-/.](?P<day>\d\d)"
SHAPES: Final = {
    "2014-05-28 17:00:35": rf"{_YEAR_FIRST}(?:[ T_,|]|, )[\"']?{_CLOCK}{_ZONE}",
    "2014-05-28 17:00": rf"{_YEAR_FIRST}[ T_](?P<hour>\d\d):(?P<minute>\d\d)(?![:\d]){_ZONE}",
    "28/May/2014:17:00:35": rf"(?P<day>\d\d?)[-/ ]{_MONTH}[-/ ]{_YEAR}(?:::?|,? ){_CLOCK}{_ZONE}",
    "May 28, 2014 17:00:35": rf"{_MONTH}\.? {{1,2}}(?P<day>\d\d?),? {_YEAR}(?:,|,? at)? {_CLOCK}{_ZONE}",
    "May 28 17:00:35 2014": rf"{_MONTH} (?P<day>{DAY}) {_CLOCK}{_ZONE}(?: [A-Z]{{3,5}})? {_YEAR}",
    DAY_FIRST: f"{_DAY}{_SIGN}{_MONTH_NUMBER}{_AFTER_A_DAY}",
    MONTH_FIRST: f"{_MONTH_NUMBER}{_SIGN}{_DAY}{_AFTER_A_DAY}",
    "20140528 170035": (
        rf"{_YEAR}(?P<month>[01]\d)(?P<day>[0-3]\d)[-_: T]?(?P<hour>[012]\d):?(?P<minute>[0-5]\d):?(?P<second>[0-6]\d)"
        rf"(?![:\d])(?:[.,](?P<fraction>\d{{1,9}}))?{_ZONE}"
    ),
    "1401296435": r"(?P<epoch>1\d{9})(?:\.?(?P<fraction>\d{3}|\d{6}))?(?![\d.])",
    "May 28 17:00:35": rf"{_MONTH} (?P<day>{DAY}) {_CLOCK}{_ZONE}",
    "0528 17:00:35": rf"(?P<letter>[IWEF])(?P<month>[01]\d)(?P<day>[0-3]\d) {_CLOCK}",
}
"""Forms of a time, each by an example and a regex, the more special ones first. The last is of Kubernetes' own programs
(klog.go, Header formatting)."""
FARTHEST: Final = 60
"""Characters before a time, at most: a host, a program, a level."""
LEAST_SHARE: Final = 0.2
"""Of the lines, at least this share must have a time of one form: some programs write it on a line of its own."""
LEAST: Final = 2
"""Lines with a time that make a log: one is a message that mentions a time."""
GAP: Final = regex(r"[\]\"')>|,:;\s-]*")
"""What stands between a time and the words."""
IN_WORDS: Final = regex(
    r"(?:(?<=[\[(<|\"=,])|\b)(?P<word>emerg(?:ency)?|alert|crit(?:ical)?|fatal|severe|err(?:or)?|warn(?:ing)?|notice"
    r"|info(?:rmation)?|debug)(?=[\])>|\",:])",
    re.IGNORECASE,
)
"""A level that is marked as one, by what stands around it."""
SHOUTED: Final = regex(
    rf"(?<![A-Za-z]){'(?P<word>' + '|'.join(sorted(IN_CAPITALS, key=len, reverse=True)) + ')'}(?![A-Za-z=])"
)
BY_LETTER: Final = {"F": "crit", "E": "error", "W": "warn", "I": "info", "D": "debug"}
LETTER: Final = regex(r"(?P<letter>[FEWID]) +[A-Z\[]")
"""Levels of one letter: MongoDB, Gluster."""
WITHIN: Final = 60
"""Characters behind a time in which a level stands."""
CENTURY: Final = 2000
HALF_A_DAY: Final = 12


def shape_of(lines: Sequence[str], newest: date) -> tuple[str, ...]:
    """The form of the times that these lines have, or the two that they may have; none: too few lines have any.

    `newest`: the day of the log's last change.
    """
    filled = [line for line in lines if line.strip()]
    for shape in SHAPES:
        times = _times(shape, filled, newest)
        if len(times) < max(LEAST, LEAST_SHARE * len(filled)):
            continue
        if shape == DAY_FIRST and (other := _other_order(filled, times, newest)) is not None:
            return other
        return (shape,)
    return ()


def _other_order(lines: Sequence[str], times: Sequence[int], newest: date) -> tuple[str, ...] | None:
    """What dates are where the day may come first, if that is not sure; None: it is."""
    others = _times(MONTH_FIRST, lines, newest)
    if len(others) != len(times):
        return (MONTH_FIRST,) if len(others) > len(times) else None
    day_first, month_first = max(times) - min(times), max(others) - min(others)
    if day_first != month_first:  # a log that seems to have a line each month has one each day
        return (MONTH_FIRST,) if month_first < day_first else None
    return (DAY_FIRST, MONTH_FIRST)


def _times(shape: str, lines: Sequence[str], newest: date) -> list[int]:
    """The times of this form that some lines have, in microseconds since 1970, as written."""
    records = (_read(shape, newest, line) for line in lines)
    return [record.time for record in records if record is not None and record.time is not None]


def dated_reader(shape: str, newest: date) -> Reader:
    """The reader of a log with times of this form; `newest` gives the year if they have none.

    The record of a time on a line of its own has no message: its words are on the lines below.
    """
    return partial(_line, shape, newest)


def _line(shape: str, newest: date, line: bytes) -> Record:
    text = line.decode("utf-8", "backslashreplace").rstrip("\r")
    return _read(shape, newest, text) or Record("bare", text)


def _read(shape: str, newest: date, text: str) -> Record | None:
    """A line with a time of this form; None: it has none."""
    found = _head(shape).match(text)
    if found is None:
        return None
    fields = found.groupdict()
    time = _time(fields, newest)
    if time is None:
        return None
    rest = text[found.end() :]
    gap = GAP.match(rest)
    words = rest[gap.end() :] if gap is not None else rest
    record = Record("foreign", words, time, len(fields.get("fraction") or ""))
    record.offset = (
        0 if fields.get("epoch") or fields.get("zone") in {"UTC", "GMT"} else zone_offset(fields.get("zone"))
    )
    record.level = BY_LETTER.get(fields.get("letter") or "") or _level(text[: found.start("at")], words[:WITHIN])
    return record


@cache
def _head(shape: str) -> re.Pattern[str]:
    return re.compile(rf".{{0,{FARTHEST}}}?(?<![\d./])(?P<at>){SHAPES[shape]}", re.ASCII)


def _level(*texts: str) -> str | None:
    """The level that stands behind a time, or before it."""
    for text in reversed(texts):
        if (found := LETTER.match(text)) is not None:
            return BY_LETTER[found["letter"]]
        if (found := SHOUTED.search(text) or IN_WORDS.search(text)) is not None:
            return IN_CAPITALS[found["word"].upper()]
    return None


def _time(fields: dict[str, str | None], newest: date) -> int | None:
    """Microseconds since 1970, as written."""
    fraction = int((fields.get("fraction") or "")[:6].ljust(6, "0"))
    if epoch := fields.get("epoch"):
        return int(epoch) * SECOND + fraction
    month = _month(fields["month"] or "")
    year = int(fields.get("year") or year_of(month, int(fields["day"] or 0), newest))
    day = midnight(str(year + CENTURY if year < 100 else year), month, fields["day"] or "")
    hour, minute, second = (int(fields.get(name) or 0) for name in ("hour", "minute", "second"))
    if half := fields.get("half"):
        hour = hour % HALF_A_DAY + (HALF_A_DAY if half in "Pp" else 0)
    if day is None or hour > 23 or minute > 59 or second > 60:
        return None
    return (day + (hour * 60 + minute) * 60 + second) * SECOND + fraction


def _month(text: str) -> int:
    return int(text) if text.isdigit() else MONTHS.get(text, 0)
