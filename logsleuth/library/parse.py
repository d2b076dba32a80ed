"""From a pattern file's text to a Pattern, telling every mistake with its place and how to fix it."""

from __future__ import annotations

import re
import warnings
from typing import Any, cast

from logsleuth.bounded import read_toml
from logsleuth.library.category import RESTARTS
from logsleuth.library.fragments import put_in
from logsleuth.library.mistakes import Mistakes, not_one_of, unknown_key
from logsleuth.library.pattern import (
    ABOUTS,
    CATEGORIES,
    KNOWNS,
    LASTS,
    NAMES,
    ONS,
    PHASES,
    PROOFS,
    ROLES,
    SEVERITIES,
    SHOWS,
    SOURCES,
    WORKER_STATES,
    Case,
    Example,
    Explain,
    Match,
    Pattern,
    Role,
    Scope,
    Severity,
    Variant,
    Worker,
    WorkerState,
)
from logsleuth.library.traits import traits_of
from logsleuth.regexes import regex
from logsleuth.values import replace

ID = regex(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)+")
MIN_LITERAL = 4

WORDS = {"summary": "str", "cause": "str", "confirm": "list", "fix": "str", "prevent": "str", "trigger": "str"}
"""Keys of the words that a report uses."""
VARIANTS = ("if_everybody", "if_new", "if_unannounced", "if_refusing", "if_slow")
"""Tables that say what a message means in circumstances that its own words do not show."""

KEYS: dict[str, dict[str, str]] = {
    "": {
        "id": "str", "title": "str", "role": "str", "category": "str", "severity": "str", "about": "str",
        "proof": "str", "lasts": "str", "phase": "str", "names": "str", "restart": "str", "alone": "bool",
        "fallback": "bool", "disabled": "bool", "references": "list", "leads_to": "list", "refines": "list",
        "groups": "list", "aliases": "list", "shows": "list", "scope": "table", "match": "tables",
        "worker": "table", "explain": "table",
        "if_everybody": "table", "if_new": "table", "if_unannounced": "table", "if_refusing": "table",
        "if_slow": "table",
        "example": "tables",
        "counter_example": "tables",
    },
    "scope": {"modules": "list", "levels": "list", "sources": "list"},
    "match": {"contains": "str", "regex": "str", "unless": "str"},
    "worker": {"state": "str", "subject": "str"},
    "explain": {**WORDS, "when": "tables"},
    "when": {"fields": "list", "contain": "list", "beside": "list", "on": "list", "known": "list", "title": "str",
             **WORDS},
    **{name: {"title": "str", "role": "str", "category": "str", "severity": "str", **WORDS} for name in VARIANTS},
    "if_everybody": {
        "title": "str", "role": "str", "category": "str", "severity": "str", "by_address": "bool", **WORDS,
    },
    "example": {"log": "str", "fields": "table"},
    "counter_example": {"log": "str"},
}  # fmt: skip
"""Every key a pattern file may hold, by table, with the kind of its value."""

TRAITS = {"about": ABOUTS, "proof": PROOFS, "lasts": LASTS, "phase": PHASES, "names": NAMES, "restart": RESTARTS}

REQUIRED: dict[str, tuple[str, ...]] = {
    "": ("id", "title", "role", "match"), "match": ("contains",), "worker": ("state",), "example": ("log",),
    "counter_example": ("log",),
    **dict.fromkeys(VARIANTS, ("title", "role", "category", "severity", "cause")),
}  # fmt: skip
"""Keys that a table must hold, and not empty; a file that only switches off needs no more than its id."""

CONDITION = ("fields", "contain")
"""What a case asks of captures: both or none of them."""

KINDS = {"str": "a string", "bool": "true or false", "list": "a list of strings", "table": "a table",
         "tables": "an array of tables"}  # fmt: skip


def read_pattern(text: str) -> dict[str, Any]:
    """The checked content of one pattern file, as plain data.

    Raises Mistakes with every mistake found, each naming the key, what is wrong and what would be right.
    """
    try:
        data = read_toml(text)
    except ValueError as error:
        raise Mistakes([f"not valid TOML: {error}"]) from None
    wrong = [*_wrong_keys(data), *_wrong_values(_sound(data, ""))]
    if wrong:
        raise Mistakes(wrong)
    for match in data.get("match", ()):
        match |= {key: put_in(match[key]) for key in ("regex", "unless") if key in match}
    return data


def parse_pattern(text: str, origin: str, *, trusted: bool = True) -> Pattern:
    """Read one pattern file. Raises Mistakes, as `read_pattern` does."""
    return build_pattern(read_pattern(text), origin, trusted=trusted)


def _wrong_keys(data: dict[str, Any], name: str = "", place: str = "") -> list[str]:
    """What is wrong with the keys of a table, and of the tables in it."""
    wrong = _wrong_table(data, name, place)
    for key, kind in KEYS[name].items():
        if key not in data or key not in KEYS:
            continue
        tables = [data[key]] if kind == "table" else data[key]
        if not isinstance(tables, list):
            continue
        inner = f"{place}.{key}" if place else key
        for number, table in enumerate(tables, 1):
            if isinstance(table, dict):
                wrong += _wrong_keys(table, key, f"{inner} {number}" if kind == "tables" else inner)
    return wrong


def _wrong_table(table: dict[str, Any], name: str, place: str = "") -> list[str]:
    known = KEYS[name]
    where = f"in {place}: " if place else ""
    wrong = [f"{where}'{key}' is missing" for key in _required(table, name) if table.get(key, "") in ("", [])]
    for key, value in table.items():
        if key not in known:
            wrong.append(f"{where}{unknown_key(key, known)}")
        elif not _is_kind(value, known[key]):
            wrong.append(f"{where}'{key}' must be {KINDS[known[key]]}, not {value!r:.60}")
    return wrong


def _required(table: dict[str, Any], name: str) -> tuple[str, ...]:
    """The keys that a table must hold: a case that what comes with the lines decides need not ask what they say."""
    if not name and table.get("disabled"):
        return ("id",)
    if name == "when" and (not any(table.get(key) for key in ("beside", "on", "known")) or table.keys() & {*CONDITION}):
        return CONDITION
    return REQUIRED.get(name, ())


def _sound(table: dict[str, Any], name: str) -> dict[str, Any]:
    """What a table holds under known keys and with values of their kinds; of its tables the same."""
    sound = {key: value for key, value in table.items() if key in KEYS[name] and _is_kind(value, KEYS[name][key])}
    for key in sound.keys() & KEYS.keys():
        if isinstance(sound[key], list):
            sound[key] = [_sound(item, key) for item in sound[key]]
        else:
            sound[key] = _sound(sound[key], key)
    return sound


def _is_kind(value: object, kind: str) -> bool:
    match kind:
        case "str":
            return isinstance(value, str)
        case "bool":
            return isinstance(value, bool)
        case "table":
            return isinstance(value, dict)
        case "list":
            return isinstance(value, list) and all(isinstance(item, str) for item in value)
        case _:
            return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _wrong_values(data: dict[str, Any]) -> list[str]:
    wrong = []
    if data.get("id") and not ID.fullmatch(data["id"]):
        wrong.append(f"'id' {data['id']!r} must be dotted lower-case words, such as 'httpd.child.segfault'")
    if data.get("disabled"):
        return wrong
    wrong += not_one_of("role", data.get("role"), ROLES)
    wrong += not_one_of("category", data.get("category"), CATEGORIES)
    wrong += not_one_of("severity", data.get("severity"), SEVERITIES)
    for key, allowed in TRAITS.items():
        wrong += not_one_of(key, data.get(key), allowed)
    for name in VARIANTS:
        wrong += _wrong_variant(name, data.get(name, {}))
    for shown in data.get("shows", ()):
        wrong += not_one_of("shows", shown, SHOWS)
    for source in data.get("scope", {}).get("sources", ()):
        wrong += not_one_of("scope.sources", source, SOURCES)
    captures: set[str] = set()
    for number, match in enumerate(data.get("match", ()), 1):
        wrong += _wrong_match(match, f"match {number}", captures)
    wrong += _wrong_worker(data.get("worker"), captures)
    for number, case in enumerate(data.get("explain", {}).get("when", ()), 1):
        wrong += _wrong_case(case, f"explain.when {number}", captures)
    return wrong


def _wrong_variant(name: str, variant: dict[str, Any]) -> list[str]:
    choices = {"role": ROLES, "category": CATEGORIES, "severity": SEVERITIES}
    return [one for key, allowed in choices.items() for one in not_one_of(f"{name}.{key}", variant.get(key), allowed)]


def _wrong_match(match: dict[str, Any], place: str, captures: set[str]) -> list[str]:
    wrong = []
    literal = match.get("contains", "")
    if literal and len(literal) < MIN_LITERAL:
        wrong.append(
            f"in {place}: 'contains' must be at least {MIN_LITERAL} characters, so that the fast pass stays fast"
        )
    if not literal.isascii():
        wrong.append(f"in {place}: 'contains' must be ASCII (httpd escapes the rest as \\xhh)")
    if "regex" in match:
        try:
            captures.update(_compiled(match["regex"]).groupindex)
        except (re.error, ValueError, OverflowError, RecursionError, FutureWarning) as error:
            wrong.append(f"in {place}: 'regex' does not compile: {error}")
    if "unless" in match:
        try:
            _compiled(match["unless"])
        except (re.error, ValueError, OverflowError, RecursionError, FutureWarning) as error:
            wrong.append(f"in {place}: 'unless' does not compile: {error}")
    return wrong


def _compiled(regex: str) -> re.Pattern[str]:
    """A regex compiled, with its fragments put in.

    What may mean something else in a later Python, such as `[[`, raises FutureWarning.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", FutureWarning)
        return re.compile(put_in(regex), re.MULTILINE)


def _wrong_worker(worker: dict[str, Any] | None, captures: set[str]) -> list[str]:
    if worker is None:
        return []
    wrong = not_one_of("worker.state", worker.get("state"), WORKER_STATES)
    subject = worker.get("subject", "reporter")
    if subject != "reporter" and subject not in captures:
        wrong.append(f"in worker: 'subject' {subject!r} is no capture of any match; name a (?P<…>) or 'reporter'")
    return wrong


def _wrong_case(case: dict[str, Any], place: str, captures: set[str]) -> list[str]:
    wrong = [
        f"in {place}: {name!r} is no capture of any match; name a (?P<…>)"
        for name in case.get("fields", ())
        if name not in captures
    ]
    for place_of in case.get("on", ()):
        wrong += not_one_of(f"{place}.on", place_of, ONS)
    for shown in case.get("known", ()):
        wrong += not_one_of(f"{place}.known", shown, KNOWNS)
    if not case.keys() & {"title", *WORDS}:
        wrong.append(f"in {place}: it says nothing of its own; give it one of title, {', '.join(WORDS)}")
    return wrong


def build_pattern(data: dict[str, Any], origin: str, *, trusted: bool) -> Pattern:
    """The Pattern that checked data describe."""
    worker = data.get("worker")
    return Pattern(
        id=data["id"],
        title=data.get("title", ""),
        role=cast("Role", data.get("role", "noise")),
        matches=tuple(Match(m["contains"], m.get("regex"), m.get("unless")) for m in data.get("match", ())),
        category=data.get("category"),
        severity=cast("Severity", data.get("severity", "minor")),
        alone=data.get("alone", False),
        fallback=data.get("fallback", False),
        leads_to=tuple(data.get("leads_to", ())),
        refines=tuple(data.get("refines", ())),
        groups=tuple(data.get("groups", ())),
        **traits_of(data)._asdict(),
        aliases=tuple(data.get("aliases", ())),
        shows=tuple(data.get("shows", ())),
        references=tuple(data.get("references", ())),
        scope=Scope(**{key: tuple(value) for key, value in data.get("scope", {}).items()}),
        worker=Worker(cast("WorkerState", worker["state"]), worker.get("subject", "reporter")) if worker else None,
        explain=_explain_with_cases(data.get("explain", {})),
        if_everybody=_variant(data.get("if_everybody")),
        if_new=_variant(data.get("if_new")),
        if_unannounced=_variant(data.get("if_unannounced")),
        if_refusing=_variant(data.get("if_refusing")),
        if_slow=_variant(data.get("if_slow")),
        examples=tuple(_example(e) for e in data.get("example", ())),
        counter_examples=tuple(_example(e) for e in data.get("counter_example", ())),
        origin=origin,
        trusted=trusted,
    )


def _explain(data: dict[str, Any]) -> Explain:
    texts = {key: value for key, value in data.items() if key in WORDS and key != "confirm"}
    return Explain(**texts, confirm=tuple(data.get("confirm", ())))


def _explain_with_cases(data: dict[str, Any]) -> Explain:
    cases = (
        Case(
            tuple(one.get("fields", ())),
            tuple(one.get("contain", ())),
            tuple(one.get("beside", ())),
            replace(_explain(data | one), title=one.get("title", "")),
            tuple(one.get("on", ())),
            tuple(one.get("known", ())),
        )
        for one in data.get("when", ())
    )
    return replace(_explain(data), cases=tuple(cases))


def _variant(data: dict[str, Any] | None) -> Variant | None:
    if data is None:
        return None
    return Variant(
        data["title"], data["role"], data["category"], data["severity"], _explain(data), data.get("by_address", False)
    )


def _example(data: dict[str, Any]) -> Example:
    fields = {key: str(value) for key, value in data.get("fields", {}).items()}
    return Example(log=data["log"].strip("\n"), fields=fields)
