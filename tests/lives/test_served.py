"""How much it proves that requests were served: of which sites they are, and how many come together."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from logsleuth.lives.requests import Requests, follow
from logsleuth.timeline.model import Asked, AskedBy, Counts, Series, Traffic
from logsleuth.units import SECOND
from tests.lives.build import ANY, moment, timeline

NONE = Counts(SECOND, [])


def requests(traffic: Traffic) -> Requests:
    return Requests(NONE, {0: traffic}, NONE)


def every(seconds: int, count: int) -> Counts:
    return Counts(SECOND, [(second * SECOND, count) for second in range(0, 7200, seconds)])


def test_requests_for_a_site_without_a_failure_are_out_of_reach() -> None:
    sites = AskedBy((Asked("shop", 300, 10, 90), Asked("blog", 700, 30, 0)), 2)
    paths = AskedBy((Asked("/", 500, 40, 90), Asked("/static", 500, 0, 0)), 2)
    assert requests(Traffic(every(7, 1), NONE, NONE, by_vhost=sites)).served().reach == 0.3
    assert requests(Traffic(every(7, 1), NONE, NONE, by_vhost=sites, by_path=paths)).served().reach == 0.3


def test_a_log_that_names_no_part_with_a_failure_leaves_all_within_reach() -> None:
    sites = AskedBy((Asked("shop", 300, 10, 0),), 1)
    assert requests(Traffic(every(7, 1), NONE, NONE, by_vhost=sites)).served().reach == 1.0


def test_requests_that_come_together_count_as_one_visit() -> None:
    assert requests(Traffic(every(7, 1), NONE, NONE)).served().clump == 1.0
    served = requests(Traffic(every(120, 8), NONE, NONE)).served()
    assert served.clump == 8.0
    assert served.visits(-SECOND, 7200 * SECOND) == 60


def test_the_swing_of_the_day_is_no_clump() -> None:
    day = Counts(SECOND, [(second * SECOND, 1 + second // 3600) for second in range(0, 86400, 5)])
    assert requests(Traffic(day, NONE, NONE)).served().clump < 1.5


def test_lines_of_a_failure_that_comes_very_often_are_no_trace_of_requests_that_were_served() -> None:
    """Of such a message a moment is many lines of some seconds: each of them is taken from the trace."""
    many, one = moment(10, client="192.0.2.1", count=4), moment(20, client="192.0.2.1")
    often = Series(ANY, (replace(many, last=13 * SECOND), one))
    trace = follow(timeline(often, served=[10, 11, 12, 13, 20, 20, 30]), ()).trace
    assert list(trace.items()) == [(20 * SECOND, 1), (30 * SECOND, 1)]


def test_few_failures_of_a_long_moment_are_taken_evenly_from_its_seconds() -> None:
    """Else the first of them would look as if nobody had been answered."""
    long = Series(ANY, (replace(moment(100, client="192.0.2.1", count=4), last=200 * SECOND),))
    trace = follow(timeline(long, served=range(100, 201, 5)), ()).trace
    gaps = [after - before for before, after in pairwise(trace.begins)]
    assert (trace.total, max(gaps)) == (17, 10 * SECOND)


BUSY, NOBODY = Asked("192.0.2.7", 880, 3, 9), AskedBy()


@pytest.mark.parametrize(
    ("clients", "paths", "checks"),
    [
        (AskedBy((Asked("192.0.2.9", 120, 0, 0), BUSY), 2), NOBODY, 120),
        (AskedBy((Asked("192.0.2.9", 120, 0, 1), BUSY), 2), NOBODY, 0),
        (AskedBy((Asked("192.0.2.9", 7, 0, 0), BUSY), 2), NOBODY, 0),
        (AskedBy((Asked("192.0.2.9", 4000, 0, 0),), 1), NOBODY, 0),
        (NOBODY, AskedBy((Asked("/server-status", 120, 0, 0), Asked("/static", 880, 0, 0)), 2), 120),
    ],
    ids=["a client each minute", "that failed once", "a visitor", "a busy client", "the page of mod_status"],
)
def test_what_monitors_ask_for_proves_nothing_of_users(clients: AskedBy, paths: AskedBy, checks: int) -> None:
    served = requests(Traffic(every(7, 1), NONE, NONE, by_client=clients, by_path=paths)).served()
    assert round(served.checks * 7200 * SECOND) == checks
    assert served.between(-SECOND, 7200 * SECOND) == 1029 - checks - bool(checks)
