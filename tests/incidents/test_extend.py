"""What belongs to an incident: the same failures after a pause, unless they are the usual ones, or a restart came."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from logsleuth.incidents.extend import Taken, companions, with_earlier, with_later
from logsleuth.incidents.find import without_aftermath
from logsleuth.lives.live import live
from logsleuth.signals.model import Signal, Why
from logsleuth.signals.scene import scene_of
from logsleuth.units import SECOND
from tests.lives.build import ANY, UP, series, timeline

if TYPE_CHECKING:
    from collections.abc import Sequence

DAY = 86_400
OUTAGE = tuple(range(30_000, 30_600, 6))
"""Ten minutes of failures."""
USUAL = tuple(range(900, DAY, 1800))


@pytest.mark.parametrize(
    ("others", "ups", "end"),
    [
        ((), (), 30_594),
        ((30_900,), (), 30_900),
        ((30_900, 30_910, 31_400), (), 31_400),
        ((31_700,), (), 30_594),
        ((30_900,), (30_700,), 30_594),
        ((*USUAL, 30_900), (), 30_594),
        ((*USUAL, 30_900, 30_905, 30_911, 30_917), (), 30_917),
    ],
    ids=["all", "a pause", "two pauses", "too late", "after a restart", "as usual", "more than usual"],
)
def test_the_same_again_within_ten_minutes_was_not_cured(
    others: tuple[int, ...], ups: tuple[int, ...], end: int
) -> None:
    usual = [second for second in others if second not in OUTAGE]
    whole = series(ANY, *sorted({*OUTAGE, *usual}))
    stretch = tuple(moment for moment in whole.moments if moment.time // SECOND in OUTAGE)
    scene = scene_of(live(timeline(whole, series(UP, *ups), end=DAY)), {})
    (found,) = with_later(scene, [Signal(whole, stretch, Why.SURPRISE)])
    assert found.end // SECOND == end


@pytest.mark.parametrize(("usual", "end"), [((), 30_710), (USUAL, 30_594)], ids=["seen only here", "chronic"])
def test_what_is_seen_only_here_and_goes_on_after_a_restart_was_not_cured(usual: tuple[int, ...], end: int) -> None:
    own, failed = series(ANY, *OUTAGE), series(FAILED, *sorted({*OUTAGE, 30_640, 30_710, *usual}))
    stretch = tuple(moment for moment in failed.moments if OUTAGE[0] <= moment.time // SECOND <= 30_710)
    scene = scene_of(live(timeline(own, failed, series(UP, 30_600), end=DAY)), {})
    signals = [Signal(own, own.moments, Why.SURPRISE), Signal(failed, stretch, Why.SURPRISE)]
    assert max(one.end for one in without_aftermath(scene, signals)) // SECOND == end


def test_a_limit_that_each_parent_reports_once_was_reached_when_the_first_of_them_said_so() -> None:
    failing, limit = series(ANY, *OUTAGE), series(replace(ANY, id="limit", lasts="latched"), 900, 30_100, 30_500)
    scene = scene_of(live(timeline(failing, limit, end=DAY)), {})
    last = Signal(limit, limit.moments[-1:], Why.LIMIT)
    _, found = with_earlier(scene, [Signal(failing, failing.moments, Why.SURPRISE), last])
    assert [moment.time // SECOND for moment in found.moments] == [30_100, 30_500]


FAILED = replace(ANY, id="failed", role="symptom", category=None)
KILLED = replace(ANY, id="killed", category="oom-kill", proof="single")
BRINGS_ABOUT = {"killed": frozenset({"any"})}


@pytest.mark.parametrize(
    ("others", "mechanisms", "found"),
    [
        ((901, 920), BRINGS_ABOUT, [901, 920]),
        ((901, 920, 1000), BRINGS_ABOUT, [901, 920]),
        ((901, 920), {}, []),
        ((931,), BRINGS_ABOUT, []),
        (tuple(range(25, 20_000, 100)), BRINGS_ABOUT, []),
    ],
    ids=["two fail at once", "a third one much later", "no known link", "too late", "such failures come all the time"],
)
def test_what_a_kill_brings_about_belongs_to_it_though_another_outage_has_far_more(
    others: tuple[int, ...], mechanisms: dict[str, frozenset[str]], found: list[int]
) -> None:
    failures, kills = series(ANY, *others, *OUTAGE), series(KILLED, 900)
    outage = Signal(failures, failures.moments[len(others) :], Why.SURPRISE)
    kill = Signal(kills, kills.moments, Why.PROOF)
    scene = scene_of(live(timeline(failures, kills, end=DAY)), mechanisms)
    more = companions(scene, [kill], Taken([kill, outage], scene.failures))
    assert [moment.time // SECOND for signal in more for moment in signal.moments] == found
    assert all(signal.in_others == len(OUTAGE) for signal in more)


UNKNOWN = replace(ANY, id="unknown", known_by="level", category=None, about="request")


@pytest.mark.parametrize(
    ("said", "belongs"),
    [
        (range(30_005, 30_595, 20), True),
        (range(30_005, 30_200, 5), False),
        (range(30_005, 30_595, 60), False),
        ((900, *range(30_005, 30_595, 20)), False),
        ((*range(30_005, 30_595, 20), 40_000), False),
    ],
    ids=["most of it", "a third of it", "too few", "before it, too", "after it, too"],
)
def test_what_a_program_reports_for_most_of_an_outage_and_never_else_belongs_to_it(
    said: Sequence[int], belongs: bool
) -> None:
    failures, words = series(ANY, *OUTAGE), series(UNKNOWN, *said)
    outage = Signal(failures, failures.moments, Why.SURPRISE)
    scene = scene_of(live(timeline(failures, words, end=DAY)), {})
    more = companions(scene, [outage], Taken([outage], scene.failures))
    assert [signal.name for signal in more] == (["unknown"] if belongs else [])
