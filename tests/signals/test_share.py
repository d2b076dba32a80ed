"""Almost every request fails, for as long as the access log goes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path  # noqa: TC003 - pytest reads the annotations
from typing import TYPE_CHECKING

import pytest

import logsleuth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from logsleuth import Report

HOUR = 3600
START = datetime(2026, 3, 3, 6, tzinfo=UTC)
VISITORS = tuple(f"203.0.113.{number}" for number in range(1, 31))
DEAD, WELL = "/api/orders", "/shop/"
Row = tuple[str, str, int]
"""Client, path, status."""


def told(folder: Path, seconds: range, row: Callable[[int], Row]) -> Report:
    """The report on an access log with one request at each of these seconds."""

    def lines() -> Iterator[str]:
        for number, second in enumerate(seconds):
            client, path, status = row(number)
            when = START + timedelta(seconds=second)
            yield f'{client} - - [{when:%d/%b/%Y:%H:%M:%S +0000}] "GET {path} HTTP/1.1" {status} 196 "-" "Mozilla/5.0"\n'

    (folder / "access.log").write_text("".join(lines()))
    return logsleuth.analyze([str(folder / "access.log")], tz="UTC")


def one_in_nine(client: Callable[[int], str] = lambda number: VISITORS[number % 30]) -> Callable[[int], Row]:
    """Each ninth request is for a part of the site that always fails; `client`: whose such a request is."""
    return lambda n: (VISITORS[n % 30], WELL, 200) if n % 9 else (client(n), DEAD, 502)


@pytest.mark.parametrize("clients", [VISITORS, ("192.0.2.8",), ("10.0.0.2",)], ids=["many", "one", "a proxy"])
def test_a_log_in_which_all_requests_fail_is_an_outage(clients: tuple[str, ...], tmp_path: Path) -> None:
    report = told(tmp_path, range(0, 350, 7), lambda n: (clients[n % len(clients)], WELL, 503))
    (incident,) = report.incidents
    assert (incident.severity, incident.category) == ("critical", None)
    assert incident.requests is not None
    assert (incident.requests.failed, incident.requests.seen) == (50, 50)


def test_so_it_is_however_long_the_log(tmp_path: Path) -> None:
    assert told(tmp_path, range(0, 9 * HOUR, 60), lambda n: (VISITORS[n % 30], WELL, 503)).incidents


@pytest.mark.parametrize("client", ["127.0.0.1", "::1", "localhost"])
def test_who_works_at_the_machine_itself_is_no_user(client: str, tmp_path: Path) -> None:
    report = told(tmp_path, range(0, 350, 7), lambda n: (client, WELL, 503))
    assert (report.incidents, len(report.faults)) == ((), 1)


def test_a_part_of_the_site_that_always_fails_is_an_outage_of_that_part(tmp_path: Path) -> None:
    (incident,) = told(tmp_path, range(0, HOUR, 2), one_in_nine()).incidents
    assert incident.severity == "major"
    assert incident.requests is not None
    assert (incident.requests.failed, incident.requests.seen) == (200, 1800)


def test_over_many_hours_it_is_a_standing_fault(tmp_path: Path) -> None:
    report = told(tmp_path, range(0, 9 * HOUR, 2), one_in_nine())
    assert (report.incidents, len(report.faults)) == ((), 1)


def test_a_health_check_that_always_fails_is_its_own(tmp_path: Path) -> None:
    assert not told(tmp_path, range(0, HOUR, 2), one_in_nine(lambda _: "192.0.2.80")).incidents


def test_a_page_that_hardly_anybody_asks_for_is_a_fault(tmp_path: Path) -> None:
    report = told(
        tmp_path, range(HOUR), lambda n: (VISITORS[n % 30], DEAD if n % 27 == 0 else WELL, 500 if n % 27 == 0 else 200)
    )
    assert (report.incidents, len(report.faults)) == ((), 1)


def test_a_part_that_fails_now_and_then_is_a_fault(tmp_path: Path) -> None:
    report = told(
        tmp_path, range(0, HOUR, 2), lambda n: (VISITORS[n % 30], WELL, 200) if n % 9 else (VISITORS[n % 30], DEAD, 502 if n % 18 else 200)
    )  # fmt: skip
    assert (report.incidents, len(report.faults)) == ((), 1)
