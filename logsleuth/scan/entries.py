"""Joining the lines of a traceback to one entry, however many workers write at the same time.

mod_wsgi writes a traceback line by line, each line a record of its own with the full head; processes and
threads interleave. Lines of one stream (same module, level, pid, tid and client) are followed from the
traceback's first line to the line that names the exception.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.scan.lines import LENDING
from logsleuth.scan.text import is_errno, message_of, own_message
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from logsleuth.scan.line import Line

MOST_SECONDS = 2
"""Between two lines of one traceback: they are written in one go."""
HEADERS = 8
"""Lines before a traceback that may introduce it: mod_python writes eight."""
HEADER_SECONDS = 1
"""At most between such a line and the traceback."""

CHAINED = (b"During handling of the above exception", b"The above exception was the direct cause")
OPENING = b"Traceback (most recent call last)"
HEADER = re.compile(
    rb"mod_(?:wsgi|python) \(pid=|WSGI\d{4}: |"
    rb"(?:ServerName|DocumentRoot|URI|Location|Directory|Filename|PathInfo): (?:'|None\Z)|"
    rb".{0,80}(?:Internal Server Error: |ERROR|Exception (?:in|on|occurred)|Unhandled)"
)
BLANK = (b" ", b"\t", b"\\t")
FRAME = b'File "'
"""How the lines of a traceback's frames begin, once a web page or a mailer has taken the indentation off."""
BETWEEN = re.compile(rb"[\^~ ]+\Z|\[Previous line repeated ")
"""What Python writes between frames, without its indentation."""
NAMED = re.compile(rb"[\w.]+(?::|\Z)")
"""How the line that names an exception begins: a dotted name alone, or with a colon behind it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Lines of a block that belong together, in order."""

    lines: tuple[Line, ...]
    exception: int
    """Which of them names the (last) exception; the last one if none does."""
    root: int
    """Which of them names the first exception of a chain."""

    @property
    def text(self) -> bytes:
        """Its lines' messages, joined by newlines."""
        return b"\n".join(message_of(line.rest) for line in self.lines)


def join(lines: Sequence[Line], span: int) -> list[Entry]:
    """The entries among a block's lines. `span`: the most bytes that an entry may cover."""
    if not any([OPENING in line.rest for line in lines]):  # noqa: C419 - a list takes half the time of a generator
        return []
    entries = []
    for stream in _streams(lines):
        # a referer, a URL or a file name may quote a traceback: a real one starts its line
        free = 0
        for at, line in enumerate(stream):
            if at >= free and OPENING in line.rest and own_message(message_of(line.rest)).startswith(OPENING):
                entry, free = _follow(stream, at, free, span)
                entries.append(entry)
    return entries


def _streams(lines: Iterable[Line]) -> Iterable[Sequence[Line]]:
    """The lines of each stream, in order."""
    streams: dict[Hashable, list[Line]] = {}
    for line in lines:
        streams.setdefault(_stream(line), []).append(line)
    return streams.values()


def _stream(line: Line) -> Hashable:
    """What lines of one stream have in common.

    Those that an errno leads stand apart also because httpd 2.4 names the client behind the errno, where other
    forms name it before.
    """
    if line.passed:
        return None
    return line.kind, line.pid, line.tid, line.client, is_errno(line.rest)


def _follow(stream: Sequence[Line], opener: int, free: int, span: int) -> tuple[Entry, int]:
    """The entry whose traceback opens at a line, and where in the stream it ends; lines before `free` are taken."""
    begin = _first_header(stream, opener, free, span)
    # a block shows one span behind its own lines: undated ones may borrow a time from half a span behind them
    limit = _limit(stream[begin], span)
    root, exception, is_open, chained, is_source = -1, -1, True, False, False
    end = opener + 1
    while end < len(stream) and _goes_on(stream[end - 1], stream[end]) and stream[end].stop < limit:
        text = own_message(message_of(stream[end].rest))
        if text and not text.startswith(BLANK):
            if text.startswith(CHAINED):
                chained = True
            elif text.startswith(OPENING):
                if not (is_open or chained):
                    break
                is_open, chained = True, False
            elif is_open and (text.startswith(FRAME) or BETWEEN.match(text)):
                is_source = text.startswith(FRAME)
            elif is_open and is_source and not NAMED.match(text):
                is_source = False
            elif is_open:
                root, exception, is_open = root if root >= 0 else end, end, False
            else:
                break
        end += 1
    if exception < 0:
        root = exception = end - 1
    while end > exception + 1 and not message_of(stream[end - 1].rest):
        end -= 1
    return Entry(tuple(stream[begin:end]), exception - begin, root - begin), end


def _goes_on(before: Line, line: Line) -> bool:
    """Whether a line can belong to what the one before it in the stream belongs to."""
    return 0 <= line.second - before.second <= MOST_SECONDS


def _limit(first: Line, span: int) -> int:
    """The byte before which an entry must end that starts with this line."""
    return first.place + (span if first.dated else span // LENDING)


def _first_header(stream: Sequence[Line], opener: int, free: int, span: int) -> int:
    """The first of the lines that introduce a traceback: a module's or Django's own words just before it."""
    line, at = stream[opener], opener
    while (
        at > free
        and opener - at < HEADERS
        and line.second - stream[at - 1].second <= HEADER_SECONDS
        and line.stop < _limit(stream[at - 1], span)
        and HEADER.match(message_of(stream[at - 1].rest))
    ):
        at -= 1
    return at
