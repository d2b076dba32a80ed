"""The cards as pages to read: one a module. The same cards make the same pages."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.library.card import Card

FOLDER = "codes"
"""The pages' folder within the catalogue."""


def card_pages(cards: Sequence[Card], made: str) -> dict[str, str]:
    """File name (`codes/ssl.md`) to content of every module's page. `made`: the line that says who wrote it."""
    ordered = sorted(cards, key=lambda card: (card.module, card.id))
    by_module = {module: list(group) for module, group in groupby(ordered, key=lambda card: card.module)}
    return {page_of(module): _page(module, group, made) for module, group in by_module.items()}


def page_of(module: str) -> str:
    """The name of a module's page."""
    return f"{FOLDER}/{re.sub('[^a-z0-9_-]', '-', module.lower())}.md"


def index_rows(cards: Sequence[Card]) -> list[str]:
    """Rows of a table of the modules, for the catalogue's index."""
    modules = sorted({card.module for card in cards})
    return [
        f"| [{_text(module)}]({page_of(module)}) | {sum(card.module == module for card in cards)} |"
        for module in modules
    ]


def _page(module: str, cards: Sequence[Card], made: str) -> str:
    lines = [made, "", f"# {_text(module)}", "", "[The whole library](../README.md)"]
    for card in cards:
        lines += ["", *_entry(card)]
    return "\n".join(lines) + "\n"


def _entry(card: Card) -> list[str]:
    facts = ["/".join(card.levels), card.role, card.severity, *([card.category] if card.category else [])]
    facts += [f"about the {card.about}", card.phase]
    return [
        f"## {_text(', '.join(card.codes) or card.id)}",
        "",
        *(f"    {text}" for text in card.texts),
        "",
        " · ".join(facts),
        "",
        _text(card.meaning),
        "",
        f"**Now.** {_text(card.action)}",
        "",
        f"**Source:** {_text(card.source)}",
    ]


def _text(text: str) -> str:
    return re.sub(r"([\\`*_<>\[\]|])", r"\\\1", " ".join(text.split()))
