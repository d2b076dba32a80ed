"""Blocks own every byte of a stream once, and carry as much of their neighbours as entries need."""

from __future__ import annotations

import io
import os
import random
import threading
from typing import BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logsleuth.logs.open.block import PAD, Block, read_blocks, read_lines, read_range, stream_read

DATA = st.binary(max_size=300)
SIZES = st.integers(1, 320)
SPANS = st.integers(0, 120)


class Dribble(io.RawIOBase):
    """A stream that gives at most so many bytes at a time, as pipes and sockets do."""

    def __init__(self, data: bytes, most: int) -> None:
        self._rest = data
        self._most = most

    def read(self, size: int = -1) -> bytes:
        wanted = min(size if size >= 0 else len(self._rest), self._most)
        part, self._rest = self._rest[:wanted], self._rest[wanted:]
        return part


def assert_context(block: Block, data: bytes, span: int) -> None:
    """Two spans before what is owned and one behind it, as far as the log reaches, then the padding."""
    begin, end = max(block.own_begin - 2 * span, 0), min(block.own_end + span, len(data))
    assert block.data == data[begin:end] + bytes(PAD)
    assert block.base == begin
    assert block.size == end - begin
    assert block.at_start == (begin == 0)


@given(DATA, SIZES, SPANS)
def test_every_byte_is_owned_once_in_order(data: bytes, size: int, span: int) -> None:
    blocks = list(read_blocks(io.BytesIO(data), 7, size, span))
    assert [block.own_begin for block in blocks] == list(range(0, len(data), size))
    assert [block.own_end for block in blocks] == [min(begin + size, len(data)) for begin in range(0, len(data), size)]
    assert {block.log for block in blocks} <= {7}


@given(DATA, SIZES, SPANS)
def test_each_block_carries_two_spans_before_and_one_behind(data: bytes, size: int, span: int) -> None:
    for block in read_blocks(io.BytesIO(data), 0, size, span):
        assert_context(block, data, span)


@given(DATA, SIZES, SPANS, st.integers(1, 50))
def test_a_stream_that_gives_little_at_a_time_gives_the_same_blocks(
    data: bytes, size: int, span: int, most: int
) -> None:
    dribble = cast("BinaryIO", Dribble(data, most))
    assert list(read_blocks(dribble, 0, size, span)) == list(read_blocks(io.BytesIO(data), 0, size, span))


@given(DATA, SIZES, SPANS, st.data())
def test_a_range_is_cut_into_blocks_of_its_own(data: bytes, size: int, span: int, draw: st.DataObject) -> None:
    begin = draw.draw(st.integers(0, len(data)))
    end = draw.draw(st.integers(begin, len(data)))
    blocks = list(read_range(io.BytesIO(data), 0, begin, end, size, span))
    owned = [(block.own_begin, block.own_end) for block in blocks]
    assert owned == [(own, min(own + size, end)) for own in range(begin, end, size)]
    for block in blocks:
        assert_context(block, data, span)


def test_a_pipe_is_read_to_its_end() -> None:
    data = random.Random(1).randbytes(300_000)
    read_end, write_end = os.pipe()

    def write() -> None:
        with os.fdopen(write_end, "wb", buffering=0) as sink:
            for at in range(0, len(data), 7000):
                sink.write(data[at : at + 7000])

    writer = threading.Thread(target=write)
    writer.start()
    with os.fdopen(read_end, "rb", buffering=0) as stream:
        blocks = list(read_blocks(stream, 0, 100_000, 1000))
    writer.join()
    owned = b"".join(block.data[block.own_begin - block.base : block.own_end - block.base] for block in blocks)
    assert owned == data


@pytest.mark.parametrize("most", [1, 3, 100])
def test_no_more_is_read_than_was_asked_for(most: int) -> None:
    stream = cast("BinaryIO", Dribble(b"0123456789", most))
    assert stream_read(stream, 4) == b"0123"
    assert stream_read(stream, 100) == b"456789"
    assert stream_read(stream, 4) == b""


def test_an_empty_stream_has_no_blocks() -> None:
    assert list(read_blocks(io.BytesIO(), 0)) == []


def test_reading_begins_where_the_stream_stands() -> None:
    stream = io.BytesIO(b"abcdef")
    stream.seek(2)
    (block,) = read_blocks(stream, 0)
    assert (block.data, block.base, block.own_end) == (b"cdef" + bytes(PAD), 0, 4)


@given(
    st.lists(st.binary(max_size=40).map(lambda line: line.replace(b"\n", b"")), max_size=12),
    st.integers(1, 9),
    st.integers(1, 30),
    st.booleans(),
)
def test_lines_are_cut_and_never_lost(lines: list[bytes], piece: int, longest: int, ends: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("logsleuth.logs.open.block.BLOCK", piece)
        patch.setattr("logsleuth.logs.open.block.LONGEST_LINE", longest)
        data = b"\n".join(lines) + (b"\n" if ends and lines else b"")
        expected = [line[:longest] for line in data.split(b"\n")]
        assert list(read_lines(io.BytesIO(data))) == (expected if expected[-1] else expected[:-1])
