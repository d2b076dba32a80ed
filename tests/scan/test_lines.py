"""The vectorised pass over a block agrees with the tokenizer on every line."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logsleuth.logs.block import PAD
from logsleuth.logs.tokenize import tokenize
from logsleuth.scan.lines import NO_KIND, NO_TIME, Lines, Vocabulary, index_lines
from logsleuth.scan.text import cut, text_of

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
    ["", "", ", referer: http://example.org/?a=1,2", ", referer http://example.org/", ", referer http://a b", ", referer: a, referer: b"]
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
    [b"", b"\r", b" ", b"AH00558: httpd: Could not reliably determine", b"(98)Address already in use: AH00072: make_sock",
     b"*** Error in `apache2': free(): invalid pointer ***", b"Segmentation fault", b"\xff\xfe", b"\0\0", b"] [pid 7] x"]
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
@settings(max_examples=300, deadline=None)
def test_every_line_is_read_as_the_tokenizer_reads_it(data: bytes) -> None:
    lines = index(data)
    whole = split(data)
    assert [lines.raw(line) for line in range(len(lines))] == whole
    for line, raw in enumerate(whole):
        assert_same(lines, line, tokenize(raw))
