"""By what an outage's requests are told: its statuses, since when all failed, by which methods."""

import pytest

from logsleuth.report.compose.requests.timers import is_steady
from logsleuth.report.compose.requests.yardstick import CLASSES, Kind, Whole, methods_apart, statuses_of, whole_from
from logsleuth.units import SECOND


@pytest.mark.parametrize(
    ("kind", "within", "before", "statuses"),
    [
        ("failed", {200: 50, 500: 3, 503: 40, 404: 9}, {500: 3}, {500, 503}),
        ("refused", {200: 300, 403: 646, 404: 210}, {200: 900, 404: 100}, {403}),
        ("refused", {403: 60, 404: 40}, {200: 100}, {403, 404}),
        ("refused", {403: 90, 404: 5}, {200: 100}, {403}),
        ("refused", {200: 100, 404: 10}, {200: 100, 404: 10}, {404}),
        ("refused", {200: 100, 403: 50}, {}, {403}),
        ("redirected", {200: 9, 301: 900, 302: 10, 304: 500}, {200: 500, 302: 60}, {301}),
        ("failed", {200: 50, 404: 9}, {}, set()),
    ],
    ids=[
        "any server error",
        "what is new",
        "two that are new",
        "hardly any",
        "as before",
        "log begins",
        "redirects",
        "none",
    ],
)
def test_the_statuses_of_an_outage_are_those_that_came_on_top_of_the_usual(
    kind: Kind, within: dict[int, int], before: dict[int, int], statuses: set[int]
) -> None:
    assert kind in CLASSES
    assert statuses_of(kind, within, before) == statuses


def requests(*fates: bool, gap: int = 1) -> list[tuple[int, bool]]:
    return [(place * gap * SECOND, fate) for place, fate in enumerate(fates)]


def test_from_when_on_every_request_failed() -> None:
    asked = requests(*[True, False] * 10, *[True] * 40)
    assert whole_from(asked, 0, 60 * SECOND) == Whole(20 * SECOND, 40)
    assert whole_from(requests(*[True] * 60), 0, 60 * SECOND) is None  # it is whole
    assert whole_from(requests(*[True, False] * 25, *[True] * 25), 0, 75 * SECOND) is None  # late
    assert whole_from(requests(False, *[True] * 10), 0, 11 * SECOND) is None  # few
    assert whole_from(requests(*[True] * 60, False), 0, 60 * SECOND) is None


def test_methods_are_told_apart_where_one_of_them_failed_and_the_other_did_not() -> None:
    assert methods_apart({"GET": (0, 76), "POST": (76, 76), "HEAD": (0, 1)}) == (("POST", 76, 76), ("GET", 0, 76))
    assert methods_apart({"GET": (30, 76), "POST": (76, 76)}) == ()
    assert methods_apart({"GET": (0, 4), "POST": (76, 76)}) == ()
    assert methods_apart({"POST": (76, 76)}) == ()


def test_a_timer_s_requests_come_at_a_steady_interval() -> None:
    every = list(range(0, 300 * SECOND, 10 * SECOND))
    assert is_steady(every)
    assert is_steady([*every[:10], *every[14:]])  # some were never answered
    assert not is_steady(every[:9])
    assert not is_steady([place * place * SECOND for place in range(30)])
    assert not is_steady(list(range(0, 60 * SECOND, SECOND)))  # of whole seconds any busy client's are
