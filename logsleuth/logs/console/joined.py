"""Pastes whose line ends were lost: several of httpd's entries stand side by side on one line.

Forums, trackers and chats that take a log for prose put it on one line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.regexes import regex

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

JOINED = "entries side by side"
"""The name of that rewriting."""
LONGEST = 1 << 20
"""Bytes of a line that are looked through."""
_HEAD = rb"\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]?\d \d\d:\d\d:\d\d(?:\.\d{1,6})? \d{4}\] \[[\w.\-]*:?[a-z]{2,8}\d?\] "
ENTRY = regex(rb"^" + _HEAD + rb"[^\n]*", re.MULTILINE)
ANOTHER = regex(rb" " + _HEAD)
"""A head behind something; begins with literal text, for which `re` searches fast."""
BETWEEN = regex(rb"(?<!:) +(?=" + _HEAD + rb")")
"""What stands before a head behind another entry; behind a colon it is what another program wrote, quoted."""


def are_joined(sample: bytes) -> bool:
    """Whether at least every other entry has another one behind it; in a log that writers tore, hardly one has."""
    if ANOTHER.search(sample) is None:
        return False
    joined = [BETWEEN.search(entry) is not None for entry in ENTRY.findall(sample)]
    return any(joined) and 2 * sum(joined) >= len(joined)


def parted(stream: BinaryIO) -> Iterator[bytes]:
    """Each entry on a line of its own."""
    for line in iter(lambda: stream.readline(LONGEST), b""):
        yield from BETWEEN.split(line.rstrip(b"\r\n"))
