"""What standard output can show: how wide it is, and which styles it has."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

    from logsleuth.report.layout import Styles

IN_A_FILE: Final = 100
"""Columns where nobody's terminal sets them."""
UNKNOWN: Final = 80
"""Columns of a terminal that does not say how wide it is."""
NARROWEST: Final = 21
STREAMS: Final = (0, 1, 2)
"""Whichever of them is a terminal knows its size."""


@dataclass(frozen=True, slots=True)
class Screen:
    """Where a report is printed."""

    width: int
    """In columns."""
    styles: Styles


def terminal_of(stream: TextIO, environment: Mapping[str, str]) -> Screen:
    """What a stream can show, as it is and as variables want it (no-color.org, force-color.org)."""
    columns = environment.get("COLUMNS", "")
    wanted = int(columns) if columns.isdigit() and int(columns) >= NARROWEST else None
    if not _is_terminal(stream, environment):
        return Screen(wanted or IN_A_FILE, "none")
    if environment.get("TERM", "").lower() in {"dumb", "unknown"}:
        return Screen(UNKNOWN, "none")
    return Screen(wanted or _columns() or UNKNOWN, "no colours" if environment.get("NO_COLOR") else "all")


def _is_terminal(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether it shows escape sequences; a program that shows them in its own window says so by a variable."""
    forced = environment.get("TTY_COMPATIBLE", "")
    if forced in {"0", "1"}:
        return forced == "1"
    colour = environment.get("FORCE_COLOR")
    return stream.isatty() if colour is None else colour != ""


def _columns() -> int:
    """The columns of this process's terminal; 0: it has none, or does not say."""
    for stream in STREAMS:
        try:
            return os.get_terminal_size(stream).columns
        except (OSError, ValueError):
            continue
    return 0
