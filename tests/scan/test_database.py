"""The compiled literals: kept between runs, and compiled anew where what is kept is of no use."""

from pathlib import Path

import hyperscan
import pytest

from logsleuth.library import cache
from logsleuth.scan import database
from logsleuth.scan.database import database_of

LITERALS = [b"child pid", b"exit signal"]
TEXT = b"child pid 7 exit signal Aborted"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def found(one: hyperscan.Database) -> list[tuple[int, int]]:
    """Each literal's number, and where it ends."""
    seen: list[tuple[int, int]] = []
    one.scan(TEXT, match_event_handler=lambda number, _begin, end, _flags, _context: seen.append((number, end)))
    return seen


def kept() -> Path:
    (place,) = cache.folder().iterdir()
    return place


def test_what_is_kept_finds_the_same_and_is_not_compiled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    first = found(database_of(LITERALS))
    assert first == [(0, 9), (1, 23)]
    monkeypatch.delattr(database, "_compiled")
    assert found(database_of(LITERALS)) == first


def test_other_literals_in_the_same_place_are_not_taken_for_these(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_sum", lambda _: b"same")
    database_of([b"something else"])
    assert found(database_of(LITERALS)) == [(0, 9), (1, 23)]


@pytest.mark.parametrize("at", [-1, -40])
def test_a_damaged_database_is_compiled_anew(at: int) -> None:
    database_of(LITERALS)
    content = bytearray(kept().read_bytes())
    content[at] ^= 0xFF
    kept().write_bytes(content)
    assert found(database_of(LITERALS)) == [(0, 9), (1, 23)]
    assert kept().read_bytes() != content


def test_a_database_that_was_cut_off_is_compiled_anew() -> None:
    database_of(LITERALS)
    kept().write_bytes(kept().read_bytes()[:-100])
    assert found(database_of(LITERALS)) == [(0, 9), (1, 23)]


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert found(database_of(LITERALS)) == [(0, 9), (1, 23)]
