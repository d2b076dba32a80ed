"""All that is wrong with one file of the library, and the words that name each mistake with how to fix it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.spelling import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable


class Mistakes(Exception):  # noqa: N818 - it is a bundle of them, not one error
    """All that is wrong with one file, a sentence each."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("; ".join(sentences))
        self.sentences = sentences


def unknown_key(key: str, known: Iterable[str]) -> str:
    """The sentence on a key that does not exist."""
    names = list(known)
    hint = suggestion(key, names, f"known keys are {', '.join(names)}")
    return f"unknown key '{key}': {hint}"


def not_one_of(key: str, value: str | None, allowed: tuple[str, ...]) -> list[str]:
    """The sentence on a value that is not one of those allowed; None is allowed."""
    if value is None or value in allowed:
        return []
    hint = suggestion(value, allowed, f"it is one of {', '.join(allowed)}")
    return [f"'{key}' {value!r} is unknown: {hint}"]
