"""Which failed requests of an access log are an incident's own: where nearly all come with a line that says why.

A backend that resets a connection now and then goes on doing so while no connection to it can be opened. Its few
failures are of another fault: they neither begin the outage nor bring it back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from logsleuth.lives.requests import ANSWERED, answered_by
from logsleuth.signals.tuning import ALMOST_ALL, TOGETHER_US
from logsleuth.timeline.model import is_any_between

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.signals.model import Signal
    from logsleuth.timeline.model import Moment


def without_others_failures(signals: Sequence[Signal]) -> list[Signal]:
    """The signals; failed requests only where another of them has a line, if that is so of nearly all."""
    others = [signal for signal in signals if signal.name != ANSWERED]
    return [_own(signal, others) if signal.name == ANSWERED and others else signal for signal in signals]


def _own(failed: Signal, others: Sequence[Signal]) -> Signal:
    """Those that are explained as they come in, as where a connection is refused, or else while they wait.

    Nearly each has its line: where lines are fewer, one that is near a failed request may be another request's.
    """
    if max(one.count for one in others) < ALMOST_ALL * failed.count:
        return failed
    for by_answer in (False, True):
        own = tuple(one for one in failed.moments if _is_explained(one, others, by_answer=by_answer))
        if sum(one.count for one in own) >= ALMOST_ALL * failed.count:
            return _only(failed, own)
    return failed


def _only(failed: Signal, own: tuple[Moment, ...]) -> Signal:
    if len(own) == len(failed.moments):
        return failed
    dropped = len(failed.moments) - len(own)
    until = failed.until if own[-1] is failed.moments[-1] else 0
    return replace(failed, moments=own, until=until, in_others=failed.in_others + dropped)


def _is_explained(failure: Moment, others: Sequence[Signal], *, by_answer: bool) -> bool:
    """Whether a line was written as a failed request came in; `by_answer`: or from then on to its answer."""
    last = max(answered_by(failure), failure.last) if by_answer else failure.last
    begin, end = failure.time - TOGETHER_US, last + TOGETHER_US
    return any(is_any_between(other.moments, begin, end) for other in others)
