"""Which signals report one event in other words: two patterns know the same line, or one process writes both at once.

An exception, and the line that its application could not be started; a token that was refused, and the login that
failed with it. No mechanism has to be written down for these: that they come together each time is seen in the log.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from logsleuth.causes.rank import LAST, ROLES
from logsleuth.causes.same_object import LINES, is_its_error, written_at_once
from logsleuth.incidents.group import are_linked
from logsleuth.library.mechanisms import reach
from logsleuth.scan.sighting import LONGEST_TEXT
from logsleuth.signals.tuning import ALMOST_ALL, BY_CHANCE, MOST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.incidents.model import Incident
    from logsleuth.library.mechanisms import Mechanisms
    from logsleuth.scan.sighting import Sighting
    from logsleuth.signals.model import Signal

LINE_BREAK = 2
"""Bytes between a line and the next one, at the most."""


def with_one_events(incident: Incident, mechanisms: Mechanisms, written_down: Mechanisms) -> Mechanisms:
    """The known mechanisms, and those from what names the event to what says it once more.

    `written_down`: the library's, through any number of steps, of which few are changed in an incident.
    """
    found = dict(mechanisms)
    pairs = combinations(sorted(incident.signals, key=_order), 2)
    free = [(one, other) for one, other in pairs if not _is_known(one, other, mechanisms)]
    for first, then in free:
        if _may_be_told_by(then, first) and is_one_event(first, then):
            found[first.name] = found.get(first.name, frozenset()) | {then.name}
    whole = _whole(found, written_down)
    for first, then in free:
        for part in incident.signals:
            if then.name not in whole.get(first.name, ()) and _is_a_part(then, part, first, whole):
                whole[first.name] |= {then.name}
    return whole


def _whole(found: Mechanisms, known: Mechanisms) -> dict[str, frozenset[str]]:
    """All that each leads to, through any number of steps, where the `known` ones were whole."""
    more = {name for name in found if found[name] is not known.get(name)}
    return {name: reach(name, found) if name in more or not more.isdisjoint(to) else to for name, to in found.items()}


def _is_known(one: Signal, other: Signal, mechanisms: Mechanisms) -> bool:
    """Whether it is written down which of them brings about or names the other."""
    by_name = one.name in other.meaning.refines or other.name in one.meaning.refines
    return by_name or are_linked(one, other, mechanisms)


def _is_a_part(signal: Signal, effect: Signal, first: Signal, mechanisms: Mechanisms) -> bool:
    """Whether an unknown message is a piece of what a fault has brought about, and rare beside it.

    A program's lines are split where several write at once: now and then a traceback ends in half a line.
    """
    if signal.meaning.known_by != "level" or not _may_be_told_by(signal, first):
        return False
    is_rare = signal.count <= (1 - ALMOST_ALL) * first.count
    return is_rare and effect.name in mechanisms.get(first.name, ()) and is_one_event(effect, signal)


def _order(signal: Signal) -> tuple[bool, bool, int, bool, bool, tuple[int, int, int]]:
    """Of those that report one event, what names it comes first: the system's own error, then a fault, then a failure.

    An exception says more than the line that a request failed; other unknown messages come last.

    Else the line that was written first.
    """
    meaning = signal.meaning
    return (
        not is_its_error(signal),
        meaning.known_by == "level" and not meaning.is_thrown,
        ROLES.get(meaning.role, LAST),
        meaning.names != "fault",
        meaning.fallback,
        signal.moments[0].sighting.place,
    )


def _may_be_told_by(signal: Signal, first: Signal) -> bool:
    """Whether a signal may be no more than another one in other words.

    An unknown message beside one that says only what failed may be its reason: that one is not passed over. Nor
    is what a pattern knows of, beside an exception, but for what names no kind of outage: that a request failed.
    """
    if first.meaning.is_thrown and signal.meaning.known_by != "level":
        return signal.meaning.names == "failure" and signal.category is None
    if signal.meaning.known_by != "level" or first.meaning.known_by == "level":
        return True
    return first.meaning.role == "cause" and first.meaning.names == "fault"


def is_one_event(one: Signal, other: Signal) -> bool:
    """Whether the lines of the second come with one of the first, and by no chance.

    The same line, or lines that one process writes for one client within a second, or that stand one right below the
    other, always in the same order. Nearly all of them, where the second names a fault: it may be one of its own. Most
    of them, where it only tells what follows: that may follow from other things as well.
    """
    least = ALMOST_ALL if other.meaning.role == "cause" or other.meaning.known_by == "level" else MOST
    own, moments = one.lines, other.moments[:LINES]
    same = [(moment.sighting.log, moment.sighting.offset) in own for moment in moments]
    if _share(same) >= least or _share(written_at_once(one, moments)) >= least:
        return True
    if _is_beside_by_chance(one, other):
        return False
    lines = [moment.sighting for moment in moments]
    return _share(_stand_right_below(lines, one)) >= least or _share(_stand_right_above(lines, one)) >= least


def _share(answers: Sequence[bool]) -> float:
    return sum(answers) / len(answers)


def _stand_right_below(lines: Sequence[Sighting], signal: Signal) -> list[bool]:
    ends = {(line.log, _end(line)) for line in (moment.sighting for moment in signal.moments)}
    return [any((line.log, line.offset - gap) in ends for gap in range(1, LINE_BREAK + 1)) for line in lines]


def _stand_right_above(lines: Sequence[Sighting], signal: Signal) -> list[bool]:
    begins = signal.lines
    return [any((line.log, _end(line) + gap) in begins for gap in range(1, LINE_BREAK + 1)) for line in lines]


def _end(line: Sighting) -> int:
    """The place in its log where a line ends; before all others: it is not kept whole."""
    return line.offset + len(line.text.encode()) if len(line.text) < LONGEST_TEXT else -LINE_BREAK - 1


def _is_beside_by_chance(one: Signal, other: Signal) -> bool:
    """Whether lines may well stand beside a signal's that has many in its stretch of the log.

    Of what is written in pairs, each is there as often as the other.
    """
    few, many = sorted((one.count, other.count))
    share = _share_of_the_log(one)
    if share > 1 - ALMOST_ALL and few < ALMOST_ALL * many:
        return True
    return share ** min(len(other.moments), LINES) > BY_CHANCE


def _share_of_the_log(signal: Signal) -> float:
    """The part of its stretch of the log that its own lines take up: so often a line is beside one by chance."""
    first, last = signal.moments[0].sighting, signal.moments[-1].sighting
    if first.log != last.log or first.offset >= last.offset:
        return 0.0
    return min(signal.count * len(first.text) / (last.offset + len(last.text) - first.offset), 1.0)
