"""What somebody did against an outage: refusals that begin as an overload ends.

A crawler keeps all workers busy until a rule refuses its pages, its addresses or its name: with the reload that puts
the rule in force, everybody else is served as before. Such refusals are the cure, and no fault. A change that refuses
those who were served before is none: then fewer requests are served than before the overload.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.incidents.model import Countermeasure
from logsleuth.library.category import category_of
from logsleuth.lives.requests import LONGEST_WAIT, REFUSED
from logsleuth.signals.model import Why
from logsleuth.signals.tuning import AROUND_US, JOIN_US, LEAST_EXPECTED, MOST, TOGETHER_US

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.lives.server.model import Restart
    from logsleuth.signals.model import Signal
    from logsleuth.timeline.model import Traffic

EASES_US: Final = LONGEST_WAIT + JOIN_US
"""Microseconds within which an overload is over: what waits at the time has to be answered first."""


def find_countermeasures(
    signals: Sequence[Signal], traffic: Traffic | None, restarts: Sequence[Restart]
) -> list[Countermeasure]:
    """The countermeasures among some signals, in order of time. `traffic`: what the server's own access log counts."""
    overloads = [signal for signal in signals if _is_an_overload(signal)]
    if traffic is None or not overloads:
        return []
    by_time: dict[int, tuple[Restart | None, list[Signal]]] = {}
    for refusal in signals:
        if not turns_away(refusal) or refusal in overloads or _is_what_it_turned_into(refusal, signals):
            continue
        restart = _restart_at(refusal.begin, restarts)
        time = restart.up if restart is not None and restart.up is not None else refusal.begin
        if any(_eases(one, time) and _are_served(traffic, one, time, refusal.end) for one in overloads):
            by_time.setdefault(time, (restart, []))[1].append(refusal)
    return [Countermeasure(time, tuple(some), restart) for time, (restart, some) in sorted(by_time.items())]


def _is_what_it_turned_into(refusal: Signal, signals: Sequence[Signal]) -> bool:
    """Whether refusals name a kind of outage that was there before them: they are no cure.

    A file server that was silent is back, and what was open on it is stale.
    """
    kind = refusal.category
    return kind is not None and any(one.category == kind and one.begin < refusal.begin for one in signals)


def turns_away(signal: Signal) -> bool:
    """Whether it answers users with a client error."""
    meaning = signal.meaning
    return category_of(meaning.category).turns_away or meaning.refuses_requests or signal.name in REFUSED


def ended_with(countermeasures: Sequence[Countermeasure], begin: int, end: int) -> Countermeasure | None:
    """The countermeasure with which an outage ended that was there from `begin` to `end` (UTC microseconds)."""
    return next((one for one in countermeasures if begin < one.time and abs(end - one.time) <= EASES_US), None)


def _is_an_overload(signal: Signal) -> bool:
    if signal.why in {Why.SLOW, Why.LIMIT} or signal.meaning.role == "capacity":
        return True
    return category_of(signal.category).waits


def _restart_at(time: int, restarts: Sequence[Restart]) -> Restart | None:
    """The restart with which something begins: with the first requests that come after it."""
    ups = (restart for restart in restarts if restart.up is not None)
    return next((one for one in ups if -TOGETHER_US <= time - (one.up or 0) <= JOIN_US), None)


def _eases(overload: Signal, time: int) -> bool:
    """Whether an overload had begun well before a moment, and ends with it."""
    return overload.begin < time - JOIN_US and abs(overload.end - time) <= EASES_US


def _are_served(traffic: Traffic, overload: Signal, begin: int, end: int) -> bool:
    """Whether, while some are refused, about as many requests are served as before the overload."""
    since = max(overload.begin - AROUND_US, traffic.all.begins[0])
    before, after = overload.begin - since, min(end - begin, AROUND_US)
    if before < JOIN_US or after < JOIN_US:
        return False
    usual, now = _served(traffic, since, overload.begin), _served(traffic, begin, begin + after)
    return now >= LEAST_EXPECTED and now / after >= MOST * usual / before


def _served(traffic: Traffic, begin: int, end: int) -> int:
    """The requests between two moments that neither failed nor were refused."""
    lost = traffic.failed.between(begin, end) + traffic.refused.between(begin, end)
    return traffic.all.between(begin, end) - lost
