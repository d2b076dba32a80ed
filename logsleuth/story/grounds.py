"""The named grounds for and against a cause, each with its weight and a sentence that the report prints.

A rule is a function from a candidate and its case to grounds; RULES lists them all.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from logsleuth.story.incident import SECOND, Ground, Incident, Strand, Workers
from logsleuth.story.own_words import is_own_word
from logsleuth.story.traffic import Seen, suffered
from logsleuth.story.workers import strand_pids

if TYPE_CHECKING:
    from collections.abc import Iterable

ROLE_WEIGHT = {"cause": 3.0, "death": 2.0, "shutdown": 1.5, "capacity": 1.5, "symptom": 1.0}
TOGETHER = 2 * SECOND
"""Two things that happen within this time happen together (the parent reaps children once a second)."""
MORE = 5
LEAST_ALIKE = 3
SAME_STRETCH = 0.75
"""Two strands that share so much of the time that they fill together begin and end together."""


@dataclass(frozen=True, slots=True)
class Case:
    """What a rule may look at."""

    incident: Incident
    candidates: tuple[Strand, ...]
    workers: Workers
    graph: dict[str, frozenset[str]]
    """Pattern id to the ids of all that it explains, directly or not."""
    seen: tuple[Seen, ...] = ()
    """What access logs show."""
    unheard: tuple[Strand, ...] = ()
    """Errors that no pattern knows, and that the log never said but here."""


def what_it_says(strand: Strand, case: Case) -> Iterable[Ground]:
    """A line that names the fault itself weighs more than one that names a consequence."""
    pattern = strand.pattern
    if pattern is None:
        yield Ground("what-it-says", 0.5, "No pattern knows this message, and it was hardly seen outside the incident.")
        return
    words = {
        "cause": "The message names the fault itself.",
        "death": "The message tells of a worker's death.",
        "capacity": "The message says that a limit was reached, not why.",
        "symptom": "The message is a consequence of something.",
        "shutdown": "The server ended with this message.",
    }
    yield Ground("what-it-says", ROLE_WEIGHT.get(pattern.role, 0.5), words.get(pattern.role, pattern.title))


def comes_first(strand: Strand, case: Case) -> Iterable[Ground]:
    """A cause precedes what it causes."""
    late = (strand.begin - case.incident.onset) / SECOND
    if strand.begin - case.incident.onset <= TOGETHER:
        yield Ground("comes-first", 1.0, "It stands at the very beginning of the incident.")
    elif late > 0.5 * max(case.incident.seconds, 1.0):
        yield Ground("comes-first", -1.0, f"It is seen only {late:.0f} s after the incident began.")


def seen_only_here(strand: Strand, case: Case) -> Iterable[Ground]:
    """What is always there is not the cause."""
    if strand.outside == 0:
        yield Ground("seen-only-here", 1.0, "It is seen nowhere else in the log.")
    elif strand.outside > len(strand.moments):
        yield Ground(
            "seen-only-here", -0.5,
            f"It is seen outside of the incident too ({strand.outside} moments), though far more rarely.",
        )  # fmt: skip


def stands_upstream(strand: Strand, case: Case) -> Iterable[Ground]:
    """A known mechanism leads from it to what else was seen."""
    if strand.pattern is None:
        return
    mine = case.graph.get(strand.pattern.id, frozenset())
    seen = [s for s in case.incident.strands if s.pattern is not None and s.pattern.id in mine]
    if seen:
        titles = ", ".join(f"“{s.pattern.title}”" for s in seen[:3] if s.pattern)
        yield Ground("stands-upstream", min(0.75 * len(seen), 1.5), f"It explains what else was seen: {titles}.")


def stands_downstream(strand: Strand, case: Case) -> Iterable[Ground]:
    """What another candidate explains is not the root."""
    if strand.pattern is None:
        return
    for other in case.candidates:
        if other.pattern is None or other is strand:
            continue
        if strand.pattern.id in case.graph.get(other.pattern.id, ()):
            yield Ground("stands-downstream", -2.0, f"“{other.pattern.title}” explains it.")
            return


def names_it_better(strand: Strand, case: Case) -> Iterable[Ground]:
    """Two lines about one event: the one that knows more names it."""
    if strand.pattern is None:
        return
    for other in case.candidates:
        if other.pattern is None or other is strand:
            continue
        if other.pattern.id in strand.pattern.refines and _together(strand, other):
            yield Ground(
                "names-it-better",
                3.0,
                f"It comes together with “{other.pattern.title}” and says whom it hit.",
            )
        elif strand.pattern.id in other.pattern.refines and _together(strand, other):
            yield Ground("names-it-better", -1.0, f"“{other.pattern.title}” names the same event better.")


def lost_workers_said_it(strand: Strand, case: Case) -> Iterable[Ground]:
    """The workers that were lost are the ones that said it; those whose loss is inferred can't be named by a line."""
    lost = {worker.pid for worker in case.workers.lost if not worker.inferred}
    named = len(strand_pids(strand) & lost)
    if named and 2 * named >= len(lost) and strand.pattern is not None and strand.pattern.worker is not None:
        yield Ground("lost-workers-said-it", 1.0, f"{named} of the lost workers are named by it.")


def stops_at_recovery(strand: Strand, case: Case) -> Iterable[Ground]:
    """What was gone after the restart was held by the processes that the restart replaced."""
    recovery = case.incident.recovery
    if recovery is None or recovery.how == "faded" or strand.pattern is None:
        return
    if all(m.time <= recovery.time for m in strand.track.moments):
        yield Ground("stops-at-recovery", 0.5, f"It is never seen again after the {recovery.how}.")


def how_much(strand: Strand, case: Case) -> Iterable[Ground]:
    """Of two faults at the same time, the one that failed more requests weighs a little more."""
    most = max((s.count for s in case.candidates), default=1)
    weight = 0.5 * math.log1p(strand.count) / math.log1p(most)
    if strand.count > 1:
        yield Ground("how-much", weight, f"It was seen {strand.count} times within the incident.")


def seen_once(strand: Strand, case: Case) -> Iterable[Ground]:
    """One line is thin evidence, unless it ends the server."""
    if strand.count == 1 and not (strand.pattern and strand.pattern.alone):
        yield Ground("seen-once", -0.5, "It was seen only once.")
    if strand.pattern is not None and strand.pattern.alone:
        yield Ground(
            "decisive", 1.5, "One such line is enough: from then on the server, or a part of it, serves nobody."
        )


def nothing_else_tells(strand: Strand, case: Case) -> Iterable[Ground]:
    """A parent that is killed can't say so: that no line tells of the end is what such an end looks like."""
    if strand.why == "unclean":
        yield Ground("nothing-else-tells", 1.5, "No line tells why the server before it ended, as after a SIGKILL.")
    elif strand.why == "unclean-first":
        told = "The log begins with this start: what the server before it said is not in it."
        yield Ground("nothing-else-tells", -1.0, told)


def unknown_came_first(strand: Strand, case: Case) -> Iterable[Ground]:
    """A death or a limit is the consequence of something, perhaps of what no pattern knows and the log never said.

    What stands out so much that it is evidence itself must only come first; other messages must go with it, too.
    A limit says least of the cause: where httpd itself told of an error before, that is nearer to it.
    """
    pattern = strand.pattern
    if pattern is None or pattern.role == "cause" or (pattern.role == "symptom" and pattern.worker is None):
        return
    for other in (*case.unheard, *_own_words(case)):
        evident = any(own.track is other.track for own in case.incident.strands)
        if other.begin <= strand.begin and (evident or _together(strand, other)):
            told = "A message that no pattern knows came first, and was seen nowhere else."
            weight = -2.0 if pattern.role == "capacity" and is_own_word(other.track) else -1.0
            yield Ground("unknown-came-first", weight, told)
            return


def all_else_follows(strand: Strand, case: Case) -> Iterable[Ground]:
    """What httpd says of itself, and no pattern knows, before a limit is reached, is nearer to the cause than that."""
    named = [other for other in case.candidates if other.pattern is not None]
    limits = all(other.pattern.role == "capacity" and strand.begin <= other.begin for other in named if other.pattern)
    if named and limits and is_own_word(strand.track) and strand.outside == 0:
        yield Ground("all-else-follows", 1.0, "What else is known of is a limit that was reached after it.")


def last_words(strand: Strand, case: Case) -> Iterable[Ground]:
    """After what the server said last it ended."""
    if strand.why == "last-words":
        yield Ground("last-words", 1.5, "The server said it before it ended without another word.")


def clients_saw_it(_: Strand, case: Case) -> Iterable[Ground]:
    """An access log says independently that clients were failed.

    That it does not proves nothing: a crashed worker logs no request, and what is forbidden is no error of the server.
    """
    harmed = [seen.within for seen in case.seen if suffered(seen)]
    if harmed:
        worst = max(harmed, key=lambda within: within.share)
        how = (
            f"{100 * worst.share:.0f} % of the requests failed" if worst.failed else "far fewer requests were answered"
        )
        told = f"The access log agrees: {how} within it, unlike before."
        yield Ground("clients-saw-it", 0.5, told)


RULES = (
    what_it_says,
    comes_first,
    seen_only_here,
    stands_upstream,
    stands_downstream,
    names_it_better,
    lost_workers_said_it,
    stops_at_recovery,
    how_much,
    seen_once,
    nothing_else_tells,
    unknown_came_first,
    all_else_follows,
    last_words,
    clients_saw_it,
)


def _own_words(case: Case) -> list[Strand]:
    return [strand for strand in case.incident.strands if is_own_word(strand.track) and strand.outside == 0]


def _together(strand: Strand, other: Strand) -> bool:
    """Whether two strands tell of the same events: about as many, in the same stretch of time or side by side."""
    few, many = sorted((strand, other), key=lambda s: len(s.moments))
    if len(many.moments) > MORE * len(few.moments):
        return False
    overlap = min(few.end, many.end) - max(few.begin, many.begin)
    union = max(few.end, many.end) - min(few.begin, many.begin)
    if len(few.moments) >= LEAST_ALIKE and overlap >= SAME_STRETCH * union:
        return True
    times = [moment.time for moment in many.moments]
    near = sum(any(abs(moment.time - time) <= TOGETHER for time in times) for moment in few.moments)
    return near >= 0.5 * len(few.moments)
