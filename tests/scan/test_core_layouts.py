"""The compiled scan on logs in an ErrorLogFormat: the same Tally as the reference gives, line by line and as a whole.

It reads the lines of nearly all formats itself, and asks the log's reader for those that are odd.
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from logsleuth.logs.format.reader import plain_layouts, reader_of
from logsleuth.logs.format.sniff import Format
from logsleuth.logs.httpd.tokenize import tokenize
from logsleuth.logs.open.block import SPAN
from logsleuth.scan.clock import WallClock
from logsleuth.scan.core import _asked_line, compiled, core_records
from logsleuth.scan.options import ScanOptions
from logsleuth.scan.scanner import Scanner
from tests.logs.test_layout_laws import HOSTILE, PLAIN, events, wild_formats
from tests.logs.writer import LEVELS, Event, write
from tests.scan.test_core import SAMPLES, WHOLE, assert_same_tallies
from tests.scan.test_laws import CUTS, MATCHER, cut_up, enough, logs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

pytestmark = pytest.mark.skipif(compiled() is None, reason="there is no compiled scan to compare")

NEWEST = date(2020, 3, 4)
ZONE = ZoneInfo("Europe/Berlin")

DOCUMENTED = r"[%{u}t] [%-m:%l] [pid %P:tid %T] %7F: %E: [client\ %a] %M% ,\ referer\ %{Referer}i"
"""httpd 2.4's manual, core, ErrorLogFormat."""
COMMON = (
    DOCUMENTED,
    r"[%{u}t] [%l] [pid %P] %F: %E: [client %a] %M",
    r"[%t] [%l] %7F: %E: [client\ %a] %M% ,\ referer\ %{Referer}i",
    r"[%{uc}t] [%-m:%-l] [R:%L] [C:%{C}L] %7F: %E: %M",
    r"[%{cu}t] [%-m:%l] %P/%T %a %M",
    r"[%{cuz}t] [%-m:%l] [pid %P:tid %T] [client\ %a] %E: %M",
    r"%{%Y-%m-%dT%H:%M:%S%z}t %v %m.%l %P %M",
    r"%{c}t|%l|%m|%a|%-{Referer}i|%M",
)


def form_of(*layouts: str) -> Format:
    return Format("httpd", "httpd-custom", "made", layouts=layouts)


@lru_cache(maxsize=64)
def options_of(*layouts: str, span: int = SPAN) -> ScanOptions:
    form = form_of(*layouts)
    return ScanOptions(reader=reader_of(form, NEWEST), layouts=plain_layouts(form), zone=ZONE, span=span)


@lru_cache(maxsize=64)
def both(*layouts: str) -> tuple[Callable[[bytes], object], Callable[[bytes], object]]:
    """What the compiled scan reads in a line itself, and what Python does."""
    options = options_of(*layouts)
    records: Any = core_records(options)
    assert options.reader is not None
    return records.read, partial(_asked_line, options.reader, WallClock(ZONE))


def is_read_alike(layouts: Sequence[str], line: str) -> bool:
    """Whether the compiled scan reads a line itself; if so, it must say what Python says."""
    raw = line.encode("utf-8", "surrogateescape")
    compiled_read, python_read = both(*layouts)
    read = compiled_read(raw)
    assert read is None or read == python_read(raw), (layouts, line)
    return read is not None


EVENT = Event(
    "AH00128: File does not exist: /srv/a", time=datetime(2020, 3, 3, 14, 2, 11, 120001), zone="+0200", level=3,
    module="core", pid=9, tid=8, errno="(2)No such file or directory", source="core.c(12)", client="192.0.2.7:40112",
    peer="192.0.2.9:1", local="192.0.2.1:80", keepalives=0, connection_id="abcdefghijk", request_id="lmnopqrstuv",
    vhost="www.example.org", server="www.example.org", headers={"Referer": "https://example.org/x"}, notes={}, env={},
)  # fmt: skip


@pytest.mark.parametrize("form", COMMON)
def test_lines_of_common_formats_need_no_asking(form: str) -> None:
    lacking: tuple[dict[str, Any], ...] = (
        {}, {"errno": None}, {"client": None}, {"headers": {}}, {"tid": None}, {"level": 8}, {"message": "(odd) boom"},
    )  # fmt: skip
    for values in lacking:
        assert is_read_alike([form], write(form, replace(EVENT, **values))), values
    scanner = Scanner(MATCHER, options_of(form))
    assert scanner.is_compiled
    assert scanner.is_free


@settings(max_examples=200, derandomize=True, deadline=None)
@given(form=wild_formats(), event=events(HOSTILE, "main"), more=HOSTILE)
@example(form="[%t] %E: %M", event=Event("(13)a: b"), more="")
@example(form="%t %-m%M", event=Event("-", module=None), more="")
def test_whatever_is_read_in_a_line_is_what_python_reads(form: str, event: Event, more: str) -> None:
    assume(form == form.strip())
    line = write(form, event)
    for text in (line, line + more, more + line, line.replace("0", "9"), line[: len(line) // 2], line * 2):
        is_read_alike([form], text)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.lists(st.sampled_from(COMMON), min_size=2, max_size=3, unique=True), events(PLAIN, "main"))
def test_of_several_formats_the_same_one_is_chosen(layouts: list[str], event: Event) -> None:
    for form in layouts:
        is_read_alike(layouts, write(form, event))


HEADS = (
    "[Tue Mar 03 14:02:11.120001 2020] ", "[Tue Mar 03 14:02:60.120001 2020] ", "[Tue Mar  3 14:02:11.120001 2020] ",
    "[Tue Feb 30 14:02:11.120001 2020] ", "[Tue Mar 03 24:02:11.120001 2020] ", "[Tue Mai 03 14:02:11.120001 2020] ",
    "[Tue Mar 03 14:02:11.120001 1969] ", "[Tue Mar 03 14:02:11.120001 2200] ", "[Tue Mar 03 14:02:11 2020] ", "",
)  # fmt: skip
RESTS = (
    "boom", "AH00128: a: b", "AH0012: a", "WSGI0177: a", "(13)Permission denied: boom", "(013)Permission denied: boom",
    "(-2)odd: a: b", "(-0)odd: a", "(os 0x80090308)odd: a", "(os 0x080090308)odd: a", "(EAI 02)odd: a", "(13) a: b",
    "[client 192.0.2.7:1] boom", "[client 192.0.2.7:01] boom", "[client 192.0.2.7:123456] boom", "[client :80] a",
    "[client ::1:0] boom", "core.c(12): a", "core.c(12): (2)No such file or directory: [client 192.0.2.7:1] a",
    "[client 192.0.2.7:1] a ,referer b", "a, referer b", "a, referer ", "", "caf\u00e9", "a\tb", "a\rb", "a\r",
)  # fmt: skip
PIDS = (
    "[pid 9:tid 8] ", "[pid 09:tid 08] ", "[pid 9:tid 123456789012345678] ", "[pid 9:tid 1234567890123456789] ",
    "[pid 9] ", "[pid 12345678901] ", "[pid 9:tid ", "",
)  # fmt: skip


@pytest.mark.parametrize("head", HEADS)
def test_a_line_is_read_alike_however_it_is_spelled(head: str) -> None:
    for level in ("[core:error] ", "[error] ", "[-:debug] ", "[-:trace8] ", "[core:warning] ", ""):
        for rest in RESTS:
            for pid in PIDS if rest in RESTS[:2] else PIDS[:1]:
                is_read_alike([DOCUMENTED], head + level + pid + rest)


TIMES = (
    "%Y-%m-%dT%H:%M:%S%z", "%d/%b/%y %k:%M", "%d %B %Y %H:%M", "%e.%m.%Y %H", "%D %T", "%F %R", "%s", "%Y-%m-%d", "%c",
    "%F %I:%M %p", "%F %T %Z", "%Y-%m-%d %Y %H", "%F %T %Q", "%j %F %T", "%-d/%m/%Y %H:%M", "%F %T%%", "%F%n%T", "%u %F %T",
)  # fmt: skip
MOMENTS = (datetime(2020, 3, 3, 14, 2, 11), datetime(1969, 12, 31, 23, 59, 59), datetime(2020, 10, 25, 2, 30))


@pytest.mark.parametrize("argument", TIMES)
def test_times_are_read_alike_whatever_is_made_of_them(argument: str) -> None:
    for moment in MOMENTS:
        for zone in ("+0000", "-0330", "+1500", "-1501"):
            text = moment.strftime(argument.replace("%z", zone))
            for line in (f"[{text}] [core:error] boom", f"[{text.replace('1', '3')}] [core:error] boom", f"[{text}x]"):
                is_read_alike([f"[%{{{argument}}}t] [%m:%l] %M"], line)


@pytest.mark.parametrize("form", ["%M", "[%t] [%{c}t] %M", "[%{%s}t] %M", "%P %M"])
def test_a_format_that_only_python_reads_is_asked_about_line_by_line(form: str) -> None:
    scanner = Scanner(MATCHER, options_of(form))
    assert scanner.is_compiled
    assert not scanner.is_free
    line = write(form, EVENT)
    assert not is_read_alike([form], line)
    assert not is_read_alike([DOCUMENTED, form], line), "it may be the one that fits better"


@given(logs(), CUTS, st.sampled_from(COMMON))
@settings(max_examples=60, deadline=None)
def test_a_log_cut_anywhere_is_counted_alike(data: bytes, size: int, form: str) -> None:
    rewritten = in_format(data, form)
    span = enough(rewritten)
    assert_same_tallies(MATCHER, cut_up(rewritten, size, span), options_of(form, span=span))


@pytest.mark.parametrize("form", COMMON)
def test_a_sample_log_is_counted_alike(form: str) -> None:
    data = in_format(SAMPLES[0].read_bytes(), form)
    assert_same_tallies(WHOLE, cut_up(data, 200_000, SPAN), options_of(form))


def in_format(log: bytes, form: str) -> bytes:
    """A log in the default format, as httpd would have written it by another one; lines without a head as they are."""
    return b"\n".join(_line_in(form, line) for line in log.split(b"\n"))


def _line_in(form: str, line: bytes) -> bytes:
    record = tokenize(line)
    if record.kind != "record" or record.time is None or record.level is None:
        return line
    code = f"{record.code}: " if record.code else ""
    event = Event(
        code + record.message, time=datetime(1970, 1, 1) + timedelta(microseconds=record.time), zone="+0100",
        level=LEVELS.index(record.level), module=record.module, pid=record.pid or 1, tid=record.tid,
        errno=str(record.errno) if record.errno else None,
        client=f"{record.client}:{record.client_port}" if record.client_port else None,
        headers={"Referer": record.referer} if record.referer else {},
    )  # fmt: skip
    return write(form, event).encode("latin-1", "backslashreplace")


def test_a_hostile_line_takes_time_in_proportion_to_its_length() -> None:
    form = "[%t] " + " ".join(f"%{{X{nth}}}e" for nth in range(20)) + " %M"
    line = "[Tue Mar 03 14:02:11 2020] " + "a " * 7000 + "\x01"
    begin = time.process_time()
    is_read_alike([form], line[:-1])
    assert time.process_time() - begin < 20
