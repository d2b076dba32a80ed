"""What a program says of the reason of a failure that names none: what it waited for, or what failed."""

from dataclasses import replace

import pytest

from logsleuth.causes.own_words import category_in_words, own_words, wait_in
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
    assert (
        reason(late, early) == "What requests waited for, as the program logged it: “a after 38 s” (3 lines like this)"
    )


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


CGI = replace(ANY, id="cgi", role="symptom", category="cgi-failure", names="failure", fallback=True)
STDERR = "AH01215: stderr from /srv/cgi-bin/git: "


def handed_on(*texts: str, begin: int = 100) -> Signal:
    """What a CGI program wrote, one text a second."""
    found = series(CGI, *range(begin, begin + len(texts)))
    moments = tuple(
        replace(one, sighting=one.sighting._replace(text=HEAD + STDERR + text))
        for one, text in zip(found.moments, texts, strict=True)
    )
    return Signal(replace(found, moments=moments), moments, Why.COMPANION)


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (
            handed_on("fatal: the owner of '/srv/a' is another", "fatal: the owner of '/srv/b' is another", "hint: x"),
            "In the program's own words: “fatal: the owner of '/srv/a' is another”",
        ),
        (handed_on("loading till", "loading till", "loading till"), ""),  # no failure
        (handed_on("cannot open a", "no such b", "lost c", "c is fatal"), ""),  # each another
        (handed_on(*["cannot open till"] * 3, begin=130), ""),  # it began later
    ],
)
def test_the_failure_that_a_program_names_most_is_the_reason(other: Signal, told: str) -> None:
    assert reason(other) == told


def test_a_cause_whose_lines_name_a_database_is_of_that_category() -> None:
    broken = replace(CGI, about="request")
    lines = series(broken, 100, 101, 102)
    text = HEAD + "PythonHandler till: OperationalError: database is locked"
    moments = tuple(replace(one, sighting=one.sighting._replace(text=text)) for one in lines.moments)
    named = Signal(replace(lines, moments=moments), moments, Why.SURPRISE)
    assert category_in_words(named) == "database-down"
    assert category_in_words(Signal(lines, lines.moments, Why.SURPRISE)) is None
    assert (
        category_in_words(replace(named, series=replace(named.series, meaning=replace(broken, about="backend"))))
        is None
    )
