"""Which failed requests are those of a fault that another log names."""

from __future__ import annotations

import pytest

from logsleuth.incidents.faults import are_proxies, counted_once, is_split, name_clients
from logsleuth.incidents.same_events import are_each_others, are_of_the_same_clients
from logsleuth.timeline.model import Asked, AskedBy, Counts, Traffic
from logsleuth.units import HOUR, SECOND
from logsleuth.values import replace
from tests.lives.build import moment

FAULT = [moment(1000, client="a"), moment(5000, client="b"), moment(9000, client="a")]


@pytest.mark.parametrize(
    ("failed", "same"),
    [
        ([moment(994, client="a"), moment(4990, client="b"), moment(9000, client="a")], True),
        ([moment(994, client="a"), moment(4990, client="c")], False),
        ([moment(800, client="a")], False),
        ([moment(1010, client="a")], False),  # it came in when the fault was over
        ([moment(994), moment(4990)], False),
        ([], False),
    ],
    ids=["the same clients", "another one", "long before", "later", "no client", "none"],
)
def test_a_failed_request_came_in_before_what_failed_it_was_logged(failed: list[object], same: bool) -> None:
    assert are_of_the_same_clients(failed, FAULT, 6 * HOUR) == same  # type: ignore[arg-type]


def test_one_address_that_has_very_many_such_lines_is_near_by_chance() -> None:
    busy = [moment(second, client="a") for second in range(0, 9000, 30)]
    assert not are_of_the_same_clients([moment(994, client="a")], busy, 3 * HOUR)


def test_a_request_that_waited_for_a_minute_came_in_up_to_a_second_before_its_time() -> None:
    """Its arrival is written in whole seconds, and the line on the timeout is written when it is noticed."""
    known = [moment(1060.6, client="a")]
    assert are_of_the_same_clients([moment(1000, client="a")], known, 6 * HOUR)
    assert not are_of_the_same_clients([moment(996, client="a")], known, 6 * HOUR)


def test_two_kinds_of_lines_are_one_event_if_each_comes_with_the_other() -> None:
    times = [nth * HOUR for nth in range(1, 9)]
    later = [time + SECOND for time in times]
    assert are_each_others(times, later, 10 * HOUR)
    assert not are_each_others(times, [*later, *(time + HOUR // 2 for time in times)], 10 * HOUR)
    assert not are_each_others(times[:2], later[:2], 10 * HOUR)  # too few


def log_of(*seconds: int) -> Traffic:
    failed = Counts(SECOND, [(second * SECOND, 1) for second in seconds])
    return Traffic(failed, failed, Counts(SECOND, []))


def test_of_two_access_logs_the_same_failed_requests_count_once() -> None:
    moments = [moment(second) for second in (1000, 2000, 3000, 4000)]
    of_proxy, behind = log_of(1000, 2000, 3000, 4000), log_of(1001, 2000, 3000)
    assert counted_once(moments, 7, [of_proxy, behind]) == 4
    assert counted_once(moments, 4, [of_proxy]) == 4
    own = [moment(second) for second in (1000, 1500, 2000, 2500, 3000, 4000)]
    assert counted_once(own, 7, [of_proxy, log_of(1500, 2500, 3000)]) == 7
    assert counted_once(moments, 4, []) == 4


@pytest.mark.parametrize(
    ("clients", "about", "proxies"),
    [({"10.0.0.1"}, "request", True), ({"a"}, "request", False), ({"10.0.0.1"}, "server", False)],
)
def test_clients_that_the_access_log_does_not_know_are_proxies(clients: set[str], about: str, proxies: bool) -> None:
    log = replace(log_of(), by_client=AskedBy((Asked("a", 5, 0, 0), Asked("b", 5, 0, 0)), 2))
    assert are_proxies(about, clients, [log]) == proxies
    assert not are_proxies(about, clients, [])
    assert not are_proxies(about, clients, [replace(log, by_client=AskedBy(log.by_client.kept, 900))])


def test_clients_are_counted_where_nearly_all_lines_name_one() -> None:
    named = [moment(nth, client="a") for nth in range(4)]
    assert name_clients([*named, moment(9)])
    assert not name_clients([*named, moment(8), moment(9)])


@pytest.mark.parametrize(
    ("explained", "every", "split"), [(44, 56, True), (56, 56, False), (50, 56, False), (5, 56, False)]
)
def test_failed_requests_are_parted_where_another_fault_explains_some(explained: int, every: int, split: bool) -> None:
    assert is_split(explained, every) == split
