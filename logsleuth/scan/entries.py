"""Joining the lines of a traceback to one entry, however many workers write at the same time.

mod_wsgi writes a traceback line by line, each line a record of its own with the full head; processes and
threads interleave. Lines of one stream (same module, level, pid, tid and client) are followed from the
traceback's first line to the line that names the exception.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from logsleuth.scan.lines import LENDING
from logsleuth.scan.text import cut
from logsleuth.scan.times import NO_TIME

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from logsleuth.scan.hashing import Hasher
    from logsleuth.scan.lines import Lines

MOST_SECONDS = 2
"""Between two lines of one traceback: they are written in one go."""
HEADERS = 3
"""Lines before a traceback that may introduce it."""
HEADER_SECONDS = 1
"""At most between such a line and the traceback."""

CGI = re.compile(rb"AH01215: (?:stderr from [^:]*: )?")
CHAINED = (b"During handling of the above exception", b"The above exception was the direct cause")
OPENING = b"Traceback (most recent call last)"
HEADER = re.compile(
    rb"mod_wsgi \(pid=|WSGI\d{4}: |.{0,80}(?:Internal Server Error: |ERROR|Exception (?:in|on|occurred)|Unhandled)"
)
PASSED = 1
"""The stream of lines that are another program's: of lines without a head, it is 0."""
ERRNO = 0x2545F4914F6CDD1D
"""Sets the streams of lines that an errno leads apart from the others."""
CLIENT_REACH = 26
"""Bytes before a line's text by which clients are told apart: a whole IPv4 client field with its port."""
BLANK = (b" ", b"\t", b"\\t")
DOUBTFUL = np.zeros(256, np.bool_)
DOUBTFUL[list(b"\\(,")] = True
"""First bytes of texts of which something may have to be cut, or that may be blank behind an escape."""
NUMBER = np.zeros(256, np.bool_)
NUMBER[list(b"-0123456789")] = True


class Entry(NamedTuple):
    """Lines of a block that belong together, in order."""

    lines: tuple[int, ...]
    text: bytes
    """Its lines' texts, without head, client and referer, joined by newlines."""
    exception: int
    """Which of them names the (last) exception; the last one if none does."""

    @property
    def exception_text(self) -> bytes:
        """The line that names the exception."""
        return self.text.split(b"\n")[self.exception]


class Entries:
    """The entries of a block, as arrays; `entries[n]` makes the n-th whole, which few are worth."""

    def __init__(self, lines: Lines, order: NDArray[np.int64], ranges: Sequence[tuple[int, int, int, int]]) -> None:
        begins, ends, roots, exceptions = np.array(ranges, np.int64).reshape(-1, 4).T
        self._lines = lines
        self.lengths = ends - begins
        self.begins = np.cumsum(self.lengths) - self.lengths
        """Where the lines of each entry begin in `members`."""
        within = np.arange(int(self.lengths.sum())) - np.repeat(self.begins, self.lengths)
        self.members = order[np.repeat(begins, self.lengths) + within]
        """The lines of all entries, one entry after the other."""
        self.firsts = order[begins]
        self.exceptions = order[exceptions]
        """By entry, the line that names the (last) exception; the last one if none does."""
        self.roots = order[roots]
        """By entry, the line that names the first exception of a chain."""

    def __len__(self) -> int:
        return len(self.firsts)

    def __iter__(self) -> Iterator[Entry]:
        return map(self.__getitem__, range(len(self)))

    def __getitem__(self, nth: int) -> Entry:
        members, lines = self.members[self.begins[nth] :][: self.lengths[nth]], self._lines
        texts = [
            cut(lines.data[begin:end])
            for begin, end in zip(lines.text[members].tolist(), lines.end[members].tolist(), strict=True)
        ]
        exception = int(np.flatnonzero(members == self.exceptions[nth])[0])
        return Entry(tuple(members.tolist()), b"\n".join(texts), exception)

    def hashes(self, hasher: Hasher) -> NDArray[np.uint64]:
        """A hash of each entry's lines' texts, with all that stands behind the head."""
        lines = hasher.spans(self._lines.data, self._lines.text[self.members], self._lines.end[self.members])
        return hasher.sequences(lines, self.begins)


def join(lines: Lines, openers: Sequence[int], span: int) -> Entries:
    """The entries that begin at or just before these lines, each of which opens a traceback."""
    if not len(openers):
        return Entries(lines, np.zeros(0, np.int64), ())
    streams = _Streams(lines, span)
    ranks, taken = streams.rank[openers], bytearray(len(lines))
    ranges = []
    for rank, end, exception in zip(ranks.tolist(), *streams.plain_ends(ranks), strict=True):
        # a referer, a URL or a file name may quote one: a traceback begins its line
        if not taken[rank] and streams.opens(rank):
            found = (rank, end, exception, exception) if end else streams.follow(rank, taken)
            ranges.append(found)
            taken[found[0] : found[1]] = b"\1" * (found[1] - found[0])
    return Entries(lines, streams.order, ranges)


class _Streams:
    """The lines of a block, sorted by the stream that they belong to. A line's place in that order is its rank.

    The lines of an entry stand side by side there. `span`: the most bytes that an entry may cover.
    """

    def __init__(self, lines: Lines, span: int) -> None:
        key = _stream_keys(lines)
        order = np.argsort(key, kind="stable")
        self.rank = np.empty(len(key), np.int64)
        self.rank[order] = np.arange(len(key))
        self.data = lines.data
        key, self.second = key[order], lines.second[order]
        self.place, self.stop, self.text = lines.place[order], lines.stop[order], lines.text[order]
        # a block shows one span after its own lines: undated ones may borrow a time from half a span behind them
        self.limit = self.place + np.where(lines.dated[order], span, span // LENDING)
        """By line, the byte before which an entry that begins with it must end."""
        pause = np.diff(self.second, prepend=NO_TIME)
        self.same = np.append(False, key[1:] == key[:-1])
        """Lines of the same stream as the one before."""
        self.late = ~self.same | (pause < 0) | (pause > MOST_SECONDS)
        """Lines that can't go on with what the one before belongs to."""
        self.indented = _indented(lines)[order]
        self.end = lines.end[order]
        self.order = order

    def opens(self, rank: int) -> bool:
        """Whether a line's own text begins a traceback."""
        return self.data.startswith(OPENING, self.text[rank]) or own_text(self._text(rank)).startswith(OPENING)

    def plain_ends(self, ranks: NDArray[np.int64]) -> tuple[list[int], list[int]]:
        """Where each traceback ends and which line names its exception, for plain ones; the end is 0 for the others.

        Plain: no header, frames, the exception, and then at once what is clearly something else. Most are, and
        need not be walked.
        """
        halts = np.append(np.flatnonzero(self.late | ~self.indented), [len(self.late)] * 2)
        nth = np.searchsorted(halts, ranks, side="right")
        exception, end = halts[nth], halts[nth + 1]
        late, clear = np.append(self.late, True), np.append(self._clear(), False)
        plain = clear[exception] & ~late[exception] & (end == exception + 1) & (clear[end] | late[end])
        plain &= np.append(self.stop, 0)[exception] < self.limit[ranks]
        plain &= ~self.same[ranks] | (self.second[ranks] - self.second[ranks - 1] > HEADER_SECONDS)
        return np.where(plain, end, 0).tolist(), exception.tolist()

    def _clear(self) -> NDArray[np.bool_]:
        """Lines that begin neither blank nor with anything that has to be looked at more closely."""
        words = np.ndarray((len(self.data) - 7,), np.dtype("<u8"), self.data, strides=(1,))
        word = words[self.text]
        clear = ~self.indented & ~DOUBTFUL[(word & np.uint64(0xFF)).view(np.int64)]
        clear &= (word & np.uint64(0xFFFF)) != int.from_bytes(b"AH", "little")
        for begin in (OPENING, *CHAINED):
            clear &= word != np.frombuffer(begin[:8], np.dtype("<u8"))[0]
        return clear

    def follow(self, rank: int, taken: bytearray) -> tuple[int, int, int, int]:
        """Walk a stream from a traceback's first line to its end: begin, end, and the lines that name an exception.

        Those are the first and the last; they differ where exceptions are chained.
        """
        begin = rank - self._count_headers(rank, taken)
        limit = int(self.limit[begin])
        late, indented, stop = self._as_lists
        root, exception, is_open, chained = -1, -1, True, False
        end = rank + 1
        while end < len(late) and not late[end] and stop[end] < limit:
            # by its end: a block shows no more, and must know that it shows all
            if not indented[end] and (inner := own_text(self._text(end))) and not inner.startswith(BLANK):
                if inner.startswith(CHAINED):
                    chained = True
                elif inner.startswith(OPENING):
                    if not (is_open or chained):
                        break
                    is_open, chained = True, False
                elif is_open:
                    root, exception, is_open = root if root >= 0 else end, end, False
                else:
                    break
            end += 1
        while end > exception + 1 > 0 and not self._text(end - 1):
            end -= 1
        return (begin, end, root, exception) if exception >= 0 else (begin, end, end - 1, end - 1)

    @cached_property
    def _as_lists(self) -> tuple[list[bool], list[bool], list[int]]:
        """What is walked one by one."""
        return self.late.tolist(), self.indented.tolist(), self.stop.tolist()

    def _text(self, rank: int) -> bytes:
        return cut(self.data[self.text[rank] : self.end[rank]])

    def _count_headers(self, rank: int, taken: bytearray) -> int:
        """How many lines just before introduce the traceback: mod_wsgi's and Django's own words."""
        count = 0
        while (
            count < HEADERS
            and self.same[rank - count]
            and not taken[rank - count - 1]
            and self.second[rank] - self.second[rank - count - 1] <= HEADER_SECONDS
            and self.stop[rank] < self.limit[rank - count - 1]
            and HEADER.match(self._text(rank - count - 1))
        ):
            count += 1
        return count


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
    key[_led_by_errno(words[lines.text])] ^= np.uint64(ERRNO)
    if lines.origin is not None:
        key[lines.origin.passed] = PASSED
    return key


def _led_by_errno(word: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Texts that begin with an errno: httpd's own words, never a part of what a program wrote line by line.

    They stand apart also because httpd 2.4 names the client behind the errno, where other forms name it before.
    """
    first, second = word & np.uint64(0xFF), (word >> np.uint64(8)) & np.uint64(0xFF)
    led: NDArray[np.bool_] = (first == ord("(")) & NUMBER[second.view(np.int64)]
    for space in (b"(EAI ", b"(OS ", b"(os "):
        mask = np.uint64((1 << 8 * len(space)) - 1)
        led |= (word & mask) == int.from_bytes(space, "little")
    return led


def own_text(text: bytes) -> bytes:
    """A line's text without what mod_cgi puts before a script's stderr."""
    if text.startswith(b"AH01215: ") and (found := CGI.match(text)):
        return text[found.end() :]
    return text
