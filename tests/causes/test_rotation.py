"""A restart with which the logs were rotated is told as such, and set off nothing that comes by its date."""

from __future__ import annotations

from dataclasses import replace

import pytest

from logsleuth.causes.expiry import comes_by_date
from logsleuth.causes.rotation import is_of_a_rotation
from logsleuth.incidents.model import Incident
from logsleuth.lives.server.model import Restart
from logsleuth.signals.model import Signal, Why
from logsleuth.timeline.model import Opening
from logsleuth.units import SECOND
from tests.lives.build import ANY, line, series, timeline

NIGHT = 40_000


def restart(*logs: int) -> Restart:
    """One at NIGHT of which these files have the lines."""
    lines = tuple(line()._replace(log=log) for log in logs)
    return Restart("reload", NIGHT * SECOND, (NIGHT + 1) * SECOND, 1, lines)


def openings(*seconds: float) -> dict[int, Opening]:
    """The files of an access log, which begin at these seconds."""
    return {nth: Opening("access", int(second * SECOND), (nth, 0)) for nth, second in enumerate(seconds, 10)}


@pytest.mark.parametrize(
    ("logs", "begin", "is_one"),
    [
        ((0, 1), (0,), True),  # the order is in the old file, the start in the new one
        ((0, 0), (0, NIGHT + 1), True),  # the access log's next file begins then
        ((0, 0), (0, NIGHT + 600), False),
        ((0, 0), (NIGHT,), False),  # the first file of a log begins where somebody has cut it
        ((0, 0), (), False),
    ],
)
def test_it_is_of_a_rotation_where_the_next_file_of_a_log_begins_with_it(
    logs: tuple[int, ...], begin: tuple[float, ...], is_one: bool
) -> None:
    assert is_of_a_rotation(restart(*logs), timeline(openings=openings(*begin))) is is_one


def test_a_file_that_has_the_order_and_the_start_was_not_rotated_with_it() -> None:
    """What begins at the restart are httpd's lines in the journal."""
    begun = NIGHT * SECOND
    logs = {0: Opening("error", 0, (0, 0)), 1: Opening("error", begun, (1, 0)), 2: Opening("access", 0, (2, 0))}
    assert not is_of_a_rotation(restart(0, 0), timeline(openings=logs))


def test_a_start_that_the_journal_has_is_no_sign_of_a_rotation() -> None:
    logs = {0: Opening("httpd", 0, (0, 0)), 1: Opening("journal", 0, (1, 0))}
    assert not is_of_a_rotation(restart(0, 1), timeline(openings=logs))


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("AH02039: Certificate Verification: Error (10): certificate has expired", True),
        ("AH02039: Certificate Verification: Error (12): CRL has expired", True),
        ("SSL Library Error: error:14094415:SSL routines:ssl3_read_bytes:sslv3 alert certificate expired", True),
        ("AH00957: http: attempt to connect to 10.0.0.5:80 failed", False),
        ("AH01102: the timeout has expired", False),
    ],
)
def test_what_ends_on_its_date_is_nobodys_doing(text: str, is_one: bool) -> None:
    failing = series(replace(ANY), 5, 6)
    first = replace(failing.moments[0], sighting=failing.moments[0].sighting._replace(text=text))
    signal = Signal(failing, (first, *failing.moments[1:]), Why.SURPRISE)
    assert comes_by_date(Incident((signal,), signal.begin, signal.end, None), signal) is is_one
