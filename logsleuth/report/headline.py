"""The first words of a report, in every format: outage, faults, or nothing wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.report.words import clock, day_clock, plural

if TYPE_CHECKING:
    from datetime import tzinfo

    from logsleuth.report.model import Report, ReportFault

TREND = {"once": "", "steady": "", "rising": ", and rising", "falling": ", and falling off", "over": ", and over"}


def headline(report: Report) -> str:
    """'1 incident found', 'No outage. 2 faults', 'Nothing wrong found': without a full stop."""
    if report.incidents:
        return f"{plural(len(report.incidents), 'incident')} found"
    counted = [fault for fault in report.faults if fault.severity != "info"]
    if report.verdict == "faults":
        return f"No outage. {plural(len(counted), 'fault')}"
    return "No line was written within the times asked for" if is_window_empty(report) else "Nothing wrong found"


def is_window_empty(report: Report) -> bool:
    """Whether logs were read, and none of their lines is within --since and --until."""
    return not any(log.lines for log in report.logs) and any(log.bytes for log in report.logs) and not report.partial


def how_often(fault: ReportFault, tz: tzinfo) -> str:
    """How often a fault was seen, when, by how many clients, and whether it goes on."""
    times = plural(fault.count, "time")
    clients = f", by {plural(fault.clients, 'client')}" if fault.clients is not None and fault.count > 1 else ""
    if fault.first is None or fault.last is None:
        return f"{times}, at times that the log does not name"
    if fault.count == 1 or fault.first == fault.last:
        return f"{times}, at {day_clock(fault.first, tz)}{clients}"
    same_day = day_clock(fault.first, tz)[:10] == day_clock(fault.last, tz)[:10]
    last = clock(fault.last, tz) if same_day else day_clock(fault.last, tz)
    return f"{times} from {day_clock(fault.first, tz)} to {last}{clients}{TREND[fault.trend]}"
