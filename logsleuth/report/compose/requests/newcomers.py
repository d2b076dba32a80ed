"""Whose failures they are where a new form of request makes most of an outage: its own, and all other clients'."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.report.compose.findings.new_form import forms_of, what_came_up
from logsleuth.report.compose.probe.probe import STATIC
from logsleuth.report.words import plural
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from logsleuth.report.compose.log.again import AskedAgain


@dataclass(frozen=True, slots=True)
class Hit:
    """Requests of an outage, and who made them."""

    failed: int
    requests: int
    clients_hit: int
    clients: int


@dataclass(frozen=True, slots=True)
class Newcomers:
    """The requests of the form that came up with an outage, and all others."""

    words: str
    """What they have in common."""
    own: Hit
    others: Hit

    @property
    def said(self) -> str:
        """How many of each failed, and how many clients besides met it."""
        own, others = self.own, self.others
        return (
            f"{own.failed:,} of the {own.requests:,} requests {self.words} failed, and {others.failed:,} of the "
            f"{plural(others.requests, 'other')}. Other clients hit: {others.clients_hit:,} of {others.clients:,}."
        )


def newcomers(
    around: Sequence[AskedAgain], within: Sequence[AskedAgain], hit: Collection[int], onset: int, over: int
) -> Newcomers | None:
    """Those of an outage; None: nothing came up with it.

    `around`: with the time before and after; `hit`: identities of the requests that were hit.
    """
    found = what_came_up([one for one in around if not STATIC.search(one.path)], onset, over)
    if found is None:
        return None
    own = [one for one in within if found.form in forms_of(one)]
    clients = {one.request.client for one in own}
    others = [one for one in within if found.form not in forms_of(one)]
    of_others = [one for one in others if one.request.client not in clients]
    return Newcomers(
        found.form.words,
        _counted(own, own, hit),
        _counted(others, of_others, hit),
    )


def _counted(some: Sequence[AskedAgain], whose: Sequence[AskedAgain], hit: Collection[int]) -> Hit:
    return Hit(
        sum(id(one) in hit for one in some),
        len(some),
        len({one.request.client for one in whose if id(one) in hit}),
        len({one.request.client for one in whose}),
    )
