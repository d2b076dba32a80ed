"""A line of httpd.conf cut into words, as httpd does it (`ap_getword_conf` in server/util.c)."""

from __future__ import annotations

SPACES = " \t\r\n\f\v"


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
    end = next((at for at, sign in enumerate(text) if sign in SPACES), len(text))
    return _plain(text[:end], quote), text[end:].lstrip(SPACES)


def _closing(text: str, quote: str) -> int:
    at = 1
    while at < len(text):
        if text[at] == "\\" and text[at + 1 : at + 2] in ("\\", quote):
            at += 2
        elif text[at] == quote:
            return at
        else:
            at += 1
    raise ValueError(f"the quote {quote} is not closed in {text}")


def _plain(text: str, quote: str) -> str:
    """Without the backslashes that httpd takes off: before a backslash, and before the word's own quote."""
    parts: list[str] = []
    at = 0
    while at < len(text):
        if text[at] == "\\" and (text[at + 1 : at + 2] == "\\" or (quote and text[at + 1 : at + 2] == quote)):
            at += 1
        parts.append(text[at])
        at += 1
    return "".join(parts)
