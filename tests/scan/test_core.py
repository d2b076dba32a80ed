"""The compiled scan and the reference give the same tally, down to the last field of the last line kept."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logsleuth.library.linear import translated, why_not_linear
from logsleuth.library.load import load_library
from logsleuth.logs.open.block import SPAN, Block
from logsleuth.scan.core import CoreLibrary, compiled, let_go
from logsleuth.scan.matcher import Matcher
from logsleuth.scan.options import ScanOptions
from logsleuth.scan.reference import Reference
from logsleuth.scan.scanner import Partial, Scanner
from logsleuth.scan.tally import Tally
from logsleuth.scan.window import Window
from tests.scan.test_laws import CUTS, MATCHER, WILD, cut_up, enough, flat, logs, small_caps
from tests.scan.test_lines import LOGS

if TYPE_CHECKING:
    import random

    from logsleuth.library.pattern import Pattern

pytestmark = pytest.mark.skipif(compiled() is None, reason="there is no compiled scan to compare")

SAMPLES = sorted((Path(__file__).resolve().parents[2] / "sample_logs").glob("*.log"))
WHOLE = Matcher(load_library())
EXAMPLES = [
    example.log.encode()
    for pattern in load_library().patterns
    for example in (*pattern.examples, *pattern.counter_examples)
]


def plainly(whole: Tally) -> dict[str, object]:
    """All of a tally, where it was cut included."""
    blocks = {number: (log.blocks, log.bytes) for number, log in whole.logs.items()}
    return flat(whole) | {"blocks": blocks}


def assert_alike(
    matcher: Matcher, blocks: list[Block], *, span: int = SPAN, vhost: bool = False, window: Window | None = None
) -> None:
    """Both ways of each block, and of all together."""
    assert_same_tallies(matcher, blocks, ScanOptions(span=span, vhost=vhost, window=window or Window()))


def assert_same_tallies(matcher: Matcher, blocks: list[Block], options: ScanOptions) -> None:
    """The same, however a log is read."""
    scanner, reference = Scanner(matcher, options), Reference(matcher, options)
    assert scanner.is_compiled
    part, in_turn = Partial(), Tally()
    for block in blocks:
        alone = Tally()
        reference.update(alone, block)
        assert plainly(scanner.scan(block)) == plainly(alone)
        reference.update(in_turn, block)
        part.update(scanner, block)
    assert plainly(part.tally()) == plainly(in_turn)


@given(st.one_of(logs(), LOGS, WILD), CUTS, st.booleans())
@settings(max_examples=150, deadline=None)
def test_any_log_cut_anywhere_is_counted_alike(data: bytes, size: int, vhost: bool) -> None:
    span = enough(data)
    assert_alike(MATCHER, cut_up(data, size, span), span=span, vhost=vhost)


YEARS = "".join(
    f"[Fri Dec 31 10:00:00 {year:04}] [error] [client 192.0.2.7] boom\n" for year in (1, 1969, 1970, 2199, 2200, 9999)
)


def test_years_that_no_log_can_be_of_are_counted_alike() -> None:
    data = (
        YEARS.encode() + "".join(f"[{year}-02-29 10:00:00] [core:error] boom\n" for year in range(1968, 2204)).encode()
    )
    assert_alike(MATCHER, cut_up(data, 300, SPAN))


@given(logs(), CUTS, st.integers(0, 2000), st.integers(-2, 30), st.integers(-2, 30))
@settings(max_examples=50, deadline=None)
def test_short_spans_and_windows_of_time_are_counted_alike(
    data: bytes, size: int, span: int, since: int, length: int
) -> None:
    begin = 1252074598 + since
    window = Window(begin if since >= 0 else None, begin + length if length >= 0 else None)
    assert_alike(MATCHER, cut_up(data, size, span + 64), span=span + 64, window=window)


@given(st.one_of(logs(), WILD), CUTS)
@settings(max_examples=50, deadline=None)
def test_what_the_bounds_drop_is_the_same(data: bytes, size: int) -> None:
    span = enough(data)
    with small_caps():
        assert_alike(Matcher(MATCHER.library), cut_up(data, size, span), span=span)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_sample_logs_are_counted_alike(path: Path) -> None:
    data = path.read_bytes()
    assert_alike(WHOLE, cut_up(data, 200_000, SPAN))


HEADS = (
    b"",
    b"[Fri Sep 04 14:30:04.123456 2009] [core:error] [pid 9:tid 8] [client 192.0.2.7:1] ",
    b"[Fri Sep 04 14:30:04 2009] [error] [client 192.0.2.7] ",
)


@given(
    st.lists(st.tuples(st.sampled_from(HEADS), st.sampled_from(EXAMPLES)), max_size=20),
    st.randoms(use_true_random=False),
)
@settings(max_examples=60, deadline=None)
def test_examples_of_all_patterns_are_known_alike_also_when_they_are_damaged(
    pieces: list[tuple[bytes, bytes]], rng: random.Random
) -> None:
    lines = [head + line for head, log in pieces for line in log.split(b"\n")]
    damaged = [line if rng.random() < 0.7 else _damaged(line, rng) for line in lines]
    assert_alike(WHOLE, cut_up(b"\n".join(damaged), 1 << 20, SPAN))


def _damaged(line: bytes, rng: random.Random) -> bytes:
    """Cut, stretched, or with bytes changed."""
    at = rng.randrange(len(line) + 1)
    match rng.randrange(5):
        case 0:
            return line[:at]
        case 1:
            return line[at:]
        case 2:
            return line[:at] + rng.choice([b"\xe9", b"\xc3\xa9", b"\0", b"'", b"9", b": ", b"\r"]) + line[at + 1 :]
        case 3:  # as long as the bounds of repetitions, give or take one
            return line[:at] + b"a" * (rng.choice([80, 200, 300, 1000, 4000]) + rng.randrange(-1, 2)) + line[at:]
        case _:
            return line[:at] + line[at // 2 :]


@given(
    st.lists(st.tuples(st.sampled_from(HEADS), *[st.sampled_from(EXAMPLES)] * 2, st.integers(0, 80)), max_size=3),
    st.booleans(),
)
@settings(max_examples=30, deadline=None)
def test_messages_that_begin_alike_often_are_known_alike(
    pieces: list[tuple[bytes, bytes, bytes, int]], client: bool
) -> None:
    lines = []
    for head, one, other, length in pieces:
        begin = (b"[client 192.0.2.7] " if client else b"") + one.partition(b"\n")[0][:length]
        lines += [head + begin + tail for tail in (one[length:], other, other[9:], b"") for _ in range(20)]
    assert_alike(WHOLE, cut_up(b"\n".join(lines), 1 << 20, SPAN))


def test_threads_share_the_work_and_give_the_same_tally() -> None:
    data = b"".join(path.read_bytes() for path in SAMPLES)
    blocks = cut_up(data, 100_000, SPAN)
    scanner = Scanner(WHOLE)
    alone, parts = Partial(), [Partial() for _ in range(3)]
    for block in blocks:
        alone.update(scanner, block)

    def work(nth: int) -> None:
        for block in blocks[nth :: len(parts)]:
            parts[nth].update(scanner, block)

    threads = [threading.Thread(target=work, args=(nth,)) for nth in range(len(parts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    parts[1].merge(parts[2])
    parts[0].merge(parts[1])
    assert plainly(parts[0].tally()) == plainly(alone.tally())


def test_after_a_large_scan_the_next_is_no_other() -> None:
    matcher = Matcher(WHOLE.library)
    block = cut_up(SAMPLES[0].read_bytes(), 100_000, SPAN)[0]
    first = Scanner(matcher).scan(block)
    assert isinstance(matcher.compiled, CoreLibrary)
    assert matcher.compiled.idle
    let_go(matcher)
    assert not matcher.compiled.idle
    assert plainly(Scanner(matcher).scan(block)) == plainly(first)


@pytest.mark.parametrize("pattern", WHOLE.patterns, ids=lambda pattern: pattern.id)
def test_every_shipped_pattern_is_linear(pattern: Pattern) -> None:
    for match in pattern.matches:
        for source in (match.regex, match.unless):
            if source is not None:
                assert not why_not_linear(source)
                assert compiled().why_not_linear(translated(source)) is None


@pytest.mark.parametrize("source", ["a(?!b)", "(?<=a)b", r"(a)\1", "(?P<x>a)(?P=x)", "(?<!a)b"])
def test_what_looks_around_or_back_is_said_to_and_is_not_taken(source: str) -> None:
    assert why_not_linear(source)
    assert compiled().why_not_linear(translated(source))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"[[]a{,2}\Z", b"[aa"), ("a{x", b"a{x"), ("[]a]", b"]"), ("[^]a]b", b"xb"), ("[a&&b]", b"&"), (r"[\w-]", b"-"),
        (r"a\ b", b"a b"), ("[a~~]", b"~"), (r"\<x", b"<x"),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_syntax_that_differs_is_translated(source: str, text: bytes) -> None:
    assert re.search(source.encode(), text)
    assert compiled().is_match(translated(source), text)
