"""How an incident ended, and whether its message came again: the third of the sentences that answer first."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from logsleuth.causes.ended import helped_for
from logsleuth.causes.model import By
from logsleuth.incidents.model import How
from logsleuth.lives.requests import ANSWERED
from logsleuth.lives.server.attempts import failed_starts
from logsleuth.lives.server.model import counted
from logsleuth.lives.server.told import would_show_restarts
from logsleuth.report.compose.story.alike import Named
from logsleuth.report.words import cut
from logsleuth.signals.tuning import JOIN_US, TOGETHER_US
from logsleuth.timeline.model import TIME
from logsleuth.units import SECOND, duration, elapsed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.causes.model import Diagnosis, EndedBy
    from logsleuth.lives.live import Lives
    from logsleuth.lives.server.model import RestartKind
    from logsleuth.signals.model import Signal
    from logsleuth.timeline.model import Moment

KINDS: Final[dict[RestartKind, str]] = {
    "stop": "stop and start", "reload": "graceful restart", "hup": "hard restart (HUP)", "start": "restart",
}  # fmt: skip
"""What a restart is called: after a graceful one old workers may go on."""
LONGEST_NAME: Final = 60
"""Characters of a path or an address that are shown."""
LONGEST_QUOTE: Final = 200
"""Characters of a message that are quoted in a sentence."""
NO_RESTART_TOLD: Final = "PHP's own log does not tell of restarts of httpd"


def seen_again(diagnosis: Diagnosis) -> tuple[Signal, Moment] | None:
    """The cause's own message, the first time that the log shows it again after a faded incident; None: it does not.

    The same message of another script is another fault, or one client's own.
    """
    signal, later = _later(diagnosis)
    if signal is None:
        return None
    named = Named(signal)
    same = next((moment for moment in later if not named.is_another(moment)), None)
    return (signal, same) if same is not None else None


def is_silent_after(diagnosis: Diagnosis) -> bool:
    """Whether the cause's own message is logged no more after a faded incident, about any client."""
    return not _later(diagnosis)[1]


def _later(diagnosis: Diagnosis) -> tuple[Signal | None, Sequence[Moment]]:
    """The signal that names the cause of a faded incident, with its lines after it.

    That requests failed later says nothing: they do in every outage. Nor does a line that follows at once.
    """
    incident, first = diagnosis.incident, diagnosis.first
    is_faded = incident.recovery is not None and incident.recovery.how is How.FADED
    if not is_faded or first is None or first.name == ANSWERED or not first.meaning.is_failure:
        return None, ()
    moments = first.series.moments
    return first, moments[bisect_right(moments, incident.over + JOIN_US, key=TIME) :]


def _afterwards(diagnosis: Diagnosis, over: int, lives: Lives) -> str:
    """Whether the log shows it again, and how soon."""
    again = seen_again(diagnosis)
    if again is not None:
        signal, moment = again
        return f", but “{signal.title}” was logged again {elapsed(over, moment.time)} later"
    first, later = _later(diagnosis)
    if first is not None and later:
        since = elapsed(over, later[0].time)
        if len(later) > 1:
            return (
                f"; after that “{first.title}” was logged only for others ({len(later):,} times, first {since} later)"
            )
        return f"; after that “{first.title}” was logged only for {_whose(later[0])}, {since} later"
    is_once = diagnosis.causes and diagnosis.causes[0].signal.meaning.lasts == "latched"
    if is_once or lives.end - over < SECOND:  # of what httpd logs only once its absence says nothing
        return ""
    timed = any(signal.series.aside for signal in diagnosis.incident.signals)
    apart = ", apart from a few lines at a steady interval," if timed else ""
    return f", and it did not recur{apart} in the remaining {elapsed(over, lives.end)} of the log"


def _whose(moment: Moment) -> str:
    """What sets a line apart from those of an incident: what it names, or its client. Of a long path the end tells."""
    named = next((value for _, value in moment.sighting.fields if any(char in value for char in "/.:\\")), None)
    if named is None:
        return f"another client ({moment.client})"
    shown = named if len(named) <= LONGEST_NAME else f"…/{named[-LONGEST_NAME:].partition('/')[2]}"
    return f"something else ({shown})"


def ended(diagnosis: Diagnosis, lives: Lives) -> str:
    """How it ended, in one sentence: what ended it, and whether its message came again."""
    incident, by = diagnosis.incident, diagnosis.ended_by
    if incident.is_up_for_now:
        return "The server is up for now, but not for long enough to say that it stays so."
    if by is None:
        return "Nothing in the log shows that it ended."
    is_faded = incident.recovery is not None and incident.recovery.how is How.FADED
    return f"{_how_it_ended(by, diagnosis, lives)}{_afterwards(diagnosis, incident.over, lives) if is_faded else ''}."


def _how_it_ended(by: EndedBy, diagnosis: Diagnosis, lives: Lives) -> str:
    """What ended it, without a full stop."""
    over, kind = diagnosis.incident.over, _ending_restart(diagnosis)
    match by.by:
        case By.START:
            said = f"The server was started again{_beside(by, over)}{_failed_before(diagnosis)}"
        case By.RESTART:
            said = f"A {kind} ended it{_in_vain_before(diagnosis)}"
        case By.WITH_A_RESTART:
            said = f"It ended at a {kind}{_what_else(by)}"
            said = f"{said}; {_not_helped(diagnosis)}{'' if by.text else ', so something else had changed as well'}"
        case By.AT_A_RESTART:
            said = f"It ended at a {kind}{_what_else(by)}; whether by it is not known"
        case By.BEFORE_A_RESTART:
            said = _stopped_before(by, kind, diagnosis)
        case By.COUNTERMEASURE:
            with_it = f"with a {kind}" if by.restart is not None else "without a restart of httpd"
            said = f"It ended {with_it}, as a countermeasure: {by.text}"
        case By.SERVICE:
            said = f"{_with_a_service(by, over)}{_services_in_vain(diagnosis)}"
        case By.BACK | By.CHANGE:
            said = f"It ended without a restart of httpd{_beside(by, over)}"
        case By.ITSELF:
            how = " without a restart of httpd" if would_show_restarts(lives) else f" ({NO_RESTART_TOLD})"
            said = f"It cleared{how}{f'; {by.text}' if by.text else ''}"
    return said


def _in_vain_before(diagnosis: Diagnosis) -> str:
    vain = diagnosis.incident.restarts_in_vain
    if not vain:
        return ""
    helped = [length for one in vain if (length := helped_for(one, diagnosis.incident))]
    if len(helped) < len(vain):
        return f", after {counted(vain)} that did not"
    if len(vain) == 1:
        return f", after one that helped for {duration(helped[0] / SECOND)} only"
    return f", after {counted(vain)} that helped for {duration(max(helped) / SECOND)} at most"


def _failed_before(diagnosis: Diagnosis) -> str:
    """How many starts had failed while the server was down, as a main clause; empty: none had."""
    failed = sum(map(failed_starts, diagnosis.incident.absences))
    if not failed:
        return ""
    return f"; {'a start' if failed == 1 else f'{failed:,} starts'} before that had failed"


def _services_in_vain(diagnosis: Diagnosis) -> str:
    """That the same service had been started before, as a main clause; empty: it had not."""
    ended, incident = diagnosis.ended_by, diagnosis.incident
    if ended is None:
        return ""
    before = [one.restart for one in diagnosis.services if one.pattern == ended.pattern]
    vain = [one for one in before if one.time < min(ended.time, incident.over) - JOIN_US]
    if not vain:
        return ""
    one = "an earlier start" if len(vain) == 1 else f"{len(vain):,} earlier starts"
    if not (helped := max(helped_for(start, incident) for start in vain)):
        return f"; {one} of it had not helped"
    return f"; {one} of it had helped for {duration(helped / SECOND)} {'only' if len(vain) == 1 else 'at most'}"


def _what_else(by: EndedBy) -> str:
    """What had changed before the restart with which it ended, as a clause; empty: no line says it."""
    if not by.text or by.restart is None:
        return ""
    ordered = by.restart.down if by.restart.down is not None else by.time
    return f", {elapsed(by.time, ordered)} after “{_cut(by.text)}”"


def _not_helped(diagnosis: Diagnosis) -> str:
    """That earlier restarts had not helped, as a main clause."""
    vain = len(diagnosis.incident.restarts_in_vain)
    return f"{'an earlier restart' if vain == 1 else f'{vain:,} earlier restarts'} had not helped"


def _stopped_before(by: EndedBy, kind: str, diagnosis: Diagnosis) -> str:
    """That the last failure came some time before a restart."""
    incident, restart = diagnosis.incident, by.restart
    ordered = restart.down if restart is not None and restart.down is not None else by.time
    is_faded = incident.recovery is not None and incident.recovery.how is How.FADED
    return f"The last failure was {elapsed(incident.over if is_faded else incident.end, ordered)} before a {kind}"


def _with_a_service(by: EndedBy, over: int) -> str:
    """That a service behind httpd was started as it ended, with its line."""
    started = "reloaded" if by.reloaded else "restarted" if len(by.sightings) > 1 else "started"
    line = f"“{_cut(by.text)}”"
    if by.time - over > TOGETHER_US:
        ready = f"ready {elapsed(over, by.time)} after the last failure"
        return f"It ended when a service behind httpd was {started} ({ready}): {line}"
    since = "when" if over - by.time <= TOGETHER_US else f"{elapsed(by.time, over)} after"
    return f"It ended {since} a service behind httpd was {started}: {line}"


def _beside(by: EndedBy, over: int) -> str:
    """What somebody or something did as it ended, as a clause; empty: nothing is known of it."""
    if not by.text:
        return ""
    if by.time - over > TOGETHER_US:
        return f": the last failure was {elapsed(over, by.time)} before “{_cut(by.text)}”, which may have ended it"
    if by.time > over:
        return f", with “{_cut(by.text)}”"
    since = "just" if over - by.time <= TOGETHER_US else elapsed(by.time, over)
    return f", {since} after “{_cut(by.text)}”"


def _cut(text: str) -> str:
    return cut(text, LONGEST_QUOTE)


def _ending_restart(diagnosis: Diagnosis) -> str:
    """Of which kind it was; a graceful one that was refused first became another."""
    restart = diagnosis.ended_by.restart if diagnosis.ended_by is not None else None
    recovery = diagnosis.incident.recovery
    became_another = recovery is not None and recovery.how is How.RESTART
    if restart is None or (restart.kind == "reload" and became_another):
        return "restart"
    return KINDS[restart.kind]
