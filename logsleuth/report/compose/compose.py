"""From the story to the Report: what each part says is decided in the folders beside this file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth._version import __version__
from logsleuth.report.compose.log import clocks
from logsleuth.report.compose.log.again import Again
from logsleuth.report.compose.log.facts import log_facts, told_logs, unknown_messages, usual_messages
from logsleuth.report.compose.log.notes import all_notes
from logsleuth.report.compose.log.platform import platform
from logsleuth.report.compose.log.whole_log import server_down, whole_log
from logsleuth.report.compose.story.alike import Alike
from logsleuth.report.compose.story.exhibits import Exhibits, patterns_of_lines
from logsleuth.report.compose.story.faults import report_faults
from logsleuth.report.compose.story.ruled_out import RuledOut
from logsleuth.report.model import Report, VerdictWord
from logsleuth.timeline.undated import Following

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.library.pattern import Library
    from logsleuth.logs.open.log import Log
    from logsleuth.report.model import ReportFault
    from logsleuth.scan.tally import Tally
    from logsleuth.story import Story
    from logsleuth.timeline.clock import Clock


def compose(
    story: Story,
    tally: Tally,
    logs: Sequence[Log],
    library: Library,
    clock: Clock,
    *,
    command: str = "",
    left_out: Sequence[str] = (),
    partial: bool = False,
    remarks: Sequence[str] = (),
    excerpts: bool = True,
    told: int | None = None,
) -> Report:
    """The report on a story.

    `remarks`: what was noticed while the logs were opened, in sentences; `excerpts`: whether it has the lines around
    the evidence; `told`: of how many incidents it tells in full, besides those that go on; None: of all.
    """
    patterns = patterns_of_lines(story.lives.timeline)
    there = platform(story.lives.timeline, logs)
    shared = (patterns, Again(logs), Following(story.lives.timeline.series.values()), Alike(), left_out)
    ruled_out = RuledOut(story.lives, len(left_out))
    if story.diagnoses:
        from logsleuth.report.compose.story.incident import glance, report_incident  # noqa: PLC0415 - a quiet log has none

    in_full = those_told([one.incident.recovery is not None for one in story.diagnoses], told)
    incidents = tuple(
        report_incident(number, diagnosis, story.lives, Exhibits(tally, logs, clock, *shared), there, ruled_out)
        for number, diagnosis in enumerate(story.diagnoses, 1)
        if number in in_full
    )
    if excerpts:
        from logsleuth.report.compose.story.excerpts import with_excerpts  # noqa: PLC0415 - a report in text has none

        incidents = tuple(with_excerpts(one, logs) for one in incidents)
    found = [one.incident for one in story.diagnoses]
    faults = report_faults(story.faults, found, Exhibits(tally, logs, clock), story.lives.timeline, there)
    return Report(
        version=__version__,
        verdict=_verdict(faults, is_outage=bool(story.diagnoses)),
        zone=clock.name,
        zone_known=clock.known,
        patterns=len(library.patterns),
        patterns_digest=library.digest,
        command=command,
        logs=told_logs([log_facts(number, log, tally, clock) for number, log in enumerate(logs)]),
        incidents=incidents,
        faults=faults,
        unknown=unknown_messages(story.lives.timeline, tally, logs),
        usual=usual_messages(story.lives.timeline, story.diagnoses),
        notes=(
            *all_notes(story, tally, logs, clock, there),
            *remarks,
            *(f"Not read: {one}." for one in left_out),
            *clocks.notes(tally, logs, clock, found),
        ),
        left_out=tuple(left_out),
        partial=partial,
        whole=whole_log(story.lives, logs),
        down=server_down(story.lives, tally, logs, clock),
        untold=tuple(glance(number, one) for number, one in enumerate(story.diagnoses, 1) if number not in in_full),
    )


def those_told(over: Sequence[bool], told: int | None) -> frozenset[int]:
    """The numbers of the incidents that are told in full: those that go on, then the gravest, as they are shown.

    `over`: of each incident, in order, whether it is over.
    """
    in_order = sorted(range(1, len(over) + 1), key=lambda number: over[number - 1])
    return frozenset(in_order if told is None else in_order[: max(told, over.count(False))])


def _verdict(faults: Sequence[ReportFault], *, is_outage: bool) -> VerdictWord:
    """The answer in one word. What is only noticed by the way makes no fault."""
    if is_outage:
        return "outage"
    return "faults" if any(fault.severity != "info" for fault in faults) else "clean"
