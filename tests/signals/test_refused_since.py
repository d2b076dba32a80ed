"""A start or reload from which on much is refused that had been served: an access log alone shows it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from logsleuth.lives.live import live
from logsleuth.signals.detectors.refused_since import refused_since, refused_until
from logsleuth.signals.scene import scene_of
from logsleuth.timeline.model import Asked, AskedBy, Counts, Traffic
from logsleuth.units import SECOND
from tests.lives.build import ANY, UP, series, timeline

if TYPE_CHECKING:
    from collections.abc import Iterable

RELOAD, REPAIR, END = 7200, 10_800, 14_400
UPS = (0, RELOAD * SECOND, REPAIR * SECOND)
ASKED = range(0, END, 5)
SITE = AskedBy((Asked("/shop", 2000, 400, 0), Asked("/blog", 2000, 0, 0)), 2)
VISITORS = AskedBy(tuple(Asked(f"198.51.100.{n}", 40, 8, 0) for n in range(50)), 50)


def counts(seconds: Iterable[int]) -> Counts:
    return Counts(SECOND, [(second * SECOND, 1) for second in seconds])


def traffic(refused: Iterable[int], paths: AskedBy = SITE, clients: AskedBy = VISITORS) -> Traffic:
    """A request every five seconds, of which these are refused."""
    return Traffic(counts(ASKED), counts(()), counts(refused), by_path=paths, by_client=clients)


def half(begin: int, end: int) -> list[int]:
    return list(range(begin, end, 10))


SCANNER = [second for second in ASKED if second % 500 == 0]


@pytest.mark.parametrize(
    ("refused", "until"),
    [
        (SCANNER, None),
        ({*SCANNER, *half(RELOAD + 5, REPAIR)}, REPAIR),
        ({*SCANNER, *half(RELOAD + 5, END)}, END - 5),
        (half(0, END), None),
        ({*SCANNER, *half(RELOAD - 900, REPAIR)}, None),
        ({*SCANNER, *half(RELOAD + 1500, REPAIR)}, None),
        ({*SCANNER, *range(RELOAD + 50, REPAIR, 50)}, None),
    ],
    ids=[
        "scanners", "up to the next reload", "up to the end of the log", "always", "it began before the reload",
        "it began later", "one in ten",
    ],
)  # fmt: skip
def test_what_a_configuration_refuses_begins_with_a_reload(refused: Iterable[int], until: int | None) -> None:
    found = refused_until(traffic(sorted(refused)), RELOAD * SECOND, UPS)
    assert found == (until and until * SECOND)


def test_a_further_reload_that_mends_nothing_is_no_end() -> None:
    ups = (0, RELOAD * SECOND, (RELOAD + 1200) * SECOND, REPAIR * SECOND)
    log = traffic(half(RELOAD + 5, REPAIR))
    assert refused_until(log, RELOAD * SECOND, ups) == REPAIR * SECOND
    assert refused_until(log, (RELOAD + 1200) * SECOND, ups) is None


ONE_CLIENT = AskedBy((Asked("192.0.2.9", 900, 400, 0), *(Asked(f"198.51.100.{n}", 60, 0, 0) for n in range(50))), 51)
NEVER_SERVED = AskedBy((Asked("/wp-login.php", 400, 400, 0), Asked("/blog", 3600, 0, 0)), 2)


@pytest.mark.parametrize(
    ("log", "is_told"),
    [
        (traffic(half(RELOAD + 5, REPAIR)), True),
        (traffic(half(RELOAD + 5, REPAIR), clients=ONE_CLIENT), False),
        (traffic(half(RELOAD + 5, REPAIR), paths=NEVER_SERVED), False),
    ],
    ids=["visitors, at what others are served", "one client", "what nobody was ever served"],
)
def test_it_is_told_if_visitors_meet_it(log: Traffic, is_told: bool) -> None:
    gone = replace(UP, if_refusing=replace(ANY, id="up", category="config-error"))
    lives = live(timeline(series(gone, 0, RELOAD, REPAIR), end=END, traffic={1: log}), [1])
    found = list(refused_since(scene_of(lives, {})))
    assert [(one.begin // SECOND, one.end // SECOND) for one in found] == [(RELOAD, REPAIR)] * is_told
