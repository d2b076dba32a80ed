"""Why each incident happened: its candidates ranked, with the evidence for and against each."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from logsleuth.causes.alike import failed_alike
from logsleuth.causes.company import company_of
from logsleuth.causes.conditions import find_conditions
from logsleuth.causes.confidence import confidence, no_surer, probability
from logsleuth.causes.deaths import with_deaths
from logsleuth.causes.ended import find_end, switched_off
from logsleuth.causes.evidence import Case, grounds
from logsleuth.causes.model import By, Cause, CauseKind, Confidence, Diagnosis, Reason, Symptom
from logsleuth.causes.one_event import with_one_events
from logsleuth.causes.own_words import category_in_words, own_words
from logsleuth.causes.rank import explains, rank
from logsleuth.causes.restart import restart_verdict
from logsleuth.causes.run_as_cgi import category_as_cgi
from logsleuth.causes.same_object import shared
from logsleuth.causes.services import of_their_restarts, service_restarts
from logsleuth.causes.severity import ORDER, severity_of, share_failed
from logsleuth.causes.stale_address import stale_address
from logsleuth.causes.triggers import find_triggers
from logsleuth.causes.worse import restarts_that_worsened
from logsleuth.incidents.group import are_linked
from logsleuth.incidents.losses import find_workers
from logsleuth.library.meaning import FAILURES
from logsleuth.signals.tuning import MOST, TOGETHER_US
from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.incidents.model import Incident
    from logsleuth.library.mechanisms import Mechanisms
    from logsleuth.lives.live import Lives
    from logsleuth.signals.model import Signal


KINDS: tuple[CauseKind, ...] = get_args(CauseKind)
"""In the order in which causes are told: what is bound to the first one comes next."""


def explain(incidents: Sequence[Incident], lives: Lives, mechanisms: Mechanisms) -> tuple[Diagnosis, ...]:
    """Explain each incident; the gravest first: by severity, then by how long it failed what share of the requests."""
    found = [_diagnosis(incident, lives, mechanisms) for incident in incidents]
    return tuple(sorted(found, key=_by_harm))


def _by_harm(diagnosis: Diagnosis) -> tuple[int, float, int, int]:
    incident = diagnosis.incident
    lost = incident.seconds * share_failed(incident)
    return ORDER.index(diagnosis.severity), -lost, -_failures(diagnosis), incident.onset


def _failures(diagnosis: Diagnosis) -> int:
    seen = diagnosis.incident.requests
    return seen.failed - seen.usual if seen is not None else sum(signal.count for signal in diagnosis.incident.signals)


def _diagnosis(incident: Incident, lives: Lives, mechanisms: Mechanisms) -> Diagnosis:
    workers = find_workers(incident, lives)
    effects = with_one_events(incident, with_deaths(incident, lives, mechanisms), mechanisms)
    named, off = candidates_of(incident), switched_off(incident)
    candidates = tuple(signal for signal in named if signal is not off) or named
    case = Case(incident, candidates, workers, effects, lives.timeline.series)
    found = causes_of(case)
    causes = tuple(cause for nth, cause in enumerate(found) if not nth or _is_to_be_told(cause))
    first = causes[0] if causes else None
    signal = first.signal if first else None
    category = _category(first) if first else None
    names_none = first is not None and _why(first) == "low" and first.signal.meaning.known_by != "level"
    triggers = find_triggers(incident, signal, lives, case.mechanisms)
    told = _from_first_loss(incident, workers.lost[0].time if workers.lost else incident.onset)
    ended = find_end(told, signal, workers.lost, triggers, lives)
    services = service_restarts(told, lives.timeline)
    back = ended.time if ended is not None and ended.by is By.SERVICE else None
    return Diagnosis(
        incident=told,
        causes=causes,
        workers=workers,
        severity=severity_of(incident, workers, signal),
        category=category,
        confidence=first.confidence if first else "low",
        why=_why(first),
        restart=restart_verdict(incident, category, workers.lost, signal.meaning if signal else None),
        triggers=triggers,
        ended_by=ended,
        services=services,
        of_restarts=of_their_restarts(told, signal, services, back),
        worsened=restarts_that_worsened(told, lives.requests),
        conditions=find_conditions(incident, workers, lives),
        symptoms=tuple(_symptoms(causes, case, mechanisms)),
        beside=_beside(found),
        reason=_reason(first.signal, incident) if first is not None and names_none else None,
        alike=failed_alike(first.signal) if first and first.signal.meaning.names == "failure" else (),
    )


def _category(first: Cause) -> str | None:
    """The kind of outage: what the first cause's lines and company say more exactly than its pattern, else that."""
    return category_in_words(first.signal) or category_as_cgi(first.signal, first.beside) or first.category


def _reason(first: Signal, incident: Incident) -> Reason | None:
    """What is behind a first cause that only says what failed."""
    return own_words(first, incident.signals) or stale_address(incident)


def candidates_of(incident: Incident) -> tuple[Signal, ...]:
    """What may be the cause: what names an outage, and what nothing knows; else whatever reports a failure."""
    named = tuple(s for s in incident.signals if s.category is not None or s.meaning.known_by == "level")
    return named or tuple(s for s in incident.signals if s.meaning.role in FAILURES or s.meaning.stops_the_server)


def _from_first_loss(incident: Incident, time: int) -> Incident:
    """The incident from its first lost worker on, which may be inferred from before any line of it."""
    return replace(incident, onset=min(incident.onset, time))


def causes_of(case: Case) -> tuple[Cause, ...]:
    """The candidates as causes, likeliest first; those that say the same are one."""
    ordered = rank(case.candidates, case.mechanisms)
    causes: list[Cause] = []
    used: set[str] = set()
    for signal in ordered:
        if signal.name in used:
            continue
        same = tuple(
            other for other in ordered if other.name not in {*used, signal.name} and _says_the_same(signal, other, case)
        )
        used.update((signal.name, *(other.name for other in same)))
        found = tuple(grounds(signal, case))
        chance = probability(found)
        kind, shares = _kind(causes[0].signal, signal, case.mechanisms) if causes else ("root cause", "")
        sure, company = confidence(signal.meaning, chance), company_of(signal, case.incident.signals)
        if causes:
            sure = no_surer(sure, causes[0].confidence)
        causes.append(Cause(signal, same, chance, sure, found, kind, shares, company))
    return tuple(causes[:1] + sorted(causes[1:], key=lambda cause: (KINDS.index(cause.kind), -cause.probability)))


def _kind(first: Signal, signal: Signal, mechanisms: Mechanisms) -> tuple[CauseKind, str]:
    """What a further cause is to the first, and what binds the two."""
    if are_linked(first, signal, mechanisms):
        return "contributing", ""
    binds = shared(first, signal)
    return ("related", binds) if binds is not None else ("link not known", "")


def _is_to_be_told(cause: Cause) -> bool:
    """Whether a further cause is told as one: it is bound to the first, or a grave fault that is seen only here.

    Whatever else was seen at the time is a symptom, until something shows that it is more.
    """
    if cause.kind != "link not known":
        return True
    meaning = cause.signal.meaning
    names_it = meaning.role == "death" or (meaning.role == "cause" and meaning.names == "fault")
    return names_it and meaning.severity in {"critical", "major"} and cause.signal.outside == 0


def _says_the_same(signal: Signal, other: Signal, case: Case) -> bool:
    """Whether the first explains the other, or both name the same kind of outage."""
    if other.category is not None and other.category == signal.category:
        return True
    return explains(signal, other, case.mechanisms) or other.name in case.mechanisms.get(signal.name, ())


def _why(first: Cause | None) -> Confidence:
    """How sure it is that the first cause is the root: what only says that something failed is not."""
    if first is None or first.signal.meaning.names != "fault":
        return "low"
    return first.confidence


def _symptoms(causes: Sequence[Cause], case: Case, written_down: Mechanisms) -> Iterable[Symptom]:
    """What is neither the cause nor says the same, nor is a fault of its own."""
    if not causes:
        return
    first = causes[0]
    explained = case.mechanisms.get(first.signal.name, frozenset())
    own = {first.signal.name, *(s.name for s in first.also if not _is_an_effect(s, first, case, written_down))}
    others = {s.name for cause in causes[1:] for s in (cause.signal, *cause.also)}
    for signal in case.incident.signals:
        # the same event once more, in words that nothing knows
        said_again = signal.meaning.known_by == "level" and signal.name in explained
        if signal.name not in own | others and not said_again:
            named_better = signal.name in first.signal.meaning.refines
            yield Symptom(signal, signal.name in explained or named_better or _is_of_the_refusal(signal, first))


def _is_an_effect(signal: Signal, first: Cause, case: Case, written_down: Mechanisms) -> bool:
    """Whether what is told with the first cause follows from it; of the same kind, and at once, it says the same."""
    if signal.name in written_down.get(first.signal.name, ()):
        return True
    return signal.category != first.category and signal.name in case.mechanisms.get(first.signal.name, ())


def _is_of_the_refusal(signal: Signal, first: Cause) -> bool:
    """Whether it only adds that the start, which the first cause made httpd refuse, did not succeed."""
    return first.signal.meaning.is_refusal and signal.meaning.phase == "start" and signal.meaning.role != "cause"


def _beside(causes: Sequence[Cause]) -> Signal | None:
    """What nothing knows, and what begins with the first cause and is seen as often, where that is a consequence."""
    if not causes or causes[0].signal.meaning.role != "symptom" or causes[0].signal.meaning.known_by == "level":
        return None
    first = causes[0].signal
    for cause in causes[1:]:
        few, many = sorted((cause.signal.count, first.count))
        near = abs(cause.signal.begin - first.begin) <= TOGETHER_US
        if cause.signal.meaning.known_by == "level" and near and few >= MOST * many:
            return cause.signal
    return None
