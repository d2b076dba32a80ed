"""The key moments of an incident: 8 to 20 rows that tell it in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.report.compose.story.endings import ending_rows
from logsleuth.report.compose.story.milestones import milestones
from logsleuth.report.compose.story.phases import phase_of
from logsleuth.report.compose.story.signs import return_rows, signal_rows
from logsleuth.report.compose.story.tried import restart_rows, service_rows
from logsleuth.report.fates import ONE_CHILD
from logsleuth.report.model import KeyMoment
from logsleuth.report.words import ordinal
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from logsleuth.causes.model import Diagnosis
    from logsleuth.library.pattern import WorkerState
    from logsleuth.lives.live import Lives
    from logsleuth.report.compose.story.exhibits import Exhibits

MOST = 20
ORDER = {"trigger": -1, "onset": 0, "recovery": 2, "end": 3}
"""Within one second: what set it off, then what happened, then how it ended."""
DID: dict[WorkerState, str] = {
    "poisoned": "went bad", "hung": "hung", "crashed": "crashed", "killed": "was killed", "exited": "exited",
    "spawned": "started", "recycled": "was recycled", "stopped": "was stopped",
}  # fmt: skip
"""What happened to a lost worker, after its name."""


def key_moments(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits) -> tuple[KeyMoment, ...]:
    """The rows, in order of time."""
    rows = [
        *_triggers(diagnosis, exhibits),
        *signal_rows(diagnosis, lives, exhibits),
        *return_rows(diagnosis, exhibits),
    ]
    rows += [
        *_workers(diagnosis, {ref: row.text for row in rows for ref in row.evidence}, exhibits),
        *restart_rows(diagnosis, lives, exhibits),
        *service_rows(diagnosis, exhibits),
        *ending_rows(diagnosis, lives, exhibits),
    ]
    rows.sort(key=lambda row: (row.time // SECOND, ORDER.get(row.kind, 1), row.time, row.kind))
    return tuple(_fewest(rows))


def _fewest(rows: list[KeyMoment]) -> list[KeyMoment]:
    """At most MOST rows: restarts and lost workers in the middle go first, the onset and the end never."""
    spare = [row for row in rows if row.kind in {"restart", "worker", "return"}]
    surplus = min(max(len(rows) - MOST, 0), len(spare))
    begin = (len(spare) - surplus) // 2
    gone = {id(row) for row in spare[begin : begin + surplus]}
    return [row for row in rows if id(row) not in gone]


def _triggers(diagnosis: Diagnosis, exhibits: Exhibits) -> Iterable[KeyMoment]:
    for trigger in diagnosis.triggers:
        cited = tuple(exhibits.cite(sighting, trigger.pattern) for sighting in trigger.sightings)
        time = min(trigger.time, diagnosis.incident.onset)  # a line without a time borrows one from before the order
        yield KeyMoment(time, "trigger", "before", trigger.text, False, cited)


def _workers(diagnosis: Diagnosis, told: Mapping[str, str], exhibits: Exhibits) -> Iterable[KeyMoment]:
    """The first loss, a quarter, half and all of them; `told`: what the other rows say, by the lines that they cite."""
    lost = diagnosis.workers.lost_workers
    silent = lost and lost[0].time - diagnosis.incident.onset < SECOND
    if silent and diagnosis.incident.onset < min(signal.begin for signal in diagnosis.incident.signals) - SECOND:
        cited = exhibits.cite(lost[0].sighting, None)
        text = "The first lost workers fell silent, before any line reports it"
        yield KeyMoment(diagnosis.incident.onset, "onset", "onset", text, True, (cited,))
    for number in milestones(len(lost)):
        worker = lost[number - 1]
        is_one = ONE_CHILD.search(worker.sighting.text) is not None
        text = f"{'The child process' if is_one else 'Worker'} {worker.pid} {DID[worker.how]}"
        if len(lost) > 1:
            nth = f"{ordinal(number)} time of {len(lost):,}" if is_one else f"{number:,} of {len(lost):,} lost"
            text += f" ({nth})"
        cited = exhibits.cite(worker.sighting, None)
        if f"worker {worker.pid}," in told.get(cited, ""):
            continue  # a row shows that line already, and names the worker
        yield KeyMoment(worker.time, "worker", phase_of(diagnosis, worker.time), text, worker.inferred, (cited,))
