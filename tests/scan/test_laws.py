"""A log's tally does not depend on where the log is cut, nor on the order in which the pieces are merged.

Compared entry by entry: totals alone hide nearly all mistakes at the cuts.
"""

from __future__ import annotations

import dataclasses
import io
import re
from collections import defaultdict, deque
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logsleuth.engines.serial import scan_all
from logsleuth.library.parse import parse_pattern
from logsleuth.library.pattern import Library
from logsleuth.logs.format.sniff import Format
from logsleuth.logs.open.block import PAD, Block, read_blocks, read_range
from logsleuth.logs.others.neighbours import neighbour
from logsleuth.scan import census, reference, tally
from logsleuth.scan.entries import join
from logsleuth.scan.head import HeadReader
from logsleuth.scan.lines import default_lines
from logsleuth.scan.matcher import Matcher
from logsleuth.scan.options import ScanOptions
from logsleuth.scan.scanner import Scanner
from logsleuth.scan.sighting import Sighting
from logsleuth.scan.tally import SIGN_WIDTH, LogTally, Tally
from logsleuth.scan.window import Window

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

    from logsleuth.logs.format.recognise import Kind

PATTERNS = (
    """
    id = 'httpd.child.signal'
    title = 'A child died'
    role = 'death'
    worker = { state = 'crashed', subject = 'pid' }
    [[match]]
    contains = 'exit signal'
    regex = 'child pid (?P<pid>\\d+) exit signal (?P<signal>[A-Z]\\w+)'
    """,
    """
    id = 'python.egg'
    title = 'An exception whose traceback passes through zipimport'
    role = 'cause'
    category = 'stale-egg'
    worker = { state = 'poisoned' }
    [[match]]
    contains = 'zipimport'
    regex = '^EOFError'
    [[match]]
    contains = 'bad local file header'
    """,
    """
    id = 'python.traceback'
    title = 'Any other traceback'
    role = 'symptom'
    fallback = true
    [[match]]
    contains = 'Traceback (most recent call last)'
    """,
    """
    id = 'site.boom'
    title = 'No regex: the literal is proof enough'
    role = 'symptom'
    [[match]]
    contains = 'boom'
    """,
    """
    id = 'site.missing'
    title = 'Noise'
    role = 'noise'
    [[match]]
    contains = 'File does not exist'
    regex = 'File does not exist: (?P<path>\\S+)'
    """,
)


def library(*texts: str) -> Library:
    return Library(tuple(parse_pattern(text, "test") for text in texts), "test")


MATCHER = Matcher(library(*PATTERNS))
ANY_SOURCE = Matcher(library(*(text + "\n[scope]\nsources = ['syslog']" for text in PATTERNS)))

FAR = 1 << 30

# ---------------------------------------------------------------- random logs

OPENING = "Traceback (most recent call last):"
FRAME = ('  File "/srv/app.py", line 3, in f', "    return g()")
EGG = ('  File "/usr/lib/python/zipimport.py", line 3, in f', "    return g()")
AGAIN = ("During handling of the above exception, another exception occurred:", "")

SCRIPTS: tuple[tuple[str, ...], ...] = (
    (OPENING, *FRAME, "ValueError: 17"),
    (OPENING, *EGG, "EOFError"),
    ("mod_wsgi (pid=7): Exception occurred processing WSGI script '/srv/a.wsgi'.", OPENING, *EGG, "EOFError"),
    (
        "mod_python (pid=8, interpreter='www'): Application error",
        "URI: '/wiki'",
        "Directory: None",
        OPENING,
        *EGG,
        "EOFError",
    ),
    (OPENING, *FRAME, "KeyError: 'a'", "", *AGAIN, OPENING, *FRAME, "RuntimeError: boom", ""),
    (OPENING, *FRAME, "OperationalError: could not connect", r"\tIs the server running on host?", " and more"),
    (OPENING, *FRAME),  # cut off
    (OPENING, *FRAME, "ZipImportError: bad local file header: '/srv/a.egg'"),
    (OPENING,),
)
SINGLES = (
    "AH00052: child pid 11 exit signal Segmentation fault (11)",
    "AH00052: child pid 12 exit signal Aborted (6)",
    "AH01630: client denied by server configuration: /srv/17",
    "File does not exist: /srv/www/robots.txt",
    "boom",
    "something 12 that no pattern knows",
    "something 345 that no pattern knows",
    "  indented",
    "caf\xe9",
    "(13)Permission denied: [client 192.0.2.9:1] boom",
    "(104)Connection reset by peer: [client 192.0.2.9:1] AH01075: Error dispatching request to",
    "mod_x.c(12): [client 192.0.2.9:1] boom",
    "nothing, referer: http://example.org/boom",
    "File does not exist: /boom, referer: http://example.org/",
    "",
)
BARES = (
    "boom",
    "AH00558: httpd: Could not reliably determine the server's name",
    "*** Error in `apache2': free(): invalid pointer ***",
    OPENING,
    "[Fri Sep 99 99:99:99 2009] damaged",
    "",
)

HEADS = (
    "[{when:%a %b %d %H:%M:%S.%f %Y}] [wsgi:error] [pid 11:tid 901] [remote 192.0.2.1:40001] ",
    "[{when:%a %b %d %H:%M:%S.%f %Y}] [wsgi:error] [pid 11:tid 902] [remote 192.0.2.2:40002] ",
    "[{when:%a %b %d %H:%M:%S.%f %Y}] [core:notice] [pid 12] ",
    "[{when:%a %b %d %H:%M:%S %Y}] [error] [client 192.0.2.3] ",
    "[{when:%a %b %d %H:%M:%S %Y}] [error] ",
)
"""Two threads of one process, a process without threads, and two streams of a 2.2 server."""

BARE = len(HEADS)

STEPS = st.one_of(
    st.tuples(
        st.integers(0, BARE - 1),
        st.one_of(
            st.integers(1, 12),  # so many lines of the traceback at hand
            st.integers(1, 3),
            st.sampled_from(SCRIPTS),  # to be written, line by line
            st.sampled_from(SINGLES),
        ),
    ),
    st.tuples(st.just(BARE), st.sampled_from(BARES)),
)
PAUSES = st.sampled_from([0, 0, 0, 7, 400_000, 1_000_000, 2_500_000, -3, -1_200_000, 700_000_000])
"""Microseconds between two lines: a thread may step back, a clock may jump, a night may pass."""


@st.composite
def logs(draw: st.DrawFn) -> bytes:
    """A log of several workers, whose lines interleave as the steps have it."""
    now = datetime(2009, 9, 4, 14, 29, 58, tzinfo=UTC)
    pending: dict[int, deque[str]] = defaultdict(deque)
    lines: list[str] = []
    for (worker, what), micros in draw(st.lists(st.tuples(STEPS, PAUSES), max_size=40)):
        now += timedelta(microseconds=micros)
        head = "" if worker == BARE else HEADS[worker].format(when=now)
        match what:
            case str():
                lines.append(head + what)
            case int():
                texts = pending[worker] or deque(SCRIPTS[what % len(SCRIPTS)])
                lines += [head + texts.popleft() for _ in range(min(what, len(texts)))]
                pending[worker] = texts
            case _:
                pending[worker].extend(what)
    end = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    return (end.join(lines) + draw(st.sampled_from([end, ""]))).encode("latin-1")


# ---------------------------------------------------------------- comparing tallies


def parts(whole: Tally, value: object) -> dict[str, object] | None:
    """What a part of a tally is made of, without what only tells how the log was cut; None: it is a plain value."""
    match value:
        case Sighting():
            names = [name for name in Sighting._fields if name not in ("block", "nth")]
            return {"line": whole.line_number(value)} | {name: getattr(value, name) for name in names}
        case LogTally(blocks=blocks):
            names = [name for name in LogTally.__slots__ if name != "blocks"]
            return {"begun": sum(blocks.values())} | {name: getattr(value, name) for name in names}
        case dict():
            return {repr(key): item for key, item in value.items()}
        case list():
            return {str(nth): item for nth, item in enumerate(value)}
        case _ if dataclasses.is_dataclass(value):
            return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        case _:
            return None


def flat(whole: Tally) -> dict[str, object]:
    """All of a tally, path by path."""
    items: dict[str, object] = {}
    rest: list[tuple[str, object]] = [("tally", whole)]
    while rest:
        path, value = rest.pop()
        inner = parts(whole, value)
        if inner is None:
            items[path] = value
        else:
            rest += [(f"{path}.{name}", part) for name, part in inner.items()]
    return items


def assert_same(one: Tally, other: Tally) -> None:
    """Two tallies hold the same, down to the last field of the last line kept."""
    a, b = flat(one), flat(other)
    different = {path: (a.get(path), b.get(path)) for path in sorted(a.keys() | b.keys()) if a.get(path) != b.get(path)}
    assert different == {}


def sightings(whole: Tally) -> Iterator[Sighting]:
    """All lines that a tally keeps whole."""
    for pattern in whole.patterns.values():
        yield from [pattern.last] if pattern.last else []
        yield from (moment.first for moment in pattern.series.buckets.values())
        yield from (sighting for pid in pattern.by_pid.values() for sighting in (pid.first, pid.last))
    for template in whole.templates.values():
        yield from (moment.first for moment in template.series.buckets.values())
    for log in whole.logs.values():
        yield from log.samples
        yield from (sighting for sighting in (log.first, log.last) if sighting)


def serial(data: bytes, span: int) -> Tally:
    whole = Tally()
    for block in cut_up(data, len(data) + 1, span):  # one, or none if the log is empty
        whole.merge(Scanner(MATCHER, ScanOptions(span=span)).scan(block))
    return whole


def cut_up(data: bytes, size: int, span: int) -> list[Block]:
    return list(read_blocks(io.BytesIO(data), 0, size, span))


def merged(tallies: Sequence[Tally], rng: random.Random) -> Tally:
    """Merge them two by two, in any order and grouping."""
    left = [Tally(), *tallies]
    while len(left) > 1:
        one, other = (left.pop(rng.randrange(len(left))) for _ in range(2))
        one.merge(other)
        left.append(one)
    return left[0]


def enough(data: bytes) -> int:
    """A span that no entry of the log fills, and hardly more: a line must fit, and a time behind an undated line."""
    lines = default_lines(Block(0, 0, data + bytes(PAD), 0, len(data)), HeadReader())
    entries = (entry.lines[-1].stop - entry.lines[0].place for entry in join(lines, FAR))
    return 2 * max(longest_line(data) + 64, *entries, 0) + 2


def longest_line(data: bytes) -> int:
    return max(map(len, data.split(b"\n")))


CUTS = st.one_of(st.integers(60, 400), st.integers(400, 3000))


@given(logs(), CUTS, st.integers(0, 500), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_any_cut_and_any_order_of_merging_give_the_serial_tally(
    data: bytes, size: int, more: int, rng: random.Random
) -> None:
    span = enough(data) + more
    scanner = Scanner(MATCHER, ScanOptions(span=span))  # one for all pieces, in any order: its caches must not show
    blocks = cut_up(data, size, span)
    rng.shuffle(blocks)
    assert_same(merged([scanner.scan(block) for block in blocks], rng), serial(data, span))


@given(logs(), CUTS)
@settings(max_examples=40, deadline=None)
def test_blocks_one_after_the_other_into_one_tally_give_the_serial_tally(data: bytes, size: int) -> None:
    span = enough(data)
    assert_same(scan_all(cut_up(data, size, span), Scanner(MATCHER, ScanOptions(span=span))), serial(data, span))


@given(logs(), CUTS, st.integers(0, 800), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_entries_longer_than_the_span_are_cut_off_alike_everywhere(
    data: bytes, size: int, more: int, rng: random.Random
) -> None:
    span = longest_line(data) + 64 + more
    pieces = [Scanner(MATCHER, ScanOptions(span=span)).scan(block) for block in cut_up(data, size, span)]
    assert_same(merged(pieces, rng), serial(data, span))


@given(logs(), CUTS, CUTS, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_ranges_read_by_several_processes_give_the_serial_tally(
    data: bytes, length: int, size: int, rng: random.Random
) -> None:
    span = enough(data)
    pieces = []
    for begin in range(0, len(data), length):
        blocks = read_range(io.BytesIO(data), 0, begin, min(begin + length, len(data)), size, span)
        pieces.append(scan_all(blocks, Scanner(MATCHER, ScanOptions(span=span))))
    assert_same(merged(pieces, rng), serial(data, span))


FOREIGN = {
    "nginx": ("2009/09/04 14:30:{:02d} [error] 31#31: *7 ", "2009/09/04 14:30:{:02d} [crit] 32#0: ", ""),
    "fpm": ("[04-Sep-2009 14:30:{:02d}] WARNING: ", "[04-Sep-2009 14:30:{:02d}.123456] NOTICE: ", ""),
    "kernel": ("[Fri Sep  4 14:30:{:02d} 2009] ", "[Fri Sep 04 14:30:{:02d} 2009] apache2[9]: ", ""),
    "syslog": ("Sep  4 14:30:{:02d} web1 sshd[9]: ", "Sep  4 14:30:{:02d} web1 kernel: [12.3] ", ""),
}


@given(
    st.sampled_from(sorted(FOREIGN)),
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 59), st.sampled_from(SINGLES)), max_size=20),
    CUTS,
    st.randoms(use_true_random=False),
)
@settings(max_examples=40, deadline=None)
def test_other_programs_logs_may_be_cut_as_well(
    kind: str, lines: list[tuple[int, int, str]], size: int, rng: random.Random
) -> None:
    data = "".join(FOREIGN[kind][head].format(second) + text + "\n" for head, second, text in lines).encode("latin-1")
    scanner = Scanner(
        ANY_SOURCE, ScanOptions(reader=neighbour(form_of(kind), date(2009, 12, 31)), source="syslog", span=300)
    )
    pieces = [scanner.scan(block) for block in cut_up(data, size, 300)]
    whole = [scanner.scan(block) for block in cut_up(data, len(data) + 1, 300)]
    assert_same(merged(pieces, rng), merged(whole, rng))
    assert bool(data) == bool(whole)


def form_of(kind: str) -> Format:
    return Format(cast("Kind", kind), kind, "for the test")


PIECES = st.sampled_from(
    [
        b"\n", b"\n", b"\n", b"\r\n", b"[Fri Sep 04 14:30:04 2009] ", b"[Fri Sep 04 14:30:04.12x456 2009] ",
        b"[Fri Sep 04 14:30:04.123456 2009] ", b"[2009-09-04 14:30:04] ", b"[core:error] ", b"[error] ", b"[:trace8]",
        b"[pid ", b"4711", b":tid ", b"] ", b"]", b"[client ", b"192.0.2.7", b"(13)a: ", b"boom", OPENING.encode(),
        b"  File ", b"EOFError", b", referer: ", b"\xc3", b"\0", b" ", b"9" * 30,
        b"2009/09/04 14:30:99 [error] ", b"7#7: ",
        b"Sep  4 14:30:04 web1 sshd[", b"]: ", b"mod_ssl.c(7): ",
    ]
)  # fmt: skip
WILD = st.lists(st.one_of(PIECES, PIECES, st.binary(max_size=3)), max_size=40).map(b"".join)


@given(WILD, st.one_of(st.none(), st.sampled_from(sorted(FOREIGN))), CUTS, st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_no_bytes_break_a_scan_or_its_laws(data: bytes, foreign: str | None, size: int, rng: random.Random) -> None:
    span = enough(data)
    reader = None if foreign is None else neighbour(form_of(foreign), date(2009, 12, 31))
    scanner = Scanner(MATCHER, ScanOptions(reader=reader, span=span))
    pieces = [scanner.scan(block) for block in cut_up(data, size, span)]
    whole = [
        Scanner(MATCHER, ScanOptions(reader=reader, span=span)).scan(block)
        for block in cut_up(data, len(data) + 1, span)
    ]
    assert_same(merged(pieces, rng), merged(whole, rng))


@given(logs(), CUTS)
@settings(max_examples=40, deadline=None)
def test_what_is_kept_of_a_line_is_the_line_at_its_place(data: bytes, size: int) -> None:
    span = enough(data)
    whole = scan_all(cut_up(data, size, span), Scanner(MATCHER, ScanOptions(span=span)))
    lines = data.split(b"\n")
    for sighting in sightings(whole):
        number = whole.line_number(sighting)
        assert number is not None
        line = lines[number - 1]
        assert data[sighting.offset :].startswith(line)
        assert sighting.text == line.removesuffix(b"\r").decode("utf-8", "backslashreplace")
    assert sum(log.lines for log in whole.logs.values()) == len(lines) - (not lines[-1])


@given(logs(), CUTS, st.integers(-2, 30), st.integers(-2, 30), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_a_window_of_time_is_the_same_through_any_cut(
    data: bytes, size: int, since: int, length: int, rng: random.Random
) -> None:
    span, begin = enough(data), 1252074598 + since
    window = Window(begin if since >= 0 else None, begin + length if length >= 0 else None)
    scanner = Scanner(MATCHER, ScanOptions(span=span, window=window))
    pieces = [scanner.scan(block) for block in cut_up(data, size, span)]
    whole = [
        Scanner(MATCHER, ScanOptions(span=span, window=window)).scan(block)
        for block in cut_up(data, len(data) + 1, span)
    ]
    assert_same(merged(pieces, rng), merged(whole, rng))


@given(st.lists(logs(), min_size=2, max_size=3), CUTS, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_logs_of_one_call_may_be_merged_in_any_order(texts: list[bytes], size: int, rng: random.Random) -> None:
    span = max(map(enough, texts))
    scanner = Scanner(MATCHER, ScanOptions(span=span))
    blocks = [block for log, data in enumerate(texts) for block in read_blocks(io.BytesIO(data), log, size, span)]
    in_order = scan_all(blocks, Scanner(MATCHER, ScanOptions(span=span)))
    rng.shuffle(blocks)
    assert_same(merged([scanner.scan(block) for block in blocks], rng), in_order)


@given(logs(), logs())
@settings(max_examples=50, deadline=None)
def test_merging_leaves_what_is_merged_as_it_was(one: bytes, other: bytes) -> None:
    there = scan_all(read_blocks(io.BytesIO(other), 1), Scanner(MATCHER))
    before = flat(there)
    here = scan_all(read_blocks(io.BytesIO(one), 0), Scanner(MATCHER))
    here.merge(there)
    here.merge(scan_all(read_blocks(io.BytesIO(one), 2), Scanner(MATCHER)))
    assert flat(there) == before


@pytest.mark.parametrize("gap", range(230, 330, 5))
def test_a_time_is_borrowed_across_a_cut_as_within_a_block(gap: int) -> None:
    # the only time stands so far behind the bare line that some cuts show a part of it
    between = "\n".join(re.findall(".{1,30}", "x" * gap))
    data = f"boom\n{between}\n" + HEADS[4].format(when=datetime(2009, 9, 4, tzinfo=UTC)) + "x\n"
    for size in range(1, 120, 7):
        pieces = cut_up(data.encode(), size, 320)
        assert_same(scan_all(pieces, Scanner(MATCHER, ScanOptions(span=320))), serial(data.encode(), 320))


CAPS = {
    "MOMENTS_A_PATTERN": 3, "MOMENTS_OF_NOISE": 2, "PIDS_A_PATTERN": 1, "SECONDS_SERVED": 3, "MOMENTS_A_TEMPLATE": 2,
    "TEMPLATES": 2, "SIGNS": 2, "WIDEST_SIGN": SIGN_WIDTH << 1, "SAMPLES": 1,
    "CLIENTS_A_PATTERN": 1,
}  # fmt: skip


@contextmanager
def small_caps() -> Iterator[None]:
    """Bounds so low that random logs run into every one of them."""
    with pytest.MonkeyPatch.context() as patch:
        for name, cap in CAPS.items():
            patch.setattr(tally, name, cap)
            for module in (reference, census):
                if hasattr(module, name):
                    patch.setattr(module, name, cap)
        yield


@given(logs(), CUTS, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_what_the_bounds_drop_does_not_hang_on_the_cuts(data: bytes, size: int, rng: random.Random) -> None:
    span = enough(data)
    with small_caps():
        scanner = Scanner(Matcher(MATCHER.library), ScanOptions(span=span))
        pieces = [scanner.scan(block) for block in cut_up(data, size, span)]
        in_turn = scan_all(cut_up(data, size, span), scanner)
        (whole,) = [scanner.scan(block) for block in cut_up(data, len(data) + 1, span)] or [Tally()]
        assert_same(merged(pieces, rng), whole)
        assert_same(in_turn, whole)
    assert len(whole.templates) <= CAPS["TEMPLATES"]
    assert len(whole.signs.items) <= CAPS["SIGNS"]
    for pattern in whole.patterns.values():
        assert len(pattern.series.buckets) <= CAPS["MOMENTS_A_PATTERN"]
        assert len(pattern.by_pid) <= CAPS["PIDS_A_PATTERN"]
