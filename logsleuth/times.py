"""Times as people write them on a command line: one parser for every command and option."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from logsleuth.errors import LogsleuthError
from logsleuth.regexes import regex
from logsleuth.timeline.clock import zone

LONGEST: Final = 100
"""Characters of a time as people write it."""
UNITS: Final = {
    "s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1, "m": 60, "min": 60, "mins": 60, "minute": 60, "minutes": 60,
    "h": 3600, "hr": 3600, "hrs": 3600, "hour": 3600, "hours": 3600, "d": 86400, "day": 86400, "days": 86400,
    "w": 604800, "week": 604800, "weeks": 604800,
}  # fmt: skip
"""Seconds."""
NUMBERED: Final = regex(r"(\d{1,6})[ ]*([a-z]{1,7})", re.ASCII)
SPAN: Final = regex(rf"(?:{NUMBERED.pattern}[ ]*)+(?:ago)?", re.ASCII)
DAY: Final = regex(r"(today|yesterday|midnight)(?:[ ]+(?:at[ ]+)?(.+))?")
EARLIEST: Final = datetime(1970, 1, 1)
EXAMPLES: Final = "write it as '2026-03-03 14:00', '14:00', 2h, '2 hours ago', yesterday or 'yesterday 22:00'"


def moment(text: str | None, option: str, now: datetime, default: datetime | None = None) -> datetime | None:
    """The time that an option names; None if it names none.

    A span (`2h`, `1d 12h`, `2 hours ago`) counts back from `now`, which is in the logs' zone (see `present`). The
    result is without a zone, so in the logs' own, unless one is written. What it leaves out is that of `default`,
    else of the day of `now`. Raises LogsleuthError.
    """
    written = (text or "").strip().lower()[:LONGEST]
    here = now.replace(tzinfo=None)
    if not written:
        return None
    if not written.isascii():  # digits of other scripts would be read as something
        raise LogsleuthError(f"{option} '{text}' is not a time", EXAMPLES)
    seconds = 0 if written == "now" else _span(written)
    if seconds is not None:
        return _before(here, seconds)
    try:
        return _named(written, here, default)
    except (ValueError, ArithmeticError):
        raise LogsleuthError(f"{option} '{text}' is not a time", EXAMPLES) from None


def window(
    since: str | None, until: str | None, tz: str | None, options: tuple[str, str] = ("--since", "--until")
) -> tuple[datetime | None, datetime | None]:
    """The start and end that two options name, each as `moment` reads it, in the logs' zone.

    Raises LogsleuthError; also if the start is not before the end.
    """
    now = present(tz)
    start, end = moment(since, options[0], now), moment(until, options[1], now)
    if start is not None and end is not None and _placed(start, now) >= _placed(end, now):
        raise LogsleuthError(f"{options[0]} '{since}' is not before {options[1]} '{until}'", "exchange the two")
    return start, end


def _placed(time: datetime, now: datetime) -> datetime:
    """A time with a zone: its own, else that of `now`."""
    return time if time.tzinfo is not None else time.replace(tzinfo=now.tzinfo)


def present(tz: str | None) -> datetime:
    """The time now in the logs' zone: the one that is named, else this machine's. Raises LogsleuthError."""
    if tz is None:
        return datetime.now().astimezone()
    return datetime.now(zone(tz))


def _span(written: str) -> int | None:
    """The seconds of a span such as '1d 12h'; None if it is not one."""
    if not SPAN.fullmatch(written):
        return None
    parts = NUMBERED.findall(written.removesuffix("ago"))
    if not all(unit in UNITS for _, unit in parts):
        return None
    return sum(int(number) * UNITS[unit] for number, unit in parts)


def _before(now: datetime, seconds: int) -> datetime:
    try:
        return max(now - timedelta(seconds=seconds), EARLIEST)
    except OverflowError:
        return EARLIEST


def _named(written: str, now: datetime, default: datetime | None) -> datetime:
    """A date, a time of day, or both. Raises ValueError and ArithmeticError."""
    from dateutil import parser  # noqa: PLC0415 - most commands name no time

    if day := DAY.fullmatch(written):
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        default = midnight - timedelta(days=day[1] == "yesterday")
        written = day[2] or ""
        if not written:
            return default
    found: datetime = parser.parse(written, default=default or now.replace(hour=0, minute=0, second=0, microsecond=0))
    found.utcoffset()  # raises, if what is written as a zone is not one
    return found
