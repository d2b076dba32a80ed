"""What is counted of a log as a whole, and of every line in it."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from logsleuth.engines.serial import scan_all
from logsleuth.library.parse import parse_pattern
from logsleuth.library.pattern import Library
from logsleuth.logs.open.block import read_blocks
from logsleuth.logs.others.access.layout import COMMON, KNOWN
from logsleuth.logs.others.access.reader import access_reader
from logsleuth.scan.bykey import Answers
from logsleuth.scan.matcher import Matcher
from logsleuth.scan.options import ScanOptions
from logsleuth.scan.scanner import Scanner
from logsleuth.scan.series import MOST_CLASSES, class_of
from logsleuth.scan.sighting import UNDATED
from logsleuth.scan.tally import LogTally, Tally
from logsleuth.scan.window import Window

NOTHING_KNOWN = Matcher(Library((), "test"))
SECOND = 1252074600
MICRO = 1_000_000


def line(text: str, second: int = 4, kind: str = "core:error", pid: int = 9, client: str = "") -> str:
    return f"[Fri Sep 04 14:30:{second:02d}.500000 2009] [{kind}] [pid {pid}:tid 1] {client}{text}"


def tally_of(*lines: str, window: Window | None = None) -> Tally:
    data = "\n".join([*lines, ""]).encode("latin-1")
    options = ScanOptions(window=window or Window())
    return scan_all(read_blocks(io.BytesIO(data), 0), Scanner(NOTHING_KNOWN, options))


TRACEBACK = [line(text) for text in ("Traceback (most recent call last):", "  File x, line 1, in f", "ValueError: 1")]

LOGS: dict[str, tuple[list[str], LogTally]] = {
    "records": ([line("a"), line("b")], LogTally(lines=2, records=2)),
    "bare lines": ([line("a"), "AH00558: httpd: Could not", "", "glibc"], LogTally(lines=4, records=1, bare=3)),
    "damaged heads": (
        ["[Fri Sep 99 99:99:99 2009] [error] x", line("a"), "[core"],
        LogTally(lines=3, records=1, unparsed=2),
    ),
    "a traceback": (["x", *TRACEBACK, line("a")], LogTally(lines=5, records=4, bare=1, joined=2)),
    "two tracebacks": ([*TRACEBACK, *TRACEBACK], LogTally(lines=6, records=6, joined=4)),
    "lines at the limit of httpd's buffer": (
        [line("a" * (8179 - len(line("")))), line("a" * (8180 - len(line("")))), "a" * 20_000],
        LogTally(lines=3, records=2, bare=1, long=2),
    ),
    "bytes that httpd would have escaped": (
        [line("caf\xe9"), line("a\0\0b"), line("\xff", pid=8), line("plain\t"), "\x80 bare \x80"],
        LogTally(lines=5, records=4, bare=1, odd_bytes=4),
    ),
    "nothing": ([""], LogTally(lines=1, bare=1)),
}
COUNTS = ("lines", "records", "bare", "joined", "unparsed", "long", "odd_bytes")


def counts(log: LogTally) -> dict[str, int]:
    return {name: getattr(log, name) for name in COUNTS}


@pytest.mark.parametrize(("lines", "expected"), LOGS.values(), ids=LOGS)
def test_every_line_is_counted_as_what_it_is(lines: list[str], expected: LogTally) -> None:
    log = tally_of(*lines).logs[0]
    assert counts(log) == counts(expected)
    assert log.bytes == sum(len(text) + 1 for text in lines)


def test_only_lines_within_the_window_are_counted_but_all_are_numbered() -> None:
    texts = [line("\xe9", 1), line("\xe9", 5), line("\xe9", 1), line("[", 5), line("\xe9", 9)]
    tally = tally_of(*texts, window=Window(SECOND + 4, SECOND + 8))
    assert counts(tally.logs[0]) == counts(replace(LogTally(), lines=2, records=2, odd_bytes=1))
    assert tally.logs[0].last is not None
    assert tally.line_number(tally.logs[0].last) == 4


def test_the_first_and_last_line_are_those_of_the_clock_not_of_the_file() -> None:
    log = tally_of("bare", line("a", 5), line("b", 3), line("c", 9), line("d", 7)).logs[0]
    assert log.first is not None
    assert log.last is not None
    assert (log.first.time, log.last.time) == ((SECOND + 3) * MICRO + 500_000, (SECOND + 9) * MICRO + 500_000)


def test_the_first_unparsed_lines_are_kept_to_be_shown() -> None:
    log = tally_of("[?", line("a", 5), *("[" + "x" * n for n in range(9))).logs[0]
    assert log.unparsed == 10
    assert [sample.text for sample in log.samples] == ["[?", "[", "[x", "[xx", "[xxx"]
    assert [sample.time for sample in log.samples] == [(SECOND + 5) * MICRO] * 5
    assert tally_of("[?").logs[0].samples[0].time == UNDATED


def test_lines_are_counted_by_module_and_level() -> None:
    log = tally_of(line("a"), line("b", kind="ssl:warn"), line("c"), line("d", kind="-:emerg"), "bare").logs[0]
    assert log.kinds == {("core", "error"): 2, ("ssl", "warn"): 1, ("", "emerg"): 1}


def test_lines_that_name_a_client_are_the_trace_of_requests() -> None:
    tally = tally_of(line("a", 4, client="[client 192.0.2.7:1] "), line("b", 4), line("c", 5, client="[remote ::1:1] "))
    assert tally.served.buckets == {SECOND + 4: 1, SECOND + 5: 1}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("(104)Connection reset by peer: [client 192.0.2.7:555] AH01075: Error dispatching request", 1),
        ("(OS 10054)An existing connection was closed.  : [client 2001:db8::1:555] AH1: x", 1),
        ("mod_x.c(12): [client 192.0.2.7:555] boom", 1),
        ("(104)Connection reset by peer: AH1: x [client 192.0.2.7:555] is not a field here", 0),
        ("boom: [client 192.0.2.7:555] quoted", 0),
    ],
)
def test_a_client_behind_an_errno_or_a_source_file_is_one_too(text: str, count: int) -> None:
    assert sum(tally_of(line(text)).served.buckets.values()) == count


def test_a_pids_signs_are_its_earliest_and_latest_line() -> None:
    tally = tally_of(line("a", 5), line("b", 3, pid=7), line("c", 2), line("d", 8), line("e", 6), "bare")
    assert {pid: (sign.first, sign.last, sign.count) for (pid, _), sign in tally.signs.items.items()} == {
        9: ((SECOND + 2) * MICRO + 500_000, (SECOND + 8) * MICRO + 500_000, 4),
        7: ((SECOND + 3) * MICRO + 500_000, (SECOND + 3) * MICRO + 500_000, 1),
    }


@pytest.mark.parametrize(
    ("texts", "templates"),
    [
        (["slot 1 is full", "slot 22 is full", "slot 3 is full"], [1, 2]),
        (["AH00052: x", "AH00051: x"], [1, 1]),
        (["Slot 1", "slot 1"], [1, 1]),
        (["  indented", "\tindented", ""], []),
    ],
    ids=[
        "digits do not tell shapes apart, how many there are does",
        "codes do",
        "case does",
        "what continues another line has none",
    ],
)
def test_unknown_lines_are_counted_by_shape(texts: list[str], templates: list[int]) -> None:
    tally = tally_of(*map(line, texts))
    assert sorted(template.series.count for template in tally.templates.values()) == templates


def test_the_same_words_of_another_module_or_level_are_another_shape() -> None:
    tally = tally_of(line("x"), line("x", kind="ssl:error"), line("x", kind="core:info"))
    assert len(tally.templates) == 3


def test_unknown_tracebacks_are_counted_by_their_exception() -> None:
    other = [text.replace("ValueError: 1", "ValueError: 22") for text in TRACEBACK]
    third = [text.replace("ValueError", "KeyError") for text in TRACEBACK]
    tally = tally_of(*TRACEBACK, *other, *third)
    shown = [template.series.first.text for template in tally.templates.values() if template.series.first]
    assert sorted(text.rpartition("] ")[2] for text in shown) == ["KeyError: 1", "ValueError: 1"]


BOOM = Matcher(
    Library(
        (parse_pattern("id = 'site.boom'\ntitle = 'x'\nrole = 'symptom'\n[[match]]\ncontains = 'boom'", "test"),), "t"
    )
)


def test_a_patterns_matches_are_counted_by_the_address_that_the_line_names() -> None:
    texts = [
        line("boom", client="[client 192.0.2.7:1] "),
        line("boom", client="[client 192.0.2.7:2] "),
        line("(13)Permission denied: [client 192.0.2.8:2] boom"),
        line("boom", client="[remote 2001:db8::1:80] "),
        "[Fri Sep 04 14:30:04 2009] [error] [client 192.0.2.7] boom",
        "[Fri Sep 04 14:30:04 2009] [error] [client 2001:db8::1] (13)Permission denied: boom",
        line("boom: [client 192.0.2.99:2] is quoted"),
        line("quiet", client="[client 192.0.2.9:1] "),
    ]
    data = "\n".join([*texts, ""]).encode()
    tally = scan_all(read_blocks(io.BytesIO(data), 0), Scanner(BOOM))
    clients = tally.patterns["site.boom"].clients
    assert clients.kept == {"192.0.2.7": 3, "192.0.2.8": 1, "2001:db8::1": 2}
    assert clients.total == 6


def test_requests_are_counted_by_who_asked_for_what() -> None:
    requests = [
        ("shop.example", "192.0.2.1", "GET /shop/cart?id=1 HTTP/1.1", 200),
        ("Shop.example", "192.0.2.1", "POST /shop HTTP/1.1", 503),
        ("blog.example", "192.0.2.2", "GET http://blog.example/ HTTP/1.0", 404),
        ("blog.example", "192.0.2.2", "-", 408),  # no request came
    ]
    data = "".join(
        f'{vhost}:443 {client} - - [04/Sep/2009:14:30:0{n} +0000] "{request}" {status} 12\n'
        for n, (vhost, client, request, status) in enumerate(requests)
    ).encode()
    scanner = Scanner(NOTHING_KNOWN, ScanOptions(source="access", reader=access_reader(KNOWN)))
    traffic = scan_all(read_blocks(io.BytesIO(data), 3), scanner).traffic[3]
    assert traffic.by_vhost.kept == {"shop.example": Answers(2, 0, 1), "blog.example": Answers(1, 1, 0)}
    assert traffic.by_client.kept == {"192.0.2.1": Answers(2, 0, 1), "192.0.2.2": Answers(1, 1, 0)}
    assert traffic.by_path.kept == {"/shop": Answers(2, 0, 1), "/": Answers(1, 1, 0)}
    assert [sum(counts.buckets.values()) for counts in (traffic.all, traffic.refused, traffic.failed)] == [3, 1, 1]


def test_redirects_and_durations_are_counted_by_when_the_request_began() -> None:
    statuses = (301, 304, 302, 303, 200, 307, 308)
    data = "".join(
        f'192.0.2.1 - - [04/Sep/2009:14:30:0{n} +0000] "GET /a HTTP/1.1" {status} 12 {n * 1_000_000}\n'
        for n, status in enumerate(statuses)
    ).encode()
    scanner = Scanner(NOTHING_KNOWN, ScanOptions(source="access", reader=access_reader((rf"{COMMON} %D",))))
    traffic = scan_all(read_blocks(io.BytesIO(data), 3), scanner).traffic[3]
    assert traffic.by_path.kept == {"/a": Answers(7, redirected=5)}
    assert sum(traffic.redirected.buckets.values()) == 5
    begun = {key // MOST_CLASSES - 1_252_074_600: key % MOST_CLASSES for key in traffic.took.buckets}
    assert begun == {n: class_of(n * 1_000_000) for n in range(7)}
