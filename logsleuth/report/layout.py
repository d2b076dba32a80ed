"""Text in columns: what stands where at some width, and in which style.

A part of a report is laid out as lines; `written` makes each line text, with colours or without.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, Final, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Line = list[tuple[str, str]]
"""Pieces of text from left to right, each with its style: words such as 'bold white on red'; '' is the terminal's."""
Styles = Literal["all", "no colours", "none"]
"""Which styles are written: of some terminals colours are not wanted, and bold or underlined words are."""

WORD: Final = re.compile(r"\s*\S+\s*")
CODES: Final = {
    "bold": 1, "dim": 2, "underline": 4, "black": 30, "red": 31, "green": 32, "yellow": 33, "magenta": 35, "cyan": 36,
    "white": 37,
}  # fmt: skip
"""Parameters of the escape sequence SGR (ECMA-48); 10 more for the background."""
FIRST_COLOUR: Final = 30
CUT: Final = "…"
"""At the end of what is cut off."""


class Block(Protocol):
    """Anything that can be laid out."""

    def lines(self, width: int) -> Iterable[Line]:
        """The lines at a width in columns of the terminal."""


class Text:
    """A text, each piece in its own style; words that do not fit into a line go on in the next."""

    def __init__(self, text: str = "", style: str = "") -> None:
        self.pieces: Line = [(text, style)]

    def append(self, text: str, style: str = "") -> Text:
        """Go on with this piece."""
        self.pieces.append((text, style))
        return self

    @property
    def plain(self) -> str:
        """Without styles."""
        return "".join(text for text, _ in self.pieces)

    def lines(self, width: int) -> Iterator[Line]:
        """The text's own lines, each cut where it has to."""
        begin = 0
        for line in self.plain.split("\n"):
            for first, last in pairwise((0, *_cuts(line, width), len(line))):
                yield self._between(begin + first, begin + first + len(line[first:last].rstrip()))
            begin += len(line) + 1

    def unbroken(self, width: int) -> Iterator[Line]:
        """The text's own lines; what is too long ends in an ellipsis."""
        begin = 0
        for line in self.plain.split("\n"):
            if columns(line.rstrip()) <= width:
                yield self._between(begin, begin + _fitting(line, width))
            else:
                kept = self._between(begin, begin + _fitting(line, max(width - 1, 0)))
                yield [*kept, (CUT, kept[-1][1] if kept else "")]
            begin += len(line) + 1

    def _between(self, begin: int, end: int) -> Line:
        """The pieces from one character to another."""
        found, at = [], 0
        for text, style in self.pieces:
            if piece := text[max(begin - at, 0) : max(end - at, 0)]:
                found.append((piece, style))
            at += len(text)
        return found


class Verbatim(Text):
    """What is pasted elsewhere, configuration and commands: a line that is broken would not work there."""

    def lines(self, width: int) -> Iterator[Line]:
        """Each line as it is: where it is too long, the terminal itself goes on below, without a line break."""
        return super().lines(max(width, *map(columns, self.plain.split("\n"))))


class Indented:
    """A block away from the left edge, with empty lines above and below."""

    def __init__(self, body: Block, left: int, *, above: int = 0, below: int = 0) -> None:
        self._body, self._left, self._above, self._below = body, left, above, below

    def lines(self, width: int) -> Iterator[Line]:
        """In what the indent leaves of the width."""
        yield from ([] for _ in range(self._above))
        for line in self._body.lines(width - self._left):
            yield [(" " * self._left, ""), *line]
        yield from ([] for _ in range(self._below))


class Stack:
    """Blocks below one another."""

    def __init__(self, *bodies: Block) -> None:
        self._bodies = bodies

    def lines(self, width: int) -> Iterator[Line]:
        """Each at the whole width."""
        return (line for body in self._bodies for line in body.lines(width))


class AtMost:
    """A block that is no wider than this."""

    def __init__(self, body: Block, most: int) -> None:
        self._body, self._most = body, most

    def lines(self, width: int) -> Iterable[Line]:
        """At the width, or the narrower one."""
        return self._body.lines(min(width, self._most))


class Table:
    """Rows of texts in columns, which are as wide as their widest text where all fit."""

    def __init__(self, gap: int, unbroken: int = 0) -> None:
        """`gap`: spaces between columns; `unbroken`: how many columns from the left on are never wrapped."""
        self._gap, self._unbroken = gap, unbroken
        self.rows: list[tuple[Text, ...]] = []

    def add_row(self, *cells: Text | str) -> None:
        """Add a row below; all have the same number of cells."""
        self.rows.append(tuple(cell if isinstance(cell, Text) else Text(cell) for cell in cells))

    def lines(self, width: int) -> Iterator[Line]:
        """Row by row; a row is as high as its highest cell."""
        widths = self._widths(width)
        for row in self.rows:
            cells = [
                list(cell.unbroken(size) if nth < self._unbroken else cell.lines(size))
                for nth, (cell, size) in enumerate(zip(row, widths, strict=True))
            ]
            for side_by_side in zip_longest(*cells, fillvalue=()):
                yield _joined(side_by_side, widths, self._gap)

    def _widths(self, width: int) -> list[int]:
        """The width of each column: if not all fit, those that wrap are narrowed, the widest first; then all."""
        widths = [
            max(columns(line) for cell in column for line in cell.plain.split("\n"))
            for column in zip(*self.rows, strict=True)
        ]
        room = width - self._gap * (len(widths) - 1)
        fixed, wrapped = widths[: self._unbroken], widths[self._unbroken :]
        narrowed = [*fixed, *_narrowed(wrapped, room - sum(fixed))]
        return narrowed if sum(narrowed) <= room else _narrowed(widths, room)


def _narrowed(widths: Sequence[int], room: int) -> list[int]:
    """These widths, none above the highest bound with which all fit; at least 1."""
    bounds = range(1, max(widths, default=0) + 1)
    bound = bisect_right(bounds, room, key=lambda bound: sum(min(width, bound) for width in widths))
    return [min(width, max(bound, 1)) for width in widths]


def _joined(cells: Sequence[Iterable[tuple[str, str]]], widths: Sequence[int], gap: int) -> Line:
    """Pieces of cells side by side, each filled up to the width of its column."""
    line: Line = []
    for cell, width in zip(cells, widths, strict=True):
        pieces = list(cell)
        filled = width + gap - sum(columns(text) for text, _ in pieces)
        line += [*pieces, (" " * filled, "")]
    return line


def columns(text: str) -> int:
    """The columns of a terminal that a text takes: a sign of East Asia two, an accent by itself none."""
    return len(text) if text.isascii() else sum(map(_of_char, text))


def _of_char(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


def _fitting(text: str, width: int) -> int:
    """How many characters of a text fit into a number of columns."""
    used = 0
    for nth, char in enumerate(text):
        used += _of_char(char)
        if used > width:
            return nth
    return len(text)


def _cuts(line: str, width: int) -> Iterator[int]:
    """Where to cut a line: before a word that no longer fits, and within one that is longer than a line."""
    if columns(line) <= width:
        return
    used = 0
    for found in WORD.finditer(line):
        at, word = found.start(), found[0]
        needed = columns(word.rstrip())
        if used + needed > width and used:
            yield at
            used = 0
        while needed > width and (fitting := max(_fitting(word, width), 1)) < len(word):
            after_slash = word.rfind("/", 0, fitting) + 1
            if 2 * after_slash > fitting:  # a path is read by its folders
                fitting = after_slash
            at, word = at + fitting, word[fitting:]
            needed = columns(word.rstrip())
            yield at
        used += columns(word)


def written(line: Line, styles: Styles) -> str:
    """A line as text, without spaces at its end."""
    shown = list(line)
    while shown and not shown[-1][0].strip():
        shown.pop()
    if styles == "none":
        return "".join(text for text, _ in shown).rstrip()
    return "".join(_styled(text, style, styles) for text, style in shown)


def _styled(text: str, style: str, styles: Styles) -> str:
    codes = ";".join(str(code) for code in _codes(style) if styles == "all" or code < FIRST_COLOUR)
    return f"\x1b[{codes}m{text}\x1b[0m" if codes else text


def _codes(style: str) -> Iterator[int]:
    ground = 0
    for word in style.split():
        if word == "on":
            ground = 10
        else:
            yield CODES[word] + ground
            ground = 0
