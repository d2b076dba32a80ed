"""Neither the engine nor the size of blocks and ranges nor the packing of a log ever shows in a report."""

from __future__ import annotations

import gzip
from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import logsleuth
from logsleuth.engines import read, source
from logsleuth.logs.open.block import read_blocks, read_range
from logsleuth.report.render import render
from tests.scan.test_laws import logs

if TYPE_CHECKING:
    from pathlib import Path

EGG = b"[Fri Sep 04 14:29:59.5 2009] [wsgi:error] [pid 11:tid 901] [remote 192.0.2.1:40001] ZipImportError: bad\n"


def told(path: Path, *, jobs: int, block: int, piece: int) -> str:
    """The whole report, with blocks and ranges of these sizes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(read, "WORTH_SHARING", 1)
        patch.setattr(source, "RANGE", piece)
        patch.setattr(source, "read_blocks", partial(read_blocks, size=block))
        patch.setattr(source, "read_range", partial(read_range, size=block))
        return render(logsleuth.analyze([path], tz="UTC", jobs=jobs), "json")


@given(
    st.lists(logs(), min_size=1, max_size=4),
    st.sampled_from([1, 2, 3]),
    st.integers(200, 5000),
    st.integers(200, 9000),
    st.booleans(),
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_engine_any_block_and_any_packing_give_the_same_report(
    tmp_path: Path, texts: list[bytes], jobs: int, block: int, piece: int, packed: bool
) -> None:
    data = EGG + b"\n".join(texts)
    path = tmp_path / "error.log"
    path.write_bytes(data)
    alone = told(path, jobs=1, block=1 << 22, piece=1 << 22)
    path.write_bytes(gzip.compress(data) if packed else data)
    assert told(path, jobs=jobs, block=block, piece=piece) == alone
