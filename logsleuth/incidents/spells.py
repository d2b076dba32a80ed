"""An outage in parts: stretches of failures between which all was well, by the requests that were served meanwhile.

Four kills of a container within an afternoon are four outages of some seconds, not one of three hours. Failures that
come now and then among others that are served are one outage: a pause is none if by chance it is so long.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

from logsleuth.signals.model import Why
from logsleuth.signals.tuning import AROUND_US, BY_CHANCE, JOIN_US, LEAST_MOMENTS, SOON_US
from logsleuth.units import SECOND
from logsleuth.values import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logsleuth.lives.requests import Served
    from logsleuth.signals.model import Signal

    _Sign = tuple[int, int, bool]
    """When a sign of an outage begins and ends (UTC microseconds), and whether it is proof by itself."""


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch in which the server failed its users."""

    begin: int
    """UTC microseconds of its first sign."""
    end: int
    """UTC microseconds of its last sign."""
    failing: int
    """Seconds with a sign of it."""
    is_proven: bool = False
    """The server was down, or a line said it that needs no second: no chance makes such a spell."""

    def with_next(self, other: Spell) -> Spell:
        """One spell of it and a later one."""
        end, failing = max(self.end, other.end), self.failing + other.failing
        return Spell(self.begin, end, failing, self.is_proven or other.is_proven)


def spells_of(signals: Sequence[Signal], served: Served) -> list[Spell]:
    """The spells of an outage, in order of time. `served`: the requests that neither failed nor were refused.

    Two spells are apart if enough requests for its own site and path were served between them: had it gone on as it
    was just before or after, or on the whole, one of those would have failed. Where nobody asks for these, that all is
    served proves nothing.
    """
    signs = _signs(signals)
    spells = _of_some_weight(_run_together(signs))
    failures = _Failures([begin for begin, _, _ in signs], served)
    whole = failures.within(spells)
    least = math.log(len(signs) / BY_CHANCE)

    def was_well(before: Spell, after: Spell) -> bool:
        gap = after.begin - before.end
        usual = whole, failures.at_the_end(before, gap), failures.at_the_beginning(after, gap)
        is_long = gap * min(one.rate for one in usual) > least or before.is_proven or after.is_proven
        share = min(served.reach, *(one.share for one in usual))
        chance = math.pow(1 - share, served.visits(before.end, after.begin))
        return is_long and chance * (len(spells) - 1) <= BY_CHANCE

    found = spells[:1]
    for spell in spells[1:]:
        if was_well(found[-1], spell):
            found.append(spell)
        else:
            found[-1] = found[-1].with_next(spell)
    return found


@dataclass(frozen=True, slots=True)
class _Usual:
    """How often it fails in some stretch of time."""

    rate: float
    """Seconds with a sign of it, a microsecond."""
    share: float
    """Of the seconds with a sign of it and the requests that were served."""


class _Failures:
    """How an outage failed on the whole and beside each pause: it may begin with one request in ten, and end with all.

    By chance it fails more often beside a pause than on the whole, and the other way round.
    """

    def __init__(self, begins: Sequence[int], served: Served) -> None:
        """`begins`: UTC microseconds of each second with a sign of it, in order."""
        self._begins, self._served = begins, served

    def within(self, spells: Sequence[Spell]) -> _Usual:
        """On the whole: pauses count as time, and what is served in them does not."""
        inside = sum(self._served.between(spell.begin, spell.end) for spell in spells)
        length = max(spells[-1].end - spells[0].begin, SECOND)
        return _Usual(max(len(self._begins) - 1, 1) / length, len(self._begins) / (len(self._begins) + inside))

    def at_the_end(self, spell: Spell, length: int) -> _Usual:
        """At the end of a spell, for this long at most."""
        return self._between(max(spell.begin, spell.end - length), spell.end)

    def at_the_beginning(self, spell: Spell, length: int) -> _Usual:
        """At the beginning of a spell, for this long at most."""
        return self._between(spell.begin, min(spell.end, spell.begin + length))

    def _between(self, begin: int, end: int) -> _Usual:
        failing = max(bisect_right(self._begins, end) - bisect_left(self._begins, begin), 1)
        return _Usual(failing / max(end - begin, SECOND), failing / (failing + self._served.between(begin, end)))


def run_on(groups: Sequence[Sequence[Signal]], served: Served, ups: Sequence[int] = ()) -> Iterator[list[Signal]]:
    """Groups of signals in order of time; a fault that comes back before anything shows that it was gone is the same.

    Failures at night are far apart, since few requests come. `ups`: UTC microseconds of each start and reload.
    """
    found: list[Signal] = []
    for group in groups:
        if found and (_waits_for_a_start(found, group, ups) or not _is_gone_between(found, group, served)):
            found += group
        else:
            if found:
                yield found
            found = list(group)
    if found:
        yield found


def _waits_for_a_start(before: Sequence[Signal], after: Sequence[Signal], ups: Sequence[int]) -> bool:
    """Whether two groups are of one state that only a start or a reload ends, and there was none between them."""
    begin, end = min(signal.begin for signal in after), max(signal.end for signal in before)
    if bisect_left(ups, end) != bisect_left(ups, begin):
        return False
    lasting = {signal.name for signal in before if signal.meaning.lasts == "until-restart"}
    return any(signal.name in lasting for signal in after)


def _is_gone_between(before: Sequence[Signal], after: Sequence[Signal], served: Served) -> bool:
    begin, end = min(signal.begin for signal in after), max(signal.end for signal in before)
    if not 0 <= begin - end <= AROUND_US or {one.name for one in before} != {one.name for one in after}:
        return True
    return any(spell.begin >= begin for spell in spells_of([*before, *after], served))


def several(signals: Sequence[Signal], served: Served) -> Iterator[list[Signal]]:
    """The signals of one group as those of several outages, where all was well for longer than one pauses."""
    spells = spells_of(signals, served)
    begins = [after.begin for before, after in pairwise(spells) if after.begin - before.end > SOON_US]
    bounds = [min(signal.begin for signal in signals), *begins, max(signal.end for signal in signals) + 1]
    for begin, end in pairwise(bounds):
        yield [part for signal in signals if (part := _within(signal, begin, end)) is not None]


def _within(signal: Signal, begin: int, end: int) -> Signal | None:
    """What a signal says from one time to just before another; None: nothing."""
    moments = tuple(moment for moment in signal.moments if begin <= moment.time < end)
    if not moments:
        return None
    if len(moments) == len(signal.moments):
        return signal
    others = len(signal.moments) - len(moments)
    return replace(signal, moments=moments, until=signal.until if begin <= signal.until < end else 0, in_others=others)


def _signs(signals: Sequence[Signal]) -> list[_Sign]:
    """The failures of all signals, in order of time, whatever they are: those of one second count as one."""
    seconds: dict[int, _Sign] = {}
    for signal in signals:
        proven = signal.why in {Why.NOT_UP, Why.PROOF}
        end, is_a_state, last = signal.end, signal.is_a_state, signal.moments[-1]
        for moment in signal.moments:
            sign = moment.time, end if is_a_state or moment is last else moment.last, proven
            second = moment.time // SECOND
            same = seconds.get(second)
            seconds[second] = sign if same is None else _at_once(same, sign)
    return sorted(seconds.values())


def _run_together(signs: Sequence[_Sign]) -> list[Spell]:
    """The failures, taken together where one follows closely on the other."""
    runs: list[list[_Sign]] = []
    until = -JOIN_US
    for sign in signs:
        if runs and sign[0] - until <= JOIN_US:
            runs[-1].append(sign)
            until = max(until, sign[1])
        else:
            runs.append([sign])
            until = sign[1]
    return [
        Spell(run[0][0], max(end for _, end, _ in run), len(run), any(proven for *_, proven in run)) for run in runs
    ]


def _at_once(one: _Sign, other: _Sign) -> _Sign:
    """Two signs of one second, which count as one."""
    return min(one[0], other[0]), max(one[1], other[1]), one[2] or other[2]


def _of_some_weight(spells: list[Spell]) -> list[Spell]:
    """The spells, those of a failure or two as parts of the nearer ones: single failures are no waves."""
    spells = list(spells)
    while len(spells) > 1:
        weak = next((n for n, one in enumerate(spells) if one.failing < LEAST_MOMENTS and not one.is_proven), None)
        if weak is None:
            break
        gaps = [n for n in (weak - 1, weak) if 0 <= n < len(spells) - 1]
        nearer = min(gaps, key=lambda n: spells[n + 1].begin - spells[n].end)
        spells[nearer : nearer + 2] = [spells[nearer].with_next(spells[nearer + 1])]
    return spells
