"""Laws of pastes: whatever is around a record, and whatever of its head is cut off, the message comes back."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from logsleuth.logs.console.reader import console_reader, read_line
from logsleuth.logs.console.wrapping import Wrapping, unwrapped
from logsleuth.logs.format.sniff import sniff
from logsleuth.logs.httpd.tokenize import tokenize

if TYPE_CHECKING:
    from logsleuth.logs.httpd.record import Record

TODAY = date(2020, 3, 4)
WORDS = st.text(
    st.characters(codec="ascii", categories=("L", "N"), include_characters="/.-_'"), min_size=1, max_size=12
)
MESSAGES = st.builds(
    lambda code, words: f"{code}{' '.join(words)}",
    st.sampled_from(["AH00126: ", "AH01630: ", ""]), st.lists(WORDS, min_size=2, max_size=9),
).filter(lambda text: not text.endswith(("$", ">")))  # fmt: skip
ERRNOS = st.sampled_from(["", "(2)No such file or directory: ", "(111)Connection refused: "])
MODULES = st.sampled_from(["core", "mpm_event", "proxy_http", "wsgi", "php7", "ssl"])
CLIENTS = st.sampled_from(["", "[client 192.0.2.7:40112] ", "[client 2001:db8::7:443] "])
LEVELS = st.sampled_from(["error", "notice", "emerg", "warn", "crit"])


@st.composite
def newer(draw: st.DrawFn) -> str:
    """A line in httpd 2.4's format."""
    head = f"[Tue Mar 03 14:02:11.120001 2020] [{draw(MODULES)}:{draw(LEVELS)}] [pid {draw(st.integers(2, 99999))}] "
    return head + draw(ERRNOS) + draw(CLIENTS) + draw(MESSAGES)


@st.composite
def older(draw: st.DrawFn) -> str:
    """A line in httpd 2.2's format."""
    return f"[Tue Mar 03 14:02:11 2020] [{draw(LEVELS)}] [client 192.0.2.7] {draw(MESSAGES)}"


LINES = newer() | older()
BEFORE = (
    "    ", "\t", "> ", ">> ", "| ", "- ", "* ", "12:", "12: ", "   12\t", "error.log:", "/var/log/apache2/error.log:7:",
    "C:\\logs\\error.log:", "web_1  | ", "shop-web-1 | ", "root@web1:~# ", "[root@web1 ~]# ", "$ ",
    "Mar 03 14:02:11 web1 httpd[9]: ", "мар 03 14:02:11 web1 apache2[9]: ", "2020-03-03T14:02:11Z app[web.1]: ",
    "2020-03-03T14:02:11.120001Z stderr F ", "\x1b[31m", "\x1b[1;31m\x1b[K", "web1 ERR ", "stage/prod #7: ",
)  # fmt: skip
PREFIXES = st.lists(st.sampled_from(BEFORE), max_size=2).map("".join)
PROSE = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz ,"), max_size=60)


def read(text: str) -> Record:
    record = read_line(text, TODAY).record
    assert record is not None
    return record


def fields(record: Record) -> tuple[object, ...]:
    return (
        record.message, record.code, record.errno, record.client, record.client_port, record.level, record.module,
        record.pid, record.time,
    )  # fmt: skip


@given(line=LINES, prefix=PREFIXES)
def test_what_is_around_a_record_changes_nothing_in_it(line: str, prefix: str) -> None:
    assert fields(read(prefix + line))[:7] == fields(tokenize(line.encode()))[:7]


@given(line=newer(), prefix=PREFIXES)
def test_without_its_time_a_record_keeps_all_else(line: str, prefix: str) -> None:
    whole = tokenize(line.encode())
    part = read(prefix + line[line.index("] ") + 2 :])
    assert fields(part)[:8] == fields(whole)[:8]


@given(line=newer(), at=st.integers(1, 34))
def test_a_time_that_is_torn_takes_nothing_else_with_it(line: str, at: int) -> None:
    assert fields(read(line[at:]))[:8] == fields(tokenize(line.encode()))[:8]


@given(line=newer())
def test_a_head_torn_anywhere_leaves_the_message(line: str) -> None:
    whole = tokenize(line.encode())
    head = len(line) - len(whole.message)
    for at in range(1, line.index("[pid ")):
        part = read(line[at:])
        assert (part.message, part.code, part.client) == (whole.message, whole.code, whole.client), line[at:]
    assert head > 0


@given(lines=st.lists(newer(), min_size=1, max_size=4), width=st.integers(40, 160))
def test_wrapped_lines_come_back_whole(lines: list[str], width: int) -> None:
    wrapped = "\n".join(line[at : at + width] for line in lines for at in range(0, len(line), width))
    joined = unwrapped(io.BytesIO(wrapped.encode()), Wrapping(width, words=False))
    found = [line.decode() for line in joined if line]
    assert "".join(found) == "".join(lines)


@given(
    line=LINES, prefix=PREFIXES, prose=st.lists(PROSE, min_size=9, max_size=9), at=st.integers(0, 9),
    end=st.sampled_from(["\n", "\r\n"]), encoding=st.sampled_from(["utf-8", "utf-16", "utf-16-le"]),
)  # fmt: skip
def test_one_line_in_ten_is_enough(line: str, prefix: str, prose: list[str], at: int, end: str, encoding: str) -> None:
    text = end.join([*prose[:at], prefix + line, *prose[at:]]) + end
    assert sniff(text.encode(encoding), complete=True, newest=TODAY).source == "httpd"


@given(text=st.text(max_size=300))
def test_no_line_is_too_odd(text: str) -> None:
    read_line(text.replace("\n", " "), TODAY)


EDITS = (
    "*", "**", "_", "<b>", "</b>", "<", "[b]", "[/b]", "[b][", "[B]AH", "[/quote]", "[0m", "[m", "[01;31m", "[K", "^[[0m",
    "\x1b[m", " :", ":", "`", "$ ", "# ", "> ", "“", "é", "\r", "\t", "[pid 9]", "[font=x](", "[mpm", "]", "[", '"',
    "AH00126 : ", "(2)No such file :", '- [03/Mar/2020:14:02:11 +0000] "GET / HTTP/1.1" 200 5',
)  # fmt: skip


@settings(max_examples=400)
@given(LINES, st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 120)), max_size=4), st.booleans())
def test_plain_lines_are_read_at_once_as_they_are_with_all_looks(
    line: str, edits: list[tuple[str, int]], behind_the_head: bool
) -> None:
    for edit, place in edits:
        at = min(place + 60 * behind_the_head, len(line))
        line = line[:at] + edit + line[at:]
    whole = read_line(line, TODAY)
    for source in ("httpd", "access"):
        assert console_reader(source, TODAY)(line.encode()) == (whole.record if whole.source == source else None)
