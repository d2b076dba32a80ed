"""What is new in a log since it was last read, wherever rotation has put it meanwhile.

A `Bookmark` says which file was read last and how far; `news` compares it with what is there now and gives the
pieces that are new, oldest first, each finished line once. Who has read them keeps the new bookmark, and only then:
so a run that dies loses nothing, and counts nothing twice.
"""

from __future__ import annotations

import time
from dataclasses import fields
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from logsleuth.errors import LogsleuthError
from logsleuth.logs.follow.fingerprint import end_of_lines, head_of, length, skip, tail_of
from logsleuth.logs.follow.search import copy_of, inode, is_it, is_read, moved_to, others, parts_of, same_inode
from logsleuth.logs.follow.siblings import Found, RotatedError, later_than, look, with_inode
from logsleuth.logs.open.places import way_out
from logsleuth.values import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterator

TRIES = 3
"""How often we look again if a log is rotated at the very moment, or seems to be nowhere."""
PAUSE = 0.02
"""Seconds before that."""
SIP = 1024 * 1024


class Move(StrEnum):
    """What has become of a log since it was last read."""

    STARTED = "started"
    """It was never read before."""
    GROWN = "grown"
    SAME = "same"
    RENAMED = "renamed"
    """The old file has another name now, and a new one its place."""
    COPIED = "copied"
    """The old file's text is in a copy, and the log was cut (copytruncate)."""
    COMPRESSED = "compressed"
    """The old file's text is in a compressed one."""
    REWRITTEN = "rewritten"
    """There is other text in its place, and the old is nowhere."""
    GONE = "gone"
    """There is no such file now."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Up to where a log was read; as plain values, to be kept as JSON."""

    path: str
    """The log, as it was named."""
    real: str
    """The file that was read last: where a link led, or a rotated part as long as nothing is in the new one."""
    device: int
    inode: int
    changed: int
    """When it was last written, as far as we have seen: nanoseconds since 1970, UTC."""
    offset: int
    """Bytes of finished lines that were taken; of a compressed file, unpacked."""
    head: str
    """Digest of the first `head_size` bytes, what was there up to 1 KiB."""
    head_size: int
    tail: str
    """Digest of the last bytes, up to 256, before `offset`."""
    left: Bookmark | None = None
    """The file before this one, under its new name: children that a graceful restart lets finish still write to it."""

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Bookmark:
        """The bookmark that `dataclasses.asdict` made these values of. Raises LogsleuthError if it can't have."""
        plain = [field for field in fields(cls) if field.name != "left"]
        for field in plain:
            if type(kept.get(field.name)).__name__ != field.type:
                raise LogsleuthError(f"a bookmark without a proper '{field.name}'", "remove the saved state", 3)
        left = kept.get("left")
        return cls(**{f.name: kept[f.name] for f in plain}, left=cls.of(left) if isinstance(left, dict) else None)


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes that are to be read now."""

    file: Found
    start: int
    end: int
    """Unpacked bytes, as `start`, if the file is compressed."""
    ended: bool
    """Nothing is written to this file any more: its last line is taken as it is, finished or not."""

    @property
    def path(self) -> Path:
        """The file."""
        return self.file.path

    @property
    def size(self) -> int:
        """Bytes to read."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class News:
    """What is new in a log."""

    move: Move
    pieces: tuple[Piece, ...]
    """In the order in which they were written; none is empty."""
    bookmark_after: Bookmark
    """The bookmark after reading these pieces."""
    lost: int | None = 0
    """Bytes that were written since and cannot be read any more; None: it is unknown whether, and how many."""
    sentence: str = ""
    """What happened to the log, if it was not just written to."""
    before: Found | None = None
    """Where the file that was read last is now, if it was moved."""

    @property
    def size(self) -> int:
        """Bytes to read."""
        return sum(piece.size for piece in self.pieces)


def news(path: Path | str, bookmark: Bookmark | None, from_end: bool = False) -> News:
    """What is new in a log since the bookmark; without one all of it, or nothing of it (`from_end`).

    Raises LogsleuthError (exit code 3) if the log can't be read, or isn't there and never was.
    """
    path = Path(path)
    for _ in range(TRIES):
        try:
            found = _with_stragglers(_news(path, bookmark, from_end), bookmark)
        except RotatedError:
            found = None
        if found is not None and found.lost is not None:
            return found
        time.sleep(PAUSE)  # a file that is renamed at this moment may be in none of the places where we look
    return _with_stragglers(_news(path, bookmark, from_end), bookmark)


def read_piece(piece: Piece) -> Iterator[bytes]:
    """A piece's bytes, some at a time; a last line that will never be finished is given a newline.

    Raises RotatedError if the file was rotated meanwhile: forget what was read, and ask `news` again.
    """
    with piece.file.open() as stream:
        skip(stream, piece.start, packed=piece.file.compression is not None)
        left, last = piece.size, b"\n"
        while left > 0:
            data = stream.read(min(left, SIP))
            if not data:
                raise RotatedError(piece.path)
            yield data
            left, last = left - len(data), data[-1:]
    if last != b"\n":
        yield b"\n"


def _news(path: Path, bookmark: Bookmark | None, from_end: bool) -> News:
    here = look(path)
    if bookmark is None:
        return _started(path, here, from_end)
    known = bookmark.head_size > 0
    moved = moved_to(path, bookmark) if known and not (here is not None and same_inode(here, bookmark)) else None
    if here is not None and moved is None and known and is_it(here, bookmark):
        return _grown(path, here, bookmark)
    old = moved or (copy_of(path, bookmark) if known else None)
    if here is None:
        return _gone(path, bookmark, old)
    return _rotated(path, here, bookmark, old) if old is not None else _anew(path, here, bookmark)


def _with_stragglers(found: News, bookmark: Bookmark | None) -> News:
    """The news, and before them what was added to the file that was left at the last rotation.

    It is left for good at the next one, or when it is packed.
    """
    left, after = bookmark.left if bookmark else None, found.bookmark_after
    if left is None or found.move is Move.GONE or (left.device, left.inode) == (after.device, after.inode):
        return found
    file = with_inode((Path(left.real).parent,), left.device, left.inode)
    if file is None or not file.readable:
        return found
    if file.size > left.offset and is_it(file, left):
        pieces, left = _taken(Path(left.path), [(file, left.offset)])
        move = Move.GROWN if pieces and found.move is Move.SAME else found.move
        found = replace(found, pieces=(*pieces, *found.pieces), move=move)
    return replace(found, bookmark_after=replace(after, left=after.left or left))


def _started(path: Path, here: Found | None, from_end: bool) -> News:
    """The first read. If the log is still empty, we start at the end of the one before it, if there is one."""
    if here is None:
        raise LogsleuthError(f"no such file: {path}", way_out(str(path)), 3)
    before = [file for file in others(here, parts_of(path, path)) if file.readable and file.size > 0]
    if here.size == 0 and before:
        return News(Move.STARTED, (), _bookmark(path, before[-1], length(before[-1])))
    if from_end:
        return News(Move.STARTED, (), _bookmark(path, here, end_of_lines(here, 0)))
    return News(Move.STARTED, *_taken(path, [(here, 0)]))


def _grown(path: Path, here: Found, bookmark: Bookmark) -> News:
    """The same file, whether or not something was added."""
    pieces, after = _taken(path, [(here, bookmark.offset)])
    return News(Move.GROWN if pieces else Move.SAME, pieces, after)


def _gone(path: Path, bookmark: Bookmark, old: Found | None) -> News:
    """There is no such file: what was added to the old one before it was moved can still be read."""
    if old is None or not old.readable or is_read(old, bookmark):
        return News(Move.GONE, (), bookmark, sentence=f"{path} is not there")
    return News(
        Move.GONE, *_taken(path, [(old, bookmark.offset)]), sentence=f"{path} is not there; it is now {old.path}"
    )


def _rotated(path: Path, here: Found, bookmark: Bookmark, old: Found) -> News:
    """The old file's rest, the files that came and went since, and the new one."""
    parts = parts_of(path, old.path)
    rest = others(here, parts)
    later = later_than(old, rest, bookmark.changed, renamed=len(rest) == len(parts))
    later = [file for file in later if not _was_left(file, bookmark)]
    if here.size == 0 and not later and is_read(old, bookmark):
        return News(Move.SAME, (), replace(bookmark, left=None))
    chain = [*((file, 0) for file in later), (here, 0)]
    if not is_read(old, bookmark):
        chain.insert(0, (old, bookmark.offset))
    pieces, after = _taken(path, chain)
    if inode(old) == (after.device, after.inode) == (bookmark.device, bookmark.inode):  # the new one is empty
        return News(Move.GROWN if pieces else Move.SAME, pieces, after)
    return News(_move(here, old, bookmark), pieces, after, *_what_is_lost(old, bookmark, later), old)


def _was_left(file: Found, bookmark: Bookmark) -> bool:
    """Whether it is the file before the one that was read last, however late it was added to or packed."""
    return bookmark.left is not None and file.readable and is_it(file, bookmark.left)


def _anew(path: Path, here: Found, bookmark: Bookmark) -> News:
    """The old file is nowhere, or had nothing by which to know it: what was written since is read from its begin."""
    was_empty = bookmark.head_size == 0
    # a kernel keeps times by its tick of some milliseconds: the first line may be as old as the empty file
    after = bookmark.changed - 1 if was_empty else bookmark.changed
    since = [file for file in others(here, parts_of(path, Path(bookmark.real))) if file.changed > after and file.size]
    if here.size == 0 and not since and was_empty:  # a server may still write its first line to the old one
        return News(Move.SAME, (), bookmark)
    pieces, then = _taken(path, [*((file, 0) for file in since), (here, 0)])
    if not was_empty:
        sentence = f"{path} is another file; lines added to the old one since the last read, if any, are lost"
        return News(Move.REWRITTEN, pieces, then, None, sentence)
    if since:
        return News(Move.RENAMED, pieces, then, sentence=f"{path} was rotated to {since[0].path}")
    return News(Move.GROWN if pieces else Move.SAME, pieces, then)


def _what_is_lost(old: Found, bookmark: Bookmark, later: list[Found]) -> tuple[int | None, str]:
    """How many bytes, and a sentence on what has become of the old file."""
    closed = [(file, bookmark.offset if file is old else 0) for file in (old, *later) if not file.readable]
    if closed:
        lost = sum(max(file.size - start, 0) for file, start in closed)
        return lost, f"no permission to read {closed[0][0].path}, to which {bookmark.path} was rotated"
    more = f", and once more, to {later[-1].path}" if later else ""
    return 0, f"{bookmark.path} was rotated to {old.path}{more}"


def _move(here: Found, old: Found, bookmark: Bookmark) -> Move:
    if old.compression is not None:
        return Move.COMPRESSED
    return Move.RENAMED if same_inode(old, bookmark) and not same_inode(here, bookmark) else Move.COPIED


def _taken(path: Path, chain: list[tuple[Found, int]]) -> tuple[tuple[Piece, ...], Bookmark]:
    """The pieces to read, and where we stand then: in the last file that has something.

    A server writes to its old file until it reopens its logs: while the new file is empty, we stay with the old one.
    """
    chain = [(file, start) for file, start in chain if file.readable and file.size > 0] or chain[-1:]
    pieces = [Piece(file, start, length(file), ended=True) for file, start in chain[:-1]]
    last, start = chain[-1]
    packed = last.compression is not None
    end = length(last) if packed else end_of_lines(last, start)
    pieces.append(Piece(last, start, end, ended=packed))
    left = next((piece for piece in pieces[-2:-1] if piece.file.compression is None), None)
    after = replace(_bookmark(path, last, end), left=_bookmark(path, left.file, left.end) if left else None)
    return tuple(piece for piece in pieces if piece.size > 0), after


def _bookmark(path: Path, file: Found, offset: int) -> Bookmark:
    head, size = head_of(file)
    real = str(file.path.resolve())
    return Bookmark(
        str(path), real, file.device, file.inode, file.changed, offset, head, size, tail_of(file, offset)
    )  # fmt: skip
