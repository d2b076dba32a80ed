"""What a reader must know to trust a report: what the logs cannot show, and what of them could not be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.library.platforms import sentence
from logsleuth.lives.server.events import LINGERING
from logsleuth.logs.format.rewrite import HOLES
from logsleuth.report.fates import PARENT
from logsleuth.report.words import day_span, joined, plural
from logsleuth.scan.tally import PASSED
from logsleuth.timeline.model import between
from logsleuth.timeline.zones import QUARTER
from logsleuth.units import SECOND, duration, elapsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.library.platforms import Platform
    from logsleuth.lives.server.model import Absence
    from logsleuth.logs.open.log import Log
    from logsleuth.scan.tally import LogTally, Tally
    from logsleuth.story import Story
    from logsleuth.timeline.clock import Clock
    from logsleuth.timeline.model import Moment, Timeline

HIDDEN_BELOW_INFO = {
    "wsgi": "the starts and ends of mod_wsgi daemons",
    "fcgid": "the starts and ends of mod_fcgid daemons",
}
"""What a log without a line of level info lacks, by the module that shows in it. `LogLevel info` would add it.

No level by module: one of a module that is not loaded is a syntax error ('Cannot find module wsgi'), and before
httpd 2.3.6 any is (server/core.c, set_loglevel): the next start would fail."""
SILENT_DEATHS = (
    "httpd logs nothing when a child is killed by SIGKILL (by the kernel's OOM killer, or by hand); only the kernel's "
    "log shows the former."
)
LATCHED = "httpd logs only once per parent process that all workers are busy, so its absence later proves nothing."
STOPS_SHOWN = 3
LEAST_DOWN = 10 * SECOND
"""A restart on request takes a second or two; a server that is stopped for longer keeps its users waiting."""
LEAST_SLOW = 5
"""One or two children are in the middle of an answer at any stop."""


def all_notes(story: Story, tally: Tally, logs: Sequence[Log], clock: Clock, there: Platform) -> Iterable[str]:
    """The notes, in the order in which they are read."""
    timeline = story.lives.timeline
    yield from _stops(story, clock)
    yield from _left_over(story, clock)
    yield from _slow_stop(story, clock)
    yield from _offsets(timeline, logs)
    for number, log in enumerate(logs):
        yield from _reading(log, tally.logs.get(number))
    for name, count in sorted(tally.timeouts.items()):
        yield (
            f"Pattern {name} ran out of time on {plural(count, 'entry', 'entries')}; its matches there are not counted."
        )
    yield from _limits(story, there)


def _stops(story: Story, clock: Clock) -> Iterable[str]:
    """When the server was stopped on request for longer than a restart takes: no fault, but nobody was served."""
    stops = [absence for absence in story.lives.server.absences if absence.why == "stopped"]
    spans = sorted((a for a in stops if a.end is not None and a.end - a.begin >= LEAST_DOWN), key=_length, reverse=True)
    for absence in spans[:STOPS_SHOWN]:
        yield (
            f"The server was stopped on request from {day_span(absence.begin, absence.end or 0, clock.tz)} "
            f"({elapsed(absence.begin, absence.end or 0)})."
        )
    if len(spans) > STOPS_SHOWN:
        yield f"There were {plural(len(spans) - STOPS_SHOWN, 'more stop')}, each of them shorter."


def _length(absence: Absence) -> int:
    return (absence.end or absence.begin) - absence.begin


def _moment(time: int, clock: Clock) -> str:
    return f"{clock.local(time):%Y-%m-%d %H:%M:%S}"


def _left_over(story: Story, clock: Clock) -> Iterable[str]:
    """A run that ended without a word, where nothing shows that anybody was failed by it."""
    killed = [absence for absence in story.lives.server.absences if absence.why == "killed"]
    for absence in killed[:STOPS_SHOWN]:
        found = absence.lines[0].sighting is not absence.up
        yield (
            f"The server that ran before {_moment(absence.begin, clock)} did not end cleanly: "
            f"{'its pid file was left behind' if found else 'no line says how it ended'}. "
            f"{_last_sign(absence, clock)}"
        )


def _last_sign(absence: Absence, clock: Clock) -> str:
    """When a run was last seen; of one that ended before the log begins, or wrote no line, that it was not."""
    if absence.begin - absence.not_before < SECOND:
        return "The log has no line of it."
    return f"It ended after {_moment(absence.not_before, clock)}, the last sign of it in the log."


def _slow_stop(story: Story, clock: Clock) -> Iterable[str]:
    """The stop or restart at which most children were slow to exit: they may have been busy, or hung, before it."""
    said = [
        series.moments
        for series in story.lives.timeline.known()
        if series.meaning.phase == "stop" and series.meaning.about == "worker" and series.meaning.is_failure
    ]
    orders = [restart.down for restart in story.lives.server.restarts if restart.down is not None]
    count, order = max(((_at_once(said, order), -order) for order in orders), default=(0, 0))
    if count < LEAST_SLOW:
        return
    was_out = any(one.incident.onset <= -order <= one.incident.over for one in story.diagnoses)
    yield (
        f"At the stop or restart of {_moment(-order, clock)} {plural(count, 'child', 'children')} were slow to exit: "
        f"they were still busy, or hung.{'' if was_out else ' The log does not show since when.'}"
    )


def _at_once(said: Iterable[Sequence[Moment]], order: int) -> int:
    """How many children were slow to exit at an order to end: of each there are several lines, seconds apart."""
    return max(
        (moment.count for moments in said for moment in between(moments, order - LINGERING, order + LINGERING)),
        default=0,
    )


def _hidden(timeline: Timeline) -> Iterable[str]:
    """What the modules that show in the log write at level info alone."""
    shown = [series.first_sighting for series in timeline.series.values()]
    lacking = [
        what
        for module, what in HIDDEN_BELOW_INFO.items()
        if any(line.module == module or f"mod_{module}" in line.words for line in shown)
    ]
    if lacking:
        yield f"The log has no line of level info, so it lacks {joined(lacking)}. `LogLevel info` would add them."


def _limits(story: Story, there: Platform) -> Iterable[str]:
    """What httpd does not write, or not at this LogLevel; only where it may change the answer."""
    timeline, unsure = story.lives.timeline, [d for d in story.diagnoses if d.why != "high"]
    if unsure and timeline.levels and not any(level in timeline.levels for level in ("info", "debug", "trace1")):
        yield from _hidden(timeline)
    if any(worker.inferred and worker.pool != PARENT for d in story.diagnoses for worker in d.workers.lost):
        yield SILENT_DEATHS
    if any(series.meaning.lasts == "latched" and series.moments for series in timeline.known()):
        yield sentence(LATCHED, there)


def _offsets(timeline: Timeline, logs: Sequence[Log]) -> Iterable[str]:
    for number, ahead in sorted(timeline.offsets.items()):
        if ahead % QUARTER == 0:
            yield (
                f"{logs[number].path} is written in another time zone, {duration(abs(ahead) / SECOND)} "
                f"{'ahead' if ahead > 0 else 'behind'}: its errors are that far from the failed requests that they "
                "belong to. Its times are corrected by that; quoted lines are as they are in the log."
            )
            continue
        yield (
            f"{logs[number].path}: its clock is {duration(ahead / SECOND)} ahead of the error log's (it reports "
            "the ends of workers that much after their last lines); its times are corrected by that."
        )


def _reading(log: Log, found: LogTally | None) -> Iterable[str]:
    """What of a log could not be read as it should."""
    if found is not None:
        yield from _unread(log, found)
    if HOLES in (log.format.rewrite or ""):
        yield (
            f"{log.path} holds {HOLES}, as a power failure or a full disk leaves them: what was there is lost, and "
            "the rest was read."
        )
    if log.format.name == "empty":
        yield f"{'Standard input' if log.path == '-' else log.path} is empty."


def _unread(log: Log, found: LogTally) -> Iterable[str]:
    if log.is_plain and found.bytes < (log.size or 0) and PASSED not in found.blocks:
        yield (
            f"{log.path} shrank while it was being read (rotated with copytruncate?): {found.bytes:,} of "
            f"{log.size:,} bytes were read. Run it again, with the rotated file."
        )
    if found.damaged:
        yield (
            f"{log.path} ends in the middle or is damaged: what comes after its first {found.bytes:,} bytes "
            "(decompressed) could not be read. Fetch it again for the rest."
        )
    if found.unparsed:
        yield f"{log.path}: {plural(found.unparsed, 'line')} could not be read."
    if found.odd_bytes:
        yield f"{log.path}: {plural(found.odd_bytes, 'line')} held bytes that httpd would have escaped."
    if found.long:
        yield f"{log.path}: {plural(found.long, 'line')} at httpd's limit of 8 KiB; their tails are cut off."
