"""Which LogFormats are inferred from lines that end with how long a request took."""

from __future__ import annotations

import random

import pytest

from logsleuth.logs.others.access.guess import layouts_of
from logsleuth.logs.others.access.layout import COMMON, KNOWN, VHOST_COMBINED, VHOST_COMMON
from logsleuth.logs.others.access.reader import access_reader

COMBINED = rf"{COMMON} \"%{{x}}n\" \"%{{x}}n\""


def lines(tail: str, *, took: str = "{micros}", before: str = "", pages: int = 400) -> list[bytes]:
    """What a site writes whose pages take about 0.3 s and whose files hardly any time, in the order of the answers."""
    chance = random.Random(1)
    found = []
    for second in range(pages):
        for micros in (chance.randrange(80, 900), round(chance.lognormvariate(12.5, 0.9))):
            ended = second * 1_000_000 + chance.randrange(1_000_000) + micros
            values = {"micros": micros, "millis": micros // 1000, "seconds": micros // 1_000_000}
            line = (
                f"{before}192.0.2.{second % 200} - - [04/Sep/2009:14:{second // 60:02}:{second % 60:02} +0000] "
                f'"GET /a HTTP/1.1" 200 {chance.randrange(200, 90_000)}{tail}{took.format(**values)}'
            )
            found.append((ended, line))
    return [line.encode() for _, line in sorted(found)]


@pytest.mark.parametrize(
    ("log", "layout"),
    [
        (lines(' "-" "Mozilla/5.0" '), rf"{COMBINED} %D"),
        (lines(" "), rf"{COMMON} %D"),
        (lines(' "-" "curl" ', before="shop.example:443 "), rf"{VHOST_COMBINED} \"%{{x}}n\" \"%{{x}}n\" %D"),
        (lines(' "-" "curl" ', before="shop.example "), rf"{VHOST_COMMON} \"%{{x}}n\" \"%{{x}}n\" %D"),
        (lines(' "-" "curl" ', took="{millis}"), rf"{COMBINED} %{{ms}}T"),
        (lines(' "-" "curl" "198.51.100.7" ', took="0.120"), rf"{COMBINED} \"%{{x}}n\" %T"),
        (lines(' "-" "curl" ', took="rt=0.120"), rf"{COMBINED} rt=%T"),
        (lines(' "-" "curl" ', took="took:{micros}"), rf"{COMBINED} took:%D"),
    ],
    ids=[
        "combined",
        "common",
        "vhost",
        "vhost without a port",
        "milliseconds",
        "nginx, behind a forwarded client",
        "nginx, named",
        "named",
    ],
)
def test_a_number_at_the_end_is_a_duration_in_the_unit_in_which_requests_end_in_order(
    log: list[bytes], layout: str
) -> None:
    assert layouts_of(log) == (layout, *KNOWN)


def with_hung(log: list[bytes], tail: str) -> list[bytes]:
    """With requests that began long before those whose lines stand before theirs."""
    for place in (360, 362, 364, 366):
        hung = f'192.0.2.9 - - [04/Sep/2009:14:01:00 +0000] "GET /b HTTP/1.1" 200 5 "-" "curl" {tail}'
        log.insert(place, hung.encode())
    return log


@pytest.mark.parametrize(
    ("took", "hung", "layout"),
    [
        ("{micros} 20229", "120000000 20230", rf"{COMBINED} %D %{{x}}n"),
        ("20229 {micros}", "20230 120000000", rf"{COMBINED} %{{x}}n %D"),
        ("812 {millis}", "4711 120000", rf"{COMBINED} %{{x}}n %{{ms}}T"),
    ],
    ids=["a pid behind it", "a pid before it", "bytes before it"],
)
def test_of_two_numbers_at_the_end_that_is_the_duration_which_puts_the_lines_in_order(
    took: str, hung: str, layout: str
) -> None:
    assert layouts_of(with_hung(lines(' "-" "curl" ', took=took), hung)) == (layout, *KNOWN)


def test_bytes_are_no_durations() -> None:
    assert layouts_of(with_hung(lines(' "-" "curl" ', took="533 8120"), "533 4200")) == ()


def test_whole_seconds_are_told_from_milliseconds_by_requests_that_hung() -> None:
    log = lines(' "-" "curl" ', took="{seconds}")
    assert layouts_of(with_hung(log, "120")) == (rf"{COMBINED} %T", *KNOWN)


@pytest.mark.parametrize(
    "log",
    [
        [],
        lines(' "-" "Mozilla/5.0"', took=""),
        lines(' "-" "curl" ', took="keep-alive"),
        [line + b" 7" * (nth % 2) for nth, line in enumerate(lines(' "-" "curl" '))],
    ],
    ids=["empty", "combined", "a word", "another number in half of the lines"],
)
def test_what_does_not_end_with_a_number_says_nothing_of_durations(log: list[bytes]) -> None:
    assert layouts_of(log) == ()


SITE_LINE = b'www.a.example 192.0.2.7 - - [03/Mar/2026:12:00:%02d +0000] "GET / HTTP/1.1" 200 9 "-" "-"'


@pytest.mark.parametrize(
    ("line", "layouts"),
    [
        (SITE_LINE, (VHOST_COMMON, *KNOWN)),
        (SITE_LINE.replace(b"192.0.2.7", b"2001:db8::7"), (VHOST_COMMON, *KNOWN)),
        (SITE_LINE.replace(b"192.0.2.7 ", b""), ()),  # a client by its name
        (SITE_LINE.replace(b"www.a.example", b"192.0.2.9"), ()),  # two addresses
        (SITE_LINE.replace(b"www.a.example", b"www.a.example:443"), ()),  # known without help
    ],
)
def test_lines_that_begin_with_a_site_name_it_before_the_client(line: bytes, layouts: tuple[str, ...]) -> None:
    assert layouts_of([line % second for second in range(30)]) == layouts


def test_the_site_and_the_client_of_such_lines_are_read() -> None:
    record = access_reader((VHOST_COMMON, *KNOWN))(SITE_LINE % 7)
    assert record is not None
    assert record.request is not None
    assert (record.request.client, record.request.vhost) == ("192.0.2.7", "www.a.example")


@pytest.mark.parametrize(("status", "switches"), [(200, False), (101, True)])
def test_a_connection_that_changed_its_protocol_was_open_for_what_it_took(status: int, switches: bool) -> None:
    line = f'192.0.2.7 - - [04/Sep/2009:14:00:00 +0000] "GET /ws HTTP/1.1" {status} 5 "-" "curl" 90000000'
    record = access_reader((rf"{COMBINED} %D",))(line.encode())
    assert record is not None
    assert record.request is not None
    assert (record.took, record.request.switches) == (90_000_000, switches)
