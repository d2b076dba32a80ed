"""Compressed logs: whatever members they have, wherever they are cut, and whatever they were made for."""

import bz2
import gzip
import lzma
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from logsleuth.logs.open import unpack
from logsleuth.logs.open.members import PIECE, Decompressor, Members, ZstdFrame, zstd_library
from logsleuth.logs.open.place import LocalFile
from logsleuth.logs.open.unpack import compression_of, open_packed


def _zstd(data: bytes, *, checksum: bool, size: bool) -> bytes:
    """A frame with a checksum and its size, or without."""
    zstd = zstd_library()
    known = zstd.CompressionParameter
    options = {known.checksum_flag: int(checksum), known.content_size_flag: int(size)}
    return bytes(zstd.compress(data, options=options))


PACK: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress,
    "zst": lambda data: _zstd(data, checksum=len(data) % 2 == 0, size=len(data) % 3 == 0),
}  # fmt: skip
NEW: dict[str, Callable[[], Decompressor]] = {
    "bz2": bz2.BZ2Decompressor, "xz": lzma.LZMADecompressor, "zst": lambda: ZstdFrame(1 << 27),
}  # fmt: skip
PARTS = st.lists(
    st.binary(max_size=50) | st.integers(0, 300_000).map(lambda size: b"line\n" * (size // 5)), min_size=1, max_size=4
)


def unpacked(path: Path, packed: bytes, kind: str) -> tuple[bytes, str | None]:
    """All that is read, and the damage that is told."""
    path.write_bytes(packed)
    assert compression_of(packed) in (kind, None)
    with open_packed(LocalFile(str(path)).open, kind) as stream:
        data = b"".join(iter(lambda: stream.read(100_000), b""))
        return data, getattr(stream, "damage", None)


@pytest.mark.parametrize("kind", PACK)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=PARTS, cut=st.floats(0, 1))
def test_members_are_read_one_after_the_other_up_to_where_the_file_ends(
    kind: str, parts: Sequence[bytes], cut: float, tmp_path: Path
) -> None:
    whole, packed = b"".join(parts), b"".join(map(PACK[kind], parts))
    assert unpacked(tmp_path / "log", packed, kind) == (whole, None)
    data, damage = unpacked(tmp_path / "log", packed[: int(cut * len(packed))], kind)
    assert whole.startswith(data)
    boundaries = {len(b"".join(parts[:number])) for number in range(len(parts) + 1)}
    assert damage is not None or len(data) in boundaries


@pytest.mark.parametrize("kind", PACK)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 0.999), bit=st.integers(0, 7))
def test_one_wrong_bit_is_damage_or_harmless(kind: str, place: float, bit: int, tmp_path: Path) -> None:
    whole = b"".join(b"line %d\n" % number for number in range(2000))
    packed = bytearray(PACK[kind](whole))
    packed[int(place * len(packed))] ^= 1 << bit
    data, damage = unpacked(tmp_path / "log", bytes(packed), kind)
    assert damage is not None or data in (whole, b"") or kind == "zst"


@pytest.mark.parametrize("kind", PACK)
def test_a_bomb_is_read_as_far_as_a_log_could_go(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "ALWAYS_READ", 1 << 20)
    packed = PACK[kind](b"line\n" * 1000 + bytes(32 << 20))
    data, damage = unpacked(tmp_path / "log", packed, kind)
    assert 1 << 20 < len(data) < (32 << 20)
    assert data.startswith(b"line\n")
    assert damage == "it expands more than 500-fold, unlike any log"


@pytest.mark.parametrize("kind", ["bz2", "xz", "zst"])
def test_no_piece_of_a_bomb_is_large(kind: str) -> None:
    file = BytesIO(PACK[kind](bytes(32 << 20)))
    reader = Members(file, NEW[kind])
    pieces = list(iter(reader._next, None))
    assert sum(map(len, pieces)) == 32 << 20
    assert max(map(len, pieces)) <= 2 * PIECE


def test_a_decompressor_that_asks_for_much_memory_is_refused(tmp_path: Path) -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 30}]
    data, damage = unpacked(tmp_path / "log", lzma.compress(b"line\n", filters=filters), "xz")
    assert (data, damage) == (b"", "Memory usage limit exceeded")


def test_skippable_frames_are_skipped(tmp_path: Path) -> None:
    packed = b"\x50\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"hello" + PACK["zst"](b"line\n")
    assert unpacked(tmp_path / "log", packed, "zst") == (b"line\n", None)
