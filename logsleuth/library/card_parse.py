"""From a card file's text to checked data, every mistake reported with its place and how to fix it."""

from __future__ import annotations

from typing import Any

from logsleuth.bounded import read_toml
from logsleuth.library.card import CODE
from logsleuth.library.mistakes import Mistakes, not_one_of, unknown_key
from logsleuth.library.pattern import ABOUTS, CATEGORIES, PHASES, ROLES, SEVERITIES
from logsleuth.regexes import regex

MODULE = regex(r"[A-Za-z0-9_][A-Za-z0-9_.\-]*")
LEVELS = ("emerg", "alert", "crit", "error", "warn", "notice", "info", "debug")
"""The levels that a card may be for, gravest first (include/http_log.h)."""

FILE_KEYS = {"module": "str", "aliases": "list", "card": "tables"}
CARD_KEYS = {
    "code": "str", "codes": "list", "text": "str", "texts": "list", "level": "str", "levels": "list",
    "about": "str", "phase": "str", "role": "str", "category": "str", "severity": "str", "source": "str",
    "meaning": "str", "action": "str", "disabled": "bool",
}  # fmt: skip
"""Every key that a card may hold, with the kind of its value."""
ONE_OR_MANY = {"code": "codes", "text": "texts", "level": "levels"}
"""Keys that may be given as one string or, under the other name, as a list."""
NEEDED = ("about", "phase", "role", "severity", "source", "meaning", "action")
CHOICES: dict[str, tuple[str, ...]] = {
    "about": ABOUTS, "phase": PHASES, "role": ROLES, "severity": SEVERITIES,
    "category": tuple(name for name in CATEGORIES if name != "unknown"),
}  # fmt: skip
"""Values that a key may have."""


def read_cards(text: str) -> list[dict[str, Any]]:
    """The checked cards of one file, as plain data; `code`, `text` and `level` as lists.

    Raises Mistakes with every mistake found, each naming the card, the key, what is wrong and what would be right.
    """
    try:
        data = read_toml(text)
    except ValueError as error:
        raise Mistakes([f"not valid TOML: {error}"]) from None
    wrong = _wrong_file(data)
    cards = data.get("card", [])
    for number, card in enumerate(cards if isinstance(cards, list) else (), 1):
        if isinstance(card, dict):
            wrong += [f"in {_place(card, number)}: {sentence}" for sentence in _wrong_card(card)]
    if wrong:
        raise Mistakes(wrong)
    head: dict[str, Any] = {key: data[key] for key in ("module", "aliases") if key in data}
    return [{**head, **_as_lists(card)} for card in cards]


def _wrong_file(data: dict[str, Any]) -> list[str]:
    wrong = [unknown_key(key, FILE_KEYS) for key in data if key not in FILE_KEYS]
    if not isinstance(data.get("module"), str) or not MODULE.fullmatch(data["module"]):
        wrong.append("'module' must be the module's name as the heads of its lines have it, such as 'ssl'")
    if not _is_list(data.get("aliases", [])):
        wrong.append(f"'aliases' must be a list of strings, not {data['aliases']!r:.60}")
    cards = data.get("card")
    if not isinstance(cards, list) or not cards or not all(isinstance(card, dict) for card in cards):
        wrong.append("there is no [[card]]")
    return wrong


def _place(card: dict[str, Any], number: int) -> str:
    """How a card is named in a mistake: its number, and its code where it has one."""
    code = card.get("code") or next(iter(card.get("codes") or ()), "")
    return f"card {number} ({code})" if isinstance(code, str) and code else f"card {number}"


def _wrong_card(card: dict[str, Any]) -> list[str]:
    wrong = [unknown_key(key, CARD_KEYS) for key in card if key not in CARD_KEYS]
    wrong += [sentence for key in card if key in CARD_KEYS for sentence in _wrong_kind(card, key)]
    wrong += _missing_of_switch(card) if card.get("disabled") is True else _missing(card)
    wrong += [sentence for one, many in ONE_OR_MANY.items() for sentence in _wrong_pair(card, one, many)]
    if wrong:
        return wrong
    lists = _as_lists(card)
    wrong += [
        sentence for key in CHOICES if key != "levels" for sentence in not_one_of(key, card.get(key), CHOICES[key])
    ]
    wrong += [sentence for level in lists["levels"] for sentence in not_one_of("level", level, LEVELS)]
    for code in lists["codes"]:
        if not CODE.fullmatch(code):
            wrong.append(f"'code' {code!r} must be capital letters and a number, such as 'AH02565'")
    return wrong


def _missing(card: dict[str, Any]) -> list[str]:
    ones = [f"'{one}' is missing" for one, many in ONE_OR_MANY.items() if one != "code" and not _has(card, one, many)]
    return [*(f"'{key}' is missing" for key in NEEDED if not card.get(key)), *ones]


def _missing_of_switch(card: dict[str, Any]) -> list[str]:
    """A card that only switches others off names them, and needs nothing else."""
    named = any(_has(card, one, many) for one, many in ONE_OR_MANY.items() if one != "level")
    return [] if named else ["'code' or 'text' is missing: which message's card is disabled?"]


def _has(card: dict[str, Any], one: str, many: str) -> bool:
    return bool(card.get(one) or card.get(many))


def _wrong_kind(card: dict[str, Any], key: str) -> list[str]:
    value = card[key]
    if CARD_KEYS[key] == "str" and not isinstance(value, str):
        return [f"'{key}' must be a string, not {value!r:.60}"]
    if CARD_KEYS[key] == "bool" and not isinstance(value, bool):
        return [f"'{key}' must be true or false, not {value!r:.60}"]
    if CARD_KEYS[key] == "list" and (not _is_list(value) or not all(value)):
        return [f"'{key}' must be a list of strings that are not empty, not {value!r:.60}"]
    return []


def _wrong_pair(card: dict[str, Any], one: str, many: str) -> list[str]:
    if one in card and many in card:
        return [f"'{one}' and '{many}' are both given: keep '{many}'"]
    return []


def _as_lists(card: dict[str, Any]) -> dict[str, Any]:
    lists_too = {*ONE_OR_MANY, *ONE_OR_MANY.values()}
    rest = {key: value for key, value in card.items() if key not in lists_too and (key, value) != ("disabled", False)}
    lists = {many: [card[one]] if card.get(one) else list(card.get(many, [])) for one, many in ONE_OR_MANY.items()}
    return {**rest, **lists}


def _is_list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
