"""Whether a redirect leads each page to itself: its clients ask for it again and again, until they give up.

Browsers follow twenty redirects, so that each visit to a page makes twenty-one lines; other clients stop at ten to
fifty.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from logsleuth.causes.model import ONLY_TOLD, Ground
from logsleuth.lives.requests import REDIRECTED
from logsleuth.report.compose.findings.sought import MOST_READ
from logsleuth.report.compose.findings.surge import requests_of
from logsleuth.signals.tuning import LEAST_MOMENTS, MOST, TOGETHER_US
from logsleuth.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.causes.model import Diagnosis
    from logsleuth.lives.live import Lives
    from logsleuth.report.compose.story.exhibits import Exhibits

LEAST_ROUNDS: Final = 10
"""Requests for one page in a row that nobody makes by hand."""


class Visit(NamedTuple):
    """A client that asked for one page again and again."""

    page: str
    requests: int


def of_loop(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits) -> tuple[Ground, ...]:
    """That a redirect of nearly everybody leads to the page itself, if the access log shows it."""
    first, seen = diagnosis.first, diagnosis.incident.requests
    if first is None or first.name != REDIRECTED or seen is None:
        return ()
    asked = requests_of(seen.log, diagnosis.incident.onset, diagnosis.incident.over, lives, exhibits)
    if len(asked) > MOST_READ:
        return ()
    redirected = [(one.client, one.page, one.time) for one in asked if one.line.status.startswith("30")]
    said = leads_to_itself(visits(redirected), len(redirected))
    return (Ground("leads-to-itself", ONLY_TOLD, said),) if said else ()


def visits(redirected: Iterable[tuple[str, str, int]]) -> list[Visit]:
    """The rows of requests of one client for one page, by redirects in order of time (client, page, microseconds)."""
    found: list[Visit] = []
    going: dict[tuple[str, str], tuple[int, int]] = {}
    for client, page, time in redirected:
        count, last = going.get((client, page), (0, time))
        if time - last > TOGETHER_US:
            found.append(Visit(page, count))
            count = 0
        going[client, page] = (count + 1, time)
    return [*found, *(Visit(page, count) for (_, page), (count, _) in going.items())]


def leads_to_itself(made: Iterable[Visit], redirects: int) -> str:
    """A sentence, if most of some redirects are of clients that went round; else empty."""
    rounds = Counter(visit.requests for visit in made if visit.requests >= LEAST_ROUNDS)
    if sum(count * times for count, times in rounds.items()) < MOST * redirects or rounds.total() < LEAST_MOMENTS:
        return ""
    usual, times = max(rounds.items(), key=lambda item: (item[1], item[0]))
    return (
        f"The redirect leads to the same page again: {rounds.total():,} times a client asked for one page at least "
        f"{LEAST_ROUNDS} times in a row and was redirected each time ({times:,} times exactly {usual}; browsers give "
        "up after 20 redirects)."
    )
