"""gzip files read by isal: the same bytes, and the same errors, as the standard library's."""

from __future__ import annotations

import gzip
import sys
import zlib
from typing import TYPE_CHECKING

import pytest

from logsleuth.logs.open.gunzip import open_gzip

if TYPE_CHECKING:
    from pathlib import Path

TEXT = b"".join(b"[Fri Sep 04 14:30:%02d 2009] [error] line %d\n" % (n % 60, n * n) for n in range(20_000))
PACKED = gzip.compress(TEXT)
HALF = len(PACKED) // 2

FILES = {
    "whole": PACKED,
    "members": gzip.compress(TEXT[:5000]) + gzip.compress(TEXT[5000:]),
    "zeros behind": PACKED + bytes(100),
    "cut off": PACKED[:-2000],
    "cut off in its head": PACKED[:6],
    "damaged": PACKED[:HALF] + b"\xff" * 50 + PACKED[HALF + 50 :],
    "wrong checksum": PACKED[:-8] + bytes(4) + PACKED[-4:],
}


@pytest.mark.parametrize("isal", [True, False])
@pytest.mark.parametrize("name", FILES)
def test_what_is_read_is_what_the_standard_library_reads(
    name: str, isal: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not isal:
        monkeypatch.setitem(sys.modules, "isal", None)
    path = tmp_path / "error.log.gz"
    path.write_bytes(FILES[name])
    try:
        wanted: bytes | type[Exception] = gzip.decompress(FILES[name])
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        wanted = type(error)
    with path.open("rb") as file, open_gzip(file) as stream:
        if isinstance(wanted, bytes):
            assert stream.read() == wanted
        else:
            with pytest.raises(wanted):
                stream.read()
