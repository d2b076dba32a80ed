"""What a program says that it waited for, as the reason of a failure that names none."""

from dataclasses import replace

import pytest

from logsleuth.causes.own_words import own_words, wait_in
from logsleuth.signals.model import Signal, Why
from logsleuth.units import SECOND
from tests.lives.build import ANY, series

FULL = replace(ANY, id="full", role="capacity", category="worker-exhaustion", names="failure")
UNKNOWN = replace(ANY, known_by="level", id="unknown", role="symptom", category=None)
CARD = replace(ANY, known_by="card", id="stderr", role="symptom", category=None)
HEAD = "[Tue Mar 03 14:02:11.120001 2020] [fcgid:warn] [pid 4711:tid 4711] [client 192.0.2.7:40112] "


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("archive loaded after 38 s", 38),
        ("Band geladen nach 1,5 Sekunden", 1.5),
        ("gateway: ReadTimeout after 130s: read timed out", 130),
        ("query took 2500ms", 2.5),
        ("waited 3 minutes for a lock", 180),
        ("retrying in 30 s", 0),
        ("cached for 60 min", 0),
        ("10.0.0.5:8080 5 seats at /30s/x", 0),
        ("nothing", 0),
    ],
)
def test_a_message_may_name_a_time_that_passed(words: str, seconds: float) -> None:
    assert wait_in(words) == seconds * SECOND


def said(text: str, *seconds: float, card: bool = False) -> Signal:
    """A message that nothing knows, or that httpd hands on, at these seconds."""
    found = series(CARD if card else UNKNOWN, *seconds)
    moments = tuple(replace(one, sighting=one.sighting._replace(text=HEAD + text)) for one in found.moments)
    return Signal(replace(found, moments=moments), moments, Why.COMPANION)


def reason(*others: Signal) -> str:
    full = series(FULL, *range(100, 160))
    first = Signal(full, full.moments, Why.SURPRISE)
    found = own_words(first, [first, *others])
    return "" if found is None else found.text


@pytest.mark.parametrize(
    ("other", "is_told"),
    [
        (said("mod_fcgid: stderr: x.fcgi: loaded after 38 s", 90, 95, 130, card=True), True),
        (said("mod_fcgid: cannot spawn after 38 s", 90, 95, 130, card=True), False),  # a module's own words
        (said("payment: timeout after 130s", 225, 226, 230), True),  # it began before its line
        (said("payment: timeout after 30s", 225, 226, 230), False),  # it began later
        (said("loaded after 1 s", 90, 95, 130), False),  # nobody waits for that
        (said("something failed", 90, 95, 130), False),
        (said("loaded after 38 s", 90), False),  # once
    ],
)
def test_a_wait_that_began_with_the_failure_or_before_is_its_reason(other: Signal, is_told: bool) -> None:
    assert bool(reason(other)) is is_told


def test_what_is_said_at_other_times_as_well_is_no_reason() -> None:
    often = said("loaded after 38 s", *range(90, 99), *range(1000, 1100))
    assert reason(often)
    assert not reason(replace(often, moments=often.moments[:9]))


def test_the_wait_that_began_first_is_quoted_without_the_head_of_its_line() -> None:
    late, early = said("b after 20 s", 110, 111, 112), said("a after 38 s", 105, 106, 107)
    assert reason(late, early) == "What was waited for, in the program's own words: “a after 38 s” (3 lines like this)"


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (
            "cURL: timed out after 55001 ms calling https://pay.example.org/api/x?key=1",
            "curl -m 5 -sv https://pay.example.org/api/x.",
        ),
        ("timed out after 55 s: http://a.example.org:8080/$(reboot)", "curl -m 5 -sv http://a.example.org:8080/."),
        ("loaded after 38 s", ""),
    ],
)
def test_an_address_that_the_words_name_is_to_be_asked(words: str, advice: str) -> None:
    full = series(FULL, *range(100, 160))
    first = Signal(full, full.moments, Why.SURPRISE)
    found = own_words(first, [first, said(words, 130, 135, 140)])
    assert found is not None
    assert advice in found.fix
    assert bool(found.fix) == bool(advice)
