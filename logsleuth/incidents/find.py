"""The incidents: which signals are one, when it began, and when it was over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.incidents.begun import begun_before
from logsleuth.incidents.countermeasures import ended_with, find_countermeasures, turns_away
from logsleuth.incidents.extend import Taken, companions, with_earlier, with_later
from logsleuth.incidents.group import group
from logsleuth.incidents.harm import requests_of
from logsleuth.incidents.model import Incident
from logsleuth.incidents.own_failures import without_others_failures
from logsleuth.incidents.recovery import by_countermeasure, find_recovery, usual_gap
from logsleuth.incidents.recur import comes_back, one_a_series, period
from logsleuth.incidents.same_events import are_of_the_same_clients
from logsleuth.incidents.spells import run_on, several, spells_of
from logsleuth.lives.requests import ANSWERED, REDIRECTED
from logsleuth.signals.model import Signal, Why
from logsleuth.signals.tuning import JOIN_US, NEAR_GAPS, TOGETHER_US
from logsleuth.units import SECOND
from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.incidents.model import Countermeasure, Recovery
    from logsleuth.incidents.spells import Spell
    from logsleuth.library.mechanisms import Mechanisms
    from logsleuth.lives.requests import Served
    from logsleuth.signals.scene import Scene
    from logsleuth.timeline.model import Moment


def find_incidents(scene: Scene, signals: Sequence[Signal]) -> tuple[Incident, ...]:
    """All incidents, in order of time."""
    mechanisms = scene.mechanisms
    cures = find_countermeasures(signals, scene.lives.requests.own, scene.lives.server.restarts)
    refusals = [signal for cure in cures for signal in cure.signals]
    found = group([one for one in signals if not any(one is other for other in refusals)], mechanisms)
    served = scene.lives.requests.served()
    parts = [part for one in found for part in several(without_others_failures(one), served)]
    groups = comes_back(list(run_on(parts, served, scene.lives.server.ups)))
    groups = [one for one in groups if not is_of_a_chronic_fault(one, scene)]
    taken = Taken((*(signal for found in groups for signal in found), *refusals), scene.failures)
    wholes = [(found, [*found, *companions(scene, found, taken)]) for found in groups if any(map(can_open, found))]
    return tuple(_incident(scene, found, whole, served, cures) for found, whole in wholes)


def is_of_a_chronic_fault(found: Sequence[Signal], scene: Scene) -> bool:
    """Whether failed requests alone stand out, each has a line that says why, and those lines do not stand out."""
    if {signal.name for signal in found} != {ANSWERED}:
        return False
    moments = [moment for signal in found for moment in signal.moments]
    known = (one for one in scene.failures if one.name != ANSWERED and one.meaning.known_by != "level")
    return any(are_of_the_same_clients(moments, one.moments, scene.lives.timeline.span) for one in known)


def can_open(signal: Signal) -> bool:
    """Whether a signal is enough for an incident: it names an outage, or something grave, or nothing knows it.

    What harms nobody by itself is not, however often it is said; nor what each start warns of before it goes on: there
    are as many such lines as starts.
    """
    meaning = signal.meaning
    if meaning.known_by == "level" or signal.why is Why.NOT_UP:
        return True
    if meaning.severity == "info" or (meaning.severity == "minor" and meaning.phase == "start"):
        return False
    return meaning.category is not None or meaning.severity in {"critical", "major"}


def _incident(
    scene: Scene, found: Sequence[Signal], whole: Sequence[Signal], served: Served, cures: Sequence[Countermeasure]
) -> Incident:
    lives = scene.lives
    signals = without_aftermath(scene, one_a_series(with_later(scene, with_earlier(scene, whole))))
    signals = without_others_failures(without_prelude(signals, scene.mechanisms))
    signals.sort(key=lambda signal: (signal.begin, signal.name))
    telling = _telling(signals)
    onset = _onset(telling, min(signal.begin for signal in found))
    end = max(signal.end for signal in telling)
    inside = lives.server.restarts_since(onset)
    cure = ended_with(cures, onset, end)
    recovery = by_countermeasure(cure, end) if cure is not None else find_recovery(lives, telling, inside, end)
    last = max(moment.last for signal in telling for moment in signal.moments)
    over = recovery.time if recovery else max(lives.timeline.end, last)
    spells = spells_of(found, served)
    paused = _within(spells, onset, over)
    until = max(_last_of_it(recovery, over), onset)
    requests = requests_of(
        lives.requests,
        onset,
        until,
        turns_away=any(turns_away(one) for one in telling),
        lines=max(one.count for one in telling),
        sends_away=any(one.name == REDIRECTED for one in telling),
        spells=_within(spells, onset, until),
    )
    is_counted = requests is not None and (requests.failed or requests.refused > requests.usual_refused)
    counted_by = requests.log if requests is not None and is_counted else None
    return Incident(
        signals=tuple(signals),
        onset=onset,
        end=min(end, over),
        recovery=recovery,
        restarts=tuple(r for r in inside if (r.down or r.up or 0) <= over),
        absences=lives.server.absences_between(onset, over),
        period=period([spell.begin for spell in spells]),
        spells=paused,
        requests=requests,
        countermeasure=cure,
        begun_before=begun_before(telling, counted_by, lives.timeline.openings),
    )


def _last_of_it(recovery: Recovery | None, over: int) -> int:
    """UTC microseconds up to which requests are of an outage.

    Access logs count by the second: what they have of that in which a restart ended it was answered after it.
    """
    return over if recovery is None or recovery.restart is None else over // SECOND * SECOND - 1


def _within(spells: Sequence[Spell], onset: int, over: int) -> tuple[tuple[int, int], ...]:
    """(begin, end) of the spells of an outage, the first from its onset on, the last up to where it was over."""
    begins = [onset, *(spell.begin for spell in spells[1:])]
    ends = [*(spell.end for spell in spells[:-1]), over]
    return tuple((begin, max(begin, end)) for begin, end in zip(begins, ends, strict=True))


def _onset(telling: Sequence[Signal], begin: int) -> int:
    """UTC microseconds of its first sign; `begin`: of the first that is more than chance by itself.

    A cause may have been there for minutes before it failed anybody: workers that wait for files fill up one by one.
    """
    near = (one.since or one.begin for one in telling if one.why is not Why.COMPANION or one.begin >= begin - JOIN_US)
    return min(near, default=telling[0].begin)


def _telling(signals: Sequence[Signal]) -> list[Signal]:
    """Those that say when it began and ended: not what may go with it and be harmless, or chatter that is near.

    What names no kind of outage, and is said at other times as well, may have begun before it by chance.
    """
    known = any(signal.category is not None for signal in signals)
    telling = [
        signal
        for signal in signals
        if signal.meaning.severity != "info"
        and not (known and signal.meaning.known_by == "level" and signal.meaning.fallback)
        and not (known and signal.category is None and signal.outside)
    ]
    return telling or list(signals)


def without_prelude(signals: Sequence[Signal], mechanisms: Mechanisms) -> list[Signal]:
    """Without what was said, about as rarely as at other times, before the cause that brings it about was first seen.

    Scanners' handshakes fail at all times; those of everybody fail from the first line on that says why.
    """
    causes = [signal for signal in signals if signal.outside == 0 and signal.meaning.role == "cause"]
    kept = []
    for signal in signals:
        begins = [cause.begin for cause in causes if signal.name in mechanisms.get(cause.name, ())]
        later = _from(signal, min(begins) - TOGETHER_US) if begins and signal.outside else signal.moments
        kept.append(signal if len(later) == len(signal.moments) else replace(signal, moments=later))
    return kept


def _from(signal: Signal, time: int) -> tuple[Moment, ...]:
    """Its moments from a time on, if those before it are as rare as outside of it rather than as those that follow."""
    later = tuple(moment for moment in signal.moments if moment.time >= time)
    before = len(signal.moments) - len(later)
    if not before or not later:
        return signal.moments
    rate = before * SECOND / max(time - signal.begin, SECOND)
    within = len(later) * SECOND / max(signal.end - time, SECOND)
    return later if rate * rate < signal.usual * within else signal.moments


def without_aftermath(scene: Scene, signals: Sequence[Signal]) -> list[Signal]:
    """Without what chronic faults go on to say after the restart that ended everything that is seen only here."""
    own = [signal for signal in signals if signal.outside == 0 and signal.category is not None]
    if not own or len(own) == len(signals):
        return list(signals)
    end = max(signal.end for signal in own)
    patience = max(JOIN_US, NEAR_GAPS * usual_gap(own))
    up = scene.lives.server.up_after(end - SECOND)
    if up is None or up > end + patience:
        return list(signals)
    kept = []
    for signal in signals:
        early = tuple(moment for moment in signal.moments if moment.time <= up)
        if signal.outside == 0:
            kept.append(signal)
        elif early:
            kept.append(replace(signal, moments=early))
    return kept
