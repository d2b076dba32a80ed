"""Users who are refused are not served meanwhile; what an attacker is refused comes on top of what they get."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from benchmarks.labelled import Labelled, read_labelled
from logsleuth.library.cards import shipped_cards
from logsleuth.library.load import load_library
from logsleuth.story import understand

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logsleuth.causes.model import Diagnosis

BEGIN = datetime(2026, 3, 3, 6, tzinfo=UTC)
PAGES = ("/", "/shop/cart", "/shop/shoe", "/about/us", "/news/today")
OUTAGE = (2 * 3600, 2 * 3600 + 2400)
UNTIL = 5 * 3600
Asked = tuple[int, str, str, int]
"""Seconds since the beginning, client, path, status."""


def site(status: int = 200, below: str = "/", proxies: int = 0, every: int = 4, until: int = UNTIL) -> Iterator[Asked]:
    """A page every few seconds for thirty clients; in the outage, those below a folder get another status.

    `proxies`: addresses behind which all clients are; 0: they come by themselves.
    """
    for nth, second in enumerate(range(0, until, every)):
        path = PAGES[nth % 5]
        is_hit = OUTAGE[0] <= second < OUTAGE[1] and path.startswith(below) and nth % 3
        client = f"203.0.113.{nth % proxies}" if proxies else f"192.0.2.{nth * 7 % 30}"
        yield second, client, path, status if is_hit else 200


def gone(status: int = 404) -> Iterator[Asked]:
    """The same site, of which a part is refused to everybody."""
    for second, client, path, served in site():
        is_hit = OUTAGE[0] <= second < OUTAGE[1] and path.startswith("/shop")
        yield second, client, path, status if is_hit else served


def flood(clients: int, status: int, path: str = "/shop/{nth}", every: int = 2) -> Iterator[Asked]:
    """Somebody else's requests, all of them refused, on top of what the site serves."""
    for nth, second in enumerate(range(*OUTAGE, every)):
        yield second, f"198.51.100.{nth % clients}", path.format(nth=nth), status


def challenges() -> Iterator[Asked]:
    """Visits to what wants a password, in one hour only: each begins without one."""
    for nth, second in enumerate(range(*OUTAGE, 6)):
        yield second, f"192.0.2.{nth * 7 % 30}", "/shop/admin", 401
        yield second + 1, f"192.0.2.{nth * 7 % 30}", "/shop/admin", 200


def found_in(asked: Iterable[Asked]) -> tuple[Diagnosis, ...]:
    lines = [
        f'{client} - - [{BEGIN + timedelta(seconds=second):%d/%b/%Y:%H:%M:%S +0000}] "GET {path} HTTP/1.1" {status} '
        '512 "-" "Mozilla/5.0"\n'
        for second, client, path, status in sorted(asked)
    ]
    up = "[Tue Mar 03 06:00:00.000000 2026] [mpm_event:notice] [pid 100:tid 100] AH00489: Apache/2.4.62 configured -- resuming normal operations\n"
    log = Labelled("", "", "", {"error.log": up, "access.log": "".join(lines)}, (), ())
    library = load_library([])
    read = read_labelled(log, library)
    return understand(read.tally, library, shipped_cards(), read.clock, read.logs).diagnoses


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(list(site(403)), id="403 for two of three visitors"),
        pytest.param(list(site(429, proxies=2)), id="429 for all who come through two proxies"),
        pytest.param(list(site(404)), id="404 for the whole site"),
        pytest.param(list(gone()), id="404 for one application"),
        pytest.param(list(gone(403)), id="403 for one application"),
    ],
)
def test_users_who_are_refused_in_place_of_being_served_are_an_outage(asked: list[Asked]) -> None:
    (diagnosis,) = found_in(asked)
    begin, over = (int((BEGIN + timedelta(seconds=second)).timestamp()) for second in OUTAGE)
    assert abs(diagnosis.incident.onset // 1_000_000 - begin) <= 30
    assert diagnosis.incident.recovery is not None
    assert abs(diagnosis.incident.recovery.time // 1_000_000 - over) <= 30


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param([*site(), *flood(2, 403)], id="an attacker who is blocked"),
        pytest.param([*site(), *flood(40, 404)], id="forty scanners"),
        pytest.param([*site(), *flood(40, 401, "/shop/login")], id="passwords tried from forty addresses"),
        pytest.param([*site(), *challenges()], id="a busy hour of what wants a password"),
        pytest.param([*site(), *flood(1, 404, "/app/{nth}", 5)], id="a monitor of what is gone"),
    ],
)
def test_what_comes_on_top_is_none(asked: list[Asked]) -> None:
    assert not found_in(asked)
