"""Samples of a plain file beside its head: an upgrade or another program may have changed the format on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import BinaryIO

FURTHER = 64 * 1024
"""Bytes of each further sample."""


def further_samples(stream: BinaryIO, size: int, head: int) -> tuple[bytes, ...]:
    """Whole lines from a file's middle and from its end, none of its first `head` bytes. Raises OSError."""
    middle = max(size // 2, head)
    parts = []
    for begin in (middle, max(size - FURTHER, middle + FURTHER)):
        stream.seek(begin)
        parts.append(_whole_lines(stream.read(FURTHER)))
    return tuple(parts)


def _whole_lines(data: bytes) -> bytes:
    """Without what is left of the first line, and what is there of the last."""
    begin = data.find(b"\n") + 1
    return data[begin : max(data.rfind(b"\n"), begin)]
