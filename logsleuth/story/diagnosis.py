"""Why: the candidates of an incident ranked by their grounds (`grounds.py`), and how sure the first one is."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from logsleuth.story.belonging import unheard_errors
from logsleuth.story.conditions import find_conditions
from logsleuth.story.grounds import RULES, Case
from logsleuth.story.incident import Cause, Confidence, Ground, Incident, Strand, Symptom, Verdict, Workers
from logsleuth.story.lives import find_lives
from logsleuth.story.mechanisms import mechanisms
from logsleuth.story.severity import severity_of
from logsleuth.story.traffic import seen_by_clients
from logsleuth.story.triggers import find_triggers
from logsleuth.story.workers import find_workers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.library.pattern import Library
    from logsleuth.story.clock import Clock
    from logsleuth.story.life import Life
    from logsleuth.story.timeline import Timeline

GENERIC = frozenset({"cause", "death", "symptom", "capacity"})
"""Roles of lines that are shown as what is known, where nothing names the kind of outage."""
HIGH, MEDIUM = 5.5, 3.0
CLEAR = 1.0
"""By how much the first must lead over a rival of another category to be called sure."""


def diagnose(incidents: Sequence[Incident], timeline: Timeline, library: Library, clock: Clock) -> list[Verdict]:
    """Explain each incident; the gravest first."""
    graph = mechanisms(library)
    lives = find_lives(timeline, clock) if incidents else ()
    verdicts = [_verdict(incident, timeline, lives, graph, clock) for incident in incidents]
    order = ("critical", "major", "minor", "info")
    return sorted(verdicts, key=lambda v: (order.index(v.severity), -_impact(v), v.incident.onset))


def _impact(verdict: Verdict) -> float:
    """Failures seen, for ranking incidents of the same severity."""
    return float(sum(strand.count for strand in verdict.incident.strands))


def _verdict(
    incident: Incident, timeline: Timeline, lives: Sequence[Life], graph: dict[str, frozenset[str]], clock: Clock
) -> Verdict:
    workers = find_workers(incident, timeline, clock, lives)
    named = tuple(s for s in incident.strands if s.category is not None or s.pattern is None)
    candidates = named or tuple(s for s in incident.strands if s.pattern and s.pattern.role in GENERIC)
    seen, unheard = tuple(seen_by_clients(incident, timeline)), tuple(unheard_errors(timeline, incident))
    case = Case(incident, candidates, workers, graph, seen, unheard)
    causes = rank(case)
    first = causes[0] if causes else None
    return Verdict(
        incident=_begun(incident, workers),
        causes=tuple(causes),
        workers=workers,
        severity=severity_of(incident, workers, first),
        category=first.category if first else None,
        confidence=first.confidence if first else "low",
        triggers=find_triggers(incident, timeline),
        conditions=find_conditions(incident, first, workers, timeline, clock),
        symptoms=tuple(_symptoms(causes, case)),
    )


def _begun(incident: Incident, workers: Workers) -> Incident:
    """The incident from its first lost worker on, which may be inferred from before any line of evidence."""
    first = min((worker.time for worker in workers.lost), default=incident.onset)
    return replace(incident, onset=min(incident.onset, first))


def rank(case: Case) -> list[Cause]:
    """The candidates as causes, likeliest first; those that say the same are taken together."""
    scored: list[tuple[float, Strand, tuple[Ground, ...]]] = []
    for strand in case.candidates:
        grounds = tuple(ground for rule in RULES for ground in rule(strand, case))
        scored.append((sum(ground.weight for ground in grounds), strand, grounds))
    scored.sort(key=lambda item: (-item[0], item[1].begin, item[1].track.name))
    causes: list[Cause] = []
    used: set[str] = set()
    for score, strand, grounds in scored:
        if strand.track.name in used:
            continue
        same = tuple(
            other
            for _, other, _ in scored
            if other is not strand and other.track.name not in used and _says_the_same(strand, other, case)
        )
        used.update((strand.track.name, *(other.track.name for other in same)))
        rival = next((s for s, o, _ in scored if o.category != strand.category and o.track.name not in used), None)
        confidence = _confidence(score, rival, strand)
        kind = _kind(causes[0].strand, strand, case) if causes else "root cause"
        causes.append(
            Cause(strand.title, strand.category, strand.pattern, strand, same, score, confidence, grounds, kind)
        )
    return causes


def _kind(first: Strand, strand: Strand, case: Case) -> str:
    """What a further cause is to the first: bound to it by a known mechanism, or a fault of its own."""
    if first.pattern is None or strand.pattern is None:
        return "independent"
    one, other = first.pattern.id, strand.pattern.id
    linked = other in case.graph.get(one, ()) or one in case.graph.get(other, ())
    return "contributing" if linked else "independent"


def _says_the_same(strand: Strand, other: Strand, case: Case) -> bool:
    """Whether the first explains the other, or both name the same kind of outage."""
    if other.category is not None and other.category == strand.category:
        return True
    if strand.pattern is None or other.pattern is None:
        return False
    return other.pattern.id in case.graph.get(strand.pattern.id, ()) or other.pattern.id in strand.pattern.refines


def _confidence(score: float, rival: float | None, strand: Strand) -> Confidence:
    if strand.pattern is None or strand.category is None:
        return "low"
    lead = score - rival if rival is not None else math.inf
    if score >= HIGH and lead >= CLEAR and not strand.pattern.fallback:
        return "high"
    return "medium" if score >= MEDIUM else "low"


def _symptoms(causes: Sequence[Cause], case: Case) -> Iterable[Symptom]:
    """What is neither the cause nor says the same, nor is a fault of its own."""
    if not causes:
        return
    first = causes[0]
    explained = case.graph.get(first.pattern.id, frozenset()) if first.pattern else frozenset()
    own = {first.strand.track.name, *(s.track.name for s in first.also if s.track.name not in explained)}
    others = {s.track.name for cause in causes[1:] for s in (cause.strand, *cause.also)}
    for strand in case.incident.strands:
        if strand.track.name not in own | others:
            yield Symptom(strand, strand.track.name in explained)
