"""Lines that somebody broke by hand, in mid-sentence, to make them fit a form or a paragraph.

Only short texts are looked at: in a log, what follows a line of httpd's is a line of its own.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from logsleuth.logs.httpd.tokenize import LEVEL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

BROKEN = "lines broken in mid-sentence"
"""The name of that rewriting."""
MOST_LINES = 200
"""Of a text in which that is looked for."""
LONGEST = 1 << 20
"""Bytes of a line."""
MOST_PARTS = 8
"""Lines that one is broken into."""
HEAD = re.compile(
    rb"\[(?:[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d{6})? \d{4}|[\w.\-]{0,60}:?(?:%s))\] "
    % LEVEL.encode()
)
"""A time or a level as httpd writes it: the line is httpd's."""
OPEN = re.compile(rb"(?:[ \]](?:to|of|for|by|with|from|the|a|an|and|or|because|server)|,) {0,3}\r?\Z")
"""How a line ends that goes on."""
GOES_ON = re.compile(
    rb"[ \t>|*]{0,12}(?:failed|denied|refused|because|reason|referer:|\(filesystem path|for |by server|on this server)"
)
"""How a line begins that goes on with a message of httpd's."""


def are_broken(sample: bytes) -> bool:
    """Whether lines of httpd's go on in the next line of a short text."""
    lines = sample.split(b"\n")
    if len(lines) > MOST_LINES:
        return False
    return any(HEAD.search(line) is not None and _goes_on(line, following) for line, following in pairwise(lines))


def mended(stream: BinaryIO) -> Iterator[bytes]:
    """The lines, those that go on joined; an empty line replaces each that was joined to the one before."""
    held, parts = b"", 0
    for raw in iter(lambda: stream.readline(LONGEST), b""):
        line = raw.rstrip(b"\r\n")
        if parts and parts < MOST_PARTS and HEAD.search(held) and _goes_on(held, line):
            held, parts = held.rstrip(b" ") + b" " + line.lstrip(b" \t>|*"), parts + 1
            continue
        yield from _whole(held, parts)
        held, parts = line, 1
    yield from _whole(held, parts)


def _goes_on(line: bytes, following: bytes) -> bool:
    if not following.strip() or HEAD.search(following):
        return False
    return OPEN.search(line) is not None or GOES_ON.match(following) is not None


def _whole(held: bytes, parts: int) -> Iterator[bytes]:
    if parts:
        yield held
        yield from [b""] * (parts - 1)
