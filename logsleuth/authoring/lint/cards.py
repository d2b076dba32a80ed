"""What is wrong with cards although they can be read: doubles, copies, graveness without reason, forgeable texts."""

from __future__ import annotations

import os
import re
from collections import Counter
from typing import TYPE_CHECKING

from logsleuth.authoring.lint.finding import Finding
from logsleuth.authoring.lint.forgery import BENIGN, FORMS
from logsleuth.library.card import HOLE
from logsleuth.library.card_index import bare
from logsleuth.library.template import fits, prepare
from logsleuth.library.template import words as words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from logsleuth.authoring.lint.forgery import Form
    from logsleuth.library.card import Card
    from logsleuth.library.card_index import CardIndex

GRAVE = frozenset({"emerg", "alert", "crit"})
MOST_ALIKE = 0.75
"""Of a meaning's words, at most this share may come from the message itself."""
LEAST_WORDS = 5
"""A shorter sentence explains nothing."""
MOST_USED = 4
"""Cards that may share one meaning: a sentence that many messages share explains none of them."""
FILE = re.compile(r"[\w.+\-]+(?:/[\w.+\-]+)*\.(?:c|cc|cpp|h|hpp|m4|pl|pm|py|rb|php|lua|go|rs|java)")
"""The path of a source file."""
TWO_SENTENCES = re.compile(r"(?<!e\.g)(?<!i\.e)[.!?][\"')]* +[A-Z]")
REFERER = ", referer: "
"""What follows it is cut off before a message is looked up."""
HARMLESS = re.compile(r"\b(?:no harm|without harm|harmless|not harmed|goes on|starts)\b")
SHORTEST = 4
"""Letters of a word that counts; shorter ones (the, and, for, not) say nothing by themselves."""


def lint_cards(index: CardIndex, chosen: Sequence[Card]) -> Iterator[Finding]:
    """What these cards' rules find, rule by rule. `index`: all cards in force, among which the chosen ones live."""
    for rule in (_sources, _sentences, _copies, _graveness, _findable):
        for card in chosen:
            for problem in rule(card):
                yield _finding(card, rule, problem)
    yield from _doubles(index.cards(), chosen)
    yield from _reused(index.cards(), chosen)
    yield from _forged(index, chosen)


def _finding(card: Card, rule: Callable[..., object], problem: str, detail: str = "") -> Finding:
    return Finding(card.id, card.origin, rule.__name__.lstrip("_"), problem, detail)


def _sources(card: Card) -> Iterator[str]:
    if not FILE.fullmatch(card.source):
        yield f"'source' {card.source!r} is no source file's path, such as 'modules/ssl/ssl_engine_init.c'"


def _sentences(card: Card) -> Iterator[str]:
    for name, text in (("meaning", card.meaning), ("action", card.action)):
        if not text.endswith("."):
            yield f"'{name}' does not end with a full stop"
        if TWO_SENTENCES.search(text):
            yield f"'{name}' is more than one sentence; join them with a semicolon, or leave one out"
    if len(card.meaning.split()) < LEAST_WORDS:
        yield "'meaning' is too short to explain anything"


def _copies(card: Card) -> Iterator[str]:
    """A meaning in the message's own words tells a reader nothing that the line has not told."""
    said = _telling(card.meaning)
    for text in card.texts:
        share = len(said & _telling(HOLE.sub(" ", text))) / len(said) if said else 1.0
        if share > MOST_ALIKE:
            yield f"{share:.0%} of the words of 'meaning' are the message's own: say what it means"


def _telling(text: str) -> set[str]:
    return {word for word in re.findall(r"[a-z0-9]+", text.lower()) if len(word) >= SHORTEST}


def _graveness(card: Card) -> Iterator[str]:
    is_harmless = card.severity == "info" or HARMLESS.search(card.meaning)
    if GRAVE & set(card.levels) and card.category is None and not is_harmless:
        yield "a message at emerg, alert or crit needs a 'category', or a 'meaning' that says that it does no harm"
    if card.role == "noise" and card.severity in ("critical", "major"):
        yield "noise is not critical or major; what names a fault has the role 'cause'"


def _findable(card: Card) -> Iterator[str]:
    for text in card.texts:
        if not card.codes and not words_of(text):
            yield f"'text' {text!r} holds no whole word by which a message could be known, and there is no code"


def _doubles(cards: Sequence[Card], chosen: Sequence[Card]) -> Iterator[Finding]:
    """No two cards of a folder are for one message: none share a code, or a text within a module.

    A card of a higher layer may override one of a lower.
    """
    seen = Counter((_folder(card), key) for card in cards for key in _keys(card))
    for card in chosen:
        for key in _keys(card):
            if (count := seen[_folder(card), key]) > 1:
                yield _finding(card, _doubles, f"{count} cards are for one message: make them one", " ".join(key))


def _folder(card: Card) -> str:
    return card.origin.rpartition(os.sep)[0]


def _keys(card: Card) -> set[tuple[str, str]]:
    """What a message is known by: its codes, or else its module and its words, with all conversions alike."""
    if card.codes:
        return {("code", code) for code in card.codes}
    return {(card.module, HOLE.sub("%s", bare(text))) for text in card.texts}


def _reused(cards: Sequence[Card], chosen: Sequence[Card]) -> Iterator[Finding]:
    used = Counter(card.meaning for card in cards)
    for card in chosen:
        if used[card.meaning] > MOST_USED:
            yield _finding(card, _reused, f"'meaning' stands in {used[card.meaning]} cards: say of each what it means")


def _forged(index: CardIndex, chosen: Sequence[Card]) -> Iterator[Finding]:
    """No hostile request makes a card speak that would not have spoken of a harmless one; noise does no harm.

    Only texts can be forged: a code must stand at the head of the message, where no form has a client's words.
    """
    messages = [(form, message) for form in FORMS for message in _messages(form) if REFERER not in message]
    own: dict[Form, set[str]] = {}
    for form, message in messages:
        own.setdefault(form, set()).update(_spoken(index, form, message.replace("{}", words)) for words in BENIGN)
    for card in (card for card in chosen if card.role != "noise"):
        templates = [(prepare(bare(text)), HOLE.sub("x", text)) for text in card.texts]
        for form, message in messages:
            hostile = [message.replace("{}", said) for template, said in templates]
            told = [line for (template, _), line in zip(templates, hostile, strict=True) if fits(template, line)]
            if any(card.id not in own[form] and _spoken(index, form, line) == card.id for line in told):
                yield _finding(card, _forged, "a request can forge it; make its first words its own", told[0])
                break


def _messages(form: Form) -> list[str]:
    """A form's text as 2.4 writes it and, where it existed, as 2.2 does; `{}` is where the client's words go."""
    code = f"{form.code}: " if form.code else ""
    new = form.text.replace("{{code}}", code) if "{{code}}" in form.text else code + form.text
    return [new, form.text.replace("{{code}}", "")] if form.old else [new]


def _spoken(index: CardIndex, form: Form, message: str) -> str:
    card = index.find(form.module, form.level, message)
    return card.id if card else ""
