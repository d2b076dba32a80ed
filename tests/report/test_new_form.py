"""A form of request that came up with an outage and makes most of its traffic is what is behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import logsleuth
from tests.report.test_surge import access, flood, triggers, visitors

if TYPE_CHECKING:
    from pathlib import Path

    from logsleuth.report.model import IncidentReport

CRAWL = "/shop/list?size=7&filter=color:{}"


def incident(folder: Path, lines: list[tuple[int, str]]) -> IncidentReport:
    """What is told of an outage from noon on, with these lines besides those of visitors."""
    triggers(folder, [*visitors(), *lines])
    return logsleuth.analyze([str(folder / "error.log"), str(folder / "access.log")], tz="UTC").incidents[0]


def root(found: IncidentReport) -> str:
    return next(link.text for link in found.chain if link.role == "root cause")


def test_what_is_new_in_the_query_is_the_reason_though_each_address_asks_but_once(tmp_path: Path) -> None:
    found = incident(tmp_path, flood(-20, path=CRAWL, of="198.51.{}.7", agents=40))
    assert "for /shop/ with “filter=” in the query from 250 addresses, the first at 11:59:40" in root(found)
    assert "none in the 59 min 40 s before" in root(found)
    assert found.triggers[0].startswith("Requests for /shop/ with “filter=” in the query came up")
    assert any("If nobody wants them, refuse requests for /shop/ with “filter=”" in one for one in found.actions.again)


def test_of_few_addresses_these_are_to_be_blocked(tmp_path: Path) -> None:
    found = incident(tmp_path, flood(-20, path=CRAWL, clients=3))
    assert any(one.startswith("Block these 3 addresses") for one in found.actions.again)


@pytest.mark.parametrize(
    "lines",
    [
        # somebody had asked so all day
        [*flood(-20, path=CRAWL, of="198.51.{}.7"), *(access(at, CRAWL.format(at), "192.0.2.3") for at in (-3000, -9))],
        # it is far from most of what is asked for
        flood(-20, path=CRAWL, of="198.51.{}.7", step=20),
        # it came up long before
        flood(-1800, path=CRAWL, of="198.51.{}.7", step=9),
        # and after the first failure: an effect, such as pages that ask again
        flood(30, path=CRAWL, of="198.51.{}.7"),
    ],
)
def test_what_was_asked_before_or_is_not_most_of_it_is_no_reason(lines: list[tuple[int, str]], tmp_path: Path) -> None:
    assert "in the query" not in root(incident(tmp_path, lines))
