"""What made an incident worse, or was there before it: conditions, not causes.

Each rule is a function from a case to conditions; RULES lists them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.story.exhaustion import just_started
from logsleuth.story.incident import SECOND, Condition

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.story.clock import Clock
    from logsleuth.story.incident import Cause, Incident, Workers
    from logsleuth.story.timeline import Timeline

FULL = frozenset({"worker-exhaustion", "scoreboard-full"})
ONE_REQUEST_EACH = "mpm_prefork"
"""The MPM in which each child process serves one request at a time."""
LEAST_BORN = 2
LEAST_IN_VAIN = 2
CITED = 2


def find_conditions(
    incident: Incident, cause: Cause | None, workers: Workers, timeline: Timeline, clock: Clock
) -> tuple[Condition, ...]:
    """What made it worse, in the order of the rules."""
    return (
        *born_broken(incident, workers, timeline, clock),
        *full_before(incident, timeline),
        *there_before(incident, cause),
        *few_workers(incident, workers),
        *restarted_in_vain(incident),
    )


def born_broken(incident: Incident, workers: Workers, timeline: Timeline, clock: Clock) -> Iterable[Condition]:
    """Workers that were forked since the onset and were lost too: recycling spreads what the parent passes on.

    pids are given in ascending order, so a lost worker with a higher pid than all seen before the onset is
    younger. Where the numbers have begun anew this tells too little, never too much.
    """
    if any(restart.up is not None and restart.up < incident.end for restart in incident.restarts):
        return
    poisoned = [worker for worker in workers.lost if worker.how == "poisoned"]
    before = [pid for pid, signs in timeline.signs.items() if clock.utc(signs[0].first) < incident.onset]
    if not before:
        return
    born = [worker for worker in poisoned if worker.pid > max(before)]
    if len(born) >= LEAST_BORN:
        yield Condition(
            "born-broken",
            f"{len(born)} of the {len(workers.lost)} lost workers were forked after the onset (their pids are higher "
            "than all before): each worker that was recycled came back broken.",
            tuple(worker.sighting for worker in born[:CITED]),
            inferred=True,
        )


def full_before(incident: Incident, timeline: Timeline) -> Iterable[Condition]:
    """A pool that was full before had no room for what came."""
    if any(strand.category in FULL for strand in incident.strands):
        return
    for track in timeline.tracks.values():
        if track.pattern is None or track.pattern.role != "capacity" or track.pattern.category not in FULL:
            continue
        early = [m for m in track.moments if m.time < incident.onset and not just_started(timeline, m)]
        if early:
            times = "once" if len(early) == 1 else f"{len(early):,} times"
            yield Condition(
                "full-before",
                f"The limit had been reached {times} before the onset (“{track.pattern.title}”).",
                (early[-1].sighting,),
            )


def there_before(incident: Incident, cause: Cause | None) -> Iterable[Condition]:
    """The same fault, before it became an outage."""
    if cause is None:
        return
    early = [moment for moment in cause.strand.track.moments if moment.time < incident.onset]
    if early:
        count = sum(moment.count for moment in early)
        times = "once" if count == 1 else f"{count:,} times"
        yield Condition(
            "there-before",
            f"The fault was there before it became an outage: {times} in the log before the onset.",
            (early[0].sighting,),
        )


def few_workers(incident: Incident, workers: Workers) -> Iterable[Condition]:
    """How many slow requests it takes to fill the pool, where the number of workers is known."""
    counted = workers.pool_source in {"httpd counted its children", "from the configuration"}
    lines = (strand.moments[0].sighting for strand in incident.strands if strand.category in FULL)
    full = next((line for line in lines if line.module == ONE_REQUEST_EACH), None)
    if full is not None and counted and workers.pool:
        yield Condition(
            "few-workers",
            f"The server has {workers.pool} workers ({workers.pool_source}): as many slow requests at once fill it.",
            (full,),
        )


def restarted_in_vain(incident: Incident) -> Iterable[Condition]:
    """Restarts that did not help cut off the requests that were still served."""
    recovering = incident.recovery.restart if incident.recovery else None
    vain = [r for r in incident.restarts if r is not recovering and r.up is not None and r.up < incident.end]
    if len(vain) >= LEAST_IN_VAIN:
        ups = [restart.up for restart in vain if restart.up is not None]
        step = (ups[-1] - ups[0]) / (len(ups) - 1) / SECOND
        yield Condition(
            "restarted-in-vain",
            f"{len(vain)} restarts did not help (one every {step:.0f} s): each one cut off the requests that were "
            "being served.",
            (vain[0].sightings[-1], vain[-1].sightings[-1]),
        )
