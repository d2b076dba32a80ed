"""Which faults are one: a request that fails may be reported by the application, by httpd, and by the access log.

Only what names no reason of its own is taken together with what does: a second reason is a fault of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.library.pattern import SEVERITIES
from logsleuth.lives.requests import ANSWERED, LONGEST_WAIT
from logsleuth.signals.tuning import ALMOST_ALL, LEAST_MOMENTS, TOGETHER_US
from logsleuth.timeline.model import TIME
from logsleuth.units import SECOND, is_near
from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from logsleuth.incidents.model import Fault
    from logsleuth.library.mechanisms import Mechanisms
    from logsleuth.timeline.model import Moment

RARE = 0.25
"""Share of a log's time near the moments of a fault, up to which others are not near them by chance."""


def taken_together(
    faults: Sequence[Fault], seen: Mapping[str, Sequence[Moment]], span: int, mechanisms: Mechanisms
) -> list[Fault]:
    """The faults, each with what only reports the same events again.

    `seen`: the moments of each, by name of its series, in order of time; `span`: microseconds that the log covers.
    """
    found: list[Fault] = []
    times = {name: [moment.time for moment in moments] for name, moments in seen.items()}
    for fault in faults:
        whole = _whole_of(fault, found, seen, times, span, mechanisms)
        if whole is None:
            found.append(fault)
        elif whole.series.name == ANSWERED:  # the words that something has for it say more
            found[found.index(whole)] = with_fault(fault, whole)
        else:
            found[found.index(whole)] = with_fault(whole, fault)
    return found


def _whole_of(
    fault: Fault,
    found: Sequence[Fault],
    seen: Mapping[str, Sequence[Moment]],
    times: Mapping[str, Sequence[int]],
    span: int,
    mechanisms: Mechanisms,
) -> Fault | None:
    """The fault whose events another one reports as well; None: it has events of its own. `times`: those of `seen`."""
    mine = times[fault.series.name]
    for other in found:
        theirs = times[other.series.name]
        if _may_report(fault, other, mechanisms):
            if are_the_same_events(mine, theirs, span, _least(fault, other, mechanisms)):
                return other
        elif _is_unknown(fault) and _is_unknown(other) and are_each_others(mine, theirs, span):
            return other
    others = [other for other in found if _may_report(fault, other, mechanisms)]
    if fault.series.name != ANSWERED or not others:
        return None
    # failed requests of any reason: together the faults may explain them all
    every = sorted((moment for other in others for moment in seen[other.series.name]), key=TIME)
    same = are_the_same_events(mine, [one.time for one in every], span)
    return others[0] if same or are_of_the_same_clients(seen[ANSWERED], every, span) else None


def _is_unknown(fault: Fault) -> bool:
    """Whether nothing is known of what it reports but that it failed: failed requests, and words of no pattern."""
    return fault.series.name == ANSWERED or fault.series.meaning.known_by == "level"


def _least(fault: Fault, other: Fault, mechanisms: Mechanisms) -> int:
    """Moments that it takes: of what is known to follow from the other, one will do."""
    return 1 if fault.series.name in mechanisms.get(other.series.name, ()) else LEAST_MOMENTS


def are_the_same_events(times: Sequence[int], known: Sequence[int], span: int, least: int = LEAST_MOMENTS) -> bool:
    """Whether nearly each of these moments, of which it takes some, is near a known one, and that is no chance."""
    if len(times) < least or len(known) * 2 * TOGETHER_US > RARE * span:
        return False
    near = sum(is_near(known, time, TOGETHER_US) for time in times)
    return near >= ALMOST_ALL * len(times)


def are_each_others(times: Sequence[int], others: Sequence[int], span: int) -> bool:
    """Whether two kinds of lines are written at the same moments, each nearly always with one of the other."""
    return are_the_same_events(times, others, span) and are_the_same_events(others, times, span)


def are_of_the_same_clients(failed: Sequence[Moment], known: Sequence[Moment], span: int) -> bool:
    """Whether nearly each failed request has a known line that names its client, and that is no chance."""
    return bool(failed) and len(explained_by(failed, known, span)) >= ALMOST_ALL * len(failed)


def explained_by(failed: Sequence[Moment], known: Sequence[Moment], span: int) -> list[Moment]:
    """The failed requests that have a known line which names their client, if that is no chance.

    An access log dates a request by when it came in; what failed it may be logged some time later.
    """
    by_client: dict[str, list[int]] = {}
    for moment in known:
        by_client.setdefault(moment.client, []).append(moment.time)
    most = max((len(times) for client, times in by_client.items() if client), default=0)
    if most * LONGEST_WAIT > RARE * span:
        return []
    return [one for one in failed if one.client != "" and _is_followed(one.time, by_client.get(one.client, ()))]


def _is_followed(came: int, times: Sequence[int]) -> bool:
    """Whether any of these times lies within the time that a request may take from when it came in."""
    latest = (
        LONGEST_WAIT + SECOND + TOGETHER_US
    )  # it came in within a whole second, and its end was noticed a little later
    return any(-TOGETHER_US <= time - came <= latest for time in times)


def with_fault(whole: Fault, part: Fault) -> Fault:
    """A fault with another that reports its events: the clients are known if either of them names them.

    What nothing is known of is as grave as that requests fail.
    """
    if whole.series.meaning.known_by == "level":
        whole = replace(whole, severity=min(whole.severity, part.severity, key=SEVERITIES.index))
    if not whole.names:
        whole = replace(whole, names=part.names, every_client=part.every_client)
    return replace(whole, also=(*whole.also, part))


def _may_report(fault: Fault, other: Fault, mechanisms: Mechanisms) -> bool:
    """Whether a fault may be no more than another one's events in other words."""
    one, two = fault.series, other.series
    if one.meaning.role != "symptom" and one.name not in mechanisms.get(two.name, ()):
        return one.meaning.category is not None and one.meaning.category == two.meaning.category
    return one.meaning.known_by != "level"
