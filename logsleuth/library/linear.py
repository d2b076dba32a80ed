"""Regexes that take time in proportion to the text, whatever it says: no look-around, no back-references.

They are written in Python's syntax. The compiled scan's differs in a few places, and `translated` puts those right.
"""

from __future__ import annotations

import re
from functools import lru_cache

PARTS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(?:(?:\d+(?:,\d*)?|,\d+)\})?", re.DOTALL)
"""What may have to be changed: escapes, character classes (a bracket that comes first in one is one of its characters),
repetitions, and braces that are none. A class is one of some dozens that all regexes are made of."""
HIDDEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
"""Escapes and character classes, within which brackets and bars mean nothing."""
LOOKS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|(?P<look>\(\?<?[=!])|(?P<back>\(\?P=)|(?P<atomic>\(\?>)", re.DOTALL)


DIFFERS = re.compile(r"\\[Z <>\n]|\{(?!\d+(?:,\d*)?\})|\[\^?[\]\-]|\[[^\]]*[\[&~]|-\]")
"""What is in every regex that `translated` has to change; in few others."""
NOT_LINEAR = re.compile(r"\(\?(?:[=!>]|<[=!]|P=)|\\[1-9]")
"""What is in every regex that is not linear; in few others."""


def why_not_linear(source: str) -> str:
    """What in a regex cannot be matched in linear time, and how to say it otherwise; '' if nothing is."""
    if NOT_LINEAR.search(source) is None:
        return ""
    for found in LOOKS.finditer(source):
        if found["look"]:
            return f"{found['look']}…) looks around: put what must not be there into 'unless', a regex of its own"
        if found["back"] or (found[0][:1] == "\\" and found[0][1:2] in set("123456789")):
            return "a back-reference compares two parts of the text: write both parts out"
        if found["atomic"]:
            return "(?>…) is not needed: matching never goes back"
    return ""


Rust = tuple[str | None, str | None, bool]
"""A regex and what must not match, as the compiled scan has them, and whether it must leave both to Python."""


def in_rust(regex: str | None, unless: str | None) -> Rust:
    """Both regexes of one way to match, for the compiled scan."""
    sources = [source for source in (regex, unless) if source is not None]
    return (
        None if regex is None else translated(regex),
        None if unless is None else translated(unless),
        any(why_not_linear(source) for source in sources),
    )


def is_anchored(source: str) -> bool:
    """Whether a match can only start where a line does: each of the outermost alternatives starts with `^`."""
    bare = HIDDEN.sub("", source)
    depth, anchored = 0, bare.startswith("^")
    for at, char in enumerate(bare):
        if char == "|" and not depth:
            anchored = anchored and bare.startswith("^", at + 1)
        depth += (char == "(") - (char == ")")
    return anchored


def translated(source: str) -> str:
    """A regex in Python's syntax, written in that of Rust's regex crates."""
    return source if DIFFERS.search(source) is None else PARTS.sub(_part, source)


def _part(found: re.Match[str]) -> str:
    """An escape, a character class, a repetition or a mere brace, as Rust has it."""
    text = found[0]
    if text[0] == "\\":
        return _escape(text)
    if text[0] == "[":
        return _class(text)
    return text.replace("{,", "{0,") if len(text) > 1 else r"\{"


def _escape(pair: str) -> str:
    match pair[1:]:
        case "Z":
            return r"\z"
        case " " | "<" | ">" | "\n":
            return pair[1:]
        case _:
            return pair


@lru_cache(maxsize=1024)
def _class(text: str) -> str:
    """A character class; some characters mean more in Rust's than in Python's."""
    inner, out, at = text[1:-1], ["["], 0
    if inner.startswith("^"):
        out.append("^")
        at = 1
    while at < len(inner):
        char = inner[at]
        if char == "\\":
            out.append(_escape(inner[at : at + 2]))
            at += 2
            continue
        # a hyphen at either end is one of the characters, and so is everything that could join two classes
        special = char in "[]&~" or (char == "-" and (at + 1 == len(inner) or out[-1] in ("[", "^")))
        out.append(f"\\{char}" if special else char)
        at += 1
    return "".join([*out, "]"])
