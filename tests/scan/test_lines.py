"""The scan's reading of a block agrees with the tokenizer on every line."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logsleuth.logs.httpd.tokenize import tokenize
from logsleuth.logs.open.block import PAD, Block
from logsleuth.scan.head import HeadReader
from logsleuth.scan.line import NO_KIND, NO_TIME, Line
from logsleuth.scan.lines import default_lines, lend_times
from logsleuth.scan.text import message_of

if TYPE_CHECKING:
    from logsleuth.logs.httpd.record import Record

FAR = 1 << 30


def index(data: bytes, *, begin: int = 0, heads: HeadReader | None = None, reach: int = FAR) -> list[Line]:
    """The lines of a block that shows a log from this byte on."""
    lines = default_lines(Block(0, begin, data[begin:] + bytes(PAD), begin, len(data)), heads or HeadReader())
    lend_times(lines, reach)
    return lines


def split(data: bytes) -> list[bytes]:
    """A log's lines as any reader would split them: a last line without newline counts, nothing behind one does not."""
    lines = data.split(b"\n")
    if not lines[-1]:
        lines.pop()
    return [line[:-1] if line.endswith(b"\r") else line for line in lines]


def text_of(line: Line) -> str:
    return message_of(line.rest).decode("utf-8", "backslashreplace")


def assert_same(line: Line, record: Record) -> None:
    """Time, module, level, pid, tid and text of one line, read both ways."""
    if record.kind == "record":
        assert record.time is not None
        assert line.dated
        assert line.time == record.time
        assert line.kind == (record.module or "", record.level)
        assert (line.pid, line.tid) == (record.pid or 0, record.tid or 0)
        assert text_of(line) == record.text
        return
    # what is not understood keeps no module, level or pid; a bare line's text is the whole line
    assert line.kind in (None, NO_KIND)
    assert (line.pid, line.tid) == (0, 0) or record.kind == "unparsed"
    if record.kind == "bare":
        assert not line.dated
        assert line.rest == line.raw


TIMES = st.datetimes(datetime(1999, 1, 1), datetime(2038, 12, 31))
LAYOUTS = st.sampled_from(
    ["%a %b %d %H:%M:%S %Y", "%a %b %d %H:%M:%S.%f %Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f"]
)
KINDS = st.sampled_from(
    ["core:error", "wsgi:error", ":error", "-:emerg", "ssl:trace8", "mpm_prefork:notice", "error", "notice", "debug",
     "a_module_with_a_name_longer_than_any_of_httpds:warn"]
)  # fmt: skip
PROCS = st.sampled_from(
    ["", "", "[pid 1] ", "[pid 9:tid 9] ", "[pid 4711:tid 140262760249088] ", "[pid 4194304:tid 18446744073709551] "]
)
CLIENTS = st.sampled_from(
    ["", "[client 192.0.2.7] ", "[client 192.0.2.7:40112] ", "[remote 2001:db8::1:1] ", "[client ] ", "[client 192.0"]
)
STATUS = st.sampled_from(
    ["", "", "(13)Permission denied: ", "(70007)The timeout specified has expired: ", "(os 0x80090308)odd: ",
     "(-3)Unknown error -3: ", "(EAI 2)Name or service not known: "]
)  # fmt: skip
SOURCES = st.sampled_from(["", "", "", "mod_ssl.c(12): ", "h2/h2_mplx.c(1): "])
MESSAGES = st.one_of(
    st.sampled_from(
        ["", "AH00052: child pid 7 exit signal Segmentation fault (11)", "  File \"/srv/a.py\", line 3", "\\tin hint",
         "[Fri Sep 04 14:30:04 2009] [core:emerg] [pid 7] forged", "] ] ]", "é", "[www] in brackets", "a: b"]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=20),
)  # fmt: skip
REFERERS = st.sampled_from(
    ["", "", ", referer: http://example.org/?a=1,2", ", referer http://example.org/", ", referer http://a b",
     ", referer: a, referer: b"]
)  # fmt: skip


@st.composite
def headed(draw: st.DrawFn) -> bytes:
    """A line of either era: fields in either order, any of them missing."""
    when = draw(TIMES).strftime(draw(LAYOUTS))
    status, client = draw(STATUS), draw(CLIENTS)
    middle = status + client if draw(st.booleans()) else client + status
    line = f"[{when}] [{draw(KINDS)}] {draw(PROCS)}{draw(SOURCES)}{middle}{draw(MESSAGES)}{draw(REFERERS)}"
    return line.encode()


BARE = st.sampled_from(
    [b"", b"\r", b" ", b"AH00558: httpd: Could not reliably determine",
     b"(98)Address already in use: AH00072: make_sock",
     b"*** Error in `apache2': free(): invalid pointer ***",
     b"Segmentation fault", b"\xff\xfe", b"\0\0", b"] [pid 7] x"]
)  # fmt: skip
GARBAGE = st.one_of(
    st.binary(max_size=40).map(lambda b: b.replace(b"\n", b" ").replace(b"\r", b" ")),
    # cut off anywhere: a full disk, a crash, the end of a pipe
    st.tuples(headed(), st.integers(0, 80)).map(lambda pair: pair[0][: pair[1]]),
    st.tuples(headed(), st.integers(0, 80)).map(lambda pair: pair[0][pair[1] :]),
)
LINE = st.one_of(headed(), headed(), BARE, GARBAGE)
ENDS = st.sampled_from([b"\n", b"\n", b"\n", b"\r\n"])
LOGS = st.tuples(
    st.lists(st.tuples(LINE, ENDS).map(b"".join), max_size=12).map(b"".join), st.one_of(st.just(b""), LINE)
).map(b"".join)


@given(LOGS)
@settings(max_examples=40, deadline=None)
def test_every_line_is_read_as_the_tokenizer_reads_it(data: bytes) -> None:
    lines = index(data)
    assert [line.raw for line in lines] == split(data)
    for line in lines:
        assert data[line.place :].startswith(line.raw)
        assert_same(line, tokenize(line.raw))


@given(LOGS, st.integers(1, 400))
@settings(max_examples=50, deadline=None)
def test_a_block_that_begins_within_a_line_passes_over_that_line_and_reads_the_rest_the_same(
    data: bytes, begin: int
) -> None:
    part = index(data, begin=begin)
    first_break = data.find(b"\n", begin)
    kept = [line for line in index(data) if 0 <= first_break < line.place]
    assert len(kept) == len(part)
    for here, there in zip(part, kept, strict=True):
        assert here.place + begin == there.place
        for name in ("raw", "dated", "kind", "pid", "tid", "client", "rest", "damaged"):
            assert getattr(here, name) == getattr(there, name)
        assert not there.dated or here.time == there.time


@given(LOGS, LOGS)
@settings(max_examples=40, deadline=None)
def test_what_was_read_before_does_not_show(before: bytes, data: bytes) -> None:
    used = HeadReader()
    index(before, heads=used)
    assert index(data, heads=used) == index(data)


HEAD = "[Fri Sep 04 14:30:{:02d} 2009] [error] x\n"


@pytest.mark.parametrize(
    ("log", "seconds"),
    [
        (HEAD.format(1) + "bare\nbare\n" + HEAD.format(9), [1, 1, 1, 9]),
        ("bare\n" + HEAD.format(9), [9, 9]),
        (HEAD.format(9) + HEAD.format(3) + "bare\n", [9, 3, 3]),
        ("bare\n\nbare", [None, None, None]),
        ("", []),
    ],
    ids=["from the line before", "from the line after", "clock went back", "no time at all", "empty"],
)
def test_a_line_without_time_borrows_its_neighbours(log: str, seconds: list[int | None]) -> None:
    base = 1252074600  # 2009-09-04 14:30:00
    lines = index(log.encode())
    assert [NO_TIME if s is None else base + s for s in seconds] == [line.second for line in lines]


def test_no_time_is_borrowed_from_beyond_reach() -> None:
    log = (HEAD.format(1) + "x" * 200 + "\n" + "y" * 200 + "\n" + HEAD.format(9)).encode()
    assert [line.second != NO_TIME for line in index(log, reach=100)] == [True, True, False, True]
    assert all(line.second != NO_TIME for line in index(log, reach=300))


SWALLOWED = "[2009-09-04 14:30:04] [core:error] [pid 123:tid "


@pytest.mark.parametrize(
    "line",
    [
        SWALLOWED + "message",
        SWALLOWED + "[client 192.0.2.7:1] message",
        SWALLOWED + "404 of them",
        SWALLOWED,
        "[2009-09-04 14:30:04 +0200] [core:error] [pid 9] zone",
        "[2009-09-04 14:30:04.123456 -0330] [core:error] [pid 9] zone",
        "[Fri Sep 04 14:30:04 2009 +0000] [core:error] [pid 9] zone",
        "[Fri Sep 04 14:30:04.123456 2009 +0100] [core:error] [pid 9] zone",
        "[Fri Sep  4 14:30:04 2009] [error] [client 192.0.2.7] old",
        "[Fri Sep 04 14:30:60 2009] [error] leap second",
        "[Fri Dec 31 10:00:00 9999] [error] no log is of that year",
        "[Wed Dec 31 23:59:59 1969] [error] nor of that one",
        "[Fri Sep 04 14:30:61 2009] [error] no such second",
        "[Fri Sep 04 24:30:04 2009] [error] no such hour",
        "[Wed Feb 29 14:30:04 2009] [error] no such day",
        "[Fri Sep 4  14:30:04 2009] [error] day in the wrong place",
        "[Fri Sep +4 14:30:04 2009] [error] what int() would take",
        "[Fri Sep 04 14:30:04 20 9] [error] hole in the year",
        "[Fri Sep 04 14:3x:04 2009] [error] letter in the clock",
        "[2009/09/04 14:30:04] [core:error] slashes",
        "[Fri Sep 04 14:30:04 2009] [error] [pid 99999999999] more than any pid",
        f"[Fri Sep 04 14:30:04 2009] [core:error] [pid {'9' * 30}:tid {'9' * 30}] more than 64 bits",
        "[Fri Sep 04 14:30:04 2009] [core:error] [pid 9] [www.example.org:443] [client 192.0.2.7:1] boom",
        "[Fri Sep 04 14:30:04 2009] [error] [www.example.org] [client 192.0.2.7] boom",
        "[client 192.0.2.7:1",
    ],
)
def test_odd_heads_are_read_as_the_tokenizer_reads_them(line: str) -> None:
    (read,) = index(line.encode())
    assert_same(read, tokenize(line.encode()))


@pytest.mark.parametrize("fraction", ["12x456", "??????", "-00001", "......"])
def test_a_time_with_a_damaged_fraction_is_none(fraction: str) -> None:
    (line,) = index(f"[Fri Sep 04 14:30:04.{fraction} 2009] [core:error] [pid 9] x".encode())
    assert not line.dated
    assert line.damaged


def test_a_server_name_is_passed_over_where_the_format_has_one() -> None:
    log = b"[Fri Sep 04 14:30:04.123456 2009] [core:error] [pid 9] [www.example.org:443] [client 192.0.2.7:1] boom"
    (line,) = index(log, heads=HeadReader(vhost=True))
    assert (text_of(line), line.pid, line.client) == ("boom", 9, b"[client 192.0.2.7:1]")
    assert text_of(line) == tokenize(log, vhost=True).text


@pytest.mark.parametrize("count", [70, 70_000])
def test_any_number_of_processes_is_told_apart(count: int) -> None:
    # more than the heads that are remembered
    line = "[Fri Sep 04 14:30:04 2009] [core:error] [pid {0}:tid {0}] x\n"
    lines = index("".join(map(line.format, range(1, count))).encode())
    assert [(line.pid, line.tid) for line in lines] == [(pid, pid) for pid in range(1, count)]


def test_texts_end_before_the_line_break_of_either_system() -> None:
    lines = index(b"[Fri Sep 04 14:30:04 2009] [error] a\r\n[Fri Sep 04 14:30:04 2009] [error] b\nc\r\n\r\n")
    assert [text_of(line) for line in lines] == ["a", "b", "c", ""]


CUTS = {
    "nothing": ("boom", "boom"),
    "referer": ("boom, referer: http://example.org/a,b", "boom"),
    "client behind an errno": ("(13)Permission denied: [client 192.0.2.7:1] AH1: x", "(13)Permission denied: AH1: x"),
    "both": ("(-3)odd: [remote ::1:1] x, referer: y", "(-3)odd: x"),
    "word that is no referer": ("boom, referer is bad", "boom, referer is bad"),
    "referer without colon": ("boom, referer http://example.org/", "boom"),
    "referer without colon in a sentence": ("boom, referer http://a is bad", "boom, referer http://a is bad"),
    "client that is not behind an errno": ("x: [client 192.0.2.7] y", "x: [client 192.0.2.7] y"),
}


@pytest.mark.parametrize(("rest", "own"), CUTS.values(), ids=CUTS)
def test_the_text_that_patterns_see_holds_no_client_and_no_referer(rest: str, own: str) -> None:
    assert message_of(rest.encode()) == own.encode()
    assert tokenize(rest.encode()).text == own
