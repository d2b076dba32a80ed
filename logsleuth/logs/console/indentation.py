"""White space before a line, and what a pager or an editor leaves of one that is wider than its window."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.logs.wrappers.peeled import Peeled

if TYPE_CHECKING:
    from datetime import date

WHITE = re.compile(r"[\s\u00a0\u200b\u200e\ufeff]+")
FRAME = re.compile(r"[│|┃║├└─\u2500-\u257f]+ ?(?=\S)")


def peel_indentation(text: str, _: date) -> Peeled | None:
    """Spaces, tabs, no-break spaces."""
    found = WHITE.match(text)
    return None if found is None or found.end() == len(text) else Peeled(text[found.end() :])


def peel_frame(text: str, _: date) -> Peeled | None:
    """The left line of a box."""
    found = FRAME.match(text)
    return None if found is None else Peeled(text[found.end() :].rstrip("│|┃║ "))


def without_mark(text: str) -> str:
    """Without the sign that nano or `less -S` puts where the window ends."""
    return text[:-1] if text.endswith(("$", ">", "»")) and len(text) > LEAST_WINDOW else text


LEAST_WINDOW = 60
