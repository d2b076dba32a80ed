"""A JSON document of any size as a stream of the values at some of its paths, read once and in bounds.

A path names members by dots and the elements of a list by `[]`: `hits.hits[]`. The document itself is at ``""``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

TOKEN = re.compile(rb'\s*+("(?>(?:[^"\\]|\\.)*)"|[{}\[\],:]|[^\s{}\[\],:"]++)', re.DOTALL)
WITHIN_TEXT = re.compile(rb'(?>(?:[^"\\]|\\.)*)', re.DOTALL)
SIP = 64 * 1024
LONGEST_VALUE = 1 << 20
"""Bytes of one value that are kept; of a longer one its first LONGEST_SHOWN are."""
LONGEST_SHOWN = 4096
LONGEST_KEY = 100
DEEPEST = 64
"""Levels whose paths are known; what lies deeper is passed over."""

Place = tuple[str, bytes]
"""A path, and the value there, without white space between its parts."""
STRAY = "?"
"""The path of what is no JSON, a line at a time, and of values that are too long or do not end."""


def values_at(stream: BinaryIO, wanted: Callable[[str], bool]) -> Iterator[Place]:
    """The values at the paths that are wanted, in order; within such a value nothing else is looked for."""
    walk = _Walk(wanted)
    for token in _tokens(stream):
        place = walk.step(token)
        if place is not None:
            yield place
    if walk.held:
        yield STRAY, b"".join(walk.held)[:LONGEST_SHOWN]


def _tokens(stream: BinaryIO) -> Iterator[bytes]:
    """The document's tokens, without the white space between them; a text that does not end is cut."""
    held, ended = b"", False
    while not ended:
        data = stream.read(SIP)
        ended = not data
        held += data
        at, end = 0, len(held)
        while (found := TOKEN.match(held, at)) is not None:
            if found.end() == end and not ended:
                break  # it may go on
            yield found[1]
            at = found.end()
        held = held[at:]
        if len(held) > LONGEST_VALUE:
            held = held.lstrip()
            yield held[:LONGEST_SHOWN]  # of a text without its closing quote: so its record is no JSON
            held, ended = _behind_the_text(stream, held[1:]) if held.startswith(b'"') else (b"", ended)
    if held.strip():
        yield held.strip()[:LONGEST_SHOWN]


def _behind_the_text(stream: BinaryIO, held: bytes) -> tuple[bytes, bool]:
    """What follows a text that is too long, of which `held` was read; and whether the stream has ended."""
    while True:
        end = WITHIN_TEXT.match(held)
        at = end.end() if end is not None else 0
        if held[at : at + 1] == b'"':
            return held[at + 1 :], False
        data = stream.read(SIP)
        if not data:
            return b"", True
        held = held[at:] + data


class _Walk:
    """Where in the document the walk is."""

    def __init__(self, wanted: Callable[[str], bool]) -> None:
        self._wanted = wanted
        self._open: list[tuple[str, bool]] = []
        """The open lists and objects: their paths, or those of a list's elements, and whether they are lists."""
        self._key: str | None = None
        """The member whose value comes next."""
        self._deeper = 0
        """Open lists and objects beyond DEEPEST."""
        self._held_at: tuple[str, int] | None = None
        """Path of the value that is being kept, and how many lists and objects are open around it."""
        self.held: list[bytes] = []
        self._size = 0

    def step(self, token: bytes) -> Place | None:
        """Take one token; the value that it ends, if that is wanted."""
        if self._held_at is None and token not in (b",", b":", b"}", b"]"):
            if self._names_a_member(token):
                return None
            if not self._open and token not in (b"{", b"["):
                return STRAY, token[:LONGEST_SHOWN]
            if self._wanted(path := self._path()):
                self._held_at = (path, self._depth())
        if self._held_at is not None:
            self._hold(token)
        self._move(token)
        return self._whole(token)

    def _depth(self) -> int:
        return len(self._open) + self._deeper

    def _names_a_member(self, token: bytes) -> bool:
        if self._deeper or self._key is not None or not self._open or self._open[-1][1]:
            return False
        self._key = token[1:-1][:LONGEST_KEY].decode("utf-8", "replace")
        return True

    def _path(self) -> str:
        """The path of the value that comes next."""
        if not self._open:
            return ""
        above, is_list = self._open[-1]
        if is_list:
            return above
        return f"{above}.{self._key}" if above else self._key or ""

    def _move(self, token: bytes) -> None:
        if token in (b"{", b"["):
            if len(self._open) < DEEPEST and not self._deeper:
                self._open.append((self._path() + ("[]" if token == b"[" else ""), token == b"["))
            else:
                self._deeper += 1
        elif token in (b"}", b"]"):
            if self._deeper:
                self._deeper -= 1
            elif self._open:
                self._open.pop()
        elif token == b":":
            return
        self._key = None

    def _hold(self, token: bytes) -> None:
        self._size += len(token)
        if self._size <= LONGEST_VALUE:
            self.held.append(token)

    def _whole(self, token: bytes) -> Place | None:
        if self._held_at is None or token in (b"{", b"[") or self._depth() > self._held_at[1]:
            return None
        (path, _), held, size = self._held_at, b"".join(self.held), self._size
        self._held_at, self.held, self._size = None, [], 0
        return (path, held) if size <= LONGEST_VALUE else (STRAY, held[:LONGEST_SHOWN])
