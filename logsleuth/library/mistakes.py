"""All that is wrong with one file of the library, and the words that name each mistake with its mend."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Mistakes(Exception):  # noqa: N818 - it is a bundle of them, not one error
    """All that is wrong with one file, a sentence each."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("; ".join(sentences))
        self.sentences = sentences


def near(word: str, known: Iterable[str]) -> list[str]:
    """The known word that was meant, if there is one."""
    import difflib  # noqa: PLC0415 - only mistakes need it

    return difflib.get_close_matches(word, list(known), n=1)


def unknown_key(key: str, known: Iterable[str]) -> str:
    """The sentence on a key that does not exist."""
    names = list(known)
    meant = near(key, names)
    mend = f"did you mean '{meant[0]}'?" if meant else f"known keys are {', '.join(names)}"
    return f"unknown key '{key}': {mend}"


def not_one_of(key: str, value: str | None, allowed: tuple[str, ...]) -> list[str]:
    """The sentence on a value that is not one of those allowed; None is allowed."""
    if value is None or value in allowed:
        return []
    meant = near(value, allowed)
    mend = f"did you mean '{meant[0]}'?" if meant else f"it is one of {', '.join(allowed)}"
    return [f"'{key}' {value!r} is unknown: {mend}"]
