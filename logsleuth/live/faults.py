"""The ongoing faults that a probe reports, apart from outages.

A fault never changes the status or the exit code: users are served. It may be an early sign of an outage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.incidents.faults import SEVERITIES
from logsleuth.units import SECOND
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from logsleuth.incidents.model import Fault
    from logsleuth.library.pattern import Severity
    from logsleuth.scan.sighting import Sighting

GRAVE = frozenset({"critical", "major"})
"""Severities of faults that a watch reports as soon as they are seen."""


@dataclass(frozen=True, slots=True)
class OngoingFault:
    """A known fault that the log still shows. Times are UTC microseconds since 1970."""

    name: str
    """Id of its pattern or card."""
    severity: Severity
    category: str | None
    title: str
    """Text of a log may be in it."""
    count: int
    first: int
    last: int
    log: str
    """Path of the log that shows it."""
    line: str
    """Its last line: hostile."""

    @property
    def is_grave(self) -> bool:
        """Whether a watch reports it as soon as it is seen."""
        return self.severity in GRAVE


def ongoing(
    faults: Iterable[Fault], now: int, grace: int, path_of: Callable[[Sighting], str]
) -> tuple[OngoingFault, ...]:
    """The known faults that are ongoing at `now` (UTC microseconds), gravest first; `grace`: seconds of silence."""
    found = [
        OngoingFault(
            fault.series.name, fault.severity, fault.series.meaning.category, fault.series.meaning.title, fault.count,
            fault.first, fault.last, path_of(fault.lines[-1]), fault.lines[-1].text,
        )
        for fault in faults
        if fault.severity != "info" and fault.series.meaning.known_by != "level"
        if fault.first is not None and fault.last is not None
        if goes_on(fault.count, fault.first, fault.last, now, grace)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda fault: SEVERITIES.index(fault.severity)))


def goes_on(count: int, first: int, last: int, now: int, grace: int) -> bool:
    """Whether a fault has been silent for less than `grace` seconds, or less than twice its usual gap.

    So a job that fails every hour counts as ongoing between two runs, and a burst of last night does not.
    """
    usual = (last - first) // (count - 1) if count > 1 else 0
    return now - last <= max(grace * SECOND, 2 * usual)
