"""To which part of a site an outage kept: a virtual host, a folder, or some pages, of which it hit nearly each request.

A share of all requests hides that: where every order is refused, the pictures and the readers of a site make it 5 %.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.report.compose.requests.yardstick import kind_of
from logsleuth.report.words import cut, joined
from logsleuth.signals.tuning import LEAST_EXPECTED
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.lives.requests import Seen
    from logsleuth.report.compose.requests.asked import AskedThen
    from logsleuth.report.compose.requests.yardstick import Kind
    from logsleuth.timeline.model import Asked, AskedBy

NEARLY: Final = 0.9
"""Share of a part's requests that were hit, from which on that part failed."""
NAMED: Final = 3
LONGEST_KEY: Final = 60
"""Characters of a path or host that are shown: a client chose them."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The one part of a site to which an outage kept: none of the other requests was hit."""

    where: str
    """As a sentence goes on: `below /docs`, `for /cart.php and /order`, `of shop.example`."""
    hit: int
    requests: int
    """All of that part."""
    others: int
    """Requests of the rest, none of which was hit."""


def scope_of(seen: Seen, then: AskedThen) -> Scope | None:
    """Where all that was hit is; None: what else was hit is not known, or others of that part were served."""
    if then.as_usual:
        return None  # some of the others failed as well
    kind = kind_of(seen)
    if not then.by_referer and (found := _part(then.vhosts, kind, seen)) is not None:
        hit, scope = found
        return _named(scope, f"of {_listed([shown(one.key) for one in hit], 'sites')}")
    found = _part(then.paths, kind, seen)
    if found is None:
        return None
    hit, scope = found
    if [one.key for one in hit] == ["/"]:
        return None  # a front page alone is no part that anybody thinks of
    place = "below" if all(one.key in then.folders for one in hit) else "for"
    return _named(scope, f"{place} {_listed([shown(one.key) for one in hit], 'paths')}")


def led_by(seen: Seen, then: AskedThen) -> str:
    """What became of requests that a page of the sites that were hit led to, as the rest of a sentence; empty: unknown.

    An access log without a column for the site has no better sign of it.
    """
    kind = kind_of(seen)
    hit = [one for one in then.vhosts.kept if then.by_referer and hit_of(one, kind)]
    within, requests = sum(hit_of(one, kind) for one in hit), sum(one.requests for one in hit)
    if within < max(NEARLY * requests, LEAST_EXPECTED):
        return ""
    counted = f"all {within:,}" if within == requests else f"{within:,} of {requests:,}"
    return f"; of those that a page of {_listed([shown(one.key) for one in hit], 'sites')} led to, {counted}"


def _part(asked_by: AskedBy, kind: Kind, seen: Seen) -> tuple[list[Asked], Scope] | None:
    """The keys that were hit, most of all first, and their numbers; None: they are no part of their own."""
    hit = sorted((one for one in asked_by.kept if hit_of(one, kind)), key=lambda one: (-hit_of(one, kind), one.key))
    within, requests = sum(hit_of(one, kind) for one in hit), sum(one.requests for one in hit)
    others = seen.seen - requests
    if within != getattr(seen, kind) or others < LEAST_EXPECTED or within < NEARLY * max(requests, 1):
        return None
    return hit, Scope("", within, requests, others)


def hit_of(asked: Asked, kind: Kind) -> int:
    """How many requests of a key were hit."""
    return {"failed": asked.failed, "refused": asked.refused, "redirected": asked.redirected}[kind]


def _named(scope: Scope, where: str) -> Scope:
    return Scope(where, scope.hit, scope.requests, scope.others)


def _listed(names: Sequence[str], what: str) -> str:
    """The first of them, and how many more there are."""
    more = len(names) - NAMED
    return joined([*names[:NAMED], *([f"{more:,} more {what if more > 1 else what.removesuffix('s')}"] * (more > 0))])


def shown(key: str) -> str:
    """'/' is the front page alone, not all that lies below it."""
    return "the front page (/)" if key == "/" else cut(key, LONGEST_KEY)
