"""A line of httpd.conf cut into words, as httpd does it (`ap_getword_conf` in server/util.c)."""

from __future__ import annotations

from typing import Final

from logsleuth.regexes import regex

SPACES = " \t\r\n\f\v"
SPACE = regex(f"[{SPACES}]")
QUOTED: Final = {quote: regex(rf"{quote}(?>(?:[^{quote}\\]|\\[{quote}\\]?)*){quote}") for quote in ("'", '"')}
"""A quoted word; a backslash takes the quote or backslash behind it with it."""
ESCAPED: Final = {quote: regex(rf"\\([{quote}\\])") for quote in ("'", '"', "")}
"""What httpd takes a backslash off, in a word with these quotes or without any."""


def words_of(line: str) -> list[str]:
    """The words of a line; quotes taken off, and backslashes before a quote or a backslash.

    Raises ValueError if a quote is not closed (httpd takes the rest of the line then; it is a mistake nearly always).
    """
    words: list[str] = []
    rest = line.strip(SPACES)
    while rest:
        word, rest = next_word(rest)
        words.append(word)
    return words


def next_word(text: str) -> tuple[str, str]:
    """The first word of a text that does not begin with a space, and what follows it."""
    quote = text[0] if text[0] in "\"'" else ""
    if quote:
        end = _closing(text, quote)
        return _plain(text[1:end], quote), text[end + 1 :].lstrip(SPACES)
    found = SPACE.search(text)
    end = len(text) if found is None else found.start()
    return _plain(text[:end], quote), text[end:].lstrip(SPACES)


def _closing(text: str, quote: str) -> int:
    """Where the quote with which a text begins is closed."""
    found = QUOTED[quote].match(text)
    if found is None:
        raise ValueError(f"the quote {quote} is not closed in {text}")
    return found.end() - 1


def _plain(text: str, quote: str) -> str:
    """Without the backslashes that httpd takes off: before a backslash, and before the word's own quote."""
    return ESCAPED[quote].sub(r"\1", text) if "\\" in text else text
