"""The first words of a report, in every format: outage, faults, or nothing wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.report.fault_words import notable
from logsleuth.report.seen import is_few_lines
from logsleuth.report.words import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.report.model import Report, ReportFault


def headline(report: Report) -> str:
    """'1 incident found', 'No outage. 2 faults', 'Nothing wrong found': without a full stop."""
    if is_down(report) and not report.incidents:
        return f"The server is down. {found(report)}"
    return found(report)


def is_down(report: Report) -> bool:
    """Whether the server is down when the log ends, and nobody ordered it: a reason for alarm."""
    return report.down is not None and not report.down.is_ordered


def found(report: Report) -> str:
    """The same, without a word on a server that is down when the log ends."""
    if report.incidents:
        return f"{plural(report.number_of_incidents, 'incident')} found"
    if report.verdict == "faults":
        return _of_faults(notable(report), report)
    if is_window_empty(report):
        return "No line was written within the times asked for"
    if is_down(report):
        return "Nothing else wrong found"
    return _of_few(report) if is_few_lines(report) else "Nothing wrong found"


def _of_faults(counted: Sequence[ReportFault], report: Report) -> str:
    """Lines without times show no outage, and yet one of them may say that the server does not start."""
    critical = sum(fault.severity == "critical" and fault.about == "server" for fault in counted)
    if critical and not is_down(report):
        rest = len(counted) - critical
        return f"{plural(critical, 'critical fault')}{f' and {rest:,} more' if rest else ''}"
    return f"{'' if is_down(report) else 'No outage. '}{plural(len(counted), 'fault')}"


def _of_few(report: Report) -> str:
    """A handful of lines is no proof that nothing is wrong: only that these lines report nothing."""
    if not (report.usual or report.faults):
        return "Nothing here knows what this means"
    return "Routine: no fault by itself" if sum(log.lines for log in report.logs) == 1 else "Routine lines: no fault"


def is_window_empty(report: Report) -> bool:
    """Whether logs were read, and none of their lines is within --since and --until."""
    return not any(log.lines for log in report.logs) and any(log.bytes for log in report.logs) and not report.partial
