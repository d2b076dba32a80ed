"""Requests that take many times as long as before are an outage if everybody waits, and not if a few do by nature."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from benchmarks.labelled import Labelled, read_labelled
from logsleuth.library.cards import shipped_cards
from logsleuth.library.load import load_library
from logsleuth.story import understand
from logsleuth.units import MINUTE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logsleuth.causes.model import Diagnosis

BEGIN = datetime(2026, 3, 3, 6, tzinfo=UTC)
PAGES = ("/", "/shop/cart", "/shop/shoe", "/about", "/news")
Asked = tuple[int, str, str, int, float, int]
"""Seconds since the beginning, client, path, status, seconds that it took, bytes of the answer."""


def site(until: int = 5 * 3600, slow: tuple[int, int] = (0, 0), took: float = 20.0) -> Iterator[Asked]:
    """A page every four seconds for thirty clients, each in a third of a second; in a stretch they take longer."""
    for nth, second in enumerate(range(0, until, 4)):
        is_slow = slow[0] <= second < slow[1]
        yield second, f"192.0.2.{nth * 7 % 30}", PAGES[nth % 5], 200, took if is_slow else 0.2 + nth % 7 / 20, 512


def beside(
    path: str, every: int, took: float, clients: int, span: tuple[int, int], status: int = 200, size: int = 512
) -> Iterator[Asked]:
    """Requests for one thing beside those for pages."""
    for nth, second in enumerate(range(*span, every)):
        yield second, f"198.51.100.{nth % clients}", path, status, took, size


def mirror() -> Iterator[Asked]:
    """Small files of the same folder, for thirty clients."""
    return beside("/pub/list.txt", 4, 0.1, 30, (0, 5 * 3600))


def found_in(asked: Iterable[Asked]) -> tuple[Diagnosis, ...]:
    lines = [
        f'{client} - - [{BEGIN + timedelta(seconds=second):%d/%b/%Y:%H:%M:%S +0000}] "GET {path} HTTP/1.1" {status} '
        f'{size} "-" "Mozilla/5.0" {round(took * 1e6)}\n'
        for second, client, path, status, took, size in sorted(asked, key=lambda one: one[0] + one[4])
    ]
    up = "[Tue Mar 03 06:00:00.000000 2026] [mpm_event:notice] [pid 100:tid 100] AH00489: Apache/2.4.62 configured -- resuming normal operations\n"
    log = Labelled("", "", "", {"error.log": up, "access.log": "".join(lines)}, (), ())
    library = load_library([])
    read = read_labelled(log, library)
    return understand(read.tally, library, shipped_cards(), read.clock, read.logs).diagnoses


NOON = (3 * 3600, 3 * 3600 + 1200)


@pytest.mark.parametrize(
    "asked",
    [
        [*site(slow=NOON)],
        [*site(slow=NOON, took=9.0), *beside("/build/app.js", 2, 0.001, 30, (0, 5 * 3600))],
        [*site(slow=NOON), *beside("/export/all.csv", 60, 30.0, 9, (0, 5 * 3600))],
        [*site(slow=NOON), *beside("/search/facets", 1, 25.0, 90, NOON)],
    ],
    ids=["every page", "pages, not files", "pages, beside exports", "by a crawl of what nobody asked for before"],
)
def test_an_outage_is_found_where_everybody_waits(asked: list[Asked]) -> None:
    (found,) = found_in(asked)
    onset = round(BEGIN.timestamp() * 1e6) + NOON[0] * 1_000_000
    assert found.category == "worker-exhaustion"
    assert abs(found.incident.onset - onset) <= MINUTE // 2
    assert abs(found.incident.over - onset - 20 * MINUTE) <= MINUTE


@pytest.mark.parametrize(
    "asked",
    [
        [*site()],
        [*site(slow=NOON, took=2.5)],
        [*site(slow=(NOON[0], NOON[0] + 20))],
        [*site(), *beside("/report/year", 3, 40.0, 20, NOON)],
        [*site(), *beside("/upload", 3, 90.0, 20, NOON)],
        [*site(), *beside("/events/poll", 2, 30.0, 30, (3600, 5 * 3600))],
        [*site(), *beside("/shop/cart", 2, 25.0, 1, NOON)],
        [*site(), *beside("/live/socket", 2, 600.0, 30, NOON, status=101)],
        [*mirror(), *beside("/pub/big.iso", 2, 20.0, 30, NOON, size=9_000_000)],
    ],
    ids=[
        "a day like any other",
        "pages that are a little slow",
        "a hiccup",
        "a report that many ask for",
        "uploads before a deadline",
        "long polling, since a deploy",
        "one slow client",
        "sockets that stay open",
        "downloads",
    ],
)
def test_what_a_few_wait_for_is_none(asked: list[Asked]) -> None:
    assert not found_in(asked)
