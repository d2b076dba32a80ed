"""The JSON Schema of a pattern file, made from what `library/parse.py` accepts: for editors, which complete and check.

Taplo and Even Better TOML take it from a comment on the file's first line, `#:schema ADDRESS-OR-PATH`.
"""

from __future__ import annotations

import json
from typing import Any

from logsleuth.library.parse import ID, KEYS, MIN_LITERAL, REQUIRED, TRAITS, VARIANTS
from logsleuth.library.parse import WORDS as OF_REPORTS
from logsleuth.library.pattern import CATEGORIES, KNOWNS, ONS, ROLES, SEVERITIES, SHOWS, SOURCES, WORKER_STATES
from logsleuth.logs.httpd.record import LEVELS

VERSION = 1
"""Raise it when a file that was right becomes wrong."""
PLACE = f"docs/schema/pattern-{VERSION}.schema.json"
"""Where the schema is published, in the repository."""

CHOICES: dict[tuple[str, str], tuple[str, ...]] = {
    ("", "role"): ROLES,
    ("", "category"): CATEGORIES,
    ("", "severity"): SEVERITIES,
    **{("", key): allowed for key, allowed in TRAITS.items()},
    **{(name, "role"): ROLES for name in VARIANTS},
    **{(name, "category"): CATEGORIES for name in VARIANTS},
    **{(name, "severity"): SEVERITIES for name in VARIANTS},
    ("worker", "state"): WORKER_STATES,
    ("scope", "sources"): SOURCES,
    ("", "shows"): SHOWS,
    ("when", "on"): ONS,
    ("when", "known"): KNOWNS,
    ("scope", "levels"): LEVELS,
}
"""Values that a key may have, or the items of its list."""

WORDS: dict[tuple[str, str], str] = {
    (
        "",
        "id",
    ): "The pattern's name forever: area and words, as the file's folders and name. A rename goes to aliases.",
    ("", "title"): "What happened, in a few words, as the report's lines say it.",
    ("", "role"): "What a match means for the server's life.",
    ("", "category"): "The kind of outage; only for what may be named as the answer to 'why?'.",
    ("", "severity"): "critical: the server or all workers are lost; major: requests fail; minor; info.",
    ("", "alone"): "One single match is an outage: the server ended, or cannot start.",
    ("", "fallback"): "The general pattern, which counts only where no other matches the entry.",
    ("", "disabled"): "Switch off the pattern of this id from a lower layer; nothing else is needed then.",
    ("", "references"): "Sources of the facts: addresses, or source files such as 'httpd: server/mpm_unix.c'.",
    ("", "leads_to"): "Ids or groups of what this explains downstream: its symptoms.",
    ("", "refines"): "Ids of bare facts that this one names better when both are seen together.",
    ("", "about"): "Whose trouble it is.",
    ("", "proof"): "What proves an outage: one line, several, or several from many clients.",
    ("", "lasts"): "What a line says of the time after it; latched: written once, however long the state lasts.",
    ("", "phase"): "When in the server's life it is written.",
    ("", "names"): "What a line names: the fault itself, or only what failed, and not why.",
    (
        "",
        "restart",
    ): "What a restart of httpd does to it while it goes on; by default as its category says.",
    ("", "shows"): "What its lines show beside the event: that the kernel's log was read; what the server runs on.",
    ("", "groups"): "Names that leads_to of others may use for all patterns of a group.",
    ("", "aliases"): "Former ids.",
    ("", "scope"): "Which records the pattern may be seen on; absent: any of httpd's.",
    ("", "match"): "One way to be hit; any one is enough.",
    ("", "worker"): "What a match says about one worker.",
    (
        "",
        "explain",
    ): "The words of the report; {name} is filled from the captures, {workers} and {pool} from the story.",
    ("", "if_everybody"): "What it means when nearly all clients get it, which is routine for single ones.",
    ("", "if_new"): "What it means when, with a change, it begins to meet many clients of one rule (capture rule) or at"
    " one place (capture path).",
    ("", "if_unannounced"): "What the start of a server means when nothing says how the one before it ended.",
    ("", "if_refusing"): "What a start or reload means when much of what had been served is refused from it on.",
    ("", "if_slow"): "What a slow request means when requests take many times as long as just before.",
    ("", "example"): "Lines that the pattern must match: its test and its documentation.",
    ("", "counter_example"): "Near misses that it must not match.",
    ("scope", "modules"): "Module names; '' for lines without one (httpd 2.2, start-up).",
    ("scope", "levels"): "httpd's levels.",
    ("scope", "sources"): "Whose logs: httpd if absent.",
    ("match", "contains"): "The literal that the fast pass looks for: ASCII, inside one line, rare.",
    ("match", "regex"): "Confirms and captures, on the entry's text without head and client. Begin it with ^."
    " `(?&name)` puts in a fragment.",
    ("match", "unless"): "A regex that must not match the entry's text, since then it means something else.",
    ("worker", "state"): "What has become of the worker.",
    ("worker", "subject"): "'reporter' (who wrote the line), or the name of a capture that holds the pid.",
    ("explain", "summary"): "What happened, in one sentence.",
    ("explain", "cause"): "Why it happens.",
    ("explain", "confirm"): "Commands that confirm it.",
    ("explain", "fix"): "What to do now.",
    ("explain", "prevent"): "What to do for good.",
    (
        "explain",
        "trigger",
    ): "Where to look for what set it off, as the object of 'Check …'. Default: as of its category.",
    ("explain", "when"): "What is true of those lines only of which a capture, or what comes with them, says which"
    " fault it is; the first that fits speaks, and the rest of [explain] stays as it is.",
    ("when", "fields"): "Names of captures; one is enough.",
    ("when", "contain"): "What such a capture contains; one is enough. Digits are a whole number.",
    ("when", "beside"): "Ids of patterns; one of them comes with nearly all of the lines.",
    ("when", "on"): "What the server runs on; one of them is enough.",
    ("when", "known"): "What the logs show beside the lines; one of them is enough.",
    ("when", "title"): "What an incident of such lines is called, in place of the title of the pattern.",
    **{("when", key): "What is true in such a case, in place of the general words." for key in OF_REPORTS},
    **{
        (name, key): words
        for name in VARIANTS
        for key, words in (
            ("title", "What happened then, in a few words."),
            ("role", "What it means then for the server's life."),
            ("category", "The kind of outage that it is then."),
            ("severity", "How grave it is then."),
            ("summary", "What happened, in one sentence."),
            ("cause", "Why it happens."),
            ("confirm", "Commands that confirm it."),
            ("fix", "What to do now."),
            ("prevent", "What to do for good."),
            ("trigger", "Where to look for what set it off then."),
        )
    },
    ("if_everybody", "by_address"): "It refuses an address with all its requests: one that is a proxy's is everybody.",
    ("example", "log"): "Whole lines as the log has them, in addresses and names for documentation.",
    ("example", "fields"): "The captures, exactly.",
    ("counter_example", "log"): "Whole lines as the log has them.",
}
"""What an editor shows about a key."""


def schema() -> dict[str, Any]:
    """The schema, as JSON Schema draft 7, which TOML editors know."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"logsleuth pattern file, version {VERSION}",
        "description": "A signature of one kind of event in a server's life. See docs/pattern-format.md.",
        **_table(""),
        "if": {"properties": {"disabled": {"const": True}}, "required": ["disabled"]},
        "then": {"required": ["id"]},
        "else": {"required": list(REQUIRED[""])},
    }


def as_text() -> str:
    """The published file's content."""
    return json.dumps(schema(), indent=2) + "\n"


def _table(name: str) -> dict[str, Any]:
    keys = {key: _key(name, key, kind) for key, kind in KEYS[name].items()}
    required = {"required": list(REQUIRED[name])} if name and name in REQUIRED else {}
    return {"type": "object", "additionalProperties": False, "properties": keys, **required}


def _key(table: str, key: str, kind: str) -> dict[str, Any]:
    words = {"description": WORDS[table, key]}
    if kind == "table":
        inner = (
            _table(key) if key in KEYS else {"type": "object", "additionalProperties": {"type": ["string", "number"]}}
        )
        return {**words, **inner}
    if kind == "tables":
        return {**words, "type": "array", "items": _table(key)}
    item: dict[str, Any] = {"type": "boolean" if kind == "bool" else "string"}
    if choices := CHOICES.get((table, key)):
        item["enum"] = list(choices)
    if kind == "list":
        return {**words, "type": "array", "items": item, "uniqueItems": True}
    return {**words, **item, **_limits(table, key)}


def _limits(table: str, key: str) -> dict[str, Any]:
    if (table, key) == ("", "id"):
        return {"pattern": f"^{ID.pattern}$"}
    if (table, key) == ("match", "contains"):
        return {"minLength": MIN_LITERAL}
    return {"minLength": 1} if key in REQUIRED.get(table, ()) and (table, key) not in CHOICES else {}
