"""Decides the status of a probe from the incidents of the log, earlier findings, and the clock."""

from __future__ import annotations

from enum import IntEnum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from logsleuth.causes.restart import restart_now, what_it_does
from logsleuth.incidents.model import How
from logsleuth.live.faults import ongoing
from logsleuth.live.finding import Finding
from logsleuth.live.guard import advise, under_way
from logsleuth.signals.model import Why
from logsleuth.units import SECOND
from logsleuth.values import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from logsleuth.causes.model import Diagnosis
    from logsleuth.live.faults import OngoingFault
    from logsleuth.live.guard import Advice
    from logsleuth.live.limits import Limits
    from logsleuth.lives.server.model import ServerLife
    from logsleuth.scan.sighting import Sighting
    from logsleuth.story import Story

    PathOf = Callable[[Sighting], str]
    """The path of the log in which a line stands."""

REMEMBERED = 86_400
"""Seconds for which restarts are remembered."""
GRAVE = frozenset({"critical", "major"})


class Status(IntEnum):
    """Exit codes of monitoring plugins."""

    OK = 0
    WARNING = 1
    CRITICAL = 2
    UNKNOWN = 3


@dataclass(frozen=True, slots=True)
class Judgement:
    """The status at one time, and what it is based on."""

    status: Status
    finding: Finding | None
    """The incident that is open, or was until recently."""
    advice: Advice | None = None
    """Whether to restart; None: a restart does not help, or nothing is critical."""
    well_since: int | None = None
    """UTC microseconds of the restart that ended it, which is not long enough ago to be sure; None: it is not over."""
    answers: tuple[int, ...] = ()
    """Restarts to remember for the next judgement, in UTC microseconds."""
    faults: tuple[OngoingFault, ...] = ()
    """Known faults that persist, most severe first: they never change the status."""

    @property
    def lasts(self) -> bool:
        """Whether the judgement may change without new lines."""
        return self.finding is not None or bool(self.faults)


@dataclass(frozen=True, slots=True)
class Before:
    """What earlier judgements have found."""

    finding: Finding | None = None
    answers: tuple[int, ...] = ()
    """Restarts that came after something critical was found, in UTC microseconds."""


def judge_now(story: Story, before: Before, now: int, limits: Limits, path_of: PathOf) -> Judgement:
    """What to say; `now`: UTC microseconds. The faults come with it, and change neither status nor advice."""
    judgement = _judge_outages(story, before, now, limits, path_of)
    return replace(judgement, faults=ongoing(story.faults, now, limits.grace, path_of))


def _judge_outages(story: Story, before: Before, now: int, limits: Limits, path_of: PathOf) -> Judgement:
    """What to say of outages.

    A finding stays until a restart is seen after it. Where no worker was lost for good it also ends when the log goes
    on without it (see `incidents/recovery.py`) and the grace time has passed: a backend that is back needs no restart.
    """
    server = story.lives.server
    up = max(server.ups, default=0)
    current = _current(story, up, limits, path_of)
    known = before.finding
    if current is None and known is not None and up <= known.last:
        held = known.stays or now - known.last < limits.grace * SECOND
        current = known if held else None
    if current is not None:
        return _ongoing(current, before, server, now, limits)
    ended = known if known is not None else _lately(story.diagnoses, limits, path_of)
    if ended is None or up <= ended.last or not 0 <= now - up < limits.grace * SECOND:
        return Judgement(Status.OK, None, answers=before.answers)
    return Judgement(Status.WARNING, ended, well_since=up, answers=_answers(ended, before, server, now))


def _ongoing(current: Finding, before: Before, server: ServerLife, now: int, limits: Limits) -> Judgement:
    """What goes on is critical once and for all: what was found does not become harmless by growing older."""
    known = before.finding
    alike = known is not None and known.critical and known.onset <= current.last and current.onset <= known.last
    current = replace(current, critical=current.critical or alike)
    answers = _answers(current, before, server, now)
    if not current.critical:
        lost, pool = current.workers_lost, current.workers_known
        status = Status.OK if lost and not limits.are_worth_a_warning(lost, pool) else Status.WARNING
        return Judgement(status, current, answers=answers)
    if restart_now(current.category, current.restart, stuck=current.stays) != "would-help":
        status = Status.WARNING if limits.restart_only else Status.CRITICAL
        return Judgement(status, current, answers=answers)
    ordered = _ordered(server)
    advice = (ordered and under_way(ordered, now)) or advise(limits.guard, answers, now)
    return Judgement(Status.CRITICAL if advice.restart else Status.WARNING, current, advice, answers=answers)


def _ordered(server: ServerLife) -> int | None:
    """When a stop or restart was ordered, if the server has not reported since that it serves again."""
    last = server.restarts[-1] if server.restarts else None
    return last.down if last is not None and last.up is None else None


def _answers(finding: Finding, before: Before, server: ServerLife, now: int) -> tuple[int, ...]:
    """The restarts of the last day that came after the onset of what was found."""
    critical = [found for found in (finding, before.finding) if found is not None and found.critical]
    onset = min((found.onset for found in critical), default=None)
    times = {time for r in server.restarts if (time := r.up if r.up is not None else r.down) is not None}
    new = {time for time in times if onset is not None and time > onset}
    return tuple(sorted(time for time in new | set(before.answers) if time > now - REMEMBERED * SECOND))


def _current(story: Story, up: int, limits: Limits, path_of: PathOf) -> Finding | None:
    """The most severe finding that is still open when the log ends."""
    found = [_finding(one, up, limits, path_of) for one in story.diagnoses if not _is_over(one, up)]
    found += _called_critical(story, up, limits, path_of)
    return max(found, key=lambda finding: (finding.critical, finding.workers_lost, finding.onset), default=None)


def _is_over(diagnosis: Diagnosis, up: int) -> bool:
    """Whether the log shows it; a silence is no proof where lost workers live on."""
    recovery = diagnosis.incident.recovery
    if recovery is None:
        return False
    stuck = any(worker.lives_on and worker.time > up for worker in diagnosis.workers.lost)
    return not (recovery.how is How.FADED and stuck)


def _lately(diagnoses: Iterable[Diagnosis], limits: Limits, path_of: PathOf) -> Finding | None:
    """The last incident that was, as far as it is over, with all the workers that it cost."""
    last = max(diagnoses, key=lambda one: one.incident.end, default=None)
    return None if last is None else _finding(last, last.incident.onset - 1, limits, path_of)


def _finding(diagnosis: Diagnosis, since: int, limits: Limits, path_of: PathOf) -> Finding:
    """What a probe reports of an incident, with the workers that it cost after `since` (UTC microseconds)."""
    incident, first = diagnosis.incident, next(iter(diagnosis.causes), None)
    lost = [worker for worker in diagnosis.workers.lost if worker.time > since]
    enough = limits.are_critical(len(lost), diagnosis.workers.pool)
    signal = first.signal if first is not None else incident.signals[0]
    sighting = signal.moments[0].sighting
    down = any(one.why in {Why.NOT_UP, Why.PROOF} for one in incident.signals)
    sure = diagnosis.confidence == "high" or (down and diagnosis.confidence == "medium")
    return Finding(
        category=diagnosis.category or "unknown",
        title=first.title if first is not None else "a cause that no pattern knows",
        confidence=diagnosis.confidence,
        onset=incident.onset,
        last=incident.end,
        critical=enough if lost else sure and diagnosis.severity in GRAVE,
        restart=what_it_does(diagnosis.category, first.signal.meaning if first is not None else None),
        workers_lost=len(lost),
        workers_known=diagnosis.workers.pool,
        stays=any(worker.lives_on for worker in lost),
        log=path_of(sighting),
        line=sighting.text,
    )


def _called_critical(story: Story, up: int, limits: Limits, path_of: PathOf) -> Iterable[Finding]:
    """What the user calls critical, whatever else there is."""
    for series in story.lives.timeline.known():
        moments = [moment for moment in series.moments if moment.time > up]
        if moments and any(fnmatchcase(series.name, wanted) for wanted in limits.critical):
            sighting = moments[0].sighting
            yield Finding(
                series.meaning.category or "unknown", series.title, "high", moments[0].time, moments[-1].last, True,
                series.meaning.restart, 0, None, True, path_of(sighting), sighting.text,
            )  # fmt: skip
