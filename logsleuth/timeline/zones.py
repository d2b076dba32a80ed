"""Logs that are written in another zone than the error log: an application's, which many a framework writes in UTC.

Its lines name no zone. But each of its errors is a request that failed, which an access log counts: where nearly all of
them are found there a number of hours before or after, and far fewer at the time that is written, they were written in
another zone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.library.meaning import GRAVE
from logsleuth.scan.sighting import UNDATED
from logsleuth.units import HOUR, MINUTE, SECOND, is_near

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logsleuth.library.pattern import Pattern
    from logsleuth.scan.series import Series
    from logsleuth.scan.sighting import Sighting
    from logsleuth.scan.tally import Tally

QUARTER = 15 * MINUTE
FARTHEST = 14 * HOUR
"""Zones are whole quarters of an hour apart, and none is farther from UTC."""
LEAST_ERRORS = 10
"""Seconds with errors: of fewer, many may be near failed requests by chance."""
MOST_ERRORS = 200
"""As many show it as well as all of them."""
NEARLY_ALL = 0.8
"""Share of the errors that must be found at the offset."""
HALF = 0.5
"""Of that share, what may be found at the time that is written: an outage of hours meets itself an hour later."""
NEAR = 3 * SECOND
"""A request fails at once, most often; what takes longer is dated by when it began."""
FAILURES = frozenset({"cause", "death", "symptom"})


def zone_offsets(tally: Tally, patterns: dict[str, Pattern]) -> dict[int, int]:
    """How many microseconds each log's zone is ahead, of those that are in another zone."""
    failed = sorted(
        second * SECOND
        for traffic in tally.traffic.values()
        if traffic.failed.width == 1
        for second in traffic.failed.buckets
    )
    if not failed:
        return {}
    found = {}
    for number, log in tally.logs.items():
        if number in tally.traffic or any(module for module, _ in log.kinds):
            continue  # an access log, or one of httpd's own
        errors = sorted(set(_errors(tally, patterns, number)))
        if len(errors) >= LEAST_ERRORS and (ahead := _ahead(errors, failed)):
            found[number] = ahead
    return found


def _errors(tally: Tally, patterns: dict[str, Pattern], number: int) -> Iterator[int]:
    """Local microseconds of the seconds in which a log reports failures."""
    known = (
        found.series for name, found in tally.patterns.items() if name in patterns and patterns[name].role in FAILURES
    )
    for series in known:
        yield from (first.time // SECOND * SECOND for first in _of(series, number))
    for template in tally.templates.values():
        yield from (first.time // SECOND * SECOND for first in _of(template.series, number) if first.level in GRAVE)


def _of(series: Series, number: int) -> Iterator[Sighting]:
    """The lines of one log that have a time."""
    lines = (moment.first for moment in series.buckets.values())
    return (first for first in lines if first.log == number and first.time > UNDATED)


def _ahead(errors: Sequence[int], failed: Sequence[int]) -> int:
    """Microseconds that a log's zone is ahead; 0: it is in the same zone, or nothing shows another."""
    some = errors[:: -(-len(errors) // MOST_ERRORS)]
    as_written = _share(some, failed, 0)
    if as_written > HALF:
        return 0
    offsets = range(-FARTHEST, FARTHEST + QUARTER, QUARTER)
    best = max(offsets, key=lambda ahead: (_share(some, failed, ahead), ahead % HOUR == 0, -abs(ahead)))
    found = _share(some, failed, best)
    return best if found >= NEARLY_ALL and as_written <= HALF * found else 0


def _share(errors: Sequence[int], failed: Sequence[int], ahead: int) -> float:
    """The share of the errors beside which a request failed, if they are so much ahead."""
    return sum(is_near(failed, time - ahead, NEAR) for time in errors) / len(errors)
