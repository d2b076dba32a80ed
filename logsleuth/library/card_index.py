"""Which card speaks of a message: by its code, which must stand in httpd's own place, or else by its text.

Clients choose URLs, names and referers that httpd prints within its messages; so a code counts only at the head of the
message, and a text only from the head of the message on.
"""

from __future__ import annotations

import json
import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from logsleuth.library.card import CODE, build_card
from logsleuth.library.template import WORD, fits, prepare, weight, words
from logsleuth.regexes import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.library.card import Card
    from logsleuth.library.template import Template

LONGEST = 2000
"""Characters of a message that are looked at."""
FIELD = regex(
    r"\[(?:client|remote) (?:\[[^\]]*\][^\]]*|[^\]]*)\] ?"
    r"|\((?:(?:EAI|OS|os) )?(?:-?\d{1,10}|0x[0-9a-fA-F]{1,16})\)[^:\[]*: "
    r"|[\w./+\-]+\.(?:c|cc|cpp|h)\(\d+\): ",
    re.ASCII,
)
"""What httpd may put before code and message: client, error of the system, source file (server/log.c)."""
LEADING_CODE = regex(rf"({CODE.pattern}): ?")
PREFIX = regex(r"(?:mod_(?P<module>\w{2,20}) ?(?:\(pid=[^)\n]{1,400}\))?|proxy|): ")
"""How modules of 2.2, mod_fcgid and mod_wsgi up to 5 begin their messages, and so the templates of these.

Some sources put the name there by a macro, so that their templates begin with a bare colon.
"""
OTHERS_WORDS = frozenset({
    "wsgi", "cgi", "cgid", "php", "php5", "php7", "fcgid", "fastcgi", "proxy_fcgi", "lsapi", "perl", "python", "lua",
    "passenger",
})  # fmt: skip
"""Modules that print what programs say, from the head of the message on: they make no other module's card speak."""


class CardIndex:
    """All cards in force, made ready for asking. Cards and the parts of the index are read when they are first used."""

    def __init__(self, rows: Sequence[bytes], codes: bytes, texts: bytes, words: bytes, modules: bytes) -> None:
        """`rows`: each card's checked data as JSON; the others: what `index_of` made of them."""
        self._rows = rows
        self._parts = {"codes": codes, "texts": texts, "words": words, "modules": modules}
        self._cards: dict[int, Card] = {}
        self._templates: dict[int, Template] = {}

    @cached_property
    def _codes(self) -> dict[str, int]:
        return cast("dict[str, int]", json.loads(self._parts["codes"]))

    @cached_property
    def _texts(self) -> list[tuple[int, int, int]]:
        return cast("list[tuple[int, int, int]]", json.loads(self._parts["texts"]))

    @cached_property
    def _words(self) -> dict[str, list[int]]:
        return cast("dict[str, list[int]]", json.loads(self._parts["words"]))

    @cached_property
    def _modules(self) -> list[list[str]]:
        return cast("list[list[str]]", json.loads(self._parts["modules"]))

    def __len__(self) -> int:
        """The number of cards."""
        return len(self._rows)

    def find(self, module: str, level: str, message: str) -> Card | None:
        """The card of a message, or None.

        `module`: '' if the line names none; then any module's card may speak. `level`: '' if unknown; it decides only
        between cards whose texts fit equally well. `message`: the line's text from the head on, with or without
        httpd's client field, error of the system and code before it.
        """
        text = _without_fields(message[:LONGEST])
        found = LEADING_CODE.match(text)
        if found:
            number = self._codes.get(found[1])
            if number is not None and self._may_speak(number, module):
                return self._card(number)
            text = text[found.end() :]
        return self._by_text(module, level, text.split("\n", 1)[0])

    def by_code(self, code: str) -> Card | None:
        """The card of a code, or None."""
        number = self._codes.get(code)
        return None if number is None else self._card(number)

    def codes(self) -> Iterable[str]:
        """All codes that have a card."""
        return self._codes.keys()

    def cards(self) -> list[Card]:
        """All cards that were read, file by file, those that a higher layer overrides included."""
        return [self._card(number) for number in range(len(self))]

    def _may_speak(self, number: int, module: str) -> bool:
        """Whether a line of this module may bear the code of this card."""
        return module not in OTHERS_WORDS or module in self._modules[number]

    def _by_text(self, module: str, level: str, text: str) -> Card | None:
        named = PREFIX.match(text)
        if named:
            module, text = module or named["module"] or "", text[named.end() :]
        candidates = {nth for word in set(WORD.findall(text)) for nth in self._words.get(word, ())}
        best: Card | None = None
        heaviest = 0
        for nth in sorted(candidates, key=lambda nth: (-self._texts[nth][2], nth)):
            number, _, heavy = self._texts[nth]
            if heavy < heaviest:
                break
            if module and module not in self._modules[number]:
                continue
            if fits(self._template(nth), text):
                card = self._card(number)
                if level in card.levels:
                    return card
                best, heaviest = best or card, heavy
        return best

    def _template(self, nth: int) -> Template:
        if nth not in self._templates:
            number, place, _ = self._texts[nth]
            self._templates[nth] = prepare(bare(self._card(number).texts[place]))
        return self._templates[nth]

    def _card(self, number: int) -> Card:
        if number not in self._cards:
            self._cards[number] = build_card(json.loads(self._rows[number]))
        return self._cards[number]


def in_force(cards: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The cards that no later one switches off: one with `disabled` names their codes or texts."""
    off: set[object] = set()
    kept = []
    for card in reversed(cards):
        if card.get("disabled"):
            off |= _names(card)
        elif off.isdisjoint(_names(card)):
            kept.append(card)
    return kept[::-1]


def _names(card: dict[str, Any]) -> set[object]:
    """By what a card may be switched off: its codes, and its texts within its module."""
    return {*card["codes"], *((card["module"], bare(text)) for text in card["texts"])}


def index_of(cards: Sequence[dict[str, Any]]) -> list[bytes]:
    """What a CardIndex needs besides the cards, as JSON.

    The card of each code; of each text, its card, its place among the card's texts, its weight;
    under the rarest word of each text, its number; each card's names of its module. A later card
    takes the codes of an earlier one, and its texts. The core's texts come first: lines of 2.2 name no module, and
    "File does not exist" is then hardly ever another module's.
    """
    codes = {code: number for number, card in enumerate(cards) for code in card["codes"]}
    texts: dict[tuple[str, str], tuple[int, int]] = {}
    for number, card in enumerate(cards):
        for place, text in enumerate(card["texts"]):
            texts[card["module"], bare(text)] = (number, place)
    ordered = sorted(texts.items(), key=_of_another_module)
    of_each = [words(text) for (_, text), _ in ordered]
    count: dict[str, int] = {}
    for word in (word for each in of_each for word in each):
        count[word] = count.get(word, 0) + 1
    filed: dict[str, list[int]] = {}
    for nth, each in enumerate(of_each):
        if each:
            filed.setdefault(min(each, key=lambda word: (count[word], word)), []).append(nth)
    modules = [[card["module"], *card.get("aliases", ())] for card in cards]
    listed = [(*where, weight(text)) for (_, text), where in ordered]
    return [json.dumps(part).encode() for part in (codes, listed, filed, modules)]


def _of_another_module(filed: tuple[tuple[str, str], tuple[int, int]]) -> bool:
    (module, _), _ = filed
    return module != "core"


def bare(text: str) -> str:
    """A message or template without the prefix that some versions of its module put before it."""
    found = PREFIX.match(text)
    return text[found.end() :] if found else text


def _without_fields(message: str) -> str:
    at = 0
    for _ in range(3):
        found = FIELD.match(message, at)
        if found is None:
            break
        at = found.end()
    return message[at:]
