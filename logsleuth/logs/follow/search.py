"""Where the file is that was read last: under another name, in another folder, copied or packed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from logsleuth.logs.follow.fingerprint import head_of, tail_of
from logsleuth.logs.follow.siblings import Found, below, in_order, siblings, with_inode

if TYPE_CHECKING:
    from logsleuth.logs.follow.follow import Bookmark


def moved_to(path: Path, bookmark: Bookmark) -> Found | None:
    """The file that was read last under another name: known by its inode, as long as its text is the same."""
    for folders in ((Path(bookmark.real).parent, path.parent), below(path.parent)):
        there = with_inode(folders, bookmark.device, bookmark.inode)
        if there is not None and (not there.readable or is_it(there, bookmark)):
            return there
    return None


def copy_of(path: Path, bookmark: Bookmark) -> Found | None:
    """A file with the text that was read last. If there are several: one that isn't older, plain, written last."""
    parts = parts_of(path, Path(bookmark.real))
    for files in (parts, [file for folder in below(path.parent) for file in siblings(folder / path.name)]):
        latest_first = files[::-1]
        latest_first.sort(key=lambda file: (file.changed < bookmark.changed, file.compression is not None))
        for file in latest_first:
            if file.readable and is_it(file, bookmark):
                return file
    return None


def is_it(file: Found, bookmark: Bookmark) -> bool:
    """Does this file begin with all that was read? Its inode may be another: it was packed, copied or put back."""
    if file.compression is None and file.size < max(bookmark.offset, bookmark.head_size):
        return False
    if head_of(file, bookmark.head_size) != (bookmark.head, bookmark.head_size):
        return False
    return is_read(file, bookmark) or tail_of(file, bookmark.offset) == bookmark.tail


def is_read(file: Found, bookmark: Bookmark) -> bool:
    """Was all of it read? Nothing is ever added to a compressed file: it need not be unpacked for that."""
    return file.compression is not None and same_inode(file, bookmark)


def same_inode(file: Found, bookmark: Bookmark) -> bool:
    """Whether it is the very file; or another that was given its inode since."""
    return inode(file) == (bookmark.device, bookmark.inode)


def parts_of(path: Path, real: Path) -> list[Found]:
    """The files that rotation has made of a log, or of what it leads to; oldest last written first."""
    bases = dict.fromkeys((path.resolve(), real, real.parent / path.name, path))
    found = {inode(file): file for base in bases for file in siblings(base)}
    return sorted(found.values(), key=in_order)


def others(here: Found, files: list[Found]) -> list[Found]:
    """A link to a log that is named by its date leads to one of its own parts."""
    return [file for file in files if inode(file) != inode(here)]


def inode(file: Found) -> tuple[int, int]:
    """What identifies a file while it exists, whatever its name."""
    return file.device, file.inode
