"""A log fed bit by bit, with rotations and saved states in between, gives the report of the whole."""

from __future__ import annotations

import tempfile
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logsleuth.live.ledger import Ledger
from logsleuth.live.state import State
from logsleuth.logs.httpd.layout.given import no_layouts
from logsleuth.pipeline import analyze
from tests.live.fed import MATCHER, SAMPLES, Feeding, plain

STEPS = st.lists(
    st.tuples(st.integers(1, 60_000), st.sampled_from(["", "", "", "save", "rename", "copytruncate"])), max_size=30
)
LONG = "[Tue Mar 03 14:00:{:02d}.{:06d} 2009] [core:error] [pid 47:tid 1] [client 192.0.2.7:4000] AH00126: {}: {}\n"


@pytest.mark.parametrize("name", ["stale-egg-2009.log", "stale-egg-24.log", "crash-prefork.log"])
@settings(max_examples=6)
@given(steps=STEPS)
def test_random_pieces_with_rotations_end_in_the_report_of_the_whole(name: str, steps: list[tuple[int, str]]) -> None:
    data = (SAMPLES / name).read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        feeding = Feeding(Path(folder) / "error.log")
        fed_as_told(feeding, data, steps)
        files = [path for path in (*feeding.written, feeding.log) if path.stat().st_size]
        assert feeding.report() == plain(analyze([str(path) for path in files], tz="UTC"))


def fed_as_told(feeding: Feeding, data: bytes, steps: list[tuple[int, str]]) -> None:
    """Pieces end anywhere, but rotation comes between two lines: httpd writes each with one call."""
    for size, then in steps:
        piece, data = data[:size], data[size:]
        if then in {"rename", "copytruncate"}:
            rest = data.find(b"\n") + 1
            piece, data = piece + data[:rest], data[rest:]
        feeding.write(piece)
        feeding.read()
        if then == "save":
            feeding.remember()
        elif then and feeding.log.stat().st_size:
            feeding.rotate(then)
    feeding.write(data)
    feeding.read()


def test_what_is_settled_and_what_is_held_add_up_to_the_whole(tmp_path: Path) -> None:
    lines = [LONG.format(n // 1000 % 60, n, "unique " * (n % 40), n) for n in range(9000)]
    data = "".join(lines).encode()
    assert len(data) > 1_500_000
    feeding = Feeding(tmp_path / "error.log")
    for begin in range(0, len(data), 70_000):
        feeding.write(data[begin : begin + 70_000])
        feeding.read()
        feeding.remember()
    (part,) = feeding.ledger.state.logs[str(feeding.log)].open
    assert part.settled > 0
    assert len(part.held) < 600_000
    assert feeding.report() == plain(analyze([str(feeding.log)], tz="UTC"))


def test_old_children_go_on_writing_to_the_file_that_was_renamed(tmp_path: Path) -> None:
    first, second, third = (SAMPLES / "stale-egg-24.log").read_bytes().splitlines(keepends=True)[:3]
    feeding = Feeding(tmp_path / "error.log")
    feeding.write(first)
    feeding.read()
    feeding.rotate("rename")
    feeding.write(third)
    feeding.read()
    with feeding.written[0].open("ab") as old:
        old.write(second)
    feeding.read()
    assert feeding.report() == plain(analyze([str(feeding.written[0]), str(feeding.log)], tz="UTC"))


def test_what_is_older_than_since_is_left_out_but_its_lines_are_counted(tmp_path: Path) -> None:
    lines = [
        LONG.replace("14:00", f"14:{n // 1000:02d}").format(n % 1000 * 60 // 1000, n, "unique " * 40, n)
        for n in range(60_000)
    ]
    feeding = Feeding(tmp_path / "error.log")
    feeding.write("".join(lines).encode())
    at_14_50 = 1_236_088_800 + 50 * 60
    feeding.ledger = Ledger(State(), MATCHER, UTC, no_layouts, at_14_50)
    feeding.read()
    (log,) = feeding.report()["logs"]
    assert log["lines"] < 30_000
    tally = feeding.ledger.tally()
    last = tally.logs[0].last
    assert last is not None
    assert last.text[:200] == lines[-1][:200]
    assert tally.line_number(last) == 60_000
