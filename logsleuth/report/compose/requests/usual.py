"""Pages that fail as often at other times: their failures are none of an outage's harm.

What counts is the share, not the number: more visitors meet more of what is never there. A page is held against its own
past, and one that is hardly asked for with the others of its folder. Either its share is still what it was, or it fails
on top of that as much as the rest of the site: what was seen is likelier under one of the two.
"""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING, Final

from logsleuth.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

LEAST: Final = 10
"""Requests for a page at other times that show by themselves which share of them fails."""


class Share(NamedTuple):
    """How many requests failed, of how many."""

    failed: int
    requests: int

    def plus(self, other: Share) -> Share:
        """The two together."""
        return Share(self.failed + other.failed, self.requests + other.requests)


NOTHING: Final = Share(0, 0)


def fail_as_usual(within: Mapping[str, Share], others: Sequence[Mapping[str, Share]]) -> frozenset[str]:
    """The pages that failed in an outage, and no more often than before and after it.

    `within`: by page, the requests of the outage; `others`: those of the time before it, and after it.
    """
    found = together(within.values())
    added = found.failed / max(found.requests, 1)
    known = [_as_far_as_known(within, other) for other in others]
    usual = set()
    for page, share in within.items():
        past = [by_page[page] for by_page in known if page in by_page]
        if share.failed and past and all(_is_as_usual(*one, added) for one in past):
            usual.add(page)
    return frozenset(usual)


def together(shares: Iterable[Share]) -> Share:
    """All of them."""
    total = NOTHING
    for share in shares:
        total = total.plus(share)
    return total


def _as_far_as_known(within: Mapping[str, Share], other: Mapping[str, Share]) -> Mapping[str, tuple[Share, Share]]:
    """By page: (in the outage, at another time), of the page itself, or of all seldom pages of its folder."""
    seldom: dict[str, tuple[Share, Share]] = {}
    for page in {**within, **other}:
        if other.get(page, NOTHING).requests < LEAST:
            here, there = seldom.get(_folder(page), (NOTHING, NOTHING))
            seldom[_folder(page)] = (
                here.plus(within.get(page, NOTHING)),
                there.plus(other.get(page, NOTHING)),
            )
    each = {
        page: (share, other[page]) if other.get(page, NOTHING).requests >= LEAST else seldom[_folder(page)]
        for page, share in within.items()
    }
    return {page: pair for page, pair in each.items() if pair[1].requests >= LEAST}


def _is_as_usual(now: Share, then: Share, added: float) -> bool:
    """Whether a share is likelier that of another time than what an outage adds to it."""
    if not then.failed:
        return False
    usual = (then.failed + 0.5) / (then.requests + 1)
    risen = usual + added * (1 - usual)
    return _likely(now, usual) >= _likely(now, risen)


def _likely(found: Share, share: float) -> float:
    """The logarithm of how likely so many of them fail, but for what depends on the numbers alone."""
    served = found.requests - found.failed
    return found.failed * log(share) + (served * log(1 - share) if served else 0.0)  # where all fail, the share is 1


def _folder(page: str) -> str:
    return "/".join(page.split("/")[:2])
