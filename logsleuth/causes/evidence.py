"""The evidence for and against a cause: one table, each row with its weights and the sentence that is printed.

Weights are decibans (ten times the decimal logarithm of the likelihood ratio). `benchmarks/calibrate.py` holds them
against those that labelled logs suggest, and prints how often each confidence is right: too few candidates are wrong
there to fit the weights to them alone. A row that says nothing is left out.
Only what concerns the candidate itself, or what would be an explanation in its place, is asked: an unrelated line
changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.causes.model import Ground
from logsleuth.causes.rank import explains, is_back_before
from logsleuth.causes.same_object import shared
from logsleuth.incidents.group import are_linked
from logsleuth.incidents.losses import signal_pids
from logsleuth.incidents.model import How
from logsleuth.lives.requests import ANSWERED, answered_by
from logsleuth.signals.model import Signal, Why
from logsleuth.signals.tuning import LEAST_MOMENTS, MOST, TOGETHER_US
from logsleuth.units import SECOND
from logsleuth.values import NamedTuple, dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from logsleuth.incidents.model import Incident, Workers
    from logsleuth.library.mechanisms import Mechanisms
    from logsleuth.timeline.model import Series

PRIOR = 0.0
"""Decibans before any evidence: a message that names an outage, found in one, is as likely its cause as not."""


@dataclass(frozen=True, slots=True)
class Case:
    """What the rows of the table may depend on."""

    incident: Incident
    candidates: Sequence[Signal]
    workers: Workers
    mechanisms: Mechanisms
    """Those that are written down, and those that are seen in this incident."""
    whole: Mapping[str, Series]
    """Each series as it is in the log, by name."""

    def is_chosen(self, signal: Signal) -> bool:
        """Whether a signal is what a choice of its lines means, such as those by which everybody is refused."""
        whole = self.whole.get(signal.name, signal.series)
        return whole is not signal.series and not signal.series.aside and signal.series.count < whole.count

    def is_by_circumstances(self, signal: Signal) -> bool:
        """Whether its lines are routine by themselves, and say what is wrong by how many they are, or of whom."""
        whole = self.whole.get(signal.name)
        return whole is not None and whole.meaning.role != "cause"


class Evidence(NamedTuple):
    """One row: a question, and the weights of its answers."""

    rule: str
    holds: Callable[[Signal, Case], str | bool | None]
    """A sentence (or True) if it holds, False if not, None if it cannot be said."""
    if_true: float
    if_false: float
    otherwise: str = ""
    """The sentence where it does not hold; empty: nothing is said then."""


def names_the_fault(signal: Signal, case: Case) -> str | bool | None:
    """A line that names the fault, or what failed because of it, weighs more than one that names a consequence."""
    if signal.meaning.role != "cause":
        return False
    if case.is_by_circumstances(signal):
        return True  # how many its lines are of, or where, says what is wrong: not their words
    return f"The message names {'the fault itself' if signal.meaning.names == 'fault' else 'what failed'}."


def is_a_death(signal: Signal, _: Case) -> str | bool | None:
    """The end of a process is a fact, though not a reason."""
    return True if signal.meaning.role == "death" else None


def is_decisive(signal: Signal, _: Case) -> str | bool | None:
    """After such a line the server, or a part of it, serves nobody. What is behind it may be started again at once."""
    if signal.why is not Why.NOT_UP and signal.meaning.proof != "single":
        return None
    if signal.meaning.about == "backend" or signal.meaning.role == "death":
        return True  # of a run that ended without a word, the line is written by the next
    return "A single such line is enough: after it the server, or a part of it, answers nobody."


def comes_first(signal: Signal, case: Case) -> bool | None:
    """A cause precedes what it causes. That goes without saying: an earlier line may be one that nothing knows."""
    late = signal.begin - max(case.incident.onset, _first_said(signal, case))
    if late <= TOGETHER_US:
        return True
    return False if late > MOST * max(case.incident.over - case.incident.onset, SECOND) else None


def _first_said(signal: Signal, case: Case) -> int:
    """UTC microseconds of the first line of the incident, but for requests that were not answered before this one."""
    said = (other.begin for other in case.incident.signals if not _awaited(other, signal))
    return min(said, default=signal.begin)


def _awaited(other: Signal, signal: Signal) -> bool:
    """Whether the other is failed requests, dated by their beginning, the first of which may have hung until a line."""
    return other.name == ANSWERED and other.begin <= signal.begin <= answered_by(other.moments[0])


def seen_only_here(signal: Signal, case: Case) -> str | bool | None:
    """What is always there is not the cause. This says nothing about a message that httpd logs only once."""
    if signal.outside == 0 and signal.meaning.lasts == "latched":
        return True
    if signal.why is Why.REFUSED:
        return "The access log shows nothing of the kind after any other start or reload."
    if signal.why is Why.SLOW:
        return "At no other time did so many requests take so long."
    if signal.outside == 0 and case.is_chosen(signal):
        named = any(moment.client for moment in signal.moments)
        return f"At no other time does the log report it {'for this many clients' if named else 'this often'}."
    if signal.outside == 0:
        return _nowhere_else(signal, case)
    return False if signal.outside > len(signal.moments) else None


def _nowhere_else(signal: Signal, case: Case) -> str | bool:
    """That a message is seen only here; where it alone makes the incident what it is, that goes without saying."""
    if signal.in_others:
        return "This message appears nowhere else in the log but in other outages of this kind."
    if signal.series.aside:
        return "Apart from a few lines at a steady interval, this message appears nowhere else in the log."
    incident = case.incident
    is_as_long = signal.begin <= incident.onset + TOGETHER_US and signal.end >= incident.end - TOGETHER_US
    return True if is_as_long else "This message appears nowhere else in the log."


def explains_the_rest(signal: Signal, case: Case) -> str | bool | None:
    """A known mechanism leads from it to the other symptoms."""
    mine = case.mechanisms.get(signal.name, ())
    own = signal.lines
    others = [
        other
        for other in case.incident.signals
        if other.name in mine and other is not signal and not is_back_before(signal, other)
        if not other.lines <= own  # the same lines once more need no explanation
    ]
    # what was logged earlier may have had to wait less long; but a reader would take it for the cause
    later = [other for other in others if other.name == ANSWERED or other.begin >= signal.begin - TOGETHER_US]
    seen = [other.title for other in later if other.meaning.known_by != "level"]
    if not seen:
        return True if others else None
    return "It explains what else was seen: " + ", ".join(f"“{t}”" for t in seen[:3]) + "."


def is_explained(signal: Signal, case: Case) -> str | bool | None:
    """What another candidate explains is not the root cause."""
    other = next((one for one in case.candidates if explains(one, signal, case.mechanisms)), None)
    return f"“{other.title}” explains it." if other is not None else None


def lost_workers_said_it(signal: Signal, case: Case) -> str | bool | None:
    """It names the workers that were lost."""
    lost = {worker.pid for worker in case.workers.lost if not worker.inferred}
    named = len(signal_pids(signal) & lost)
    if signal.meaning.worker is None or not named or 2 * named < len(lost):
        return None
    if named == len(lost):
        return True  # it is by these lines that they are known to be lost
    return f"It names {named} of the {len(lost)} lost workers."


def gone_after_the_restart(signal: Signal, case: Case) -> bool | None:
    """If it is gone after the restart, the processes that were replaced may have held it; or it had gone before."""
    recovery = case.incident.recovery
    if recovery is None or recovery.how is How.FADED or signal.why is Why.NOT_UP or case.is_chosen(signal):
        return None
    return signal.series.moments[-1].time <= recovery.time or None


def seen_once(signal: Signal, case: Case) -> str | bool | None:
    """One line is weak evidence, unless it is decisive, or the access log shows what it brought about.

    A limit is logged once however long it lasts: by httpd in the life of a parent, by FPM until its pool is below it
    again (fpm_process_ctl.c, warn_max_children).
    """
    if signal.count != 1 or signal.meaning.role == "capacity" or signal.meaning.lasts == "latched":
        return None
    if signal.why is Why.REFUSED:
        return None
    if is_decisive(signal, case):
        return None
    is_enough = signal.meaning.role == "cause" and signal.meaning.names == "fault"
    return True if is_enough else "It was seen only once."  # a VM that ends for want of memory says so once


def is_general(signal: Signal, _: Case) -> bool | None:
    """What is known of the message is only that something failed; the line itself may say more.

    What no pattern knows may name the kind of outage in words that many programs use: that is more.
    """
    if not signal.meaning.fallback or (signal.meaning.known_by == "level" and signal.meaning.category is not None):
        return None
    return True


def says_nothing_else(signal: Signal, case: Case) -> str | bool | None:
    """A killed parent cannot log its end, so a missing line is what such an end looks like."""
    if signal.why is not Why.NOT_UP or not any(absence.why == "killed" for absence in case.incident.absences):
        return None
    return "No line says why the earlier server ended, as after a SIGKILL or a power failure."


def a_rival_came_first(signal: Signal, case: Case) -> str | bool | None:
    """An unexplained fault of another kind, and about something else, began at the same time or before."""
    for other in case.candidates:
        rival = other.category is not None and other.category != signal.category and other.meaning.role == "cause"
        strong = other.why not in {Why.COMPANION, Why.LIMIT} and not signal.meaning.refines & {other.name}
        if not rival or not strong or other.begin > signal.begin + TOGETHER_US:
            continue
        if not are_linked(signal, other, case.mechanisms) and shared(signal, other) is None:
            had_begun = other.begin < signal.begin - TOGETHER_US
            return f"“{other.title}” {'came earlier' if had_begun else 'began at the same time'}."
    return None


def clients_saw_it(signal: Signal, case: Case) -> str | bool | None:
    """An access log confirms independently that requests failed. If none failed, that proves nothing: see `impact`.

    It sets a candidate apart only where no other has a line for most of the failures: else it says no more of one than
    of the other.
    """
    seen = case.incident.requests
    if seen is None or seen.failed < LEAST_MOMENTS:
        return None
    tell = [one for one in case.candidates if one.count >= MOST * seen.failed] or case.candidates
    others = (one for one in tell if one is not signal and not explains(signal, one, case.mechanisms))
    own = signal in tell or any(explains(signal, one, case.mechanisms) for one in tell)
    if not own or any(others):
        return None
    return "The access log agrees: requests failed in that time."  # how many, of whom, the report counts elsewhere


def unknown_came_first(signal: Signal, case: Case) -> str | bool | None:
    """A death or a limit is a consequence, perhaps of the unknown message before it."""
    if signal.meaning.role not in {"death", "capacity"}:
        return None
    for other in case.incident.signals:
        if other.meaning.known_by == "level" and other.outside == 0 and other.begin <= signal.begin:
            return "A message that matches no known pattern came first, and appears only here."
    return None


EVIDENCE: tuple[Evidence, ...] = (
    Evidence("names-the-fault", names_the_fault, 6.0, 0.0, "The message names a consequence, not a reason."),
    Evidence("is-a-death", is_a_death, 4.0, 0.0),
    Evidence("is-decisive", is_decisive, 4.0, 0.0),
    Evidence("comes-first", comes_first, 4.0, -6.0, "It first appears late in the incident."),
    Evidence("seen-only-here", seen_only_here, 3.0, -2.0, "It also appears outside the incident, though less often."),
    Evidence("explains-the-rest", explains_the_rest, 3.0, 0.0),
    Evidence("is-explained", is_explained, -8.0, 0.0),
    Evidence("lost-workers-said-it", lost_workers_said_it, 3.0, 0.0),
    Evidence("gone-after-the-restart", gone_after_the_restart, 1.0, 0.0),
    Evidence("clients-saw-it", clients_saw_it, 1.0, 0.0),
    Evidence("seen-once", seen_once, -4.0, 0.0),
    Evidence("is-general", is_general, -6.0, 0.0),
    Evidence("says-nothing-else", says_nothing_else, 4.0, 0.0),
    Evidence("a-rival-came-first", a_rival_came_first, -6.0, 0.0),
    Evidence("unknown-came-first", unknown_came_first, -4.0, 0.0),
)


def grounds(signal: Signal, case: Case) -> Iterable[Ground]:
    """The evidence for and against a candidate."""
    for row in EVIDENCE:
        answer = row.holds(signal, case)
        if answer is None:
            continue
        if answer is False:
            if row.if_false or row.otherwise:
                yield Ground(row.rule, row.if_false, row.otherwise)
        else:
            yield Ground(row.rule, row.if_true, answer if isinstance(answer, str) else "")
