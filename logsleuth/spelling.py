"""Names that were misspelt: which ones are near, and the question that a message ends with."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def closest(name: str, known: Iterable[str], most: int = 1) -> list[str]:
    """The known names that are much like this one, the nearest first, at most `most` of them."""
    from difflib import get_close_matches  # noqa: PLC0415 - only mistakes need it

    return get_close_matches(name, list(known), n=most)


def did_you_mean(candidates: Sequence[str], otherwise: str = "") -> str:
    """The question about these candidates; `otherwise` if there are none."""
    if not candidates:
        return otherwise
    quoted = " or ".join(f"'{candidate}'" for candidate in candidates)
    return f"did you mean {quoted}?"


def suggestion(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """The question about the known name that is nearest; `otherwise` if none is near."""
    return did_you_mean(closest(name, known), otherwise)
