"""A place in a pattern's command or sentence that a value of the log fills: `{path}`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.regexes import regex

if TYPE_CHECKING:
    from collections.abc import Mapping

SLOT: Final = regex(r"\{([a-z_][a-z0-9_]*)\}")


def filled(text: str, values: Mapping[str, str]) -> str | None:
    """A sentence with its places filled; None: a value is missing."""
    if any(name not in values for name in SLOT.findall(text)):
        return None
    return SLOT.sub(lambda slot: values[slot[1]], text)
