"""What the whole log shows, in words and as a line of bars: for several incidents, and for a log without any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.report.glyphs import BLOCKS
from logsleuth.report.listing import glances
from logsleuth.report.words import plural
from logsleuth.units import SECOND, duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logsleuth.report.glyphs import Glyphs
    from logsleuth.report.model import MarkKind, Report, Usual, WholeLog

FEW: Final = 20
"""Lines of a log that was pasted rather than kept: each of them is explained, also what is routine."""
MINUTE: Final = 60
COLUMNS: Final = 48
"""Of the line of bars; with its label and legend it fits into 80."""
FEWEST_BARS: Final = 2
"""A lone bar shows no more than the time of the incident does."""
FAR_LONGER: Final = 4
"""Times as long as what the bars of an incident show: then the whole log has a picture of its own."""
SEVERITIES: Final = ("critical", "major", "minor")
"""Of the faults that count; what is only routine is listed below."""
OF_THE_MACHINE: Final = ("syslog", "console")
"""Formats of logs in which any program of the machine writes: what is no word of httpd, or about it, is not judged."""
SIGNS: dict[MarkKind, str] = {"restart": "r", "reload": "g", "stop": "s", "start": "u"}
WORDS: dict[MarkKind, str] = {"restart": "restart", "reload": "graceful restart", "stop": "stop", "start": "start"}


def is_few_lines(report: Report) -> bool:
    """Whether the log is a handful of lines, about which somebody asks what they mean."""
    return 0 < sum(log.lines for log in report.logs) <= FEW


def routine_of_a_quiet_log(report: Report) -> tuple[Usual, ...]:
    """What a log says all the time and is no fault: told where there is no outage, and beside one only noise."""
    return () if report.incidents or is_few_lines(report) else report.usual


def is_whole_shown(report: Report) -> bool:
    """Whether the whole log has a picture: it holds failures, and much more than the bars of a lone incident show."""
    whole = report.whole
    if whole is None or is_few_lines(report) or sum(map(bool, bars(whole))) < FEWEST_BARS:
        return False
    if whole.end - whole.begin < COLUMNS * SECOND:
        return False
    if report.number_of_incidents != 1:
        return True
    (incident,) = report.incidents
    return whole.end - whole.begin > FAR_LONGER * incident.errors_step * len(incident.errors)


def seen_words(report: Report) -> tuple[tuple[str, str], ...]:
    """(label, words) of what was seen in the whole log: requests, failures, the server's life, faults by harm."""
    return tuple(_seen(report))


def _seen(report: Report) -> Iterator[tuple[str, str]]:
    whole = report.whole
    if whole is not None:
        if whole.requests is not None:
            yield "Requests", _requests(whole)
        yield "Failures", _failures(report, whole)
        if server := _server(whole):
            yield "Server", server
    yield "Faults", _faults(report)


def _requests(whole: WholeLog) -> str:
    assert whole.requests is not None, "asked only where they are counted"
    failed, seen = whole.requests.failed, whole.requests.seen
    return (
        f"{plural(seen, 'request')} in {whole.requests.log}: {f'{failed:,}' if failed else 'none'} failed (5xx), "
        f"{f'{whole.refused:,}' if whole.refused else 'none'} with a client error (4xx)"
    )


def _failures(report: Report, whole: WholeLog) -> str:
    """How many lines report a failure; which of them are requests that are counted above, and whose lines were read."""
    failures = sum(whole.failures)
    if failures:
        counted = whole.requests.failed if whole.requests is not None and len(report.logs) > 1 else 0
        of_those = f", {counted:,} of them in {whole.requests.log}" if whole.requests is not None and counted else ""
        return f"{plural(failures, 'line')} reporting a failure{of_those}"
    others = any(log.format in OF_THE_MACHINE for log in report.logs)
    return "no line about Apache reports a failure" if others else "no line reports a failure"


def _server(whole: WholeLog) -> str:
    reloads = (whole.reloads, "graceful restart")
    counts = ((whole.starts, "start"), (whole.restarts, "restart"), reloads, (whole.stops, "stop"))
    return ", ".join(plural(count, word) for count, word in counts if count)


def _faults(report: Report) -> str:
    counts = [(severity, sum(fault.severity == severity for fault in report.faults)) for severity in SEVERITIES]
    said = [f"{count:,} {severity}" for severity, count in counts if count]
    return ", ".join(said) or "none"


def routine_words(report: Report) -> tuple[tuple[str, str], ...]:
    """(title, meaning) of what a handful of lines says and is no fault; log text may be in it."""
    faults = tuple((fault.title, fault.meaning) for fault in report.faults if fault.severity == "info")
    told = {title for title, _ in faults}
    rows = ((row.title, row.meaning or row.title) for row in report.usual)
    return (*faults, *(row for row in rows if row[0] not in told))


def bars(whole: WholeLog) -> tuple[int, ...]:
    """The failures in as many steps as there are columns."""
    wide = -(-len(whole.failures) // COLUMNS)
    return tuple(sum(whole.failures[place : place + wide]) for place in range(0, len(whole.failures), wide))


def mark_line(report: Report, whole: WholeLog, glyphs: Glyphs = BLOCKS) -> tuple[str, str]:
    """The line below the bars, with a sign where an incident or a restart was; and its legend."""
    cells = [" "] * COLUMNS
    width = max((whole.end - whole.begin) / COLUMNS, 1)

    def column(time: int) -> int:
        return min(max(int((time - whole.begin) / width), 0), COLUMNS - 1)

    for mark in whole.marks:
        if mark.kind != "start" or mark.time - whole.begin > width:  # a log may begin with a start
            cells[column(mark.time)] = SIGNS[mark.kind]
    shown = {kind for kind in SIGNS if SIGNS[kind] in cells}
    for incident in glances(report):
        for number in range(column(incident.onset), column(incident.until) + 1):
            cells[number] = glyphs.incident if cells[number] in {" ", glyphs.incident} else cells[number].upper()
    keys = [f"{glyphs.incident} incident"] if report.incidents else []
    keys += [f"{SIGNS[kind]} {WORDS[kind]}" for kind in SIGNS if kind in shown]
    if any(cell in "RGSU" for cell in cells):
        keys.append("a capital: both")
    return "".join(cells), ", ".join(keys)


def about(seconds: float) -> str:
    """A length of time in words, to the minute where it is long."""
    return duration(round(seconds / MINUTE) * MINUTE if seconds >= 10 * MINUTE else seconds)
