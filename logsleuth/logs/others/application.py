"""Logs of applications: a time, a level in capitals, and the program's own words; below them perhaps a stack trace.

Frameworks differ in what stands between: Monolog's channel, a thread, a logger's name, a pid. A time and a level are in
all of them: Monolog and Laravel, Python's logging, Rails, log4j, logback, Spring, Serilog; and in JSON those of pino,
winston, Bunyan, logstash and structlog.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING

from logsleuth.bounded import number
from logsleuth.logs.httpd.record import Record
from logsleuth.logs.wrappers.stamps import ISO, iso_stamp, zone_offset
from logsleuth.regexes import regex
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Mapping

LEVELS = {
    "EMERGENCY": "emerg", "EMERG": "emerg", "ALERT": "alert", "CRITICAL": "crit", "FATAL": "crit", "SEVERE": "crit",
    "FTL": "crit", "CRIT": "crit", "ERROR": "error", "ERR": "error", "WARNING": "warn", "WARN": "warn", "WRN": "warn",
    "NOTICE": "notice", "INFO": "info", "INF": "info", "INFORMATION": "info", "DEBUG": "debug", "DBG": "debug",
    "VERBOSE": "debug", "TRACE": "trace1", "FINE": "debug",
}  # fmt: skip
WELL = {"OK": "info", "UNKNOWN": "warn"}
"""A monitor's words for what is no failure, which are levels only right behind the time."""
NUMBERED = {60: "crit", 50: "error", 40: "warn", 30: "info", 20: "debug", 10: "trace1"}
"""pino's and Bunyan's levels."""
_LEVEL = rf"(?P<level>{'|'.join(sorted(LEVELS, key=len, reverse=True))})"
_BEFORE = rf"(?:[A-Z], |{_LEVEL.replace('?P<level>', '?P<first>')}[ :]+)?\[?"
"""What stands before the time: Ruby's letter, or the level itself (Django's usual format)."""
TEXT = (
    rf"{_BEFORE}{ISO}(?: (?P<apart>[+-]\d\d:?\d\d))?(?![\d:])[^\n]{{0,120}}?"
    rf"(?<![A-Za-z\"']){_LEVEL}(?![A-Za-z\"'=])"
)
"""How a line begins; the level is the first word in capitals that is one."""
FIRST = rf"(?:[A-Z], )?{_LEVEL.replace('?P<level>', '?P<first>')}[ :]+\[?{ISO}\]?"
"""The same with the level before the time only."""
CHECKED = rf"\[?{ISO}\]?(?![\d:])[\t :|-]{{1,3}}(?P<well>OK|UNKNOWN)(?![A-Za-z])"
"""How a line of a monitor's log begins whose check went well, or could not be made, as Nagios' plugins call it."""
JSON = (
    r'\{(?=[^\n]{0,4000}?"(?:level|severity|levelname|@l|log\.level)" ?: ?["\d])'
    r'(?=[^\n]{0,4000}?"(?:msg|message|@mt?|event)" ?: ?")'
)
"""A line of JSON with a level and words; httpd's own, in JSON, is known before."""
AFTER = regex(
    r"[\]):]*[ \t]*(?:\d{1,10} +--- +)?"
    r"(?:-- [\w.:/\-]{0,60}: |(?:\[[^\]\n]{0,100}\] *){0,3}(?:[\w.$\-]{1,100} (?:-|:)+ |- |: )?)"
)
"""What stands between a level and the words: a pid, a thread, a logger."""
FRAME = regex(r"[ \t]|at |#\d|\.\.\. \d+ more|\[(?:stacktrace|previous)|\"?[\])}]+\"? *\Z|--- End of ")
"""How a line of a stack trace begins that says nothing by itself."""
TIMES = ("time", "timestamp", "ts", "@timestamp", "@t", "datetime", "asctime", "date")
WORDS = ("msg", "message", "@m", "@mt", "event", "text")
RANKS = ("level", "severity", "levelname", "@l", "log.level")
CAUSES = ("err", "error", "exception", "exc_info", "stack", "@x", "trace")
"""Keys of JSON by which loggers call the time, the words, the level, and what was thrown."""
LONGEST_CAUSE = 500
"""Characters of what was thrown that are kept."""
MILLISECONDS = 100_000_000_000
"""A number of at least this many since 1970 counts milliseconds, one below it seconds."""


def read(line: bytes) -> Record | None:
    """A line of an application's log; one of a stack trace, which says nothing by itself, is passed over."""
    text = line.decode("utf-8", "backslashreplace").rstrip("\r")
    if text.startswith("{") and (record := _of_json(text)) is not None:
        return record
    for head in _heads():
        found = head.match(text)
        stamp = iso_stamp(found) if found is not None else None
        if found is None or stamp is None:
            continue
        fields = found.groupdict()
        words = text[found.end() :]
        gap = AFTER.match(words)
        message = words[gap.end() :] if gap is not None else words
        level = WELL[fields["well"]] if "well" in fields else LEVELS[fields.get("level") or fields["first"]]
        return Record("record", message or text, stamp[0], stamp[2], level, offset=_offset(fields, stamp[1]))
    return None if FRAME.match(text) or not text.strip() else Record("bare", text)


def _offset(fields: Mapping[str, str | None], named: int | None) -> int | None:
    """Seconds east of UTC, of a zone that stands beside the time or right behind it."""
    return named if fields.get("apart") is None else zone_offset(fields["apart"])


@cache
def _heads() -> tuple[re.Pattern[str], ...]:
    """Made when a log of an application is read: most runs read none."""
    return tuple(re.compile(head, re.ASCII) for head in (CHECKED, TEXT, FIRST))


NAMED = regex(r"\?P<\w+>")


def shapes() -> tuple[str, ...]:
    """Regexes of how the lines of such logs begin, to recognise one by."""
    return tuple(NAMED.sub("?:", head) for head in (TEXT, FIRST, JSON))


def _of_json(text: str) -> Record | None:
    """A line of JSON with a time and a level; None: it is something else."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    if not isinstance(found, dict):
        return None
    level, stamp = _level_of(_first(found, RANKS)), _time_of(_first(found, TIMES))
    if stamp is None:
        return None
    if level is None:
        if "@t" not in found:
            return None
        level = "info"  # Serilog leaves out the level of what is usual
    words = _first(found, WORDS)
    message = words if isinstance(words, str) else ""
    thrown = _thrown(_first(found, CAUSES))
    if thrown and thrown not in message:
        message = f"{message}: {thrown}" if message else thrown
    return Record("record", message or text, stamp[0], stamp[2], level, offset=stamp[1])


def _first(found: Mapping[str, object], keys: tuple[str, ...]) -> object:
    """The value of the first of these keys that is there; None: none is."""
    return next((found[key] for key in keys if found.get(key) not in (None, "")), None)


def _level_of(value: object) -> str | None:
    if isinstance(value, int):
        return NUMBERED.get(value // 10 * 10)
    return LEVELS.get(value.upper()) if isinstance(value, str) else None


def _time_of(value: object) -> tuple[int, int | None, int] | None:
    """Microseconds as written, seconds east of UTC if it names a zone, digits of the fraction."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        seconds = value / 1000 if value >= MILLISECONDS else value
        return round(seconds * SECOND), 0, 3
    if not isinstance(value, str):
        return None
    found = _iso().match(value)
    if found is not None:
        return iso_stamp(found)
    whole = number(value)
    return None if whole is None else _time_of(whole)


@cache
def _iso() -> re.Pattern[str]:
    return re.compile(ISO, re.ASCII)


def _thrown(value: object) -> str:
    """What was thrown: its kind and words, without the stack."""
    if isinstance(value, dict):
        name, words = (value.get(key) for key in ("type", "message"))
        parts = [part for part in (name, words) if isinstance(part, str) and part]
        return ": ".join(parts)[:LONGEST_CAUSE] or _thrown(value.get("stack"))
    if not isinstance(value, str):
        return ""
    lines = [line.strip() for line in value.strip().split("\n")]
    last_first = lines[0].startswith("Traceback")
    return (lines[-1] if last_first else lines[0])[:LONGEST_CAUSE]
