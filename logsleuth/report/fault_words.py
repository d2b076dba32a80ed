"""What a report says of a fault, in every format: which faults count, how often one was seen, what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from logsleuth.report.words import beyond, clock, day_clock, plural
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from logsleuth.report.model import Report, ReportFault

TREND: Final = {
    "once": "",
    "steady": "",
    "timed": ", a few at a time, at a steady interval",
    "rising": ", and rising",
    "falling": ", and falling off",
    "over": "; none since then",
}

Name = Literal["seen", "means", "check", "do", "later"]


@dataclass(frozen=True, slots=True)
class FaultPoint:
    """One thing that is said of a fault."""

    name: Name
    lines: tuple[str, ...]
    """Sentences, or the commands of 'check'. Log text may be in them."""


def notable(report: Report) -> tuple[ReportFault, ...]:
    """The faults that count as something wrong, the most harmful first; what is only routine is left out."""
    return tuple(fault for fault in report.faults if fault.severity != "info")


def points(fault: ReportFault, tz: tzinfo) -> tuple[FaultPoint, ...]:
    """How often it was seen, what it means, how to check, fix and prevent it: as far as that is known."""
    return tuple(point for point in _points(fault, tz) if any(point.lines))


def _points(fault: ReportFault, tz: tzinfo) -> Iterator[FaultPoint]:
    yield FaultPoint("seen", (how_often(fault, tz),))
    yield FaultPoint("means", (beyond(fault.title, fault.meaning),))
    yield FaultPoint("check", fault.confirm)
    again = "If it comes back: " if fault.trend == "over" and fault.fix else ""
    yield FaultPoint("do", (f"{again}{fault.fix}",))
    yield FaultPoint("later", (fault.prevent,))


def how_often(fault: ReportFault, tz: tzinfo) -> str:
    """How often a fault was seen, when, by how many clients, and whether it goes on."""
    times = plural(fault.count, "time")
    clients = _by_clients(fault)
    if fault.first is None or fault.last is None:
        return f"{times}; {'its line has' if fault.count == 1 else 'its lines have'} no time"
    if fault.borrows:
        return f"{times}{clients}; {_between_others(fault.count, fault.first, fault.last, tz)}"
    if fault.count == 1 or day_clock(fault.first, tz) == day_clock(fault.last, tz):
        return f"{times}, at {day_clock(fault.first, tz)}{clients}"
    trend = TREND[fault.trend] if fault.severity != "info" else ""  # of routine it means nothing
    same_day = day_clock(fault.first, tz)[:10] == day_clock(fault.last, tz)[:10]
    last = clock(fault.last, tz) if same_day else day_clock(fault.last, tz)
    return f"{times} from {day_clock(fault.first, tz)} to {last}{clients}{trend}"


def _between_others(count: int, first: int, last: int, tz: tzinfo) -> str:
    """Where lines without a time stand."""
    lines = "its line has" if count == 1 else "its lines have"
    begin, end = day_clock(first, tz), day_clock(last, tz)
    if begin == end:
        return f"{lines} no time, and {'stands' if count == 1 else 'stand'} after one of {begin}"
    end = clock(last, tz) if begin[:10] == end[:10] else end
    return f"{lines} no time: the first stands after a line of {begin}, the last after one of {end}"


def _by_clients(fault: ReportFault) -> str:
    """How many clients met it; empty where not all are known, since of a second only one line is kept."""
    if fault.clients is None or fault.count == 1 or not fault.every_client:
        return ""
    return f", by {plural(fault.clients, 'client')}"
