"""An object as a stream: any part of it, in few requests, of which at most one is held."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logsleuth.logs.open.block import BLOCK, read_range
from logsleuth.logs.open.stores.ranges import LEAST, MOST_AHEAD, RangeStream

DATA = b"".join(b"%07d\n" % number for number in range(LEAST))
STEPS = st.lists(st.tuples(st.integers(0, len(DATA) + 10), st.integers(0, 600_000)), max_size=6)


class Bucket:
    """One object, and what was asked for."""

    def __init__(self, data: bytes = DATA) -> None:
        self.data = data
        self.asked: list[tuple[int, int]] = []

    def fetch(self, begin: int, end: int) -> bytes:
        self.asked.append((begin, end))
        return self.data[begin:end]

    def stream(self) -> RangeStream:
        return RangeStream(self.fetch, len(self.data))


@given(STEPS)
def test_what_is_read_is_what_a_file_would_give(steps: list[tuple[int, int]]) -> None:
    stream, file = Bucket().stream(), io.BytesIO(DATA)
    for offset, size in steps:
        assert stream.seek(offset) == file.seek(offset)
        assert stream.read(size) == file.read(size)
        assert stream.read(size // 2) == file.read(size // 2)


def test_the_whole_is_read_in_requests_that_grow() -> None:
    bucket = Bucket()
    with io.BufferedReader(bucket.stream(), 1024) as file:
        assert b"".join(iter(lambda: file.read(1000), b"")) == DATA
    sizes = [end - begin for begin, end in bucket.asked]
    assert sizes[0] == LEAST
    assert max(sizes) <= MOST_AHEAD
    assert sum(sizes) == len(DATA)


def test_a_block_is_one_request_and_is_not_held() -> None:
    bucket = Bucket(DATA * 5)
    stream = bucket.stream()
    blocks = list(read_range(stream, 0, BLOCK, 2 * BLOCK))  # type: ignore[arg-type]
    assert len(blocks) == len(bucket.asked) == 1
    assert stream._held == b""


def test_an_object_that_shrank_is_an_error() -> None:
    bucket = Bucket()
    stream = bucket.stream()
    bucket.data = DATA[:1000]
    with pytest.raises(OSError, match="changed while"):
        stream.read(2000)
