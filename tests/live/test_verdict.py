"""What a probe says, from the story, what it knew, and the clock."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from logsleuth.errors import LogsleuthError
from logsleuth.live.finding import Finding
from logsleuth.live.limits import Lost, seconds_of
from logsleuth.live.verdict import Before, Judgement, Status, judge_now
from logsleuth.lives.live import Lives
from logsleuth.lives.requests import Requests
from logsleuth.lives.server.model import Restart, RestartKind, ServerLife
from logsleuth.lives.workers.index import Workers
from logsleuth.story import Story
from logsleuth.timeline.model import Counts, Signs, Timeline
from logsleuth.units import SECOND
from tests.live.fed import LIMITS

if TYPE_CHECKING:
    from logsleuth.live.limits import Limits

MINUTE = 60 * SECOND
BACKEND = Finding(
    category="backend-down", title="Backend refuses connections", confidence="high", onset=10 * MINUTE,
    last=20 * MINUTE, critical=True, restart="does-not-help", workers_lost=0, workers_known=8, stays=False, log="error.log", line="refused",
)  # fmt: skip
EGG = replace(BACKEND, category="stale-egg", title="Egg replaced", restart="helps", workers_lost=6, stays=True)


def judged(known: Finding | None, now: int, *ups: int, limits: Limits = LIMITS) -> Judgement:
    """What is said of a log that has nothing new, but restarts."""
    restarts = tuple(Restart("stop", up - SECOND, up, 40, ()) for up in ups)
    return judge_now(quiet(restarts, now), Before(known), now, limits, lambda _: "error.log")


def quiet(restarts: tuple[Restart, ...], end: int) -> Story:
    """A log that holds nothing but these restarts."""
    timeline = Timeline(0, end, {}, Signs({}), Counts(SECOND, ()), {}, {})
    ups = tuple(restart.up for restart in restarts if restart.up is not None)
    server = ServerLife(restarts, ups=ups)
    return Story(Lives(timeline, server, Workers(()), Requests(timeline.served, {}, timeline.served)), (), ())


def test_lost_workers_do_not_come_back_by_silence() -> None:
    judgement = judged(EGG, 3000 * MINUTE)
    assert (judgement.status, judgement.finding) == (Status.CRITICAL, EGG)
    assert judgement.advice is not None
    assert judgement.advice.restart


def test_a_backend_that_is_back_needs_no_restart_but_is_not_forgotten_at_once() -> None:
    assert judged(BACKEND, 29 * MINUTE).status is Status.CRITICAL
    assert judged(BACKEND, 31 * MINUTE) == Judgement(Status.OK, None)


def test_a_restart_after_it_ends_it_and_a_restart_before_does_not() -> None:
    judgement = judged(EGG, 26 * MINUTE, 25 * MINUTE)
    assert (judgement.status, judgement.well_since) == (Status.WARNING, 25 * MINUTE)
    assert judged(EGG, 36 * MINUTE, 25 * MINUTE) == Judgement(Status.OK, None, answers=())
    assert judged(EGG, 26 * MINUTE, 15 * MINUTE).status is Status.CRITICAL


def test_only_restarts_that_answered_it_count_for_the_guard() -> None:
    many = tuple(n * MINUTE for n in (12, 14, 16))
    assert judged(EGG, 21 * MINUTE, 1 * MINUTE, 2 * MINUTE, 3 * MINUTE).status is Status.CRITICAL
    withheld = judged(EGG, 21 * MINUTE, *many)
    assert (withheld.status, withheld.answers) == (Status.WARNING, many)
    assert withheld.advice is not None
    assert not withheld.advice.restart
    assert "they did not help" in withheld.advice.sentence


@pytest.mark.parametrize("kind", ["stop", "reload"])
def test_a_restart_that_is_under_way_is_not_advised_once_more(kind: RestartKind) -> None:
    ordered = 21 * MINUTE
    story = quiet((Restart(kind, ordered, None, 40, ()),), ordered)

    def said(now: int) -> Judgement:
        return judge_now(story, Before(EGG), now, replace(LIMITS, restart_only=True), lambda _: "error.log")

    judgement = said(ordered + 5 * SECOND)
    assert judgement.status is Status.WARNING
    assert judgement.advice is not None
    assert judgement.advice.sentence == "a restart is under way, ordered 5 s ago"
    assert said(ordered + 2 * MINUTE).status is Status.CRITICAL, "it never came back"


def test_where_a_restart_mends_nothing_a_supervisor_is_not_told_to() -> None:
    assert judged(BACKEND, 21 * MINUTE).status is Status.CRITICAL
    assert judged(BACKEND, 21 * MINUTE, limits=replace(LIMITS, restart_only=True)).status is Status.WARNING
    assert judged(EGG, 21 * MINUTE, limits=replace(LIMITS, restart_only=True)).status is Status.CRITICAL


def test_a_warning_stays_a_warning() -> None:
    assert judged(replace(EGG, critical=False), 21 * MINUTE).status is Status.WARNING


@pytest.mark.parametrize(
    ("written", "pool", "least"),
    [("25%", 8, 2), ("25%", 9, 3), ("25%", None, 2), ("1%", 8, 1), ("100%", 8, 8), ("3", 100, 3), ("3", None, 3)],
)
def test_a_share_of_the_workers(written: str, pool: int | None, least: int) -> None:
    assert Lost.of(written).of_pool(pool) == least


@pytest.mark.parametrize("written", ["", "0", "0%", "101%", "-1", "a quarter", "25 per cent"])
def test_what_is_no_share(written: str) -> None:
    with pytest.raises(LogsleuthError, match="--lost 25%"):
        Lost.of(written)


def test_time_spans() -> None:
    assert [seconds_of(text, "--grace") for text in ("90s", "10m", "2h", "1d")] == [90, 600, 7200, 86400]
    with pytest.raises(LogsleuthError, match="--grace 'soon' is not a time span; write it as --grace 10m"):
        seconds_of("soon", "--grace")
