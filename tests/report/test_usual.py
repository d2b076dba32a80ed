"""Whether a page fails as often at other times."""

import pytest

from logsleuth.report.compose.requests.usual import Share, fail_as_usual

HIT = {"/shop": Share(500, 900)}
"""A page that never fails otherwise, and did in an outage."""
WELL = {"/shop": Share(0, 900)}


@pytest.mark.parametrize(
    ("within", "before", "is_usual"),
    [
        (Share(63, 176), Share(126, 338), True),
        (Share(1, 193), Share(2, 400), True),
        (Share(90, 176), Share(10, 338), False),
        (Share(90, 90), Share(50, 90), False),
        (Share(1, 193), Share(0, 400), False),
        (Share(63, 176), Share(3, 8), False),
    ],
    ids=[
        "the same share", "hardly ever", "far oftener", "always, not half of the time", "never before",
        "too few before to say",
    ],
)  # fmt: skip
def test_a_page_that_fails_as_often_at_other_times_was_not_hit(within: Share, before: Share, is_usual: bool) -> None:
    found = fail_as_usual({"/old": within, **HIT}, [{"/old": before, **WELL}])
    assert found == (frozenset({"/old"}) if is_usual else frozenset())


@pytest.mark.parametrize("before", [Share(50, 90), Share(90, 90)])
def test_where_every_request_of_an_outage_failed_each_page_was_hit(before: Share) -> None:
    assert not fail_as_usual({"/old": Share(90, 90)}, [{"/old": before}])


def test_pages_that_are_seldom_asked_for_are_held_against_those_of_their_folder() -> None:
    within = {f"/old/{number}": Share(number % 2, 1) for number in range(40)}
    before = {f"/old/{number}": Share(number % 2, 1) for number in range(40, 80)}
    assert fail_as_usual({**within, **HIT}, [{**before, **WELL}]) == {
        page for page, one in within.items() if one.failed
    }
    assert not fail_as_usual({**within, **HIT}, [{**dict.fromkeys(before, Share(0, 1)), **WELL}])


def test_it_has_to_fail_as_often_before_and_after() -> None:
    within, well = {"/old": Share(60, 100), **HIT}, {"/old": Share(1, 100), **WELL}
    also = {"/old": Share(60, 100), **WELL}
    assert fail_as_usual(within, [also, also]) == {"/old"}
    assert not fail_as_usual(within, [well, also])
    assert not fail_as_usual(within, [also, well])
    assert not fail_as_usual(within, [{}, {}])
