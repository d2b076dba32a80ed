"""The faults in the terminal: explained where there is no incident, in a line each beside one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.report.escape import visible
from logsleuth.report.fault_words import how_often, notable, points
from logsleuth.report.layout import Indented, Stack, Text, Verbatim
from logsleuth.report.terminal_layout import LABEL, SEVERITY, labelled, more, section
from logsleuth.report.words import place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from logsleuth.report.fault_words import Name
    from logsleuth.report.layout import Block
    from logsleuth.report.model import Report, ReportFault

SHOWN = 5
LABELS: dict[Name, str] = {"seen": "Seen", "means": "Means", "check": "Check", "do": "Do", "later": "Later"}


def fault_parts(report: Report, tz: tzinfo, *, full: bool) -> Iterator[Block]:
    """What else is wrong; `full`: all of it, also what is only routine."""
    faults = report.faults if full else notable(report)
    if not faults:
        return
    shown = faults if full else faults[:SHOWN]
    rest = more(len(faults) - len(shown), "fault")
    if report.incidents:
        table = labelled()
        for fault in shown:
            table.add_row(Text(fault.severity), Text(visible(f"{fault.title}: {how_often(fault, tz)}")))
        yield section("Other faults", Stack(table, *map(Text, rest)))
        return
    for fault in shown:
        yield Text()
        yield from _fault(fault, tz)
    for line in rest:
        yield Text(f"\n{line}", "bold")


def _fault(fault: ReportFault, tz: tzinfo) -> Iterator[Block]:
    heading = Text(f" {fault.severity.upper()} ", SEVERITY.get(fault.severity, "bold")).append(" ")
    yield heading.append(visible(fault.title), "bold").append(f"  {fault.category}" if fault.category else "", "dim")
    table = labelled()
    for point in points(fault, tz):
        shown = Verbatim if point.name == "check" else Text
        for number, line in enumerate(line for line in point.lines if line):
            table.add_row(Text("" if number else LABELS[point.name], LABEL), shown(visible(line)))
    for number, proof in enumerate(fault.evidence):
        text = Text(f"{place(visible(proof.path), proof.line, proof.offset)}  ", "dim")
        text.append(visible(proof.text))
        table.add_row(Text("" if number else "Lines", LABEL), text)
    yield Indented(table, 1, above=1)
