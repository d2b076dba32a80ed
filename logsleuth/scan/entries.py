"""Joining the lines of a traceback to one entry, however many workers write at the same time.

mod_wsgi writes a traceback line by line, each line a record of its own with the full head; processes and
threads interleave. Lines of one stream (same module, level, pid, tid and client) are followed from the
traceback's first line to the line that names the exception.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from logsleuth.scan.text import REFERER, cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from logsleuth.scan.lines import Lines

MOST_SECONDS = 2
"""Between two lines of one traceback: they are written in one go."""
HEADERS = 3
"""Lines before a traceback that may introduce it."""

CGI = re.compile(rb"AH01215: (?:stderr from [^:]*: )?")
CHAINED = (b"During handling of the above exception", b"The above exception was the direct cause")
OPENING = b"Traceback (most recent call last)"
HEADER = re.compile(
    rb"mod_wsgi \(pid=|WSGI\d{4}: |.{0,80}(?:Internal Server Error: |ERROR|Exception (?:in|on|occurred)|Unhandled)"
)
CLIENT_REACH = 26
"""Bytes before a line's text by which clients are told apart: a whole IPv4 client field with its port."""
BLANK = (b" ", b"\t", b"\\t")


@dataclass(frozen=True, slots=True)
class Entry:
    """Lines of a block that belong together, in order."""

    lines: tuple[int, ...]
    texts: tuple[bytes, ...]
    """Each line's text, without head, client and referer."""
    exception: int
    """Which of them names the (last) exception; the last one if none does."""


def join(lines: Lines, openers: Sequence[int], span: int) -> list[Entry]:
    """The entries that begin at or just before these lines, each of which opens a traceback."""
    if not len(openers):
        return []
    streams = _Streams(lines)
    entries = []
    for opener in openers:
        # a referer, a URL or a file name may quote one: a traceback begins its line
        if opener not in streams.taken and own_text(streams.text_of(opener)).startswith(OPENING):
            entries.append(streams.follow(opener, span))
    return entries


class _Streams:
    """The lines of a block, sorted by the stream that they belong to, as plain lists: they are walked one by one."""

    def __init__(self, lines: Lines) -> None:
        key = _stream_keys(lines)
        order = np.argsort(key, kind="stable")
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        self.order: list[int] = order.tolist()
        self.rank: list[int] = rank.tolist()
        self.key: list[int] = key.tolist()
        self.place: list[int] = lines.place.tolist()
        self.stop: list[int] = lines.stop.tolist()
        self.text: list[int] = lines.text.tolist()
        self.end: list[int] = lines.end.tolist()
        self.second: list[int] = lines.second.tolist()
        self.indented: list[bool] = _indented(lines).tolist()
        self.data = lines.data
        self.taken: set[int] = set()

    def follow(self, opener: int, span: int) -> Entry:
        """Walk a stream from a traceback's first line to its end."""
        order, taken, key = self.order, self.taken, self.key[opener]
        members = [*self._headers(opener, span), opener]
        limit, second = self.place[members[0]] + span, self.second[opener]
        exception, is_open, chained = -1, True, False
        for place in range(self.rank[opener] + 1, len(order)):
            line = order[place]
            now = self.second[line]
            if (
                self.key[line] != key
                or not 0 <= now - second <= MOST_SECONDS
                or self.stop[line] >= limit  # by its end: a block shows no more, and must know that it shows all
                or line in taken
            ):
                break
            if not self.indented[line] and (inner := own_text(self.text_of(line))) and not inner.startswith(BLANK):
                if inner.startswith(CHAINED):
                    chained = True
                elif inner.startswith(OPENING):
                    if not (is_open or chained):
                        break
                    is_open, chained = True, False
                elif is_open:
                    exception, is_open = len(members), False
                else:
                    break
            members.append(line)
            second = now
        while len(members) > exception + 1 > 0 and not self.text_of(members[-1]):
            members.pop()
        taken.update(members)
        return Entry(tuple(members), self._texts(members), exception if exception >= 0 else len(members) - 1)

    def text_of(self, line: int) -> bytes:
        return cut(self.data[self.text[line] : self.end[line]])

    def _texts(self, members: list[int]) -> tuple[bytes, ...]:
        """The texts of lines; that there is nothing to cut from any of them is seen on all at once."""
        text, end, data = self.text, self.end, self.data
        texts = tuple([data[text[line] : end[line]] for line in members])
        whole = b"\n".join((b"", *texts))
        return tuple(map(cut, texts)) if REFERER in whole or b"\n(" in whole else texts

    def _headers(self, opener: int, span: int) -> list[int]:
        """The lines just before that introduce the traceback: mod_wsgi's and Django's own words."""
        headers: list[int] = []
        at = self.rank[opener]
        for place in range(at - 1, max(at - 1 - HEADERS, -1), -1):
            line = self.order[place]
            if self.key[line] != self.key[opener] or line in self.taken or self.second[opener] - self.second[line] > 1:
                break
            if self.stop[opener] >= self.place[line] + span:
                break
            if not HEADER.match(self.text_of(line)):
                break
            headers.insert(0, line)
        return headers


def _indented(lines: Lines) -> NDArray[np.bool_]:
    """Which lines are empty or begin with white space: a traceback goes on with them, whatever they hold."""
    first = np.frombuffer(lines.data, np.uint8)[lines.text]
    indented: NDArray[np.bool_] = (lines.text >= lines.end) | (first == ord(" ")) | (first == ord("\t"))
    return indented


def _stream_keys(lines: Lines) -> NDArray[np.uint64]:
    """A number for each line that is the same for lines of the same module, level, pid, tid and client."""
    words = np.ndarray((len(lines.data) - 7,), np.dtype("<u8"), lines.data, strides=(1,))
    key = (lines.kind + 1).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    key ^= (lines.proc + 1).astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)
    for back, odd in ((10, 0x165667B19E3779F9), (18, 0xD6E8FEB86659FD93), (CLIENT_REACH, 0xA0761D6478BD642F)):
        word = words[np.maximum(lines.text - back, 0)] * np.uint64(odd)
        key ^= np.where(lines.client, word ^ (word >> np.uint64(31)), np.uint64(0))
    return key


def own_text(text: bytes) -> bytes:
    """A line's text without what mod_cgi puts before a script's stderr."""
    if text.startswith(b"AH01215: ") and (found := CGI.match(text)):
        return text[found.end() :]
    return text
