"""Worker lives: from which pid to when, born how, ended how. One pid may be several workers, one after another."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from logsleuth.lives.workers.generations import Generations, end_of, generations
from logsleuth.lives.workers.life import ENDS, Life, Mark
from logsleuth.lives.workers.pools import pool_names
from logsleuth.lives.workers.rules import (
    born_again,
    of_a_later_generation,
    replaced_by_restart,
    rule_of_end,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from logsleuth.lives.server.model import ServerLife
    from logsleuth.timeline.model import Sign, Timeline

_BEGIN = attrgetter("first", "pid")
"""The key by which lives are in order."""


def find_lives(timeline: Timeline, server: ServerLife, elsewhere: Collection[str] = frozenset()) -> tuple[Life, ...]:
    """All lives of workers that the log knows, in order of their first sign. A parent is no worker.

    `elsewhere`: the names of series whose pids are other numbers.
    """
    pools = pool_names(timeline)
    ends = generations(server.restarts)
    said, signs = _said(timeline, elsewhere), timeline.signs
    pids = [pid for pid, _ in signs.items()] + [pid for pid in said if not signs.get(pid)]
    lives = [
        life
        for pid in pids
        if pid not in server.parents
        for life in _of_pid(pid, pools.get(pid, ""), signs.get(pid), said.get(pid, ()), ends)
    ]
    return tuple(sorted(lives, key=_BEGIN))


def _of_pid(pid: int, pool: str, wrote: Sequence[Sign], said: Sequence[Mark], server: Generations) -> Iterable[Life]:
    """The lives of one pid, by when it wrote, in order, and what lines say of it.

    Most pids only wrote, and within one generation: that is one life, of which only its beginning and its end count.
    """
    if not said:
        first, last = wrote[0].first, max([sign.last for sign in wrote])
        if not server.between(first, last):
            return (_without_a_word(pid, pool, first, last, server),)
    times = {time for sign in wrote for time in (sign.first, sign.last)}
    return lives_of(pid, pool, [*(Mark(time, "sign") for time in times), *said], server)


def _said(timeline: Timeline, but: Collection[str]) -> dict[int, list[Mark]]:
    """What lines say of each pid's birth and end; `but`: the names of series whose pids are other numbers."""
    marks: dict[int, list[Mark]] = {}
    for series in timeline.known():
        state = series.meaning.worker.state if series.meaning.worker else ""
        if series.name in but or (state != "spawned" and state not in ENDS):
            continue
        for pid in series.by_pid:
            marks.setdefault(pid, []).extend(
                Mark(moment.time, state, moment.sighting, again=nth > 0)
                for nth, moment in enumerate(series.moments_of(pid))
            )
    return marks


def lives_of(pid: int, pool: str, marks: Iterable[Mark], server: Generations) -> Iterator[Life]:
    """The lives of one pid, in order."""
    current: list[Mark] = []
    dead: int | None = None
    for mark in sorted(marks, key=_births_first):
        rule = _another(current[0].time, current[-1].time, dead, mark, server) if current else ""
        if rule:
            yield _life(pid, pool, current, server, rule)
            current, dead = [], None
        current.append(mark)
        dead = mark.time if dead is None and mark.kind in ENDS else dead
    if current:
        yield _life(pid, pool, current, server, "")


def _births_first(mark: Mark) -> tuple[int, bool]:
    """What the marks of one pid are in order by."""
    return mark.time, mark.kind != "spawned"


def _another(first: int, last: int, dead: int | None, mark: Mark, server: Generations) -> str:
    """The rule by which a mark belongs to another worker than the marks before it; empty: to the same."""
    if born_again(last, dead, mark):
        return born_again.__name__
    return of_a_later_generation.__name__ if of_a_later_generation(first, last, mark, server) else ""


def _life(pid: int, pool: str, marks: Sequence[Mark], server: Generations, cut: str) -> Life:
    """One life of these marks, in order of time; `cut`: the rule by which another one follows."""
    first, last = marks[0].time, marks[-1].time
    born = marks[0].kind == "spawned"
    told = min(
        (mark for mark in marks if mark.kind in ENDS),
        key=lambda mark: (ENDS.index(mark.kind), mark.time),
        default=None,
    )
    if told is not None:
        return Life(pid, pool, first, last, born, told.time, told.kind, rule_of_end(told), told.sighting)
    return _without_a_word(pid, pool, first, last, server, born=born, cut=cut)


def _without_a_word(
    pid: int, pool: str, first: int, last: int, server: Generations, *, born: bool = False, cut: str = ""
) -> Life:
    """A life of whose end no line tells."""
    over = replaced_by_restart(first, last, server)
    if over is not None:
        rule = replaced_by_restart.__name__
        return Life(pid, pool, first, last, born, max(end_of(over), last), "replaced", rule, over.sightings[0])
    return Life(pid, pool, first, last, born, last, "replaced", cut) if cut else Life(pid, pool, first, last, born)
