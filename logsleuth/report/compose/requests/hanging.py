"""Requests that hung: answered so long after they arrived that their clients had given up, whatever they got.

An access log dates a line by when its request arrived (%t) and has it where the answer was written: a request whose
line comes after one of a request that arrived minutes later had waited for at least as long.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from logsleuth.report.words import plural
from logsleuth.signals.tuning import LEAST_EXPECTED
from logsleuth.units import MINUTE, elapsed
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from logsleuth.report.compose.log.again import AskedAgain

LEAST: Final = 2 * MINUTE
"""Microseconds: browsers and proxies wait for a minute or so; what is answered later is answered to nobody."""
FEW: Final = 0.1
"""Share of as many at other times, from which on such lines are no sign of an outage: logs may have been joined."""


@dataclass(frozen=True, slots=True)
class Hung:
    """The requests of an outage that hung."""

    count: int
    failed: int
    """Those that got in the end what the outage's others got."""
    longest: int
    """Microseconds that one of them took at least."""
    method: str = ""
    """By which all of them asked, where no request by that method was answered in time; empty: there is none."""


def hung_among(
    within: Sequence[AskedAgain], others: Iterable[AskedAgain], hit: Collection[int], users: Collection[int]
) -> Hung | None:
    """Those of an outage that hung; None: none did, or too few, or others as well.

    `within`, `others`: the requests of its time, and of the time around it, which show in which order lines were
    written; `hit`: identities of those that the outage failed; `users`: of those that count.
    """
    around = [*others, *within]
    waited = waits(around)
    late = {one for one, wait in waited.items() if wait >= LEAST}
    found = [one for one in within if id(one) in late and id(one) in users]
    own = set(map(id, within))
    if len(found) < LEAST_EXPECTED or len(late - own) > FEW * len(found):
        return None
    longest = max(waited[id(one)] for one in found)
    return Hung(len(found), sum(id(one) in hit for one in found), longest, _method(within, found, late, hit, users))


def waits(requests: Iterable[AskedAgain]) -> Mapping[int, int]:
    """By identity of a request the microseconds that it took at least, by the lines above it or by what it says."""
    found: dict[int, int] = {}
    latest: dict[int, int] = {}
    for one in sorted(requests, key=lambda one: (one.log, one.line.offset)):
        latest[one.log] = max(latest.get(one.log, one.time), one.time)
        found[id(one)] = one.took if one.took is not None else latest[one.log] - one.time
    return found


def _method(
    within: Iterable[AskedAgain],
    found: Sequence[AskedAgain],
    late: Collection[int],
    hit: Collection[int],
    users: Collection[int],
) -> str:
    """The method of which each request either hung or failed; empty: there is none, or all methods' did."""
    by_method = Counter(one.method for one in found)
    if len(by_method) != 1:
        return ""
    (method,) = by_method
    counted = [one for one in within if id(one) in users]
    same = [one for one in counted if one.method == method]
    served = [one for one in same if id(one) not in late and id(one) not in hit]
    return method if not served and len(same) < len(counted) else ""


def said_of(hung: Hung) -> str:
    """What became of them, in a sentence."""
    text = f"{plural(hung.count, 'request')} hung: answered up to {elapsed(0, hung.longest)} after they had arrived"
    if hung.failed:
        text += f", {'all' if hung.failed == hung.count else f'{hung.failed:,}'} of them with an error"
    return f"{text}; no {hung.method} was answered in time." if hung.method else f"{text}."
