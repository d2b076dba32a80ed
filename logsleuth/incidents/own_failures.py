"""Which failed requests of an access log are an incident's own: those that are answered as the ones with a line are.

A backend that resets a connection now and then goes on doing so while no connection to it can be opened. Its few
failures are of another fault: they neither begin the outage nor bring it back.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from logsleuth.lives.requests import ANSWERED, took_of
from logsleuth.signals.tuning import ALMOST_ALL, TOGETHER_US
from logsleuth.timeline.model import is_any_between
from logsleuth.units import SECOND
from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.signals.model import Signal
    from logsleuth.timeline.model import Moment


def without_others_failures(signals: Sequence[Signal]) -> list[Signal]:
    """The signals; failed requests without those that other faults failed, if these are few."""
    others = [signal for signal in signals if signal.name != ANSWERED]
    return [_own(signal, others) if signal.name == ANSWERED and others else signal for signal in signals]


def _own(failed: Signal, others: Sequence[Signal]) -> Signal:
    """Those that fail as a line is written, and all that are answered with the status of those: they may wait long.

    Nearly each has its line: where lines are fewer, one that is near a failed request may be another request's.
    """
    if max(one.count for one in others) < ALMOST_ALL * failed.count:
        return failed
    with_a_line = [one for one in failed.moments if _is_explained(one, others)]
    answers = Counter[str]()
    for moment in with_a_line:
        answers[_status(moment)] += moment.count
    usual = {status for status, lines in answers.items() if lines > (1 - ALMOST_ALL) * answers.total()}
    at_once = set(map(id, with_a_line))
    own = tuple(one for one in failed.moments if id(one) in at_once or _status(one) in usual)
    if len(own) == len(failed.moments) or sum(one.count for one in own) < ALMOST_ALL * failed.count:
        return failed
    until = failed.until if own[-1] is failed.moments[-1] else 0
    return replace(failed, moments=own, until=until, in_others=failed.in_others + len(failed.moments) - len(own))


def _status(failure: Moment) -> str:
    return dict(failure.sighting.fields).get("status", "")


def _is_explained(failure: Moment, others: Sequence[Signal]) -> bool:
    """Whether a line was written from when a failed request came in to its answer, as far as the log tells when."""
    begin = failure.time - TOGETHER_US
    end = max(failure.time + SECOND + (took_of(failure) or 0), failure.last) + TOGETHER_US
    return any(is_any_between(other.moments, begin, end) for other in others)
