"""What a card is: one message that httpd or one of its modules can write, and what it means."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from logsleuth.library.pattern import About, Phase, Role, Severity  # noqa: TC001 - fields of a value
from logsleuth.regexes import regex
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

CODE = regex(r"[A-Z][A-Z0-9_]{1,11}?\d{2,6}")
"""What a code may look like: AH02565, WSGI0174, or another module's own such as TL007."""
HOLE = regex(r"%(?:[-+ #0]*[\d*]*(?:\.[\d*]*)?(?:hh|h|ll|l|z|j|t|q|I64)?(?:p[A-Zmpt]|[A-Za-z])|%)")
"""A conversion of printf, or of `apr_vformatter` (`%pI` is an address)."""
SLUG_WORDS = 7
CLAUSE_ENDS = regex(
    r", (?:so|and|which|because|but|until|unless|as|or|for|where|though|after|while|usually|since|probably|mostly"
    r"|whose|not|thus|therefore|with|nor|such)\b|; |: | \((?=[^()]*\)(?:[,;:.]|$))| so that | because | although |\. "
)
"""Where the first clause of a sentence may end: what follows is a consequence, a reason or an example.

What stands in brackets ends it only where the clause does not go on after them.
"""
SHORTEST_TITLE = 25
"""Characters: a clause that is shorter says too little by itself."""


@dataclass(frozen=True, slots=True)
class Card:
    """One message, in every wording and under every code that it has had."""

    module: str
    """The module as the line's head names it: `ssl` for `[ssl:error]`."""
    texts: tuple[str, ...]
    """printf templates as the source has them: the current wording first."""
    codes: tuple[str, ...]
    """Such as AH02565 or WSGI0174; empty where the message has none."""
    levels: tuple[str, ...]
    """The levels that the source writes it at."""
    about: About
    phase: Phase
    role: Role
    severity: Severity
    source: str
    """The source file that writes it."""
    meaning: str
    """What it means, and what becomes of the server, the worker or the request: one sentence."""
    action: str
    """What to do: one sentence."""
    category: str | None = None
    """The kind of outage or fault that the message stands for, if it does for one."""
    aliases: tuple[str, ...] = ()
    """Other names of the module that heads of lines may bear."""
    origin: str = ""
    """The file that it was read from."""

    @property
    def title(self) -> str:
        """What happened, in a few words: the first clause of its meaning."""
        whole = self.meaning.rstrip(".")
        ends = (end.start() for end in CLAUSE_ENDS.finditer(whole))
        return whole[: next((end for end in ends if end >= SHORTEST_TITLE), None)]

    @property
    def id(self) -> str:
        """The code, or else the module and the first words of the text: `ssl:init-ssl-library-mismatch`."""
        if self.codes:
            return self.codes[0]
        words = re.findall(r"[a-z0-9]+", HOLE.sub(" ", self.texts[0]).lower())
        return f"{self.module}:{'-'.join(words[:SLUG_WORDS])}"


def build_card(data: Mapping[str, Any]) -> Card:
    """The Card that checked data describe: those of one `[[card]]` and of its file's head."""
    lists = {key: tuple(data.get(key, ())) for key in ("texts", "codes", "levels", "aliases")}
    return Card(**{**data, **lists})
