"""Who waited: silences in which nobody was answered, and moments in which all who had waited were."""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from logsleuth.lives.requests import Requests
from logsleuth.signals.tuning import JOIN_US
from logsleuth.signals.waiting import answers_are_missing, dropped_until, find_releases, waited_until
from logsleuth.timeline.model import Counts, Traffic
from logsleuth.units import HOUR, SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable

NONE = Counts(SECOND, [])


def counts(*seconds: float) -> Counts:
    return Counts(SECOND, [(int(second) * SECOND, count) for second, count in sorted(Counter(seconds).items())])


def requests(*seconds: int, access: bool = True) -> Requests:
    """One request at each of these seconds, in an access log or as lines of the error log."""
    found = counts(*seconds)
    return Requests(NONE, {1: Traffic(found, NONE, NONE)}, found) if access else Requests(found, {}, found)


def without(*gaps: tuple[int, int]) -> list[int]:
    """The seconds of a quarter of an hour but for those within some gaps."""
    return [second for second in range(900) if not any(begin < second < end for begin, end in gaps)]


@pytest.mark.parametrize("access", [True, False], ids=["access log", "error log alone"])
@pytest.mark.parametrize(
    ("gaps", "until"),
    [
        ([], None),
        ([(400, 402)], None),
        ([(400, 412)], 412),
        ([(400, 412), (415, 424), (429, 440)], 440),
        ([(400, 412), (500, 520)], 412),
    ],
    ids=["none", "a second", "one", "again and again", "another one a minute later"],
)
def test_those_who_waited_for_a_full_server_did_so_until_the_last_silence(
    gaps: list[tuple[int, int]], until: int | None, *, access: bool
) -> None:
    found = waited_until(requests(*without(*gaps), access=access), 401 * SECOND, 0)
    assert found == (until and until * SECOND)


@pytest.mark.parametrize(("gap", "until"), [(20, None), (60, 460)])
def test_the_longest_of_several_gaps_between_rare_requests_is_no_silence_by_itself(gap: int, until: int | None) -> None:
    seconds = [second for second in range(0, 900, 5) if not 400 < second < 400 + gap]
    assert waited_until(requests(*seconds), 401 * SECOND, 0) == (until and until * SECOND)


def test_nobody_waited_for_a_worker_before_the_server_had_started() -> None:
    """Requests of the run before tell nothing of this one: it was stopped in between."""
    asked = requests(*range(0, 400, 2), *range(7200, 7300, 20))
    assert waited_until(asked, 7190 * SECOND, 0) == 7200 * SECOND
    assert waited_until(asked, 7190 * SECOND, 7180 * SECOND) is None


STEADY = range(0, 7200, 2)
CLUMPS = [second for second in random.Random(1).sample(range(7200), 120) for _ in range(12)]
"""About once a minute a page with a dozen pictures."""


@pytest.mark.parametrize(
    ("seconds", "until"),
    [
        (STEADY, None),
        ([s for s in STEADY if not 3600 < s < 4500], 4500),
        ([s for s in STEADY if not 3600 < s < 4500 or s % 4 == 0], 4500),
        ([s for s in STEADY if not 3600 < s < 4500 or s % 20], None),
        ([s for s in STEADY if s < 3600 or s % 4 == 0], None),
        ([s for s in range(0, 7200, 60) if not 3600 < s < 3720], None),
        ([s for s in CLUMPS if not 3600 < s < 3780], None),
    ],
    ids=[
        "no fewer", "none at all", "every second one, as static files go on", "nine of ten: traffic varies",
        "nothing shows that it ended", "too few to tell", "they come in clumps",
    ],
)  # fmt: skip
def test_a_full_server_that_goes_on_with_some_requests_is_full_until_as_many_are_answered_as_before(
    seconds: Iterable[int], until: int | None
) -> None:
    assert dropped_until(requests(*seconds), 3601 * SECOND) == (until and until * SECOND)


@pytest.mark.parametrize("seconds", [[], [0, 3590, 3595, 3650, 7000], [3605, 3606, 3650, 7000]])
def test_of_a_log_with_hardly_a_request_nothing_is_known(seconds: list[int]) -> None:
    assert dropped_until(requests(*seconds), 3601 * SECOND) is None


def test_an_access_log_shows_better_than_lines_of_errors_when_requests_were_answered() -> None:
    both = Requests(counts(10, 400, 800), {1: Traffic(counts(*range(900)), NONE, NONE)}, NONE)
    assert waited_until(both, 401 * SECOND, 0) is None
    assert not answers_are_missing(both, 400 * SECOND, 800 * SECOND)


def released(at: Iterable[float]) -> list[int]:
    """The seconds of an hour, one answer every ten seconds and these besides, at which all who had waited were served."""
    found = find_releases(counts(*range(0, 3600, 10), *at), HOUR)
    return [time // SECOND for time in found]


def test_a_release_is_one_crowded_moment_of_answers_by_itself() -> None:
    assert released([1805] * 12) == [1805]
    assert released([1805] * 4) == []
    assert released([second for second in range(1805, 1865, 5) for _ in range(12)]) == []
    assert list(find_releases(NONE, HOUR)) == []


@pytest.mark.parametrize("width", [1, 16, 32, 64, 256])
def test_of_requests_that_are_counted_by_the_minute_no_drop_is_known(width: int) -> None:
    """A log of months: a count may begin before the moment that is asked about, and end behind it."""
    rates = {0: 50, HOUR // SECOND: 1, HOUR // SECOND + 600: 50}
    counts_ = Counts(
        width * SECOND,
        [
            (second * SECOND, width * rates[max(at for at in rates if at <= second)])
            for second in range(0, 2 * HOUR // SECOND, width)
        ],
    )
    found = dropped_until(Requests(NONE, {1: Traffic(counts_, NONE, NONE)}, counts_), HOUR)
    assert (found is None) == (width * SECOND >= JOIN_US)
