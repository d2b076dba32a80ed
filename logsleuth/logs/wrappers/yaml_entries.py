"""YAML as `gcloud logging read` prints it by default: each entry as a JSON object.

Of YAML only what its printer writes is read: maps, and texts that are plain, quoted, folded, or literal blocks. Lists
are passed over: no entry has its line in one.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

MEMBER = re.compile(r"(?P<indent> *)(?P<key>[^\s:'\"#-][^:'\"]*?|'[^']*'|\"[^\"]*\"):(?: (?P<value>.*))?\Z")
LITERAL = re.compile(r"[|>][+-]?\d?\Z")
LONGEST_LINE = 1 << 20
LONGEST_ENTRY = 10_000
"""Lines of one entry that are read."""


def yaml_entries(stream: BinaryIO) -> Iterator[bytes]:
    """Each entry of a stream of YAML documents, as an object on one line."""
    held: list[str] = []
    for line in iter(lambda: stream.readline(LONGEST_LINE), b""):
        text = line.decode("utf-8", "backslashreplace").rstrip("\r\n")
        if text == "---":
            yield from _entry(held)
            held = []
        elif len(held) < LONGEST_ENTRY:
            held.append(text)
    yield from _entry(held)


def _entry(lines: list[str]) -> Iterator[bytes]:
    entry = dict(_members(lines))
    if entry:
        yield json.dumps(_nested(entry), ensure_ascii=False).encode("utf-8", "backslashreplace")


def _nested(entry: dict[tuple[str, ...], str]) -> dict[str, object]:
    """Members by their paths as maps within one another."""
    whole: dict[str, object] = {}
    for path, value in entry.items():
        inside = whole
        for step in path[:-1]:
            below = inside.setdefault(step, {})
            if not isinstance(below, dict):
                break
            inside = below
        else:
            inside[path[-1]] = value
    return whole


def _members(lines: list[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The paths of an entry's texts, and the texts."""
    above: list[tuple[int, str]] = []
    at = 0
    while at < len(lines):
        found = MEMBER.match(lines[at])
        at += 1
        if found is None:
            continue
        indent, value = len(found["indent"]), found["value"] or ""
        above = [(depth, key) for depth, key in above if depth < indent]
        above.append((indent, found["key"].strip("'\"")))
        end = at
        while end < len(lines) and (not lines[end].strip() or _indent(lines[end]) > indent):
            end += 1
        if not value:
            continue  # a map, or a list
        yield tuple(key for _, key in above), _text(value, lines[at:end])
        at = end


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _text(value: str, following: list[str]) -> str:
    """A text that begins with `value` and may go on in the lines that follow."""
    if LITERAL.match(value):
        depth = min((_indent(line) for line in following if line.strip()), default=0)
        return "\n".join(line[depth:] for line in following).rstrip("\n")
    if value.startswith('"'):
        return _unescaped(" ".join((value, *(line.strip() for line in following))).replace("\\ ", " "))
    text = _folded(value, following)
    return text[1:-1].replace("''", "'") if text.startswith("'") and text.endswith("'") else text


def _folded(value: str, following: list[str]) -> str:
    """Lines that were broken between words; an empty one was a line's end."""
    text = value
    for line in following:
        text += "\n" if not line.strip() else line.strip() if text.endswith("\n") else f" {line.strip()}"
    return text


def _unescaped(text: str) -> str:
    try:
        value = json.loads(text)
    except ValueError:
        return text.strip('"')
    return value if isinstance(value, str) else text
