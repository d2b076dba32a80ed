"""The report as a postmortem draft: what the log proves is filled in, what only people know is asked for.

Plain GitHub-flavoured markdown (tables, fenced blocks, no HTML): it pastes into GitHub, GitLab and Confluence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.report.answers import answers, span
from logsleuth.report.escape import fenced
from logsleuth.report.escape import markdown as esc
from logsleuth.report.fates import how_known_words, lost_words, pool_words, telling_columns, worker_cell
from logsleuth.report.fates import routine_words as routine_ends
from logsleuth.report.fault_words import how_often, notable, points
from logsleuth.report.files import files, how_read
from logsleuth.report.glyphs import spark
from logsleuth.report.headline import headline
from logsleuth.report.listing import in_order, listed
from logsleuth.report.markdown_fleet import fleet_blocks, fleet_of_incident
from logsleuth.report.mermaid import gantt
from logsleuth.report.seen import (
    about,
    bars,
    is_few_lines,
    is_whole_shown,
    mark_line,
    routine_of_a_quiet_log,
    routine_words,
    seen_words,
)
from logsleuth.report.words import after, clock, day_clock, day_span, format_shown, place, plural, step_words
from logsleuth.timeline.clock import zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import tzinfo

    from logsleuth.report.fates import Column
    from logsleuth.report.fault_words import Name
    from logsleuth.report.formats import Look
    from logsleuth.report.model import IncidentReport, LogFacts, Report, ReportFault, ReportWorker

ASK = "> ✍"
WORKERS_SHOWN = 12
ZONE_KNOWN = {"named": "as given", "unknown": "nothing names its zone"}
FAULTS_EXPLAINED = 12
FAULT_LABELS: dict[Name, str] = {"do": "**To do**: ", "later": "**To prevent it**: "}


def render(report: Report, look: Look) -> str:
    """The whole document."""
    tz = zone(report.zone)
    blocks = [*_head(report, tz), *fleet_blocks(report, tz)]
    for incident in in_order(report):
        blocks += _incident(incident, report, tz)
    blocks += _faults(report, tz)
    blocks += _appendix(report)
    return "\n\n".join(block for block in blocks if block) + "\n"


def _head(report: Report, tz: tzinfo) -> Iterator[str]:
    if not report.incidents:
        yield f"# {headline(report)}"
    else:
        first = in_order(report)[0]
        name = "Incident" if len(report.incidents) == 1 else headline(report)
        yield f"# {name}: {esc(first.title)}, {day_clock(first.onset, tz)[:10]}"
        yield f"{ASK} Incident number, status, authors, owner of the review:"
    rows = [
        (
            "Logs",
            "; ".join(
                f"{esc(log.path)} ({plural(log.lines, 'line')}, {esc(format_shown(log.format))})"
                for log in files(report.logs)
            ),
        )
    ]
    firsts = [log.first for log in report.logs if log.first is not None]
    lasts = [log.last for log in report.logs if log.last is not None]
    if firsts:
        rows.append(("Covers", day_span(min(firsts), max(lasts), tz)))
    rows.append(("Time zone", f"{esc(report.zone)} ({esc(ZONE_KNOWN.get(report.zone_known, report.zone_known))})"))
    rows.append(
        (
            "Made by",
            f"logsleuth {esc(report.version)}, {report.patterns} patterns ({report.patterns_digest[:12]})",
        )
    )
    if report.command:
        rows.append(("Command", f"{esc(report.command)}"))
    yield _table(("About", "this report"), rows)
    if report.partial:
        yield "**Interrupted: this is what was read by then.**"
    if report.down is not None:
        proof = " ".join(place(line.path, line.line, line.offset) for line in report.down.evidence)
        yield f"{esc(report.down.text)} ({esc(proof)})"
    if len(report.incidents) > 1:
        yield _list_of_incidents(report, tz)
    yield from _whole(report)


def _list_of_incidents(report: Report, tz: tzinfo) -> str:
    rows = listed(report, tz)
    named = any(row.hosts for row in rows)
    heads = ("Incident", "Onset", "How long", "Over?", "Severity", *(("Hosts",) if named else ()), "What")
    cells = []
    for row in rows:
        number = row.incident.id
        hosts = (esc(row.hosts),) if named else ()
        first = (f"[{number}](#incident-{number})", row.when, row.length, row.over, esc(row.incident.severity))
        cells.append((*first, *hosts, esc(row.incident.title)))
    return _table(heads, cells)


def _whole(report: Report) -> Iterator[str]:
    """The picture of the whole log, and what was seen in it where nothing happened."""
    if is_few_lines(report):
        yield _list(f"{esc(title)}: {esc(meaning)}" for title, meaning in routine_words(report))
        return
    if not report.incidents:
        yield _table(("Seen", "in the whole log"), ((label, esc(words)) for label, words in seen_words(report)))
    if report.whole is not None and is_whole_shown(report):
        drawn = bars(report.whole)
        marks, legend = mark_line(report, report.whole)
        scale = f"a column is {about((report.whole.end - report.whole.begin) / len(drawn) / 1e6)}"
        lines = [f"failures  {spark(drawn)}  top: {plural(max(drawn), 'line')}"]
        lines += [f"          {marks}  {legend}"] if legend else []
        yield fenced([*lines, f"          {scale}"])


def _faults(report: Report, tz: tzinfo) -> Iterator[str]:
    """What else is wrong: explained where there is no incident, a table beside one."""
    faults = notable(report)
    if not faults:
        return
    yield "## Other faults" if report.incidents else "## Faults"
    yield _table(
        ("Fault", "Severity", "Kind", "Seen"),
        [
            (esc(fault.title), esc(fault.severity), esc(fault.category or "other"), esc(how_often(fault, tz)))
            for fault in faults
        ],
    )
    if not report.incidents:
        for fault in faults[:FAULTS_EXPLAINED]:
            yield from _fault(fault, tz)


def _fault(fault: ReportFault, tz: tzinfo) -> Iterator[str]:
    yield f"### {esc(fault.title)}"
    for point in points(fault, tz):
        if point.name == "check":
            yield fenced(list(point.lines), "sh")
        elif point.name != "seen":  # the table above has it
            yield f"{FAULT_LABELS.get(point.name, '')}{esc(point.lines[0])}"
    yield fenced([f"{place(e.path, e.line, e.offset)}: {e.text}" for e in fault.evidence])


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines)


def _list(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def _refs(ids: Iterable[str], anchor: str) -> str:
    """References that lead to their lines; where links are lost, as in a paste, the number stays."""
    return "".join(f" [{id_}](#{anchor}{id_})" for id_ in ids)


def _anchor(incident: IncidentReport, report: Report) -> tuple[str, str]:
    """What precedes an id in the heading of its line of evidence, and in the anchor that GitHub and GitLab give it."""
    if len(report.incidents) == 1:
        return "", ""
    return f"Incident {incident.id} ", f"incident-{incident.id}-"


def _incident(incident: IncidentReport, report: Report, tz: tzinfo) -> Iterator[str]:
    if len(report.incidents) > 1:
        yield f"# Incident {incident.id}"
        yield esc(incident.title)
    yield from fleet_of_incident(incident, tz)
    heading, anchor = _anchor(incident, report)
    yield from _summary(incident, report, tz, anchor)
    yield from _cause(incident, anchor)
    yield from _detection(incident, tz)
    yield from _timeline(incident, report, tz, anchor)
    yield from _workers(incident, tz, anchor)
    yield from _resolution(incident, tz, anchor)
    yield from _follow_up(incident)
    yield "## Evidence"
    yield from _evidence(incident, heading)


def _summary(incident: IncidentReport, report: Report, tz: tzinfo, anchor: str) -> Iterator[str]:
    yield "## Summary"
    told = {answer.name: answer for answer in answers(incident, report, tz)}
    sentences = zip(incident.summary, incident.summary_evidence, strict=True)
    yield " ".join(f"{esc(sentence)}{_refs(proof, anchor)}" for sentence, proof in sentences)
    yield f"{esc(told['since'].text)}{_refs(told['since'].evidence, anchor)}"
    yield f"What now: {esc(told['now'].text)}"
    yield "## Impact"
    yield f"{esc(span(incident, report, tz))}. Severity: {esc(incident.severity)}."
    facts = [f"{esc(fact.text)}{_refs(fact.evidence, anchor)}" for fact in incident.impact]
    yield _list([*facts, *map(esc, incident.whom)])
    scale = f"one bar is {step_words(incident.errors_step)}, from {clock(incident.errors_from, tz)}"
    yield fenced([f"lines  |{spark(incident.errors)}|", f"        {scale}"])
    yield f"{ASK} Users, requests and money affected; service level; data lost:"


def _cause(incident: IncidentReport, anchor: str) -> Iterator[str]:
    yield "## Root cause and trigger"
    yield _table(("Role", "What", "Evidence"), _chain(incident, anchor))
    patterns = {evidence.id: evidence.pattern for evidence in incident.evidence}
    if not incident.causes:
        yield "No pattern explains it. See the messages never seen before, below."
    for number, cause in enumerate(incident.causes, 1):
        yield f"### {number}. {esc(cause.title)} ({cause.kind}, {cause.confidence} confidence)"
        if cause.explanation:
            yield esc(cause.explanation)
        own = [ref for ref in cause.evidence if patterns[ref] == cause.pattern]
        others = _refs((ref for ref in cause.evidence if ref not in own), anchor)
        yield _list((*(f"For: {esc(g)}" for g in cause.for_), *(f"Against: {esc(g)}" for g in cause.against),
                     f"Seen {plural(cause.count, 'time')}.{_refs(own, anchor)}",
                     *([f"With it:{others}"] if others else [])))  # fmt: skip
    yield f"{ASK} What changed before it (deploy, package, configuration)? Why was that possible?"
    if incident.ruled_out:
        yield "### Looked for and not found"
        yield _list(esc(statement) for statement in incident.ruled_out)


def _chain(incident: IncidentReport, anchor: str) -> Iterator[tuple[str, ...]]:
    for link in incident.chain:
        text = f"{'~ ' if link.inferred else ''}{esc(link.text)}"
        yield (link.role, text, _refs(link.evidence, anchor).strip())


def _detection(incident: IncidentReport, tz: tzinfo) -> Iterator[str]:
    detection = incident.detection
    yield "## Detection"
    alertable = detection.first_alertable
    told = (
        f"The first of its lines of level error or above: {clock(alertable, tz)}."
        if alertable is not None
        else "None of its lines is of level error or above: an alarm on errors in the log would not have seen it."
    )
    yield f"First evidence of it in the logs: {clock(detection.first_evidence, tz)}. {told}"
    yield f"{ASK} Who noticed, how, and when?"


def _timeline(incident: IncidentReport, report: Report, tz: tzinfo, anchor: str) -> Iterator[str]:
    yield "## Timeline"
    yield f"Times in {esc(report.zone)}; T is the onset; rows with ~ are inferred."
    rows = [
        (
            day_clock(row.time, tz),
            after(row.time, incident.onset),
            row.phase,
            f"{'~ ' if row.inferred else ''}{esc(row.said)}{_refs(row.evidence, anchor)}",
        )
        for row in incident.timeline
    ]
    yield _table(("Time", "T", "Phase", "What"), [*rows, ("", "", "", "✍ deploys, commands, calls")])
    if drawn := gantt(incident, report.zone, tz):
        yield fenced(drawn, "mermaid")


def _workers(incident: IncidentReport, tz: tzinfo, anchor: str) -> Iterator[str]:
    if not incident.lost:
        return
    yield "### Workers lost"
    yield " ".join(esc(word) for word in (*lost_words(incident), *pool_words(incident), *routine_ends(incident)))
    yield fenced([f"lost over time  |{spark(incident.curve, incident.pool)}|"])
    columns = telling_columns(incident)
    rows = [_worker(worker, columns, tz, anchor) for worker in incident.lost[:WORKERS_SHOWN]]
    heads = (column.capitalize() for column in columns)
    yield _table(("pid", "First seen", "Lost at", "How", *heads, "Proof"), rows)
    if incident.lost_count > WORKERS_SHOWN:
        yield f"… and {incident.lost_count - WORKERS_SHOWN:,} more."
    yield "How we know:"
    yield _list(esc(words) for words in how_known_words(incident))


def _worker(worker: ReportWorker, columns: Sequence[Column], tz: tzinfo, anchor: str) -> tuple[str, ...]:
    first = clock(worker.first_seen, tz) if worker.first_seen is not None else ""
    how = f"{worker.how} ~" if worker.inferred else worker.how
    proof = _refs(worker.evidence, anchor).strip()
    cells = (worker_cell(worker, column, tz) for column in columns)
    return (str(worker.pid), first, clock(worker.time, tz), how, *cells, proof)


def _resolution(incident: IncidentReport, tz: tzinfo, anchor: str) -> Iterator[str]:
    yield "## Resolution"
    when = f" ({clock(incident.recovery_time, tz)})" if incident.recovery_time is not None else ""
    ending = next((row for row in reversed(incident.timeline) if row.kind in {"recovery", "end"}), None)
    yield f"{esc(incident.summary[2])}{when}{_refs(ending.evidence, anchor) if ending else ''}"
    yield f"{ASK} Who decided what, and what was tried first?"


def _follow_up(incident: IncidentReport) -> Iterator[str]:
    yield "## Action items"
    actions = incident.actions
    rows = [("confirm", "Run the checks below", "✍", "✍")] if actions.confirm else []
    rows += [("mitigate", esc(item), "✍", "✍") for item in actions.now]
    rows += [("if it comes back", esc(item), "✍", "✍") for item in actions.again]
    rows += [("prevent", esc(item), "✍", "✍") for item in actions.prevent]
    rows.append(("detect", "Set up the monitoring that would have caught it (configuration below)", "✍", "✍"))
    yield _table(("Type", "What", "Owner", "Due"), rows)
    if actions.confirm:
        yield fenced(list(actions.confirm), "sh")
    yield "### What would have caught it"
    yield esc(incident.detection.saved)
    yield fenced(incident.detection.probe.rstrip("\n").split("\n"), "text")
    yield "## Lessons"
    yield f"{ASK} What went well? What went badly? Where were we lucky?"


def _evidence(incident: IncidentReport, heading: str) -> Iterator[str]:
    """Each line that is referred to under a heading of its own, to which references lead."""
    cited = _cited(incident)
    for evidence in incident.evidence:
        if evidence.id not in cited:
            continue
        yield f"###### {heading}{evidence.id}"
        at = f"{place(evidence.path, evidence.line, evidence.offset)} (byte {evidence.offset:,})"
        yield fenced([at, evidence.text])
    if rest := len(incident.evidence) - len(cited):
        yield f"… and {plural(rest, 'more line')} to which nothing above refers: HTML and JSON have them."


def _cited(incident: IncidentReport) -> set[str]:
    """The ids of the lines to which the document refers."""
    cited = [
        *incident.summary_evidence,
        *(fact.evidence for fact in incident.impact),
        *(link.evidence for link in incident.chain),
        *(cause.evidence for cause in incident.causes),
        *(row.evidence for row in incident.timeline),
        *(worker.evidence for worker in incident.lost[:WORKERS_SHOWN]),
    ]
    return {ref for refs in cited for ref in refs}


def _appendix(report: Report) -> Iterator[str]:
    yield "## Appendix"
    if routine := routine_of_a_quiet_log(report):
        yield "### Also in the log, and no fault"
        yield _table(
            ("Count", "What", "Pattern"),
            [(f"{r.count:,}", esc(r.title), esc(r.pattern)) for r in routine],
        )
    if report.unknown:
        yield "### Messages that match no known pattern"
        yield fenced(
            [
                f"{m.count:>6,}  {m.level or '-':6} {place(m.path, m.line, m.offset)}  {m.template}"
                for m in report.unknown
            ]
        )
    yield "### Logs and limits"
    yield _list(_log(log) for log in files(report.logs))
    samples = [sample for log in report.logs for sample in log.unparsed_samples]
    if samples:
        yield fenced(samples)
    yield _list(esc(note) for note in (*report.notes, *(f"Left out: {reason}" for reason in report.left_out)))


def _log(log: LogFacts) -> str:
    form = esc(format_shown(f"{log.format} ({log.format_reason})"))
    return f"{esc(log.path)}: {plural(log.lines, 'line')}, {plural(log.bytes, 'byte')}, {form}; {how_read(log)}."
