"""What a reader must know to trust a report: what the logs can't show, and what of them could not be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.logs.rewrite import HOLES
from logsleuth.report.words import duration, plural
from logsleuth.scan.tally import PASSED
from logsleuth.story.incident import SECOND
from logsleuth.story.incidents import AT_STOP
from logsleuth.story.restarts import downtimes
from logsleuth.story.silence import find_silence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.logs.log import Log
    from logsleuth.scan.tally import LogTally, Tally
    from logsleuth.story.clock import Clock
    from logsleuth.story.timeline import Timeline

HIDDEN_BELOW_INFO = (
    "The log holds no line of level info: process life cycles of mod_wsgi and mod_fcgid, request timeouts, failed "
    "TLS handshakes and missing static files are not in it. For next time: `LogLevel info`, or `wsgi:info "
    "reqtimeout:info ssl:info`."
)
SILENT_DEATHS = (
    "httpd writes nothing when a child is killed by SIGKILL (the kernel's OOM killer, `kill -9`) or recycled; such "
    "deaths can only be seen in the kernel's log."
)
LATCHED = (
    "“reached MaxRequestWorkers” is written once in a parent's life: that it is missing later in the log says nothing."
)
DOWNTIMES_TOLD = 3
LINGERING = 30 * SECOND
"""The parent signals children that do not go at growing distances, for some ten seconds (server/mpm_unix.c)."""
LEAST_SLOW = 5
"""One or two children are in the middle of an answer at any stop."""


def all_notes(timeline: Timeline, tally: Tally, logs: Sequence[Log], clock: Clock) -> Iterable[str]:
    """The notes, in the order in which they are read."""
    yield from _downtimes(timeline, clock)
    yield from _slow_stop(timeline, clock)
    yield from _limits(timeline)
    yield from _offsets(timeline, logs)
    for number, log in enumerate(logs):
        yield from _reading(log, tally.logs.get(number))
    for name, count in sorted(tally.timeouts.items()):
        yield (
            f"Pattern {name} ran out of time on {plural(count, 'entry', 'entries')}; its matches there are not counted."
        )
    yield from _silence(timeline, clock)


def _downtimes(timeline: Timeline, clock: Clock) -> Iterable[str]:
    """When the server was stopped for longer than a restart takes: no fault, but nobody was served."""
    spans = downtimes(timeline.restarts)
    for down, up in spans[:DOWNTIMES_TOLD]:
        yield (
            f"The server was down from {clock.local(down):%Y-%m-%d %H:%M:%S} to {clock.local(up):%H:%M:%S} "
            f"({duration((up - down) / SECOND)}): it had been told to stop."
        )
    if len(spans) > DOWNTIMES_TOLD:
        yield f"It was down {plural(len(spans) - DOWNTIMES_TOLD, 'more time')}, each for less long."


def _slow_stop(timeline: Timeline, clock: Clock) -> Iterable[str]:
    """The stop or restart at which most children were slow to go: all may have been taken, or hung, before it."""
    said = [m for t in timeline.tracks.values() if t.pattern and AT_STOP in t.pattern.tags for m in t.moments]
    orders = [restart.down for restart in timeline.restarts if restart.down is not None]
    around = [(sum(m.count for m in said if abs(m.time - order) <= LINGERING), -order) for order in orders]
    count, order = max(around, default=(0, 0))
    if count >= LEAST_SLOW:
        yield (
            f"At the stop or restart of {clock.local(-order):%Y-%m-%d %H:%M:%S} children had to be told to go "
            f"{count} times more: they were still busy, or hung. Whether that many were so before, no line tells."
        )


def _silence(timeline: Timeline, clock: Clock) -> Iterable[str]:
    """Traffic that stopped, if it did."""
    found = find_silence(timeline)
    if found is not None:
        begin, end, expected = found
        yield (
            f"No line names a client from {clock.local(begin):%Y-%m-%d %H:%M:%S} to {clock.local(end):%H:%M:%S} "
            f"({duration((end - begin) / SECOND)}), where some {expected} were to be expected: nobody was served, or "
            "nothing failed, or lines are missing."
        )


def _limits(timeline: Timeline) -> Iterable[str]:
    """What httpd does not write, or not at this LogLevel."""
    if timeline.levels and not any(level in timeline.levels for level in ("info", "debug", "trace1")):
        yield HIDDEN_BELOW_INFO
    yield SILENT_DEATHS
    if any(t.pattern and t.pattern.category == "worker-exhaustion" and t.moments for t in timeline.tracks.values()):
        yield LATCHED


def _offsets(timeline: Timeline, logs: Sequence[Log]) -> Iterable[str]:
    for number, ahead in sorted(timeline.offsets.items()):
        yield (
            f"{logs[number].path}: its clock is {duration(ahead / SECOND)} ahead of the error log's (workers that "
            "it reports dead wrote their last lines so much earlier); its times are put right by that."
        )


def _reading(log: Log, found: LogTally | None) -> Iterable[str]:
    """What of a log could not be read as it should."""
    if found is not None:
        yield from _unread(log, found)
    if HOLES in (log.format.rewrite or ""):
        yield (
            f"{log.path} holds {HOLES}, as a power failure or a full disk leaves them: what stood there is lost, "
            "and the rest was read."
        )
    if log.format.name == "empty":
        yield f"{log.path} is empty: there is nothing to tell."


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
        yield f"{log.path}: {plural(found.unparsed, 'line')} could not be read; samples are in the appendix."
    if found.odd_bytes:
        yield f"{log.path}: {plural(found.odd_bytes, 'line')} held bytes that httpd would have escaped."
    if found.long:
        yield f"{log.path}: {plural(found.long, 'line')} at httpd's limit of 8 KiB; their tails are cut off."
