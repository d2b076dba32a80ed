"""Logs in other than httpd's default formats: scanned as the same records in the default format are."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from logsleuth.engines.serial import scan_all
from logsleuth.logs.httpd.tokenize import tokenize
from logsleuth.logs.open.block import PAD
from logsleuth.scan.clock import WallClock
from logsleuth.scan.options import ScanOptions
from logsleuth.scan.scanner import Scanner
from logsleuth.scan.sighting import LONGEST_TEXT
from tests.scan.test_laws import CUTS, MATCHER, assert_same, cut_up, enough, logs, merged, sightings

if TYPE_CHECKING:
    import random

    from logsleuth.logs.httpd.record import Record
    from logsleuth.scan.tally import Tally

OUTER = b"outer 17 | "


def peeled(line: bytes) -> Record | None:
    """Another program's lines stand between httpd's."""
    return tokenize(line.removeprefix(OUTER)) if line.startswith(OUTER) else None


def wrapped(data: bytes) -> bytes:
    return b"".join(b"not ours\n" + OUTER + line for line in re.findall(rb"[^\n]*\n|[^\n]+", data))


def matches(whole: Tally) -> dict[str, tuple[int, list[str]]]:
    """Of each pattern: how often, and the lines that are kept whole."""
    found: dict[str, tuple[int, list[str]]] = {}
    for name, one in whole.patterns.items():
        kept = [moment.first.text.removeprefix(OUTER.decode()) for moment in one.series.buckets.values()]
        found[name] = (one.series.count, sorted(kept))
    return found


@given(logs())
@settings(max_examples=40, deadline=None)
def test_a_wrapped_log_matches_as_the_plain_one_and_shows_its_own_lines(data: bytes) -> None:
    outer = wrapped(data)
    span = 2 * len(outer) + PAD  # times are lent by neighbours: none may be out of reach in one log only
    plain = scan_all(cut_up(data, len(data) + 1, span), Scanner(MATCHER, ScanOptions(span=span)))
    found = scan_all(cut_up(outer, len(outer) + 1, span), Scanner(MATCHER, ScanOptions(reader=peeled, span=span)))
    assert matches(found) == matches(plain)
    for sighting in sightings(found):
        line = outer[sighting.offset :].split(b"\n", 1)[0].removesuffix(b"\r")
        assert line.decode("utf-8", "backslashreplace")[:LONGEST_TEXT] == sighting.text


@given(logs(), CUTS, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_a_log_read_record_by_record_may_be_cut_anywhere(data: bytes, size: int, rng: random.Random) -> None:
    data = wrapped(data)
    span = enough(data)
    scanner = Scanner(MATCHER, ScanOptions(reader=peeled, span=span))
    pieces = [scanner.scan(block) for block in cut_up(data, size, span)]
    whole = [scanner.scan(block) for block in cut_up(data, len(data) + 1, span)]
    assert_same(merged(pieces, rng), merged(whole, rng))


def test_a_time_that_names_its_zone_is_told_on_the_clock_of_the_others() -> None:
    noon = int(datetime(2020, 7, 1, 12, tzinfo=UTC).timestamp()) * 1_000_000
    berlin = WallClock(ZoneInfo("Europe/Berlin"))
    assert berlin.local(noon, 0) - noon == 2 * 3600 * 1_000_000
    assert berlin.local(noon, 2 * 3600) == noon
    assert WallClock().local(noon, -3600) - noon == 3600 * 1_000_000
