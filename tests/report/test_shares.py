"""The share of requests that failed, as the first sentence says it: of a part, of all, and without a flood's own."""

from dataclasses import replace
from datetime import UTC

import pytest

from logsleuth.incidents.model import Incident
from logsleuth.lives.requests import Seen
from logsleuth.report.compose.answers.shares import beside_a_flood, hanging, set_aside, share_of
from logsleuth.report.compose.answers.unserved import by_proxy
from logsleuth.report.compose.requests.asked import AskedThen
from logsleuth.report.compose.requests.hanging import Hung
from logsleuth.report.compose.requests.newcomers import Hit, Newcomers
from logsleuth.report.compose.requests.sampled import Fuller, is_far_more
from logsleuth.signals.model import Signal, Why
from logsleuth.timeline.model import AskedBy
from logsleuth.units import SECOND
from tests.lives.build import ANY, series

NOBODY = AskedBy()
FLOOD = Newcomers("for /xmlrpc.php", own=Hit(11839, 21915, 140, 140), others=Hit(1024, 2552, 370, 400))


def then(newcomers: Newcomers | None) -> AskedThen:
    seen = Seen(0, 12863, 0, 24467)
    return AskedThen(seen, NOBODY, NOBODY, NOBODY, by_monitors=21, newcomers=newcomers)


def test_requests_that_set_an_outage_off_are_no_part_of_the_share_that_users_saw() -> None:
    assert beside_a_flood(then(FLOOD)) == (
        "1,024 of 2,552 requests failed (40 %), not counting 21 of monitors; of the 21,915 requests for /xmlrpc.php "
        "besides, which came up with the outage, 11,839 failed."
    )


def test_where_there_is_no_flood_or_it_did_not_fail_or_alone_did_all_are_counted() -> None:
    assert beside_a_flood(then(None)) == ""
    assert beside_a_flood(then(replace(FLOOD, own=Hit(100, 21915, 9, 140)))) == ""
    assert beside_a_flood(then(replace(FLOOD, others=Hit(3, 2552, 3, 400)))) == ""


def test_what_is_set_aside_is_said() -> None:
    assert set_aside(then(None)) == ", not counting 21 of monitors"
    assert set_aside(None) == ""


def test_a_log_with_a_part_of_what_was_served_gives_no_share_of_its_own() -> None:
    seen = Seen(0, 5531, 0, 11354)
    part = AskedThen(seen, NOBODY, NOBODY, NOBODY, fuller=Fuller(1, 34_958))
    assert share_of(seen, 5531, "failed", UTC, part, apart=True) == (
        "5,531 requests failed, beside 34,958 that did not (about 14 %)"
    )
    whole = AskedThen(seen, NOBODY, NOBODY, NOBODY)
    assert share_of(seen, 5531, "failed", UTC, whole, apart=True) == "5,531 of 11,354 requests failed (49 %)"


@pytest.mark.parametrize(
    ("served", "found", "far_more"), [(34_958, 11_354, True), (262, 261, False), (1427, 2693, False), (9, 0, False)]
)
def test_a_log_is_fuller_by_times_as_many_requests_that_were_served(served: int, found: int, far_more: bool) -> None:
    assert is_far_more(served, found) == far_more


def test_each_line_of_nginx_on_a_server_that_did_not_answer_is_a_request() -> None:
    lines = series(replace(ANY, id="nginx.upstream.reset"), *range(600, 750))
    found = Incident((Signal(lines, lines.moments, Why.SURPRISE),), 600 * SECOND, 750 * SECOND, None)
    assert by_proxy(found) == "150 requests got no answer from httpd, by the lines of nginx."
    other = series(ANY, *range(600, 750))
    assert by_proxy(replace(found, signals=(Signal(other, other.moments, Why.SURPRISE),))) == ""


def test_of_requests_that_hung_those_that_failed_are_counted_already() -> None:
    hung = AskedThen(Seen(0, 535, 0, 1642), NOBODY, NOBODY, NOBODY, hung=Hung(39, 0, 1600 * SECOND, "POST"))
    assert hanging(hung) == "; 39 more hung for up to 26 min 40 s, and no POST was answered in time"
    assert hanging(replace(hung, hung=Hung(39, 39, 1600 * SECOND))) == ""
    assert hanging(None) == ""
