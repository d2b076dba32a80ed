"""Which fault the workers died of, where the lines of the dead themselves say so.

No mechanism can be written down for it: a process without descriptors, or without memory, may crash in any module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from logsleuth.incidents.model import Incident
    from logsleuth.library.mechanisms import Mechanisms
    from logsleuth.lives.live import Lives
    from logsleuth.signals.model import Signal


def with_deaths(incident: Incident, lives: Lives, mechanisms: Mechanisms) -> Mechanisms:
    """The known mechanisms, and the faults of this incident that its dead workers had reported before they died."""
    found = dict(mechanisms)
    deaths = [signal for signal in incident.signals if signal.meaning.role == "death"]
    faults = [signal for signal in incident.signals if signal.meaning.role == "cause" and signal.category is not None]
    for death in deaths:
        for fault in faults:
            if died_of(death, fault, _writers(incident, lives)):
                reached = {death.name} | mechanisms.get(death.name, frozenset())
                found[fault.name] = found.get(fault.name, frozenset()) | reached
    return found


def died_of(death: Signal, fault: Signal, writers: set[int]) -> bool:
    """Whether each worker that died had reported the fault before, while others of those who wrote had not.

    Where all workers report the fault, those that die are among them whatever they die of.
    """
    reported: dict[int, int] = {}
    for moment in fault.moments:
        reported.setdefault(moment.sighting.reporter, moment.time)
    dead = {pid: said.first.time for pid, said in death.series.by_pid.items()}
    if not dead or any(pid not in reported or reported[pid] > time for pid, time in dead.items()):
        return False
    return len(writers - set(reported)) >= len(dead)


def _writers(incident: Incident, lives: Lives) -> set[int]:
    """The processes, but for the parent, that wrote anything in the incident."""
    return set(lives.timeline.signs.within(incident.onset, incident.end)) - lives.server.parents
