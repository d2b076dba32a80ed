"""The compiled scan reads access logs as the reference does, down to the last field of the last line kept."""

from __future__ import annotations

from datetime import UTC
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logsleuth.library.load import load_library
from logsleuth.logs.format.reader import _read_or_pass_over
from logsleuth.logs.others.access.layout import KNOWN, access_layout
from logsleuth.logs.others.access.reader import access_reader
from logsleuth.scan.core import compiled
from logsleuth.scan.matcher import Matcher
from logsleuth.scan.options import ScanOptions
from logsleuth.scan.scanner import Scanner
from logsleuth.scan.window import Window
from tests.scan.test_core import assert_same_tallies
from tests.scan.test_laws import CUTS, cut_up, longest_line, small_caps

pytestmark = pytest.mark.skipif(compiled() is None, reason="there is no compiled scan to compare")

MATCHER = Matcher(load_library())
ZONES = (UTC, ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kathmandu"))
FORMATS = (
    KNOWN,
    (r"%v:%p %a %l %u %t \"%r\" %>s %O \"%{Referer}i\" %D", *KNOWN),
    ("%t %s %u|%D us|%P %V %r", *KNOWN),
    ("%h %t%s%%%b", *KNOWN),
    (r"%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" %T", *KNOWN),
)


def options_for(formats: tuple[str, ...], zone: object = UTC, window: Window | None = None) -> ScanOptions:
    reader = partial(_read_or_pass_over, access_reader(formats))
    return ScanOptions(source="access", reader=reader, access=formats, zone=zone, window=window or Window(), span=4096)  # type: ignore[arg-type]


def assert_alike(data: bytes, size: int, options: ScanOptions) -> None:
    """Each block alone, and all together."""
    assert_same_tallies(MATCHER, cut_up(data, max(size, longest_line(data) + 64), options.span), options)


CLIENTS = st.sampled_from(["192.0.2.7", "192.0.2.8", "2001:db8::1", "-", "host.example.org", "café", "a" * 120])
USERS = st.sampled_from(["-", "amy", 'amy [10/Oct/2000:13:55:36 +0100] "', "a b", ""])
TIMES = st.sampled_from(
    [
        "[10/Oct/2000:13:55:36 +0200]", "[10/Oct/2000:13:55:37 +0200]", "[29/Feb/2024:23:59:59 -0930]",
        "[29/Feb/2023:00:00:00 +0000]", "[10/Oct/2000:13:55:60 +0000]", "[31/Mar/2024:02:30:00 +0100]",
        "[10/Oct/2000:13:55:36 +1600]", "[10/Oct/2000:13:55:36 +2500]", "[10/Oct/2000:13:55:36 +0260]",
        "[01/Jan/0000:00:00:00 +0000]", "[01/Jan/9999:00:00:00 +0000]", "[00/Oct/2000:13:55:36 +0200]", "[10/Oct/2000]",
    ]
)  # fmt: skip
REQUESTS = st.sampled_from(
    [
        "GET / HTTP/1.1", "GET /shop/cart?id=1 HTTP/1.1", "POST http://a.example/x/y HTTP/1.0", "GET http://a.example",
        "-", "", "\\x16\\x03", 'GET /\\"quoted\\" HTTP/1.1', "GET /" + "b" * 220 + "\\\\", "OPTIONS * HTTP/1.0",
        "PROPFIND /dav;v=1 HTTP/1.1", "GET /Traceback HTTP/1.1", "GET /caf\xe9 HTTP/1.1", "GET /a\rb", "\\", "1 /x",
    ]
)  # fmt: skip
STATUSES = st.sampled_from(["200", "404", "503", "500", "-", "99", "5000", "504", "302", "304", "308", "3010"])
LINES = st.one_of(
    st.builds(
        lambda vhost, client, user, time, request, status, rest: (
            f'{vhost}{client} - {user} {time} "{request}" {status} {rest}'
        ),
        st.sampled_from(["", "", "Www.Example.org:443 ", "-:80 ", "\u0130.example:x "]),
        CLIENTS, USERS, TIMES, REQUESTS, STATUSES,
        st.sampled_from(["12", '12 "-" "curl"', '7 "-" 123456', '7 "-" 1' + "0" * 15, "", "- x", '1 "-" 0.120', '1 "-" 60.0000019']),
    ),
    st.builds(
        lambda time, status, user, took, pid, request: f"{time} {status} {user}|{took} us|{pid} www {request}",
        TIMES, STATUSES, USERS, st.sampled_from(["0", "1500", "-", "9" * 15, "٣"]), st.sampled_from(["7", "-", "1" * 11]),
        REQUESTS,
    ),
    st.sampled_from(
        ["", "  ", "Traceback (most recent call last):", '  File "/a.py", line 1, in f', "ValueError: 1", "[damaged", "x\r"]
    ),
)  # fmt: skip
LOGS = st.builds(
    lambda lines, end: (end.join(lines) + end).encode("utf-8", "replace"),
    st.lists(LINES, max_size=25), st.sampled_from(["\n", "\n", "\r\n"]),
)  # fmt: skip


@given(LOGS, CUTS, st.sampled_from(FORMATS), st.sampled_from(ZONES))
@settings(max_examples=80, deadline=None)
def test_any_access_log_cut_anywhere_is_counted_alike(
    data: bytes, size: int, formats: tuple[str, ...], zone: object
) -> None:
    assert_alike(data, size, options_for(formats, zone))


@given(st.lists(st.tuples(LINES, st.binary(max_size=2), st.integers(0, 80)), max_size=12), CUTS)
@settings(max_examples=40, deadline=None)
def test_damaged_lines_are_counted_alike(pieces: list[tuple[str, bytes, int]], size: int) -> None:
    lines = [line.encode()[:at] + odd + line.encode()[at:] for line, odd, at in pieces]
    assert_alike(b"\n".join(lines), size, options_for(FORMATS[1]))


@given(LOGS, st.integers(0, 10))
@settings(max_examples=20, deadline=None)
def test_windows_and_bounds_are_kept_alike(data: bytes, length: int) -> None:
    begin = 971_186_130
    with small_caps():
        assert_alike(data, 500, options_for(KNOWN, window=Window(begin, begin + length)))


@pytest.mark.parametrize(
    "form", ["%h %{%Y-%m-%d %T}t %s", "%{sec}t %s", "%h %{begin:msec}t %s", "%h%t %s", "%h %t %{sec}t %s"]
)
def test_parts_that_do_not_show_where_they_end_are_left_to_the_reference(form: str) -> None:
    assert not Scanner(MATCHER, options_for((form,))).is_compiled


@given(LINES, st.sampled_from(FORMATS))
@settings(max_examples=60, deadline=None)
def test_the_pieces_of_a_format_find_what_its_regex_finds(line: str, formats: tuple[str, ...]) -> None:
    layouts = [access_layout(text) for text in formats]
    given_ = [[(piece.kind, piece.text.encode(), piece.group) for piece in layout.pieces] for layout in layouts]
    text = line.encode("utf-8", "replace").replace(b"\r", b"")
    for layout, pieces in zip(layouts, given_, strict=True):
        read = compiled().Access([(pieces, 1)], lambda _: 0).read(text)
        found = layout.regex.match(text)
        fields = found and {name: bytes(value) for name, value in found.groupdict().items() if name != "t0"}
        assert (read and {name: bytes(value) for name, value in read}) == fields
