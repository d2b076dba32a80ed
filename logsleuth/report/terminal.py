"""The report for the terminal: one screen that answers, then the details."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.constrain import Constrain
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from logsleuth.report.answers import answers
from logsleuth.report.escape import visible
from logsleuth.report.fates import PARENT, how_known_words, pool_words
from logsleuth.report.fates import routine_words as routine_ends
from logsleuth.report.formats import Look
from logsleuth.report.glyphs import ASCII, BLOCKS, Glyphs, lane, spark, telling
from logsleuth.report.headline import found, how_often, is_window_empty
from logsleuth.report.listing import in_order
from logsleuth.report.seen import is_few_lines, is_whole_shown
from logsleuth.report.terminal_fleet import fleet_of_incident, fleet_parts
from logsleuth.report.terminal_layout import LABEL, PROSE, labelled, more, rows, section
from logsleuth.report.terminal_whole import picture, routine_parts, whole_parts
from logsleuth.report.words import clock, day_span, duration, offset, place, plural
from logsleuth.timeline.clock import zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import tzinfo

    from rich.console import RenderableType

    from logsleuth.report.model import Evidence, IncidentReport, Report, ReportFault

SEVERITY = {
    "critical": "bold white on red",
    "major": "bold black on yellow",
    "minor": "bold black on cyan",
    "info": "bold",
}
VERDICT = {"outage": "bold red", "faults": "bold", "clean": "bold green"}
CONFIDENCE = {"high": "bold green", "medium": "bold", "low": "red"}
KIND = {"onset": "bold red", "recovery": "bold green", "restart": "cyan", "worker": "magenta", "capacity": "bold",
        "trigger": "bold magenta", "peak": "red"}  # fmt: skip
"""Colours that can be read on light and on dark (no yellow, no blue); the word beside says the same."""
PLAIN = str.maketrans({"“": '"', "”": '"', "…": "...", "’": "'"})
"""Signs of our own sentences that a terminal without others has, too."""
BRIEF_EVIDENCE = 8
BRIEF_WORKERS = 6
SHOWN_INCIDENTS = 3
SHOWN_FAULTS = 5


def show(report: Report, *, full: bool = False) -> None:
    """Print on standard output: with colour on a terminal, without it in a pipe or with NO_COLOR."""
    console = Console(highlight=False, emoji=False, markup=False)
    glyphs = _glyphs(sys.stdout.encoding, os.environ.get("TERM", ""))
    if not console.is_terminal:
        sys.stdout.write(_plain(report, Look(full=full, width=_columns()), glyphs))
        return
    for part in parts(report, full=full, glyphs=glyphs):
        console.print(part)


def render(report: Report, look: Look) -> str:
    """The same as plain text."""
    return _plain(report, look, BLOCKS)


def _plain(report: Report, look: Look, glyphs: Glyphs) -> str:
    out = io.StringIO()
    console = Console(file=out, highlight=False, emoji=False, markup=False, width=look.width, no_color=True)
    for part in parts(report, full=look.full, glyphs=glyphs):
        console.print(part)
    text = "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"
    return text.translate(PLAIN) if glyphs is ASCII else text


def _glyphs(encoding: str, term: str) -> Glyphs:
    return BLOCKS if encoding.lower().startswith("utf") and term != "dumb" else ASCII


def _columns() -> int:
    columns = os.environ.get("COLUMNS", "")
    return int(columns) if columns.isdigit() and int(columns) > 20 else 100


def parts(report: Report, *, full: bool, glyphs: Glyphs = BLOCKS) -> Iterator[RenderableType]:
    """What is printed, from top to bottom."""
    tz = zone(report.zone)
    yield _heading(report, tz)
    yield from fleet_parts(report, tz, glyphs)
    yield from whole_parts(report, tz, glyphs, full=full)
    shown = in_order(report) if full else in_order(report)[:SHOWN_INCIDENTS]
    for incident in shown:
        yield Text()
        yield from fleet_of_incident(incident)
        yield from _incident(incident, report, tz, glyphs, full=full)
    if len(report.incidents) > len(shown):
        rest = len(report.incidents) - len(shown)
        yield Text(f"\n… and {plural(rest, 'more incident')}, less severe: --full shows all.", "bold")
    if len(report.incidents) == 1 and is_whole_shown(report):
        yield Padding(rows(picture(report, glyphs)), (1, 0, 0, 1))
    yield from _faults(report, tz, full=full)
    if is_few_lines(report) and not full:
        yield from routine_parts(report)
    yield from _appendix(report, full=full)


def _faults(report: Report, tz: tzinfo, *, full: bool) -> Iterator[RenderableType]:
    """What else is wrong: explained where there is no incident, in a line each beside one."""
    faults = [fault for fault in report.faults if full or fault.severity != "info"]
    if not faults:
        return
    if report.incidents:
        lines = [f"{fault.severity:8} {visible(fault.title.rstrip('.'))}: {how_often(fault, tz)}" for fault in faults]
        shown = lines if full else lines[:SHOWN_FAULTS]
        yield section("Other faults", Text("\n".join([*shown, *more(len(lines) - len(shown), "fault")])))
        return
    for fault in faults if full else faults[:SHOWN_FAULTS]:
        yield Text()
        yield from _fault(fault, tz)
    for line in more(0 if full else len(faults) - SHOWN_FAULTS, "fault"):
        yield Text(f"\n{line}", "bold")


def _fault(fault: ReportFault, tz: tzinfo) -> Iterator[RenderableType]:
    yield Text.assemble(
        (f" {fault.severity.upper()} ", SEVERITY.get(fault.severity, "bold")), " ",
        (visible(fault.title.rstrip(".")), "bold"),
        (f"  {fault.category}" if fault.category else "", "dim"),
    )  # fmt: skip
    table = labelled(1)
    table.add_row(Text("Seen", LABEL), Text(how_often(fault, tz)))
    if fault.meaning.rstrip(".") != fault.title.rstrip("."):
        table.add_row(Text("Means", LABEL), Text(visible(fault.meaning)))
    for name, items in (("Check", fault.confirm), ("Do", [fault.fix]), ("Later", [fault.prevent])):
        for number, item in enumerate(item for item in items if item):
            table.add_row(Text("" if number else name, LABEL), Text(visible(item)))
    for number, line in enumerate(fault.evidence):
        text = Text(f"{place(visible(line.path), line.line, line.offset)}  ", "dim")
        text.append(visible(line.text), "default")
        table.add_row(Text("" if number else "Lines", LABEL), text)
    yield Padding(table, (1, 0, 0, 1))


def _heading(report: Report, tz: tzinfo) -> RenderableType:
    lines = sum(log.lines for log in report.logs)
    firsts = [log.first for log in report.logs if log.first is not None]
    lasts = [log.last for log in report.logs if log.last is not None]
    text = Text()
    if report.down is not None:
        text.append(visible(report.down.text), "bold red")
        text.append(f" [{_places(report.down.evidence)}]\n", "dim")
    text.append(found(report), VERDICT[report.verdict])
    if not lines:
        text.append(_why_nothing(report), "default")
        return text
    dated = f"from {day_span(min(firsts), max(lasts), tz)} {report.zone}" if firsts else "without any time"
    size = sum({log.path: log.bytes for log in report.logs}.values())  # one file may hold the lines of several logs
    text.append(f"  in {plural(lines, 'line')} ({_size(size)}) {dated}", "not bold default")
    if report.partial:
        text.append("\nInterrupted: this is what was read by then.", "bold yellow")
    return text


def _places(lines: Sequence[Evidence]) -> str:
    return " ".join(place(visible(line.path), line.line, line.offset) for line in lines)


def _why_nothing(report: Report) -> str:
    """Why no line was read."""
    if report.partial:
        return ": interrupted before anything was read."
    return "; the logs end before or start after them." if is_window_empty(report) else ": the log is empty."


def _size(size: int) -> str:
    for unit in ("bytes", "KB", "MB"):
        if size < 1024:
            return f"{size} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size = size / 1024  # type: ignore[assignment]
    return f"{size:.1f} GB"


def _incident(
    incident: IncidentReport, report: Report, tz: tzinfo, glyphs: Glyphs, *, full: bool
) -> Iterator[RenderableType]:
    heading = Text.assemble(
        (f" {incident.severity.upper()} ", SEVERITY.get(incident.severity, "bold")), " ",
        (visible(incident.title), "bold"),
        (f"  #{incident.id} {incident.category or 'unknown cause'}", "dim"),
    )  # fmt: skip
    yield heading
    yield _answers(incident, report, tz, glyphs)
    yield section("Timeline", _timeline(incident, tz))
    yield section("How it came about", _chain(incident))
    yield section("Causes", _causes(incident))
    if incident.lost:
        yield section("Workers lost", _workers(incident, tz, glyphs, full=full))
    yield section("What to do", _actions(incident))
    yield section("Evidence", _evidence(incident, full=full), wide=True)
    if full:
        if incident.how_known:
            yield section("How we know", _bullets(how_known_words(incident)))
        yield section("Impact", _bullets([f"{fact.text}{_refs(fact.evidence)}" for fact in incident.impact]))
        yield section("Ruled out", _bullets(incident.ruled_out))
        yield section("What would have caught it", Text(f"{incident.detection.saved}\n\n{incident.detection.probe}"))


LABELS = {"what": "What", "when": "When", "since": "Since", "why": "Why", "over": "Over?", "now": "Now"}


def _answers(incident: IncidentReport, report: Report, tz: tzinfo, glyphs: Glyphs) -> RenderableType:
    table = labelled(1)
    styles = {"why": "bold", "over": "bold red" if incident.end is None else "bold green"}
    for answer in answers(incident, report, tz):
        text = Text(visible(answer.text), styles.get(answer.name, "default"))
        text.append(_refs(answer.evidence), "not bold dim")
        table.add_row(Text(LABELS[answer.name], LABEL), text)
    if any(incident.errors):
        failures = Text(spark(incident.errors, glyphs=glyphs), "red")
        failures.append(f" {_most(incident)}", "default")
        table.add_row(Text("Failures", LABEL), failures)
    if incident.lost_count > 1 and not all(worker.pool == PARENT for worker in incident.lost):
        known = f" of {incident.pool}" if incident.pool and incident.pool >= incident.lost_count else ""
        curve = Text(spark(incident.curve, incident.pool, glyphs), "magenta")
        curve.append(f" {incident.lost_count:,}{known} lost", "default")
        table.add_row(Text("Workers", LABEL), curve)
    return Constrain(Padding(table, (1, 0, 0, 1)), PROSE)


def _most(incident: IncidentReport) -> str:
    """The highest bar, in words."""
    return f"top: {max(incident.errors, default=0):,} in {duration(incident.errors_step / 1e6)}"


def _timeline(incident: IncidentReport, tz: tzinfo) -> RenderableType:
    table = Table.grid(padding=(0, 2, 0, 0))
    for column in (
        {"no_wrap": True},
        {"no_wrap": True, "style": "dim"},
        {"no_wrap": True},
        {"overflow": "fold"},
    ):
        table.add_column(**column)
    for row in incident.timeline:
        table.add_row(
            clock(row.time, tz), offset(row.time - incident.onset), Text(row.kind, KIND.get(row.kind, "default")),
            Text(f"{'~' if row.inferred else ''}{visible(row.text)}{_refs(row.evidence)}"),
        )  # fmt: skip
    return table


def _chain(incident: IncidentReport) -> RenderableType:
    table = labelled()
    before = ""
    for link in incident.chain:
        name = {"contributing": "Made worse by"}.get(link.role, link.role.capitalize())
        text = Text(f"{'~' if link.inferred else ''}{visible(link.text)}")
        text.append(_refs(link.evidence), "dim")
        table.add_row(Text("" if name == before else name, LABEL), text)
        before = name
    return table


def _refs(ids: Iterable[str]) -> str:
    listed = " ".join(ids)
    return f" [{listed}]" if listed else ""


def _causes(incident: IncidentReport) -> RenderableType:
    if not incident.causes:
        return Text("Nothing in the pattern library explains it.")
    table = labelled()
    for number, cause in enumerate(incident.causes, 1):
        title = Text(visible(cause.title), "bold")
        title.append(f"  {cause.kind}, ", "not bold dim")
        title.append(f"{cause.confidence} confidence", f"not bold {CONFIDENCE[cause.confidence]}")
        title.append(_refs(cause.evidence), "not bold dim")
        table.add_row(Text(f"{number}.", "bold"), title)
        if cause.explanation and number == 1:
            table.add_row("", Text(visible(cause.explanation)))
        for ground in cause.for_:
            table.add_row(Text(" +", "green"), Text(visible(ground)))
        for ground in cause.against:
            table.add_row(Text(" -", "red"), Text(visible(ground)))
    return table


def _workers(incident: IncidentReport, tz: tzinfo, glyphs: Glyphs, *, full: bool) -> RenderableType:
    shown = incident.lost if full else incident.lost[:BRIEF_WORKERS]
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_row(*(Text(name, "dim") for name in ("pid", "lost at", "how", "failures", "last sign", "proof")))
    for worker in shown:
        how = f"{worker.how} ~" if worker.inferred else worker.how
        last = clock(worker.last_seen, tz) if worker.last_seen is not None else ""
        proof = " ".join(worker.evidence)
        table.add_row(str(worker.pid), clock(worker.time, tz), how, str(worker.failures), last, proof)
    rest = incident.lost_count - len(shown)
    more = f"… and {rest:,} more. " if rest else ""
    words = " ".join((*pool_words(incident), *routine_ends(incident)))
    return Group(table, Text(f"{more}{visible(words)}", "dim"), *_lanes(incident, glyphs))


def _lanes(incident: IncidentReport, glyphs: Glyphs) -> Iterator[RenderableType]:
    """The most telling workers' lives, under the same span of time as the failures."""
    shown = telling(incident.lanes)
    if len(shown) < 2:
        return
    table = Table.grid(padding=(0, 2, 0, 0))
    for life in shown:
        drawn = Text(lane(life, incident, glyphs), "red" if life.lost is not None else "green")
        how = "not lost" if life.lost is None else f"{life.how} ~" if life.inferred else life.how
        table.add_row(Text(str(life.pid)), drawn, Text(how))
    key = f"{glyphs.serving} writes to the log   {glyphs.lost} lost   {glyphs.failing} still writing after that"
    yield Padding(Group(table, Text(key, "dim")), (1, 0, 0, 0))


def _actions(incident: IncidentReport) -> RenderableType:
    table = labelled()
    actions = incident.actions
    rows = (
        ("Now", actions.now),
        ("Check", actions.confirm),
        ("If it comes back", actions.again),
        ("Later", actions.prevent),
    )
    for name, items in rows:
        for number, item in enumerate(items):
            table.add_row(Text("" if number else name, LABEL), Text(visible(item)))
    if not table.rows:
        return Text(
            "No pattern says what to do: read the evidence below. “logsleuth patterns draft LOG” starts a pattern."
        )
    return table


def _evidence(incident: IncidentReport, *, full: bool) -> RenderableType:
    cited = dict.fromkeys(ref for cause in incident.causes[:1] for ref in cause.evidence)
    chosen = incident.evidence if full else [e for e in incident.evidence if e.id in cited][:BRIEF_EVIDENCE]
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    for evidence in chosen:
        text = Text(f"{place(visible(evidence.path), evidence.line, evidence.offset)}  ", "dim")
        text.append(visible(evidence.text), "default")
        table.add_row(evidence.id, text)
    rest = len(incident.evidence) - len(chosen)
    more = Text(f"… and {plural(rest, 'line')} more with --full, or in -o report.md" if rest else "", "dim")
    return Group(table, more) if rest else table


def _bullets(items: Sequence[str]) -> RenderableType:
    table = labelled()
    for item in items:
        table.add_row("-", Text(visible(item)))
    return table


def _appendix(report: Report, *, full: bool) -> Iterator[RenderableType]:
    if report.usual and not is_few_lines(report):
        rows = ", ".join(f"{row.title} ({row.count:,})" for row in (report.usual if full else report.usual[:5]))
        yield section("Also in the log, and no fault", Text(visible(rows)))
    grave = [m for m in report.unknown if m.level in {"emerg", "alert", "crit", "error", ""}]
    if grave:
        shown = grave if full else grave[:3]
        lines = [f"{m.count:>6,}  {visible(m.template)}  ({place(visible(m.path), m.line, m.offset)})" for m in shown]
        yield section("Messages that nothing here knows", Text("\n".join(lines)))
    notes = report.notes if full else () if is_few_lines(report) else report.notes[:2]
    if notes:
        yield section("How far this can be trusted", _bullets(notes))
    if full:
        facts = [
            f"{log.path}: {log.lines:,} lines, {log.format} ({log.format_reason}); {log.joined:,} joined, "
            f"{log.bare:,} without a head, {log.unparsed:,} not understood"
            for log in report.logs
        ]
        yield section("Logs", _bullets(facts))
        yield Text(
            f"\n logsleuth {report.version}, {report.patterns} patterns, digest {report.patterns_digest[:12]}",
            "dim",
        )
