"""The compiled literals, kept between runs: compiling them takes 10 ms, loading them less than one.

A database is made for the kind of processor that it was compiled on, and a home folder may be shared by several:
hyperscan itself refuses one of another processor or another version (`hs_deserialize_database`), and then it is
compiled anew.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import hyperscan

from logsleuth.library import cache

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def database_of(literals: Sequence[bytes]) -> hyperscan.Database:
    """A database that finds these literals, each under its place among them."""
    place = cache.folder() / f"literals-{_sum(b''.join(literals)).hex()}.hs"
    head = b"\0".join(literals) + b"\n"
    database = _kept(place, head)
    if database is None:
        database = _compiled(literals)
        content = head + hyperscan.dumpb(database)
        cache.store(place, content + _sum(content))
    return database


def _kept(place: Path, head: bytes) -> hyperscan.Database | None:
    """What is kept there if it is of these literals (others may share the place, by chance) and whole, or None."""
    try:
        content = place.read_bytes()
        if not content.startswith(head) or content[-4:] != _sum(content[:-4]):
            return None
        database = hyperscan.loadb(content[len(head) : -4], hyperscan.HS_MODE_BLOCK)
        database.scratch = hyperscan.Scratch(database)
    except (OSError, hyperscan.HyperscanError):
        return None
    return database


def _sum(content: bytes) -> bytes:
    return zlib.crc32(content).to_bytes(4, "big")


def _compiled(literals: Sequence[bytes]) -> hyperscan.Database:
    database = hyperscan.Database()
    database.compile(
        expressions=list(literals), ids=list(range(len(literals))), elements=len(literals),
        flags=[0] * len(literals), literal=True,
    )  # fmt: skip
    return database
