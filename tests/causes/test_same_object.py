"""Two kinds of messages about one thing: a backend, an error that one of them quotes, or one and the same process."""

from __future__ import annotations

from dataclasses import replace

import pytest

from logsleuth.causes.same_object import shared
from logsleuth.scan.sighting import Sighting
from logsleuth.signals.model import Signal, Why
from logsleuth.timeline.model import Moment, Series
from logsleuth.units import SECOND
from tests.lives.build import ANY

SLOW = replace(ANY, id="slow", title="Backend answers too slowly", category="backend-timeout")
REFUSES = replace(ANY, id="refuses", title="Backend refuses connections", category="backend-down")
FULL = replace(ANY, id="full", title="No space left", category="disk-full")
UNCAUGHT = replace(ANY, id="uncaught", title="Uncaught exception", category="php-fatal")


def line(second: float, text: str = "text", pid: int = 100, client: str = "", **fields: str) -> Moment:
    """One line at a second, with what its pattern captured."""
    time = int(second * SECOND)
    sighting = Sighting(time, 0, int(second * 100), 0, 0, "", "error", pid, 0, 0, text, tuple(fields.items()))
    return Moment(time, time, 1, sighting, client)


def signal(meaning: object, *moments: Moment) -> Signal:
    return Signal(Series(meaning, moments), moments, Why.SURPRISE)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("mine", "theirs", "bound"),
    [
        ("127.0.0.1:8090", "127.0.0.1:8090", True),
        ("http://127.0.0.1:8090/", "127.0.0.1:8090", True),
        ("127.0.0.1:8090", "127.0.0.1:8091", False),
        ("*", "*", False),
    ],
)
def test_what_names_the_same_back_end_is_bound(mine: str, theirs: str, *, bound: bool) -> None:
    one = signal(SLOW, line(10, backend=mine), line(20, backend=mine))
    other = signal(REFUSES, line(50, pid=200, backend=theirs))
    assert (shared(one, other) == "both name the backend 127.0.0.1:8090") is bound


def test_a_back_end_that_few_of_the_lines_name_binds_nothing() -> None:
    one = signal(SLOW, *(line(10 * nth, backend=f"192.0.2.{nth}:80") for nth in range(1, 6)))
    assert shared(one, signal(REFUSES, line(90, pid=200, backend="192.0.2.1:80"))) is None


@pytest.mark.parametrize(
    "text",
    [
        "PDOException: General error: 1030 Got error 28 from storage engine",
        "OSError: [Errno 28] No space left on device",
        "mysqld: Disk full (errno: 28)",
        "session_start(): open(/tmp/s) failed: No space left on device (28) in /a.php",
    ],
)
def test_an_exception_that_quotes_an_error_is_bound_to_what_the_error_means(text: str) -> None:
    found = shared(signal(FULL, line(1)), signal(UNCAUGHT, line(50, text, pid=200)))
    assert found == "the lines of “Uncaught exception” quote error 28, which the other reports"


def test_an_error_of_another_kind_and_a_line_of_code_are_no_such_number() -> None:
    for text in ("OSError: [Errno 13] Permission denied", "in /srv/app.php on line 28", "order 28 failed"):
        assert shared(signal(FULL, line(1)), signal(UNCAUGHT, line(50, text, pid=200))) is None


def test_lines_of_one_process_within_a_second_are_of_one_event() -> None:
    one = signal(FULL, line(10.0, pid=7, client="192.0.2.7"), line(20.0, pid=8, client="192.0.2.8"))
    near = signal(UNCAUGHT, line(10.002, pid=7, client="192.0.2.7"), line(20.001, pid=8, client="192.0.2.8"))
    others = signal(UNCAUGHT, line(10.002, pid=7, client="192.0.2.9"), line(40, pid=8, client="192.0.2.8"))
    assert shared(one, near) == "the same processes wrote both within a second"
    assert shared(one, others) is None
