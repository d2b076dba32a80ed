"""Which failed requests are those of a fault that another log names."""

from __future__ import annotations

import pytest

from logsleuth.incidents.same_events import are_of_the_same_clients
from logsleuth.units import HOUR
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
