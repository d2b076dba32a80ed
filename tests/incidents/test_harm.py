"""The requests that an access log counts: what an outage failed, and what fails anyway."""

import pytest

from logsleuth.incidents.harm import blocks_a_part, requests_of, usual_answers
from logsleuth.lives.requests import Requests, Seen
from logsleuth.timeline.model import Asked, AskedBy, Counts, Traffic
from logsleuth.units import HOUR, MINUTE, SECOND


def counts(*seconds: int) -> Counts:
    return Counts(SECOND, [(second * SECOND, 1) for second in sorted(seconds)])


def traffic(*failed: int, hours: int = 5) -> Traffic:
    """A request every ten seconds for some hours, and these seconds at which one fails."""
    return Traffic(counts(*range(0, hours * 3600, 10)), counts(*failed), counts())


def _usual(log: Traffic) -> int:
    return usual_answers(log, log.failed, [OUTAGE])


PROBE = tuple(range(30, 5 * 3600, 60))
"""A health check that fails once a minute, all the time."""
OUTAGE = (2 * HOUR, 2 * HOUR + 30 * MINUTE)
BURST = tuple(range(7201, 9000, 2))


@pytest.mark.parametrize(
    ("failed", "least", "most"),
    [
        (BURST, 0, 0),
        ((*PROBE, *BURST), 29, 30),
        ((*PROBE, *BURST, *range(9601, 12000, 2)), 29, 30),
    ],
    ids=["nothing fails otherwise", "a probe fails all the time", "another outage follows"],
)
def test_what_fails_anyway_is_told_by_the_quieter_hour_beside_the_outage(
    failed: tuple[int, ...], least: int, most: int
) -> None:
    assert least <= _usual(traffic(*failed)) <= most


def test_a_log_that_shows_little_beside_the_outage_says_nothing_of_what_is_usual() -> None:
    cut = Traffic(counts(*range(7200, 9010, 10)), counts(*PROBE[120:150]), counts())
    assert _usual(cut) == 0


def test_the_share_is_of_what_failed_beyond_the_usual() -> None:
    assert Seen(0, 40, 0, 1000).share == 0.04
    assert Seen(0, 40, 0, 1000, usual=30).share == 0.01
    assert Seen(0, 40, 0, 1000, usual=50).share == 0
    assert Seen(0, 40, 300, 1000, usual=30, usual_refused=100).share == 0.01
    assert Seen(0, 40, 300, 1000, usual=30, usual_refused=100, turned_away=True).share == 0.21


SCANNER = tuple(range(45, 5 * 3600, 90))
"""A scanner that is refused all day."""


@pytest.mark.parametrize(
    ("refused", "failed", "turns_away", "turned_away"),
    [
        ((*SCANNER, *BURST), (), True, True),
        ((*SCANNER, *BURST), (), False, False),
        (SCANNER, (), True, False),
        ((*SCANNER, *BURST[:100]), BURST[100:], True, False),
    ],
    ids=["users are refused", "another kind of outage", "no more than usual", "far more fail"],
)
def test_users_are_turned_away_where_an_outage_refuses_more_than_the_usual(
    refused: tuple[int, ...], failed: tuple[int, ...], turns_away: bool, turned_away: bool
) -> None:
    log = Traffic(counts(*range(0, 5 * 3600, 10)), counts(*failed), counts(*refused))
    seen = requests_of(Requests(counts(), {0: log}, counts()), *OUTAGE, turns_away=turns_away)
    assert seen is not None
    assert seen.turned_away == turned_away
    assert 19 <= seen.usual_refused <= 20


@pytest.mark.parametrize(
    ("lines", "failed", "is_harm"), [(890, (), True), (1200, (), False), (10, (), False), (890, BURST[:100], False)]
)
def test_as_many_requests_refused_as_lines_were_logged_are_the_harm_of_a_message_that_nothing_knows(
    lines: int, failed: tuple[int, ...], is_harm: bool
) -> None:
    log = Traffic(counts(*range(0, 5 * 3600, 10)), counts(*failed), counts(*SCANNER, *BURST))
    seen = requests_of(Requests(counts(), {0: log}, counts()), *OUTAGE, lines=lines)
    assert seen is not None
    assert seen.turned_away == is_harm


def test_more_visitors_who_meet_as_many_dead_links_as_before_are_no_harm() -> None:
    """The share of the requests that is refused is what it was, though it is as many as lines were logged."""
    crowd = (second for second in range(*(time // SECOND for time in OUTAGE)) for _ in range(4))
    log = Traffic(counts(*sorted((*range(0, 5 * 3600, 10), *crowd))), counts(), counts(*SCANNER, *BURST))
    seen = requests_of(Requests(counts(), {0: log}, counts()), *OUTAGE, lines=890)
    assert seen is not None
    assert not seen.turned_away


@pytest.mark.parametrize(
    ("own", "front", "log", "failed"),
    [
        (traffic(*BURST), traffic(*BURST, *BURST), 0, 900),
        (traffic(), traffic(*BURST), 1, 900),
        (traffic(), traffic(), 0, 0),
    ],
    ids=["both saw it", "the proxy in front gave up waiting", "nobody saw it"],
)
def test_where_the_servers_own_log_shows_no_failure_the_proxy_in_front_tells_what_users_saw(
    own: Traffic, front: Traffic, log: int, failed: int
) -> None:
    seen = requests_of(Requests(counts(), {0: own, 1: front}, counts()), *OUTAGE)
    assert seen is not None
    assert (seen.log, seen.failed) == (log, failed)


def test_of_an_outage_that_paused_the_time_between_counts_for_nothing() -> None:
    log = traffic(*range(7200, 7260, 2), *range(8940, 9000, 2))
    spells = [(2 * HOUR, 2 * HOUR + MINUTE), (2 * HOUR + 29 * MINUTE, 2 * HOUR + 30 * MINUTE)]
    requests = Requests(counts(), {0: log}, counts())
    whole, paused = requests_of(requests, *OUTAGE), requests_of(requests, *OUTAGE, spells=spells)
    assert whole is not None
    assert paused is not None
    assert (whole.failed, whole.seen) == (60, 181)
    assert (paused.failed, paused.seen, paused.expected) == (60, 14, 12)
    assert paused.begin == whole.begin


def test_a_request_of_two_spells_that_touch_counts_once() -> None:
    spells = [(2 * HOUR, 2 * HOUR + MINUTE), (2 * HOUR + MINUTE, 2 * HOUR + 2 * MINUTE)]
    seen = requests_of(Requests(counts(), {0: traffic()}, counts()), 2 * HOUR, 2 * HOUR + 2 * MINUTE, spells=spells)
    assert seen is not None
    assert seen.seen == 13


@pytest.mark.parametrize(
    ("feed", "failed", "blocked"),
    [
        (Asked("/feed", 240, 0, 24), 24, True),
        (Asked("/feed", 240, 0, 10), 24, False),
        (Asked("/feed", 24, 0, 24), 24, False),
        (Asked("/feed", 60, 0, 6), 6, False),
        (Asked("/feed", 240, 0, 24), 400, False),
    ],
    ids=[
        "all that were due", "less than half of them", "it is never served: a scanner asks for it", "six may be chance",
        "it is the least of what fails",
    ],
)  # fmt: skip
def test_a_part_of_the_site_is_blocked_if_all_that_were_due_to_it_failed(
    feed: Asked, failed: int, blocked: bool
) -> None:
    pages = AskedBy((Asked("/", 9000, 0, 0), feed), 2)
    log = Traffic(Counts(SECOND, [(0, 10_000)]), counts(), counts(), by_path=pages)
    assert blocks_a_part(log, failed, 1000) == blocked
