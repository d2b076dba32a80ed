"""A full disk keeps the server from writing any log: each must be silent, where it was not before."""

from __future__ import annotations

import pytest

from logsleuth.lives.requests import Requests
from logsleuth.signals.waiting import silent_until
from logsleuth.timeline.model import Counts, Traffic
from logsleuth.units import SECOND

NONE = Counts(SECOND, [])
BUSY = range(0, 1000, 4)


def counts(*seconds: int) -> Counts:
    return Counts(SECOND, [(second * SECOND, 1) for second in seconds])


@pytest.mark.parametrize(
    ("trace", "access", "time", "until"),
    [
        (counts(*BUSY, 1300, 1304), counts(*BUSY, 1200, 1204), 998, 1200),
        (counts(*BUSY, 1300, 1304), counts(*range(0, 1500, 4)), 998, None),
        (counts(*BUSY, 1300, 1304), NONE, 998, 1300),
        (counts(10, 12, 14, 9000, 9002), NONE, 5000, None),
        (NONE, NONE, 998, None),
    ],
    ids=[
        "both logs are silent, and the access log goes on first",
        "the access log goes on",
        "there is no access log",
        "scanners were refused hours before and hours after",
        "nothing to go by",
    ],
)
def test_what_hides_the_end_hides_it_in_every_log(trace: Counts, access: Counts, time: int, until: int | None) -> None:
    requests = Requests(trace, {0: Traffic(access, NONE, NONE)} if access else {}, NONE)
    assert silent_until(requests, time * SECOND) == (until and until * SECOND)
