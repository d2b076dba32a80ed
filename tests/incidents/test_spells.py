"""An outage that pauses: when it is several, and when it is one that comes and goes."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from random import Random
from typing import TYPE_CHECKING

import pytest

from logsleuth.incidents.spells import run_on, several, spells_of
from logsleuth.lives.requests import Served
from logsleuth.signals.model import Signal, Why
from logsleuth.timeline.model import Counts
from logsleuth.units import SECOND
from tests.lives.build import ANY, REFUSED, UP, series

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.library.meaning import Meaning

LASTING = replace(ANY, id="expired", lasts="until-restart")
THREE_WAVES = [*range(1000, 1020), *range(2000, 2020), *range(4000, 4020)]


def served(*seconds: Iterable[int], reach: float = 1.0, clump: float = 1.0) -> Served:
    counts = Counts(SECOND, [(second * SECOND, 1) for second in sorted(chain(*seconds))])
    return Served(counts, reach, clump)


def signal(seconds: Iterable[int], meaning: Meaning = ANY, why: Why = Why.SURPRISE, until: int = 0) -> Signal:
    found = series(meaning, *seconds)
    return Signal(found, found.moments, why, until=until * SECOND)


def times(signals: list[Signal], requests: Served) -> list[tuple[int, int]]:
    return [(spell.begin // SECOND, spell.end // SECOND) for spell in spells_of(signals, requests)]


def test_failures_that_others_are_served_between_are_so_many_spells() -> None:
    assert times([signal(THREE_WAVES)], served(range(1100, 1900, 20), range(2100, 3900, 20))) == [
        (1000, 1019), (2000, 2019), (4000, 4019),
    ]  # fmt: skip


def test_a_pause_in_which_nobody_came_is_none() -> None:
    assert times([signal(THREE_WAVES)], served()) == [(1000, 4019)]
    assert times([signal(THREE_WAVES)], served(range(2100, 3900, 20))) == [(1000, 2019), (4000, 4019)]


def test_a_pause_is_judged_by_how_it_failed_just_before_it_and_just_after() -> None:
    """One request in ten fails for an hour, then all of them: three minutes without a failure in that hour are luck."""
    few = [*range(1000, 1900, 60), *range(2080, 4000, 60)]
    others = [second for second in range(1000, 4000, 6) if second not in few]
    assert times([signal([*few, *range(4000, 8000)])], served(others)) == [(1000, 7999)]
    dense = [*range(1000, 1900), *range(2080, 4000)]
    assert len(times([signal(dense)], served(range(1900, 2080, 6)))) == 2


def test_what_fails_one_request_in_ten_pauses_by_chance_again_and_again() -> None:
    chance = Random(5)
    failing, second = [], 1000.0
    while second < 10_000:
        failing.append(int(second))
        second += 1 + chance.expovariate(1 / 20)
    others = [second for second in range(1000, 10_000) if second % 2 and second not in failing]
    assert len(times([signal(failing)], served(others))) == 1
    later = [second + 12_000 for second in failing]
    both = times([signal([*failing, *later])], served(others, range(10_000, 13_000, 2)))
    assert [begin for begin, _ in both] == [1000, 13_000]


def test_requests_for_other_sites_that_are_served_are_no_pause() -> None:
    two_waves, between = [*range(1000, 1020), *range(1060, 1080)], range(1021, 1059)
    assert times([signal(two_waves)], served(between)) == [(1000, 1019), (1060, 1079)]
    assert times([signal(two_waves)], served(between, reach=0.05)) == [(1000, 1079)]


def test_what_one_visitor_asks_for_at_once_counts_once() -> None:
    two_waves, between = [*range(1000, 1020), *range(1060, 1080)], range(1040, 1044)
    begun = [*range(1000, 1020, 2), *range(1060, 1080, 2)]
    assert times([signal(two_waves)], served(between, begun)) == [(1000, 1019), (1060, 1079)]
    assert times([signal(two_waves)], served(between, begun, clump=4.0)) == [(1000, 1079)]


def test_failures_among_many_that_are_served_pause_by_chance() -> None:
    one_in_thirty = signal(range(0, 7200, 60))
    assert times([one_in_thirty], served(range(0, 7200, 2))) == [(0, 7140)]


def test_a_single_failure_between_two_waves_is_no_wave() -> None:
    waves = [*range(1000, 1020), 2000, *range(4000, 4020)]
    assert times([signal(waves)], served(range(1100, 3900, 20))) == [(1000, 2000), (4000, 4019)]


def test_each_time_that_the_server_was_down_is_a_spell_however_few_lines_it_left() -> None:
    down = [signal([at], REFUSED, Why.NOT_UP, until=at + 20) for at in (1000, 2000)]
    assert times(down, served(range(1030, 1990, 5))) == [(1000, 1020), (2000, 2020)]


def test_what_is_known_to_last_does_not_pause() -> None:
    assert times(
        [signal([*range(1000, 1020)], until=3000), signal([*range(3000, 3020)])], served(range(1030, 2990))
    ) == [(1000, 3019)]


@pytest.mark.parametrize(
    ("second", "outages"),
    [(1320, 1), (2000, 2)],
    ids=["five minutes later: it came back", "a quarter of an hour: another"],
)
def test_spells_that_are_far_apart_are_outages_of_their_own(second: int, outages: int) -> None:
    waves = signal([*range(1000, 1020), *range(second, second + 20)])
    parts = list(several([waves], served(range(1030, 1990, 5))))
    assert len(parts) == outages
    assert sum(len(part.moments) for found in parts for part in found) == len(waves.moments)
    assert all(part.outside == 0 for found in parts for part in found)


def test_a_signal_of_one_of_two_outages_is_no_part_of_the_other() -> None:
    first, both = signal(range(1000, 1020)), signal(THREE_WAVES[:40], UP)
    one, other = several([first, both], served(range(1100, 1900, 20)))
    assert [part.name for part in one] == ["any", "up"]
    assert [(part.name, part.begin // SECOND) for part in other] == [("up", 2000)]


@pytest.mark.parametrize(
    ("then", "requests", "parts"),
    [
        (signal([2500, 2560, 2620]), served(), 1),
        (signal([2500, 2560, 2620]), served(range(1700, 2500, 3)), 2),
        (signal([2500, 2560, 2620], REFUSED), served(), 2),
        (signal([9000, 9060, 9120]), served(), 2),
    ],
    ids=["nobody came meanwhile", "all were served meanwhile", "another fault", "more than an hour later"],
)
def test_what_comes_back_before_anything_shows_that_it_was_gone_is_the_same_outage(
    then: Signal, requests: Served, parts: int
) -> None:
    before = signal(range(1000, 1700, 60))
    assert len(list(run_on([[before], [then]], requests))) == parts


@pytest.mark.parametrize(
    ("meaning", "up", "parts"),
    [(LASTING, 0, 1), (LASTING, 2500, 2), (LASTING, 1010, 1), (ANY, 0, 2)],
    ids=["nobody-restarted-it", "restarted-between", "restarted-within", "passes-by-itself"],
)
def test_what_only_a_restart_ends_goes_on_until_there_is_one(meaning: Meaning, up: int, parts: int) -> None:
    """An expired certificate stays in use until a reload, however many do not look at it."""
    before, then = signal(range(1000, 1040), meaning), signal(range(4000, 4040), meaning)
    requests = served(range(1040, 4000, 2))
    assert len(list(run_on([[before], [then]], requests, [up * SECOND] if up else []))) == parts
