"""A judgement in one line, with performance data, as monitoring plugins write it.

The form is that of the Monitoring Plugins Development Guidelines: text, '|', and then
`label=value[unit];warn;crit;min;max`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.redaction.pseudonyms import Pseudonyms
from logsleuth.report.escape import visible
from logsleuth.report.words import clock, cut, day_clock, plural
from logsleuth.units import duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

    from logsleuth.live.faults import OngoingFault
    from logsleuth.live.finding import Finding
    from logsleuth.live.limits import Limits
    from logsleuth.live.probe import Probe
    from logsleuth.live.verdict import Judgement

SECOND = 1_000_000
LONGEST = 900
"""Characters of the text: supervisors cut long lines, and the performance data comes last."""
NAMED = 3
"""Faults that the line names; the others are counted."""


def plugin_line(
    judgement: Judgement,
    now: int,
    tz: tzinfo,
    limits: Limits,
    new: int,
    trouble: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
) -> str:
    """The line; `now` in UTC microseconds, `new`: bytes that were read, `trouble`: why logs cannot be read.

    `notes`: further remarks, such as a state that was put aside.
    """
    verdict = () if trouble and judgement.finding is None else (sentence(judgement, now, tz),)
    text = "; ".join((*trouble, *verdict, *notes))
    return f"LOGSLEUTH {judgement.status.name} - {_safe(text)} | {_figures(judgement.finding, limits, new)}"


def sentence(judgement: Judgement, now: int, tz: tzinfo) -> str:
    """The judgement in words, redacted: supervisors mail and post it."""
    return Pseudonyms().text(_sentence(judgement, now, tz))


def _sentence(judgement: Judgement, now: int, tz: tzinfo) -> str:
    """The judgement in words; it may contain text of a log."""
    finding = judgement.finding
    if finding is None:
        return _faults(judgement.faults, now, tz) if judgement.faults else "no outage"
    text = f"{finding.category}: {workers_lost(finding)}since {_when(finding.onset, now, tz)} ({finding.title}"
    if judgement.well_since is not None:
        ago = f"{clock(judgement.well_since, tz)}, {duration((now - judgement.well_since) / SECOND)} ago"
        return f"recovering: restarted {ago}, from {finding.category}: {finding.title}"
    text += f"; confidence {finding.confidence})"
    if judgement.advice is not None:
        return f"{text}; {judgement.advice.sentence}"
    return f"{text}; a restart does not fix this" if finding.critical else text


def _faults(faults: Sequence[OngoingFault], now: int, tz: tzinfo) -> str:
    """'no outage, 2 faults: …': the gravest by name, the others counted."""
    named = "; ".join(_fault(fault, now, tz) for fault in faults[:NAMED])
    more = f"; and {len(faults) - NAMED} more" if len(faults) > NAMED else ""
    return f"no outage, {plural(len(faults), 'fault')}: {named}{more}"


def fault_sentence(fault: OngoingFault, now: int, tz: tzinfo) -> str:
    """One fault in words, redacted."""
    return Pseudonyms().text(_fault(fault, now, tz))


def _fault(fault: OngoingFault, now: int, tz: tzinfo) -> str:
    """'disk-full (critical): No space left on device, 31 times since 14:02:11'."""
    times = f"{fault.count:,} times since {_when(fault.first, now, tz)}"
    if fault.count == 1:
        times = f"once, at {_when(fault.last, now, tz)}"
    return f"{fault.category or fault.name} ({fault.severity}): {fault.title}, {times}"


def workers_lost(finding: Finding) -> str:
    """'3 of 20 workers lost ', or nothing."""
    lost, known = finding.workers_lost, finding.workers_known
    if not lost:
        return ""
    if known is not None and lost <= known:
        return f"{lost} of {known} workers lost "
    return f"{lost} workers lost " if lost > 1 else "one worker lost "


def _when(time: int, now: int, tz: tzinfo) -> str:
    """Time of day, and before it the date if that was another day."""
    text = day_clock(time, tz)
    return text[11:] if text[:10] == day_clock(now, tz)[:10] else text


def _figures(finding: Finding | None, limits: Limits, new: int) -> str:
    lost, known = (finding.workers_lost, finding.workers_known) if finding else (0, None)
    most = known if known is not None else ""
    warning, critical = limits.written(known)
    return f"lost={lost};{warning};{critical};0;{most} new={new}B;;;0"


def details(judgement: Judgement, probe: Probe, verbose: int) -> Iterator[str]:
    """Lines below the first: at 1 the line that proves it, redacted; at 2 what was read, and the limits."""
    finding = judgement.finding
    for shown in [finding] if finding is not None else judgement.faults[:NAMED]:
        if verbose >= 1:
            yield _safe(f"log: {shown.log}")
            yield _safe(f"line: {Pseudonyms().text(shown.line)}")
    if verbose >= 2:
        limits, pool = probe.limits, finding.workers_known if finding else None
        warning, critical = limits.written(pool)
        yield _safe(f"logs: {' '.join(probe.logs)}")
        yield _safe(f"state: {probe.state}")
        yield _safe(
            f"lost workers: warning outside {warning or '0'}, critical outside {critical}; grace {limits.grace} s; "
            f"{limits.guard.limit} restarts in {limits.guard.window} s"
        )
        yield f"library: {len(probe.library.patterns)} patterns"


def _safe(text: str) -> str:
    """The text without characters that would end it (|) or act on a terminal, cut to LONGEST."""
    return cut(visible(text).replace("|", "¦"), LONGEST)
