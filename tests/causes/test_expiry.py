"""A certificate that expired just before an outage set that off; one that expired long before, or later, did not."""

from __future__ import annotations

import pytest

from logsleuth.causes.expiry import expired, time_of
from logsleuth.incidents.model import Incident
from logsleuth.units import SECOND
from tests.causes.test_same_object import REFUSES, line, signal

END = 1_763_975_560
"""Nov 24 09:12:40 2025 GMT."""


def told(onset: int, **captured: str) -> list[tuple[float, str]]:
    """What is said of an outage that begins this many seconds after that date."""
    first = signal(REFUSES, *(line(END + second, "text", 100, "", **captured) for second in (onset, onset + 9)))
    return [
        (one.time / SECOND - END, one.text) for one in expired(Incident((first,), first.begin, first.end, None), first)
    ]


@pytest.mark.parametrize(
    ("date", "seconds"),
    [
        ("Nov 24 09:12:40 2025 GMT", END),
        ("Nov  4 09:12:40 2025 GMT", END - 20 * 86_400),
        ("Nov 31 09:12:40 2025 GMT", None),
        ("Nox 24 09:12:40 2025 GMT", None),
        ("Nov 24 09:12:40 2025", None),
        ("", None),
    ],
)
def test_the_date_is_read_as_openssl_writes_it(date: str, seconds: int | None) -> None:
    assert time_of(date) == (None if seconds is None else seconds * SECOND)


def test_an_outage_that_begins_with_the_end_of_a_certificate_is_set_off_by_it() -> None:
    until = "Nov 24 09:12:40 2025 GMT"
    assert told(0, until=until, subject="CN=shop") == [(0, "The certificate of CN=shop expired")]
    assert told(60, until=until) == [(0, "The certificate expired")]
    assert told(-1, until=until) == [(-1, "The certificate expired")]  # clocks differ


def test_one_that_ended_at_another_time_is_not() -> None:
    until = "Nov 24 09:12:40 2025 GMT"
    assert told(3600, until=until) == []
    assert told(-60, until=until) == []
    assert told(0) == []
    assert list(expired(Incident((), 0, 0, None), None)) == []
