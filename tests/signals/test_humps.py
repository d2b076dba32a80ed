"""Lengths of two kinds are told as two, and not as an average that none of them has."""

import pytest

from logsleuth.signals.humps import usual_lengths


@pytest.mark.parametrize(
    ("lengths", "usual"),
    [
        ([], ()),
        ([42], (42,)),
        ([42, 84], (63,)),  # too few to be of two kinds
        ([42] * 20 + [84] * 20, (42, 84)),
        ([41, 42, 43] * 8 + [80, 84, 86] * 5, (42, 84)),
        ([42] * 39 + [84], (42,)),  # one that took longer is no kind
        ([40, 42, 44, 46, 48, 50] * 6, (45,)),
        (list(range(1, 60)), (30,)),  # all lengths
        ([20] * 10 + list(range(40, 200, 4)), (98,)),  # one timeout, and what takes as long as it takes
        ([0] * 30, (0,)),
    ],
)
def test_the_usual_lengths(lengths: list[int], usual: tuple[int, ...]) -> None:
    assert usual_lengths(lengths) == usual
