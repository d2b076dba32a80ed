"""The share of requests that failed, as the first sentence says it: of a part, of all, and without a flood's own."""

from dataclasses import replace

from logsleuth.lives.requests import Seen
from logsleuth.report.compose.answers.shares import beside_a_flood, set_aside
from logsleuth.report.compose.requests.asked import AskedThen
from logsleuth.report.compose.requests.newcomers import Hit, Newcomers
from logsleuth.timeline.model import AskedBy

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
