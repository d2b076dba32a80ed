"""What made an incident worse, or was there before it: conditions, not causes. Each rule is a function here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.causes.model import Condition
from logsleuth.incidents.pools import CONFIGURED, COUNTED
from logsleuth.lives.server.model import counted
from logsleuth.lives.steady import interval
from logsleuth.lives.workers.rules import fails_while_others_serve
from logsleuth.signals.scene import just_started
from logsleuth.signals.tuning import LEAST_MOMENTS
from logsleuth.timeline.model import between
from logsleuth.units import duration

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.incidents.model import Incident, Workers
    from logsleuth.lives.live import Lives

ONE_REQUEST_EACH = "mpm_prefork"
"""The MPM in which each child process serves one request at a time."""
CITED = 2


def find_conditions(incident: Incident, workers: Workers, lives: Lives) -> tuple[Condition, ...]:
    """What made it worse, in the order of the rules."""
    return (
        *born_broken(incident, workers, lives),
        *full_before(incident, workers, lives),
        *few_workers(incident, workers),
        *restarted_by_a_timer(incident, lives),
    )


def born_broken(incident: Incident, workers: Workers, lives: Lives) -> Iterable[Condition]:
    """Workers that were forked since the first failure and were lost too: what the parent passes on spreads.

    pids are given in ascending order, so that a lost worker with a higher pid than all seen before is younger. Where
    the numbers have started again this says too little, never too much. Not where workers that serve meanwhile show
    which ones are broken: those were born since.
    """
    if any(restart.up is not None and restart.up < incident.end for restart in incident.restarts):
        return
    highest = lives.workers.highest_pid_before(incident.onset + 1)  # the one that failed first was there
    broken = (one for one in workers.lost if one.how == "poisoned" and one.rule != fails_while_others_serve.__name__)
    born = [worker for worker in broken if worker.pid > highest > 0]
    if len(born) > 1:
        yield Condition(
            "born-broken",
            f"{len(born)} of the {len(workers.lost)} lost workers started after the first failure (their pids are "
            "higher than all before): recycled workers came back broken.",
            tuple(worker.sighting for worker in born[:CITED]),
            inferred=True,
        )


def full_before(incident: Incident, workers: Workers, lives: Lives) -> Iterable[Condition]:
    """A pool that had been full since the server started had no room left for workers that live on without serving."""
    if any(signal.meaning.role == "capacity" for signal in incident.signals):
        return
    if not any(worker.lives_on for worker in workers.lost_workers):
        return
    for series in lives.timeline.known():
        if series.meaning.role != "capacity" or series.meaning.category is None or series.meaning.about != "server":
            continue
        since = lives.server.up_before(incident.onset) or lives.timeline.start
        early = [m for m in between(series.moments, since, incident.onset - 1) if not just_started(lives, m.time)]
        if early:
            times = "once" if len(early) == 1 else f"{len(early):,} times"
            text = f"The limit on workers had been reached {times} before the onset (“{series.title}”)."
            yield Condition("full-before", text, (early[-1].sighting,))


def few_workers(incident: Incident, workers: Workers) -> Iterable[Condition]:
    """How many slow requests it takes to fill the pool, where the number of workers is known."""
    lines = (s.moments[0].sighting for s in incident.signals if s.meaning.role == "capacity")
    full = next((line for line in lines if line.module == ONE_REQUEST_EACH), None)
    if full is not None and workers.pool and workers.pool_source in {COUNTED, CONFIGURED}:
        yield Condition(
            "few-workers",
            f"The server has {workers.pool} workers ({workers.pool_source}): that many slow requests at once fill it.",
            (full,),
        )


def restarted_by_a_timer(incident: Incident, lives: Lives) -> Iterable[Condition]:
    """Restarts at a steady interval: at each, workers that are still serving keep their slots until they are done."""
    within = incident.restarts_of_a_timer
    is_full = any(one.meaning.role == "capacity" and one.meaning.about == "server" for one in incident.signals)
    if not within or not is_full:
        return
    series = [one for one in lives.server.restarts if one.steady_since == within[0].steady_since]
    before = sum(one not in within for one in series if one.time < incident.onset)
    if before < LEAST_MOMENTS:
        return
    step = duration(interval([one.time for one in series]))
    text = (
        f"A timer or a hook restarts httpd: {counted(series)}, one every {step}, "
        f"{before:,} of them before the onset; at each, workers that still serve keep their slots."
    )
    yield Condition("restarted-by-a-timer", text, (series[0].sightings[0], within[0].sightings[0]))
