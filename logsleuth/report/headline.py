"""The first words of a report, in every format: outage, faults, or nothing wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.report.seen import is_few_lines
from logsleuth.report.words import clock, day_clock, plural

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from logsleuth.report.model import Report, ReportFault

TREND = {"once": "", "steady": "", "rising": ", and rising", "falling": ", and falling off", "over": ", and over"}


def headline(report: Report) -> str:
    """'1 incident found', 'No outage. 2 faults', 'Nothing wrong found': without a full stop."""
    if report.down is not None and not report.incidents:
        return f"The server is down. {found(report)}"
    return found(report)


def found(report: Report) -> str:
    """The same, without a word on a server that is down when the log ends."""
    if report.incidents:
        return f"{plural(len(report.incidents), 'incident')} found"
    counted = [fault for fault in report.faults if fault.severity != "info"]
    if report.verdict == "faults":
        return _of_faults(counted, report)
    if is_window_empty(report):
        return "No line was written within the times asked for"
    if report.down is not None:
        return "Nothing else wrong found"
    return _of_few(report) if is_few_lines(report) else "Nothing wrong found"


def _of_faults(counted: Sequence[ReportFault], report: Report) -> str:
    """Lines without times show no outage, and yet one of them may say that the server does not start."""
    critical = sum(fault.severity == "critical" and fault.about == "server" for fault in counted)
    if critical and report.down is None:
        rest = len(counted) - critical
        return f"{plural(critical, 'critical fault')}{f' and {rest:,} more' if rest else ''}"
    return f"{'No outage. ' if report.down is None else ''}{plural(len(counted), 'fault')}"


def _of_few(report: Report) -> str:
    """A handful of lines is no proof that nothing is wrong: only that these lines report nothing."""
    if not (report.usual or report.faults):
        return "Nothing here knows what this means"
    return "Routine: no fault by itself" if sum(log.lines for log in report.logs) == 1 else "Routine lines: no fault"


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
