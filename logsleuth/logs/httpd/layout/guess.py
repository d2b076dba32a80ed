"""Infers the ErrorLogFormat of a log from its lines, if it was not given.

httpd's own messages begin with a code (AH00094); so the text before the code is the head, whatever its form. Heads
are taken apart into values whose kind is seen from their looks; what is left is the constant text between them. A
head that lacks a field (httpd leaves out what has no value) is fitted into the longer ones.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.errors import LogsleuthError
from logsleuth.logs.httpd.layout.guess_json import json_formats
from logsleuth.logs.httpd.layout.items import DIRECTIVES
from logsleuth.logs.httpd.layout.layout import compiled
from logsleuth.logs.httpd.layout.values import (
    ABSENT,
    ANYTHING,
    CODE,
    LONGEST_NUMBER,
    NUMBERS,
    constant,
    hyphened,
    time_item,
    values_of,
)
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logsleuth.logs.httpd.layout.layout import Layout

SPEAKERS = frozenset({"client", "remote", "from", "peer"})
"""Words that go with an address, and are left out with it."""
LONGEST_HEAD = 400
MOST_FORMS = 40
"""Heads of more forms than this are no heads."""
LEAST_CODES = 2
"""httpd says two things at each start; a line that is quoted somewhere has one code."""
LEAST_CODED = 0.9
LEAST_LINES = 0.5
"""Share of the lines with a code, and of all lines, that must fit the format."""
ITEM = re.compile(r"%[+-]?(?:\{[^}]*\})?[A-Za-z]|\\.|.", re.DOTALL)
LEVEL = re.compile("%-?l")
TIME = re.compile(r"%(?:\{[^}]*\})?t")


@dataclass(frozen=True, slots=True)
class Guess:
    """Formats that lines are in."""

    texts: tuple[str, ...]
    """ErrorLogFormat's arguments: the same format, with and without what the lines did not show for certain."""
    fit: int
    lines: int


def guess_format(lines: Sequence[str]) -> Guess | None:
    """The format that these lines are in; None: they are no error log of an httpd, or none in one format."""
    if texts := json_formats([line for line in lines if line.strip()]):
        return _of_json(texts, lines)
    coded = [found for line in lines if (found := CODE.search(line, 0, LONGEST_HEAD))]
    heads = dict.fromkeys(code.string[: code.start()] for code in coded)
    forms = list(dict.fromkeys(tuple(_fields(head)) for head in heads))
    codes = {code[0] for code in coded}
    if len(codes) < LEAST_CODES or len(forms) > MOST_FORMS or not _names_enough(forms):
        return None
    fields = _merged(forms)
    space = " " if all(head.endswith(" ") for head in heads) else ""
    for end in _ends([code.string for code in coded]):
        layouts = [_compiled(" ".join(variant) + space + "%M" + end) for variant in _variants(fields)]
        guess = _fit([layout for layout in layouts if layout is not None], lines)
        if guess is not None:
            return guess
    return None


def _of_json(formats: Sequence[str], lines: Sequence[str]) -> Guess | None:
    if not _names_enough([(formats[0],)]):
        return None
    texts = [" ".join(variant) for text in formats for variant in _variants([text], placed=False)]
    return _fit([layout for text in texts if (layout := _compiled(text)) is not None], lines)


def _variants(fields: Sequence[str], *, placed: bool = True) -> Iterator[Sequence[str]]:
    """The fields with a place for errors, if the lines had none, and without.

    That place is a column that was never filled, or, as in httpd's default format, before the client (`placed`).
    """
    whole = " ".join(fields)
    if ABSENT in whole and "%E" not in whole.replace("%-E", "%E"):
        yield [whole.replace(ABSENT, "%-E", 1).replace(ABSENT, ANYTHING)]
    elif placed and "%E" not in whole:
        at = next((at for at, field in enumerate(fields) if "%a" in field), len(fields))
        yield [*fields[:at], "%E:", *fields[at:]]
    yield [whole.replace(ABSENT, ANYTHING)]


def _names_enough(forms: Sequence[tuple[str, ...]]) -> bool:
    """Whether there are a level, a module or a process, and one time: what an error log's lines are known by."""
    times = {len(TIME.findall(" ".join(form))) for form in forms}
    whole = " ".join(field for form in forms for field in form)
    return times == {1} and LEVEL.search(whole) is not None and ("%-m" in whole or "%P" in whole)


def _fields(head: str) -> list[str]:
    """A head as fields of a format: what stands between two spaces, those within brackets not counted."""
    fields = [""]
    depth = 0
    numbers = iter(NUMBERS)
    before = ""
    for kind, text in values_of(head):
        if kind == "space" and not depth:
            fields.append("")
            continue
        if kind == "sign":
            depth = max(depth + (text in "[(<{") - (text in "])>}"), 0)
        fields[-1] += _item(kind, text, before, numbers)
        before = text if kind == "word" else before if kind == "space" else ""
    return _with_speakers([_with_ids(field) for field in fields if field])


def _with_ids(field: str) -> str:
    """A field with two ids side by side: that of the connection comes first."""
    return field.replace("%L", "%{c}L", 1) if field.count("%L") == 2 else field


def _item(kind: str, text: str, before: str, numbers: Iterator[str]) -> str:
    """What stands for a value in the format; `before`: the word before it, `numbers`: what numbers are."""
    if kind == "t":
        return time_item(text) or ANYTHING
    if kind == "number" and len(text) > LONGEST_NUMBER and before.lower() not in {"pid", "tid"}:
        return "%L"
    if kind == "number":
        return {"pid": "%P", "p": "%P", "tid": "%T", "t": "%T"}.get(before.lower()) or next(numbers, "%k")
    if kind == "none":
        return ABSENT
    if kind in DIRECTIVES:
        return "%-m" if kind == "m" else f"%{kind}"
    return constant(text)


def _with_speakers(fields: list[str]) -> list[str]:
    """'client' and the address behind it are one field: httpd leaves out both."""
    joined: list[str] = []
    for field in fields:
        if joined and joined[-1].strip("=:").lower() in SPEAKERS and "%a" in field:
            joined[-1] += "\\ " + field
        else:
            joined.append(field)
    return joined


def _merged(forms: Sequence[tuple[str, ...]]) -> list[str]:
    """All fields that there are, in an order that each head keeps."""
    merged: list[str] = []
    for form in sorted(forms, key=len, reverse=True):
        at = 0
        for field in form:
            place = next((n for n in range(at, len(merged)) if _alike(merged[n], field)), None)
            if place is None:
                merged.insert(at, field)
                at += 1
            else:
                merged[place] = _united(merged[place], field)
                at = place + 1
    return merged


def _alike(one: str, other: str) -> bool:
    """Whether two fields differ at most in what has no value."""
    items, others = ITEM.findall(one), ITEM.findall(other)
    return len(items) == len(others) and all(a == b or ABSENT in (a, b) for a, b in zip(items, others, strict=True))


def _united(one: str, other: str) -> str:
    """A field with the values of both; what has none in one of the two may be a hyphen."""
    pairs = zip(ITEM.findall(one), ITEM.findall(other), strict=True)
    return "".join(a if a == b else hyphened(a if b == ABSENT else b) for a, b in pairs)


def _ends(lines: Sequence[str]) -> Iterator[str]:
    """What may follow the message, most likely first."""
    last = {line[len(line.rstrip("\"'}])>")) :] for line in lines}
    if len(last) == 1 and (end := last.pop()):
        yield end
    for text in (", referer: ", ", referer "):
        if any(text in line for line in lines):
            yield "% " + text.replace(" ", "\\ ") + "%{Referer}i"
    yield ""


def _compiled(text: str) -> Layout | None:
    try:
        return compiled(text)
    except LogsleuthError:
        return None


def _fit(layouts: Sequence[Layout], lines: Sequence[str]) -> Guess | None:
    """How many lines are in one of these formats; None: too few."""
    filled = [line for line in lines if line.strip()]
    fitting = [line for line in filled if any(layout.read(line) is not None for layout in layouts)]
    coded, fitting_coded = (sum(_is_coded(line) for line in some) for some in (filled, fitting))
    if len(fitting) < LEAST_LINES * len(filled) or fitting_coded < LEAST_CODED * coded:
        return None
    return Guess(tuple(layout.text for layout in layouts), len(fitting), len(filled))


def _is_coded(line: str) -> bool:
    """Whether there is a code behind a head: what httpd says as it starts may have none."""
    return CODE.search(line, 1, LONGEST_HEAD) is not None
