"""One incident in the terminal: the answers, the timeline, the causes, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.report.alike import alike_lines, alike_words
from logsleuth.report.answers import answers
from logsleuth.report.escape import visible
from logsleuth.report.fates import PARENT, how_known_words
from logsleuth.report.glyphs import spark
from logsleuth.report.layout import AtMost, Indented, Stack, Table, Text, Verbatim
from logsleuth.report.terminal_layout import LABEL, PROSE, SEVERITY, bullets, labelled, refs, section
from logsleuth.report.terminal_workers import workers
from logsleuth.report.words import after, clock_after, place, plural, step_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from logsleuth.report.glyphs import Glyphs
    from logsleuth.report.layout import Block
    from logsleuth.report.model import IncidentReport, Report

CONFIDENCE = {"high": "bold green", "medium": "bold", "low": "red"}
KIND = {"onset": "bold red", "recovery": "bold green", "restart": "cyan", "worker": "magenta", "capacity": "bold",
        "trigger": "bold magenta", "cause": "bold red"}  # fmt: skip
"""Colours that can be read on light and on dark (no yellow, no blue); the word beside says the same."""
LEAST_BARRED = 3
"""Lines from which on bars show more than the timeline does."""
EVIDENCE_SHOWN = 8


def incident_parts(
    incident: IncidentReport, report: Report, tz: tzinfo, glyphs: Glyphs, *, full: bool
) -> Iterator[Block]:
    """The answers first, then what they rest on; `full`: all of it."""
    heading = Text(f" {incident.severity.upper()} ", SEVERITY.get(incident.severity, "bold")).append(" ")
    heading.append(visible(incident.title), "bold")
    yield heading.append(f"  #{incident.id} {incident.category or 'unknown cause'}", "dim")
    yield _answers(incident, report, tz, glyphs)
    yield section("Timeline", _timeline(incident, tz))
    yield section("How it came about", _chain(incident))
    yield section("Causes", _causes(incident))
    if incident.lost:
        yield section("Workers lost", workers(incident, tz, glyphs, full=full))
    if (to_do := _actions(incident)) is not None:
        yield section("What to do", to_do)
    yield section("Evidence", _evidence(incident, full=full), wide=True)
    if full:
        if known := how_known_words(incident):
            yield section("How we know", bullets(known))
        yield section("Impact", bullets([f"{fact.text}{refs(fact.evidence)}" for fact in incident.impact]))
        if incident.ruled_out:
            yield section("Looked for and not found", bullets(incident.ruled_out))
        yield section("What would have caught it", _detection(incident))


def _detection(incident: IncidentReport) -> Block:
    return Stack(Text(visible(incident.detection.saved)), Text(), Verbatim(incident.detection.probe))


LABELS = {"what": "What", "whom": "Whom", "when": "When", "since": "Since", "why": "Why", "over": "Over?", "now": "Now"}


def _answers(incident: IncidentReport, report: Report, tz: tzinfo, glyphs: Glyphs) -> Block:
    table = labelled()
    styles = {"why": "bold", "over": "bold red" if incident.end is None else "bold green"}
    for answer in answers(incident, report, tz):
        text = Text(visible(answer.text), styles.get(answer.name, ""))
        text.append(refs(answer.evidence), "dim")
        table.add_row(Text(LABELS[answer.name], LABEL), text)
    if sum(incident.errors) >= LEAST_BARRED and sum(map(bool, incident.errors)) > 1:
        failures = Text(spark(incident.errors, glyphs=glyphs), "red")
        failures.append(f" {_most(incident)}")
        table.add_row(Text("Lines", LABEL), failures)
    lost = incident.lost_count - sum(worker.pool == PARENT for worker in incident.lost)
    if lost > 1:
        known = f" of {incident.pool}" if incident.pool and incident.pool >= lost else ""
        curve = Text(spark(incident.curve, incident.pool, glyphs), "magenta")
        curve.append(f" {lost:,}{known} lost")
        table.add_row(Text("Workers", LABEL), curve)
    return AtMost(Indented(table, 1, above=1), PROSE)


def _most(incident: IncidentReport) -> str:
    """The highest bar, in words."""
    return f"top: {max(incident.errors, default=0):,} in {step_words(incident.errors_step)}"


def _timeline(incident: IncidentReport, tz: tzinfo) -> Block:
    table = Table(2, unbroken=3)
    for row in incident.timeline:
        time, kind = clock_after(row.time, incident.onset, tz), Text(row.kind, KIND.get(row.kind, ""))
        table.add_row(
            time, Text(after(row.time, incident.onset), "dim"), kind,
            Text(f"{'~' if row.inferred else ''}{visible(row.said)}{refs(row.evidence)}"),
        )  # fmt: skip
    return table


def _chain(incident: IncidentReport) -> Block:
    table = labelled()
    before = ""
    for link in incident.chain:
        name = {"contributing": "Made worse by"}.get(link.role, link.role.capitalize())
        text = Text(f"{'~' if link.inferred else ''}{visible(link.text)}")
        text.append(refs(link.evidence), "dim")
        table.add_row(Text("" if name == before else name, LABEL), text)
        before = name
    return table


def _causes(incident: IncidentReport) -> Block:
    if not incident.causes:
        return Text("Nothing in the pattern library explains it.")
    table = labelled()
    for number, cause in enumerate(incident.causes, 1):
        title = Text(visible(cause.title), "bold")
        title.append(f"  {cause.kind}, ", "dim")
        title.append(f"{cause.confidence} confidence", CONFIDENCE[cause.confidence])
        title.append(refs(cause.evidence), "dim")
        table.add_row(Text(f"{number}.", "bold"), title)
        if cause.explanation and number == 1:
            table.add_row("", Text(visible(cause.explanation)))
        for ground in cause.for_:
            table.add_row(Text(" +", "green"), Text(visible(ground)))
        for ground in cause.against:
            table.add_row(Text(" -", "red"), Text(visible(ground)))
    return table


def _actions(incident: IncidentReport) -> Block | None:
    """What to do besides what the answers say already; None: nothing."""
    table = labelled()
    actions = incident.actions
    rows = (
        ("Now", actions.now if len(actions.now) > 1 else ()),  # one sentence is among the answers above
        ("Check", actions.confirm),
        ("If it comes back", actions.again),
        ("Later", actions.prevent),
    )
    for name, items in rows:
        shown = Verbatim if name == "Check" else Text
        for number, item in enumerate(items):
            table.add_row(Text("" if number else name, LABEL), shown(visible(item)))
    if not table.rows and not actions.now:
        return Text(
            "No pattern says what to do: read the evidence below. “logsleuth patterns draft LOG” starts a pattern."
        )
    return table if table.rows else None


def _evidence(incident: IncidentReport, *, full: bool) -> Block:
    cited = dict.fromkeys(ref for cause in incident.causes[:1] for ref in cause.evidence)
    chosen = incident.evidence if full else [e for e in incident.evidence if e.id in cited][:EVIDENCE_SHOWN]
    alike = set(alike_lines(incident)) if full else set()
    table = Table(2, unbroken=1)
    for evidence in (one for one in chosen if one.id not in alike):
        text = Text(f"{place(visible(evidence.path), evidence.line, evidence.offset)}  ", "dim")
        text.append(visible(evidence.text))
        table.add_row(Text(evidence.id, "bold"), text)
    rest = len(incident.evidence) - len(chosen)
    more = Text(f"… and {plural(rest, 'line')} more with --full, or in -o report.md" if rest else "", "dim")
    return Stack(
        table, *(Text(line, "dim") for line in alike_words(incident)) if full else (), *([more] if rest else [])
    )
