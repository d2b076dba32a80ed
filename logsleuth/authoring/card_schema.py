"""The JSON Schema of a card file, made from what `library/card_parse.py` accepts."""

from __future__ import annotations

import json
from typing import Any

from logsleuth.library.card import CODE
from logsleuth.library.card_parse import CARD_KEYS, CHOICES, LEVELS, MODULE, NEEDED, ONE_OR_MANY

VERSION = 1
"""Raise it when a file that was right becomes wrong."""
PLACE = f"docs/schema/card-{VERSION}.schema.json"
"""Where the schema is published, in the repository."""

WORDS: dict[str, str] = {
    "module": "The module as the heads of its lines name it: 'ssl' for [ssl:error].",
    "aliases": "Other names of the module that heads of lines may bear.",
    "card": "One message.",
    "code": "The code that starts the message.",
    "codes": "The codes that the message has had.",
    "text": "The message as the source has it, with its printf conversions.",
    "texts": "The message in several versions, the current wording first.",
    "level": "The level that the source writes it at.",
    "levels": "The levels that versions of the source write it at.",
    "about": "Whose trouble it is.",
    "phase": "When in the server's life it is written.",
    "role": "What the message means for the server's life.",
    "category": "The kind of outage or fault, only where the message means one.",
    "severity": "critical: the server or all workers are lost; major: requests fail; minor; info.",
    "source": "The source file that writes it.",
    "meaning": "What it means, and what becomes of the server, the worker or the request, in one sentence.",
    "action": "What to do, in one sentence.",
    "disabled": "Switch off the cards of these codes and texts; nothing else is needed then.",
}
"""What an editor shows about a key."""


def schema() -> dict[str, Any]:
    """The schema, as JSON Schema draft 7, which TOML editors know."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"logsleuth card file, version {VERSION}",
        "description": "Short entries for the messages of one module. See docs/card-format.md.",
        "type": "object",
        "additionalProperties": False,
        "required": ["module", "card"],
        "properties": {
            "module": {"description": WORDS["module"], "type": "string", "pattern": f"^{MODULE.pattern}$"},
            "aliases": {"description": WORDS["aliases"], "type": "array", "items": {"type": "string"}},
            "card": {"description": WORDS["card"], "type": "array", "minItems": 1, "items": _card()},
        },
    }


def as_text() -> str:
    """The published file's content."""
    return json.dumps(schema(), indent=2) + "\n"


def _card() -> dict[str, Any]:
    given = {one: [{"required": [one]}, {"required": [many]}] for one, many in ONE_OR_MANY.items()}
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {key: {"description": WORDS[key], **_kind(key)} for key in CARD_KEYS},
        "allOf": [{"not": {"required": list(pair)}} for pair in ONE_OR_MANY.items()],
        "if": {"properties": {"disabled": {"const": True}}, "required": ["disabled"]},
        "then": {"anyOf": [*given["code"], *given["text"]]},
        "else": {"required": list(NEEDED), "allOf": [{"anyOf": given["text"]}, {"anyOf": given["level"]}]},
    }


def _kind(key: str) -> dict[str, Any]:
    one = next((one for one, many in ONE_OR_MANY.items() if key in (one, many)), key)
    if CARD_KEYS[key] == "bool":
        return {"type": "boolean"}
    item: dict[str, Any] = {"type": "string", "minLength": 1}
    if one == "code":
        item["pattern"] = f"^{CODE.pattern}$"
    elif one == "level":
        item["enum"] = list(LEVELS)
    elif key in CHOICES:
        item["enum"] = list(CHOICES[key])
    if CARD_KEYS[key] == "list":
        return {"type": "array", "items": item, **({} if key == "codes" else {"minItems": 1})}
    return item
