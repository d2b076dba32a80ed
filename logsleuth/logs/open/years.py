"""Finds the year of logs whose lines name none (syslog) from the other logs of the same run.

Without others the day of the file's last change does, which is today's for a log that was copied.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from logsleuth.logs.open.log import Log

YEAR = timedelta(days=365)
MARGIN = timedelta(days=3)
"""What is left of the year in which all its lines are taken to lie: `year_of` allows a day, and a year may have 366."""


def in_the_year_of_the_others(
    logs: Sequence[Log], begins: Callable[[Log, date], int | None], ends: Callable[[Log], int | None]
) -> list[Log]:
    """The logs, those that name no year in the last year in which they start within, or nearest to, a log that does.

    What a file holds of several programs is of one year: httpd's own lines in it name theirs, those in the head of
    another's do not. `begins`: when a log starts (local microseconds) if it was last changed on a day; `ends`: when it
    ends, as far as that is known.
    """
    if len(logs) < 2 or all(_is_dated(log) for log in logs):
        return list(logs)
    named = [_names_its_year(log, begins) for log in logs]
    spans = [
        (log.path, _day(log.begins), _day(ends(log) or log.begins))
        for log, known in zip(logs, named, strict=True)
        if known and log.begins is not None
    ]
    moved = [
        log if known else _moved(log, [(first, last) for path, first, last in spans if path != log.path], begins)
        for log, known in zip(logs, named, strict=True)
    ]
    newest: dict[str, date] = {}
    for log in moved:
        newest[log.path] = min(log.newest, newest.get(log.path, log.newest))
    return [replace(log, newest=newest[log.path]) for log in moved]


def _is_dated(log: Log) -> bool:
    """Whether it is of a format that names the year: httpd's own, in no wrapper, and access logs."""
    return log.format.kind in {"httpd", "access"} and log.format.wrapper is None and not log.format.pasted


def _names_its_year(log: Log, begins: Callable[[Log, date], int | None]) -> bool:
    return _is_dated(log) or (log.begins is not None and begins(log, log.newest - YEAR) == log.begins)


def _moved(log: Log, spans: Iterable[tuple[date, date]], begins: Callable[[Log, date], int | None]) -> Log:
    """The log as if it had last been changed within the year after its start; never later than it was.

    `spans`: when logs in other files start and end; all of one file was written by one clock.
    """
    if log.begins is None:
        return log
    found = _day(log.begins)
    options = [
        (max(first - start, start - last, timedelta()), log.newest - start, start)
        for first, last in spans
        for year in range(first.year - 1, last.year + 2)
        if (start := _in(year, found)) <= log.newest + timedelta(days=1)
    ]
    if not options:
        return log
    newest = min(log.newest, min(options)[-1] + YEAR - MARGIN)
    return replace(log, newest=newest, begins=begins(log, newest))


def _in(year: int, day: date) -> date:
    """The same day of another year; of the 29th of February the one before it."""
    return day.replace(year=year, day=min(day.day, 28) if day.month == 2 else day.day)


def _day(micros: int) -> date:
    return datetime.fromtimestamp(micros / 1_000_000, UTC).date()
