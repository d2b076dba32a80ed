"""The whole log: its failures over time, starts and stops, and whether the server is down when it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.causes.triggers import changes_before
from logsleuth.lives.server.attempts import ONE_ATTEMPT
from logsleuth.report.compose.story.exhibits import Exhibits, log_name
from logsleuth.report.compose.story.lines import lines_by_step
from logsleuth.report.model import ReportRequests, ServerDown, ServerMark, WholeLog
from logsleuth.report.words import day_clock, full_stop, within_sentence
from logsleuth.signals.tuning import JOIN_US

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.lives.live import Lives
    from logsleuth.lives.server.model import Absence, Event, Restart
    from logsleuth.logs.open.log import Log
    from logsleuth.report.model import DownWhy, MarkKind
    from logsleuth.scan.tally import Tally
    from logsleuth.timeline.clock import Clock
    from logsleuth.timeline.model import Series

STEPS: Final = 240
"""Five for each bar of the terminal, so that a page can zoom in."""
HOW_IT_ENDED: dict[DownWhy, str] = {
    "stopped": "The server was stopped on request at {when}; the log shows no start after that",
    "refused": "The server is down at the end of the log: it refused to start at {when}",
    "died": "The server is down at the end of the log: it gave up at {when}, and no start follows",
    "killed": "The server is down at the end of the log: it ended without a word before {when}",
}


def whole_log(lives: Lives, logs: Sequence[Log]) -> WholeLog | None:
    """The picture of all logs together; None: none of their lines has a time."""
    timeline = lives.timeline
    if not timeline.dated:
        return None
    failing = (series for series in timeline.series.values() if _is_failure(series))
    failures, step = lines_by_step(failing, timeline.start, timeline.start + timeline.span, STEPS)
    kinds = [mark for restart in lives.server.restarts for mark in marks_of(restart)]
    marks = {((time - timeline.start) // step, kind): ServerMark(time, kind) for time, kind in kinds}
    counts = [kind for _, kind in kinds]
    requests, refused = _requests(lives, logs)
    return WholeLog(
        begin=timeline.start,
        step=step,
        failures=failures,
        marks=tuple(sorted(marks.values(), key=lambda mark: (mark.time, mark.kind))),
        starts=counts.count("start"),
        restarts=counts.count("restart"),
        reloads=counts.count("reload"),
        stops=counts.count("stop"),
        requests=requests,
        refused=refused,
    )


def marks_of(restart: Restart) -> tuple[tuple[int, MarkKind], ...]:
    """(UTC microseconds, what it was): a server that stays down after a stop was stopped and started, not restarted."""
    if restart.kind in {"reload", "start"} or restart.up is None or restart.down is None:
        time = restart.up if restart.up is not None else restart.down or 0
        return ((time, _kind(restart)),)
    if restart.kind == "stop" and restart.up - restart.down > JOIN_US:
        return ((restart.down, "stop"), (restart.up, "start"))
    return ((restart.up, "restart"),)


def _kind(restart: Restart) -> MarkKind:
    if restart.kind in {"reload", "start"}:
        return restart.kind
    return "restart" if restart.up is not None else "stop"


def _is_failure(series: Series) -> bool:
    """Whether its lines report failures."""
    return series.meaning.is_failure and series.meaning.severity != "info"


def _requests(lives: Lives, logs: Sequence[Log]) -> tuple[ReportRequests | None, int]:
    """The requests that the server's own access log counts, and how many of them were refused."""
    number = lives.requests.counted
    if number is None:
        return None, 0
    traffic = lives.requests.logs[number]
    name = log_name(number, logs, traffic.parts)
    return ReportRequests(traffic.failed.total, traffic.all.total, name), traffic.refused.total


def _reason(absence: Absence) -> Event:
    """The line of the last attempt to start that says best why it was refused: not that httpd gave up on it."""
    attempt = [event for event in absence.refusals if event.time >= absence.refusals[-1].time - ONE_ATTEMPT]
    better = {name for event in attempt for name in event.series.meaning.refines}
    names_it = [e for e in attempt if e.series.meaning.role == "cause" and e.series.name not in better]
    return next((e for e in names_it if not e.series.meaning.fallback), (names_it or attempt[-1:])[0])


def server_down(lives: Lives, tally: Tally, logs: Sequence[Log], clock: Clock) -> ServerDown | None:
    """The stretch without a server that the log ends with; None: it is up, or nothing says that it is not."""
    absence = lives.server.down_at_the_end
    if absence is None:
        return None
    exhibits = Exhibits(tally, logs, clock)
    told = _reason(absence) if absence.why == "refused" else absence.lines[0]
    exhibits.cite(told.sighting, None)
    since = told.time if absence.why == "refused" else absence.begin
    how = HOW_IT_ENDED[absence.why].format(when=day_clock(since, clock.tz))
    reason = f" ({within_sentence(told.series.title)})" if absence.why in {"refused", "died"} else ""
    for change in changes_before(absence.begin, lives.timeline) if absence.why == "stopped" else ():
        exhibits.cite(change.sightings[0], None)
        reason = f"; just before: {within_sentence(change.text)}"
    return ServerDown(
        since=since,
        why=absence.why,
        text=full_stop(f"{how}{reason}"),
        evidence=tuple(exhibits.items.values()),
    )
