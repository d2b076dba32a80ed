"""What comes with nearly all lines of a signal."""

from __future__ import annotations

import pytest

from logsleuth.causes.company import company_of
from tests.causes.test_same_object import REFUSES, SLOW, line, signal


@pytest.mark.parametrize(
    ("own", "others", "comes"),
    [
        ([10, 20, 30], [11, 21.5, 31], True),  # each within two seconds
        ([10, 20, 30], [11], False),  # with one of three only
        ([10, 20, 30, 40, 50], [10, 20, 30, 40], True),  # with four of five
        ([10, 20, 30], [13, 23, 33], False),  # too late each time
        ([10], [1, 5, 9, 40, 80], True),  # what else there is of it does not matter
    ],
)
def test_what_is_seen_with_nearly_all_lines_comes_with_them(own: list[float], others: list[float], comes: bool) -> None:
    one = signal(SLOW, *map(line, own))
    other = signal(REFUSES, *map(line, others))
    assert company_of(one, (one, other)) == ({"refuses"} if comes else frozenset())
