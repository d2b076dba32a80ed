"""What is computed of lengths of time."""

import statistics

from hypothesis import given
from hypothesis import strategies as st

from logsleuth.units import median


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=30))
def test_the_median_is_that_of_the_standard_library(lengths: list[int]) -> None:
    assert median(lengths) == statistics.median(lengths)
    assert median(iter(lengths)) == median(lengths)
