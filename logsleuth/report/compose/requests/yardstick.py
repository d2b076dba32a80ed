"""By what an outage's own requests are told: the statuses that were its failure, and from when on each request failed.

Where everybody gets 403, the errors of the server are no measure of the outage, and nor are the 404s that scanners get
at all times. All decisions here are functions of small values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from logsleuth.signals.tuning import LEAST_EXPECTED, MOST, TIMES_AS_MANY
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from logsleuth.lives.requests import Seen

Kind = Literal["failed", "refused", "redirected"]

HIT: Final = "hit"
"""The fate of a request that an outage hit."""
USUAL: Final = "as usual"
"""That of one which failed likewise, for a page that fails as often at other times; all others have their level."""
LEAST_PART: Final = 0.1
"""Of what came on top of the usual, the part from which on a status has its own share in an outage."""
LEAST_OF_METHOD: Final = 5
"""Requests by one method, of one page, that show what becomes of them."""
CLASSES: Final[Mapping[Kind, int]] = {"failed": 5, "refused": 4, "redirected": 3}
"""The first digit of the statuses of each kind."""
NO_PLACE: Final = frozenset({300, 304, 305, 306})
"""Statuses of their class that send nobody elsewhere."""


@dataclass(frozen=True, slots=True)
class Whole:
    """From when on every request failed."""

    since: int
    """UTC microseconds."""
    count: int


def are_refused(seen: Seen) -> bool:
    """Whether a client error (403, 404, 413) is what users saw: most requests got one, or that is the outage."""
    return seen.turned_away or (seen.refused > seen.failed and seen.refused >= MOST * seen.seen > 0)


def kind_of(seen: Seen) -> Kind:
    """What became of the requests that an outage hit."""
    if seen.sent_away:
        return "redirected"
    return "refused" if are_refused(seen) else "failed"


def statuses_of(kind: Kind, within: Mapping[int, int], before: Mapping[int, int]) -> frozenset[int]:
    """The statuses that tell who was hit, of those that requests got in the outage, and just before it.

    A server error is one at any time. Of the others only what became several times as frequent, and has a part in what
    came on top of the usual.
    """
    of_kind = {status for status in within if status // 100 == CLASSES[kind] and status not in NO_PLACE}
    if kind == "failed":
        return frozenset(of_kind)
    times = sum(within.values()) / max(sum(before.values()), 1)
    more = {status: within[status] - before.get(status, 0) * times for status in of_kind}
    total = sum(number for number in more.values() if number > 0)
    found = {
        status
        for status, number in more.items()
        if number >= LEAST_PART * total and within[status] >= TIMES_AS_MANY * before.get(status, 0) * times
    }
    most = max(more, key=lambda status: (more[status], status), default=0)
    return frozenset({*found, most} & of_kind) if total > 0 else frozenset(of_kind)


def whole_from(requests: Sequence[tuple[int, bool]], begin: int, end: int) -> Whole | None:
    """From when on every request failed; None: all did, or the last good answer came late, or too few followed it.

    `requests`: (UTC microseconds, whether it failed), in order; `begin`, `end`: of the outage.
    """
    good = next((place for place in range(len(requests) - 1, -1, -1) if not requests[place][1]), None)
    if good is None:
        return None
    later = requests[good + 1 :]
    if len(later) < LEAST_EXPECTED or end - later[0][0] < MOST * (end - begin):
        return None
    return Whole(later[0][0], len(later))


def methods_apart(by_method: Mapping[str, tuple[int, int]]) -> tuple[tuple[str, int, int], ...]:
    """(method, failed, requests) where a page failed by one method alone; empty: it is not so, or too few say it.

    `by_method`: (failed, requests) of each.
    """
    told = [(method, failed, number) for method, (failed, number) in by_method.items() if number >= LEAST_OF_METHOD]
    hit = [one for one in told if one[1] == one[2]]
    spared = [one for one in told if not one[1]]
    if not hit or not spared or len(hit) + len(spared) < len(told):
        return ()
    return tuple(sorted(told, key=lambda one: (-one[1], -one[2], one[0])))
