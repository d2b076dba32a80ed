"""Logs in other formats than httpd's defaults: the compiled scan counts them as the reference does.

It reads the plain lines of the commonest wrappers itself, and asks the log's reader for all others.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logsleuth.logs.format.reader import plain_wrapper, reader_of
from logsleuth.logs.format.sniff import Format
from logsleuth.logs.open.block import SPAN, Block
from logsleuth.logs.wrappers.wrapper import Wrapper
from logsleuth.scan.clock import WallClock
from logsleuth.scan.core import _asked_line, compiled, core_records
from logsleuth.scan.options import ScanOptions
from logsleuth.scan.scanner import Scanner
from logsleuth.scan.window import Window
from tests.scan.test_core import EXAMPLES, WHOLE, assert_same_tallies
from tests.scan.test_laws import CUTS, MATCHER, cut_up, enough, logs

if TYPE_CHECKING:
    from collections.abc import Callable

    from logsleuth.logs.httpd.record import Record

pytestmark = pytest.mark.skipif(compiled() is None, reason="there is no compiled scan to compare")

NEWEST = date(2020, 3, 4)
ZONE = ZoneInfo("Asia/Kathmandu")
LEVELLED = "[core:error] [pid 9:tid 8] "
DATED = "[Tue Mar 03 14:02:11.120001 2020] " + LEVELLED


def docker(line: str, end: str = "\n") -> str:
    entry = {"log": line + end, "stream": "stderr", "time": "2020-03-03T14:02:11.120001234Z"}
    return json.dumps(entry, separators=(",", ":")).replace("<", "\\u003c")


WRAPS: dict[str, Callable[[str], str]] = {
    "docker json-file": docker,
    "Kubernetes CRI": lambda line: f"2020-03-03T14:02:11.120001234Z stderr F {line}",
    "syslog": lambda line: f"Mar  3 14:02:11 web01 apache2[9]: {line}",
}


def options_of(form: Format, span: int = SPAN, window: Window | None = None) -> ScanOptions:
    """How a log in this format is scanned."""
    reader, plain = reader_of(form, NEWEST), plain_wrapper(form, NEWEST)
    return ScanOptions(reader=reader, plain=plain, zone=ZONE, span=span, window=window or Window())


def in_wrapper(name: str) -> Format:
    return Format("httpd", "httpd-2.4", "made", wrapper=Wrapper(name))


def alike(form: Format, lines: list[str]) -> None:
    data = "\n".join(lines).encode("utf-8", "surrogateescape")
    assert_same_tallies(MATCHER, cut_up(data, len(data) + 1, SPAN), options_of(form))


RESTS = (
    "boom", "AH00128: File does not exist: /a", "(13)Permission denied: boom", "(013)odd: boom", "(13) denied: boom",
    "(13)[client 192.0.2.7:1] boom", "(EAI 2)Name or service not known: boom", "(111)refused: [client 192.0.2.7:1] boom",
    "[client 192.0.2.7:1] boom", "[client 192.0.2.7:01] boom", "[client 192.0.2.7] boom", "[client ::1:80] boom",
    "[client 192.0.2.7:1] (2)No such file: AH00036: boom", "[client 192.0.2.7:1] [client 192.0.2.8:2] boom",
    "[client 192.0.2.7:1](2)No such file: boom", "[client 192.0.2.7:123456] boom", "[remote 192.0.2.7:1] boom",
    "core.c(12): boom", "[client 192.0.2.7:1] core.c(12): (2)No such file: boom", "(2)a: core.c(12): [client 1.2.3.4:5] b",
    "boom, referer: http://example.org/a", "boom, referer: ", "boom, referer http://example.org/a", "boom, referer: a, referer: b",
    "boom, referer a, referer: b", "(13)a, referer: boom", "[C:abcdefgh] boom", "[R:abcdefgh] [client 192.0.2.7:1] boom",
    "[www.example.org:80] [client 192.0.2.7:1] boom", "[odd] boom", "(odd) boom", "", "[client 192.0.2.7:1] ", "a\tb", "caf\u00e9",
    "#011boom", "boom #9", 'say "boom" \\ <b>', "\\nboom", "[03/Mar/2020:14:02:11 +0000] \"GET", "a: [03/Mar/2020:14:02:11 +0000] \"GET",
    "boom\r", "a\x00b", "Traceback (most recent call last):", '  File "/srv/a.py", line 1, in f', "KeyError: 'a'",
)  # fmt: skip
HEADS = (
    DATED, LEVELLED, "[Tue Mar 03 14:02:11.120001 2020] [error] ", "[Tue Mar 03 14:02:60.120001 2020] " + LEVELLED,
    "[Tue Mar  3 14:02:11.120001 2020] " + LEVELLED, "[Tue Feb 30 14:02:11.120001 2020] " + LEVELLED,
    "[Tue Mar 03 14:02:11.120001 2020][core:error] [pid 9:tid 8] ", "[Tue Mar 03 14:02:11.12000 2020] " + LEVELLED,
    "[Tue Mar 03 14:02:11.120001 2020] [core:warning] [pid 9] ", "[Tue Mar 03 14:02:11.120001 2020] [core:loud] [pid 9] ",
    "[Tue Mar 03 14:02:11.120001 2020] [-:error] [pid 12345678901:tid 8] ", "[Tue Mar 03 14:02:11.120001 2020] [:info] [pid 9:tid ",
    "[2020-03-03 14:02:11.120001] " + LEVELLED, "[proxy_balancer:error] [pid 99999] ", "[core:error]  [pid 9:tid 8] ",
    "[Tue Mar 03 14:02:11.120001 9999] " + LEVELLED, "[Tue Mar 03 14:02:11.120001 1969] " + LEVELLED, "",
    "[Tue Mar 03 14:02:11 2020] [error] ", "[Tue Mar  3 14:02:11 2020] [info] ", "[Tue Mar 03 14:02:11 2020] [error]",
    "[Tue Mar 03 14:02:11 2020] " + LEVELLED, "[Tue Mar 03 14:02:61 2020] [error] ", "[error] ", "[core:warning] [pid x] ",
)  # fmt: skip


@pytest.mark.parametrize("name", WRAPS)
@pytest.mark.parametrize("head", HEADS)
def test_a_line_in_a_wrapper_is_read_alike_however_it_is_spelled(name: str, head: str) -> None:
    for rest in RESTS:
        alike(in_wrapper(name), [WRAPS[name](head + rest)])


SYSLOG = (
    "Mar  3 14:02:11 web01 apache2[9]: ", "Mar 03 14:02:11 web01 apache2[9]: ", "Mar 3 14:02:11 web01 apache2[9]: ",
    "Mar  5 14:02:11 web01 httpd: ", "Mar  6 14:02:11 web01 httpd[9]: ", "Feb 29 14:02:11 web01 apache2.bin[9]: ",
    "Feb 30 14:02:11 web01 apache2[9]: ", "Mar  3 24:02:11 web01 apache2[9]: ", "Mar  3 14:02:11.123 web01 apache2[9]: ",
    "<187>Mar  3 14:02:11 web01 apache2[9]: ", "2020-03-03T14:02:11.123456+01:00 web01 apache2[9]: ",
    "2020-03-03T14:02:11Z web01 apache2[9]: ", "2020-03-03T14:02:11 web01 apache2[9]: ", "2020-03-03 14:02:11,1+0100 web01 httpd: ",
    "2020-02-30T14:02:11Z web01 apache2[9]: ", "Mar  3 14:02:11 web01 cron[9]: ", "Mar  3 14:02:11 web01 apache(2)[9]: ",
    "Mar  3 14:02:11 web01 apachectl[12345678901]: ", "Mar  3 14:02:11 web01 apache2[]: ", "Mar  3 14:02:11 web01 apache2[9]:",
    "Mar  3 14:02:11 fe80::1 httpd/ssl[9]: ", "Mar  3 14:02:11  apache2[9]: ", "Mar  3 14:02:11 web01 httpd" + "d" * 70 + ": ",
    "2020-03-03T14:02:11+16:00 web01 apache2[9]: ", "2020-03-03T14:02:11-14:59 web01 apache2[9]: ",
)  # fmt: skip


@pytest.mark.parametrize("outer", SYSLOG)
def test_syslog_is_read_alike_however_it_is_spelled(outer: str) -> None:
    for head in (DATED, LEVELLED, "[Tue Mar 03 14:02:11 2020] [error] ", "[error] "):
        alike(in_wrapper("syslog"), [outer + head + rest for rest in RESTS if "\r" not in rest])


STAMPS = (
    "2020-03-03T14:02:11.120001234Z", "2020-03-03T14:02:11Z", "2020-03-03T14:02:11.1200012345Z", "2020-03-03 14:02:11.1Z",
    "2020-03-03T14:02:11.Z", "2020-03-03T14:02:11,12+01:00", "2020-03-03T14:02:11.12+0100", "2020-03-03T14:02:11.12",
    "2020-13-03T14:02:11Z", "0000-01-01T00:00:00Z", "2020-03-03T14:02:61Z", "2020-03-03T14:02:11Zzz", "",
)  # fmt: skip


@pytest.mark.parametrize("stamp", STAMPS)
def test_times_of_containers_are_read_alike(stamp: str) -> None:
    lines = [DATED + rest for rest in RESTS[:9]] + ["boom", ""]
    alike(in_wrapper("Kubernetes CRI"), [f"{stamp} {tag} {line}" for tag in ("stdout F", "stderr P") for line in lines])
    objects = [
        docker(line, end).replace("2020-03-03T14:02:11.120001234Z", stamp) for line in lines for end in ("", "\\n")
    ]
    odd = [docker(DATED + "boom", end) for end in ("\r\n", "\n\n", "\u2028", "\t")]
    more = [
        '{"log":"boom"',
        '{"log":"boom\\',
        '{"log":"a\\u12"}',
        docker(DATED)[:-1] + ',"attrs":{}}',
        docker(DATED) + " ",
    ]
    alike(in_wrapper("docker json-file"), objects + odd + more)


@given(logs(), CUTS, st.sampled_from([*WRAPS]), st.integers(-2, 30), st.integers(-2, 30))
@settings(max_examples=60, deadline=None)
def test_any_log_in_a_wrapper_cut_anywhere_is_counted_alike(
    data: bytes, size: int, name: str, since: int, length: int
) -> None:
    text = data.decode("utf-8", "backslashreplace")
    outer = "\n".join(WRAPS[name](line) for line in text.split("\n")).encode()
    begin = 1252074598 + since
    window = Window(begin if since >= 0 else None, begin + length if length >= 0 else None)
    span = enough(outer)
    assert_same_tallies(MATCHER, cut_up(outer, size, span), options_of(in_wrapper(name), span, window))


@given(st.lists(st.sampled_from(EXAMPLES), max_size=20), st.sampled_from([*WRAPS]))
@settings(max_examples=40, deadline=None)
def test_examples_of_all_patterns_are_known_alike_in_a_wrapper(examples: list[bytes], name: str) -> None:
    texts = [line for log in examples for line in log.decode("utf-8", "backslashreplace").split("\n")]
    data = "\n".join(WRAPS[name](DATED + "[client 192.0.2.7:1] " + line) for line in texts).encode()
    assert_same_tallies(WHOLE, cut_up(data, 1 << 20, SPAN), options_of(in_wrapper(name)))


@given(logs(), CUTS)
@settings(max_examples=30, deadline=None)
def test_a_log_in_a_format_of_its_own_is_counted_alike(data: bytes, size: int) -> None:
    form = Format("httpd", "httpd-custom", "made", layouts=("[%{u}t] [%-m:%l] [pid %P:tid %T] %E: [client\\ %a] %M",))
    span = enough(data)
    assert_same_tallies(MATCHER, cut_up(data, size, span), options_of(form, span))


def test_an_interrupt_ends_the_scan_and_counts_nothing_of_the_block() -> None:
    def read(line: bytes) -> Record | None:
        raise KeyboardInterrupt

    scanner = Scanner(MATCHER, ScanOptions(reader=read))
    with pytest.raises(KeyboardInterrupt):
        scanner.scan(Block(0, 0, b"boom\n" + bytes(SPAN), 0, 5))


OLD = "[Tue Mar 03 14:02:11 2020] [error] [client 192.0.2.7] File does not exist: /a, referer: http://example.org/"
UNASKED = {
    "docker json-file": (docker(DATED + "boom"), docker(OLD)),
    "Kubernetes CRI": tuple(WRAPS["Kubernetes CRI"](line) for line in (DATED + "boom", OLD)),
    "syslog": tuple(
        f"{stamp} web01 apache2[9]: {line}"
        for stamp in ("Mar  3 14:02:11", "2020-03-03T14:02:11.123456+01:00")
        for line in (DATED + "boom", OLD, LEVELLED + "boom", "[error] [client 192.0.2.7] boom")
    ),
}


@pytest.mark.parametrize("name", UNASKED)
def test_the_usual_lines_of_a_wrapper_need_no_asking(name: str) -> None:
    options = options_of(in_wrapper(name))
    records: Any = core_records(options)
    assert options.reader is not None
    for line in UNASKED[name]:
        assert records.read(line.encode()) == _asked_line(options.reader, WallClock(ZONE), line.encode()), line
