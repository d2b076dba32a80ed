"""Logs in UTF-16, as PowerShell's `>` and Windows' editors write them: made UTF-8, a line at a time."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

MARKS = {codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16, big-endian"}
CODECS = {"UTF-16": "utf-16-le", "UTF-16, big-endian": "utf-16-be"}
"""By the name of the rewriting."""
LOOKED_AT = 4096
MOST_ZEROS, LEAST_ZEROS = 0.05, 0.6
"""Of the bytes in odd and even places: Latin letters have a zero in one of the two, and never in the other."""
SIP = 64 * 1024
LONGEST = 1 << 20


def utf16_of(sample: bytes) -> str | None:
    """The name of the rewriting that a log in UTF-16 needs; None: it is in another encoding."""
    name = MARKS.get(sample[:2])
    if name is not None:
        return name
    begin = sample[: min(len(sample), LOOKED_AT) // 2 * 2]
    if len(begin) < 20:
        return None
    even, odd = (begin[place::2].count(0) / (len(begin) / 2) for place in (0, 1))
    if odd > LEAST_ZEROS and even < MOST_ZEROS:
        return "UTF-16"
    return "UTF-16, big-endian" if even > LEAST_ZEROS and odd < MOST_ZEROS else None


def utf8_lines(stream: BinaryIO, codec: str) -> Iterator[bytes]:
    """The lines of a stream in this codec; what it can't decode is replaced."""
    decoder = codecs.getincrementaldecoder(codec)("replace")
    held = ""
    while data := stream.read(SIP):
        *lines, held = (held + decoder.decode(data)).split("\n")
        for line in lines:
            yield _utf8(line)
        if len(held) > LONGEST:
            yield _utf8(held)
            held = ""
    held += decoder.decode(b"", final=True)
    if held:
        yield _utf8(held)


def _utf8(line: str) -> bytes:
    return line.removeprefix("\ufeff").removesuffix("\r").encode("utf-8", "backslashreplace")
