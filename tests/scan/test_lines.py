"""The vectorised pass over a block agrees with the tokenizer on every line."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logsleuth.logs.block import PAD
from logsleuth.logs.tokenize import tokenize
from logsleuth.scan.heads import NO_KIND
from logsleuth.scan.lines import Lines, Vocabulary, index_lines
from logsleuth.scan.text import cut, text_of
from logsleuth.scan.times import NO_TIME

if TYPE_CHECKING:
    from logsleuth.logs.record import Record

FAR = 1 << 30


def index(
    data: bytes, *, at_start: bool = True, vocabulary: Vocabulary | None = None, vhost: bool = False, reach: int = FAR
) -> Lines:
    return index_lines(
        data + bytes(PAD), len(data), at_start=at_start, vocabulary=vocabulary or Vocabulary(), vhost=vhost, reach=reach
    )


def split(data: bytes) -> list[bytes]:
    """A log's lines as any reader would split them: a last line without newline counts, nothing behind one does not."""
    lines = data.split(b"\n")
    if not lines[-1]:
        lines.pop()
    return [line[:-1] if line.endswith(b"\r") else line for line in lines]


def kind_of(lines: Lines, line: int) -> tuple[str, str]:
    number = int(lines.kind[line])
    return lines.kinds[number] if number >= 0 else NO_KIND


def proc_of(lines: Lines, line: int) -> tuple[int, int]:
    number = int(lines.proc[line])
    return lines.procs[number] if number >= 0 else (0, 0)


def text_at(lines: Lines, line: int) -> str:
    rest = lines.data[int(lines.text[line]) : int(lines.end[line])]
    return text_of(cut(rest))


def assert_same(lines: Lines, line: int, record: Record) -> None:
    """Time, module, level, pid, tid and text of one line, read both ways."""
    if record.kind == "record":
        assert record.time is not None
        assert lines.dated[line]
        assert int(lines.second[line]) == record.time // 1_000_000
        assert int(lines.time[line]) == record.time
        assert kind_of(lines, line) == (record.module or "", record.level)
        assert proc_of(lines, line) == (record.pid or 0, record.tid or 0)
        assert text_at(lines, line) == record.text
        return
    # what is not understood keeps no module, level or pid; a bare line's text is the whole line
    assert kind_of(lines, line) == NO_KIND
    assert proc_of(lines, line) == (0, 0) or record.kind == "unparsed"
    if record.kind == "bare":
        assert not lines.dated[line]
        assert lines.text[line] == lines.start[line]


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
    whole = split(data)
    assert [lines.raw(line) for line in range(len(lines))] == whole
    for line, raw in enumerate(whole):
        assert_same(lines, line, tokenize(raw))


@given(LOGS, st.integers(1, 400))
@settings(max_examples=50, deadline=None)
def test_a_block_that_begins_within_a_line_passes_over_that_line_and_reads_the_rest_the_same(
    data: bytes, begin: int
) -> None:
    whole, part = index(data), index(data[begin:], at_start=False)
    first_break = data.find(b"\n", begin)
    kept = [line for line in range(len(whole)) if 0 <= first_break < whole.start[line]]
    assert [whole.raw(line) for line in kept] == [part.raw(line) for line in range(len(part))]
    for here, there in enumerate(kept):
        assert part.dated[here] == whole.dated[there]
        assert kind_of(part, here) == kind_of(whole, there)
        assert proc_of(part, here) == proc_of(whole, there)
        assert text_at(part, here) == text_at(whole, there)
        assert not whole.dated[there] or part.time[here] == whole.time[there]


@given(LOGS, LOGS)
@settings(max_examples=40, deadline=None)
def test_what_was_read_before_does_not_show(before: bytes, data: bytes) -> None:
    used = Vocabulary()
    index(before, vocabulary=used)
    fresh, again = index(data), index(data, vocabulary=used)
    for line in range(len(fresh)):
        assert kind_of(again, line) == kind_of(fresh, line)
        assert proc_of(again, line) == proc_of(fresh, line)


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
    assert [NO_TIME if s is None else base + s for s in seconds] == lines.second.tolist()


def test_no_time_is_borrowed_from_beyond_reach() -> None:
    log = (HEAD.format(1) + "x" * 200 + "\n" + "y" * 200 + "\n" + HEAD.format(9)).encode()
    assert [second != NO_TIME for second in index(log, reach=100).second.tolist()] == [True, True, False, True]
    assert (index(log, reach=300).second != NO_TIME).all()


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
    assert_same(index(line.encode()), 0, tokenize(line.encode()))


@pytest.mark.parametrize("fraction", ["12x456", "??????", "-00001", "......"])
def test_a_damaged_fraction_does_not_reach_into_the_next_second(fraction: str) -> None:
    lines = index(f"[Fri Sep 04 14:30:04.{fraction} 2009] [core:error] [pid 9] x".encode())
    assert lines.time[0] // 1_000_000 == lines.second[0] == 1252074604


def test_a_server_name_is_passed_over_where_the_format_has_one() -> None:
    log = b"[Fri Sep 04 14:30:04.123456 2009] [core:error] [pid 9] [www.example.org:443] [client 192.0.2.7:1] boom"
    lines = index(log, vhost=True)
    assert (text_at(lines, 0), proc_of(lines, 0), bool(lines.client[0])) == ("boom", (9, 0), True)
    assert text_at(lines, 0) == tokenize(log, vhost=True).text


@pytest.mark.parametrize("count", [70, 70_000])
def test_any_number_of_processes_is_told_apart(count: int) -> None:
    # more than the table of seen heads holds before it starts anew
    line = "[Fri Sep 04 14:30:04 2009] [core:error] [pid {0}:tid {0}] x\n"
    vocabulary = Vocabulary()
    for begin in range(1, count, 25_000):
        pids = range(begin, min(begin + 25_000, count))
        lines = index("".join(map(line.format, pids)).encode(), vocabulary=vocabulary)
        assert [proc_of(lines, at) for at in range(len(lines))] == [(pid, pid) for pid in pids]


def test_texts_end_before_the_line_break_of_either_system() -> None:
    lines = index(b"[Fri Sep 04 14:30:04 2009] [error] a\r\n[Fri Sep 04 14:30:04 2009] [error] b\nc\r\n\r\n")
    assert [text_at(lines, line) for line in range(len(lines))] == ["a", "b", "c", ""]


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
    assert cut(rest.encode()) == own.encode()
    assert tokenize(rest.encode()).text == own
