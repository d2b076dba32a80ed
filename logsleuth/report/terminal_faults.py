"""The faults in the terminal: explained where there is no incident, in a line each beside one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from logsleuth.report.escape import visible
from logsleuth.report.fault_words import how_often, notable, points
from logsleuth.report.terminal_layout import LABEL, SEVERITY, labelled, more, section
from logsleuth.report.words import place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from rich.console import RenderableType

    from logsleuth.report.fault_words import Name
    from logsleuth.report.model import Report, ReportFault

SHOWN = 5
LABELS: dict[Name, str] = {"seen": "Seen", "means": "Means", "check": "Check", "do": "Do", "later": "Later"}


def fault_parts(report: Report, tz: tzinfo, *, full: bool) -> Iterator[RenderableType]:
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
        yield section("Other faults", Group(table, *map(Text, rest)))
        return
    for fault in shown:
        yield Text()
        yield from _fault(fault, tz)
    for line in rest:
        yield Text(f"\n{line}", "bold")


def _fault(fault: ReportFault, tz: tzinfo) -> Iterator[RenderableType]:
    yield Text.assemble(
        (f" {fault.severity.upper()} ", SEVERITY.get(fault.severity, "bold")), " ",
        (visible(fault.title), "bold"),
        (f"  {fault.category}" if fault.category else "", "dim"),
    )  # fmt: skip
    table = labelled(1)
    for point in points(fault, tz):
        for number, line in enumerate(line for line in point.lines if line):
            table.add_row(Text("" if number else LABELS[point.name], LABEL), Text(visible(line)))
    for number, proof in enumerate(fault.evidence):
        text = Text(f"{place(visible(proof.path), proof.line, proof.offset)}  ", "dim")
        text.append(visible(proof.text), "default")
        table.add_row(Text("" if number else "Lines", LABEL), text)
    yield Padding(table, (1, 0, 0, 1))
