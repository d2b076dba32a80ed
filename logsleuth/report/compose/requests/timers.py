"""What asks by a timer: for one page only, at a steady interval."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from logsleuth.signals.tuning import ALMOST_ALL, EVEN
from logsleuth.units import SECOND, median

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.report.compose.log.again import AskedAgain

LEAST_BY_TIMER: Final = 10
"""Requests of one client that show a steady interval."""
FEW: Final = 4
"""Monitors and balancers that ask for one page, at most."""
SHORTEST: Final = 5 * SECOND
"""Microseconds: intervals that are shorter cannot be told from chance by times of whole seconds."""


def is_steady(times: Sequence[int]) -> bool:
    """Whether requests come at a steady interval, as those of a timer do (UTC microseconds, in order).

    While httpd does not answer, some are late or lacking.
    """
    if len(times) < LEAST_BY_TIMER:
        return False
    gaps = [later - sooner for sooner, later in pairwise(times)]
    usual = median(gaps)
    even = sum(abs(gap - usual) <= max(EVEN * usual, SECOND) for gap in gaps)
    return usual >= SHORTEST and even >= ALMOST_ALL * len(gaps)


def by_timers(asked: Iterable[AskedAgain]) -> frozenset[tuple[str, str]]:
    """(client, agent) of those that ask for one page only, at a steady interval. `asked`: in order of time.

    Monitors of one page are few: where many ask for it so, they are the devices that it is made for.
    """
    times: dict[tuple[str, str], list[int]] = {}
    pages: dict[tuple[str, str], set[str]] = {}
    for one in asked:
        key = one.request.client, one.agent
        times.setdefault(key, []).append(one.time)
        pages.setdefault(key, set()).add(one.path)
    steady = {key: page for key, (page, *more) in pages.items() if not more and key[0] and is_steady(times[key])}
    number = Counter(steady.values())
    return frozenset(key for key, page in steady.items() if number[page] <= FEW)
