"""Whose advice stands: that of the causes' patterns, or that of what the logs show to be behind them.

A pattern advises by what failed. Where the logs show what is behind it, and say what to do about that, the pattern's
own remedy is for other cases. Its checks are not: they look at what failed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.library.category import BACKENDS, LIMIT, category_of
from logsleuth.signals.model import Why
from logsleuth.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logsleuth.causes.model import Cause, Diagnosis

BACKEND_RESET: Final = "backend-reset"
"""The kind of outage in which a backend breaks connections off."""
OVERLOADED: Final = frozenset({"backend-overloaded", "backend-timeout", "php-timeout"})
"""Kinds of outages that more requests than usual bring about, beside those in which workers are at their limit."""
CAUSES: Final = 2
"""Causes whose advice is given: the likeliest, and the next."""


class Advised(NamedTuple):
    """A cause whose advice is given."""

    cause: Cause
    in_full: bool
    """What it says on what to do as well; else its checks alone."""


def advised(diagnosis: Diagnosis) -> Iterator[Advised]:
    """The causes whose advice is given: none, where what is behind them has its own.

    What another explains is no lead of its own, nor that requests took long beside what kept them waiting, nor that
    connections broke beside a backend that was down.
    """
    if diagnosis.reason is not None and diagnosis.reason.explain is not None:
        return
    is_answered = is_known_what_to_do(diagnosis)
    for nth, cause in enumerate(diagnosis.causes[:CAUSES]):
        if nth and (cause.signal.why is Why.SLOW or cause.is_explained):
            continue
        if nth and cause.category == BACKEND_RESET and category_of(diagnosis.category).group == BACKENDS:
            continue
        if nth and is_answered and cause.kind != "link not known":
            continue
        yield Advised(cause, in_full=bool(nth) or not is_answered)


def is_known_what_to_do(diagnosis: Diagnosis) -> bool:
    """Whether what is behind the first cause says itself what to do: a reason, or requests that overload the server."""
    reason = diagnosis.reason
    if reason is not None and reason.fix and reason.confidence != "low":
        return True
    is_overload = category_of(diagnosis.category).group == LIMIT or diagnosis.category in OVERLOADED
    return is_overload and any(one.kind == "surge" and one.fix for one in diagnosis.triggers)
