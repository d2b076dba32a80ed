"""The stretches in which an access log has no request."""

from logsleuth.lives.requests import gaps
from logsleuth.timeline.model import Counts
from logsleuth.units import SECOND


def test_gaps_are_those_that_touch_a_stretch_of_time() -> None:
    counts = Counts(SECOND, [(second * SECOND, 1) for second in (0, 1, 60, 61, 200, 201)])
    found = [(begin // SECOND, end // SECOND) for begin, end in gaps(counts, 30 * SECOND, 150 * SECOND)]
    assert found == [(1, 60), (60, 61), (61, 200)]
    assert gaps(Counts(SECOND, []), 0, SECOND) == []
