"""A new pattern's file, written from an entry of a log that no pattern knows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.authoring.anonymous import StandIns
from logsleuth.authoring.reading import EntryReader
from logsleuth.authoring.skeleton import Skeleton, skeleton
from logsleuth.errors import LogsleuthError
from logsleuth.library.commands import word
from logsleuth.scan.line import NO_KIND
from logsleuth.scan.matcher import Matcher
from logsleuth.values import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from logsleuth.authoring.reading import Said
    from logsleuth.scan.line import Kind

MOST_LINES = 24
"""Lines of an entry that an example shows."""
NOT_YET = "Not known yet."
WORD = re.compile(r"[a-z][a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Words:
    """What an author says of a new pattern; what is left empty is filled with something that holds true."""

    id: str = ""
    title: str = ""
    role: str = "symptom"
    category: str = ""
    severity: str = "minor"
    summary: str = ""
    cause: str = ""
    fix: str = ""
    prevent: str = ""
    confirm: Sequence[str] = ()
    references: Sequence[str] = ()
    leads_to: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A file to be written."""

    id: str
    text: str
    """The file's content."""
    log: str = field(repr=False)
    """The example in it, without names."""

    @property
    def path(self) -> str:
        """Where it belongs, within a folder of patterns."""
        return f"{self.id.replace('.', '/')}.toml"


def draft(said: Said, words: Words, *, seen: str, source: str = "httpd", taken: Sequence[str] = ()) -> Draft:
    """The file of a pattern that knows this entry. `seen`: the log it is from; `taken`: ids that others have.

    Raises LogsleuthError if too little of the line stays the same to know it by.
    """
    stand_ins = StandIns()
    raw = [line.decode("utf-8", "backslashreplace") for line in _shortened(said)]
    log = "\n".join(stand_ins.text(line) for line in raw)
    text = stand_ins.text(said.text.split("\n")[said.exception])
    made = skeleton(text)
    if made is None:
        raise LogsleuthError(
            f"too little of this line stays the same to know it by: {text[:120]!r}", "write it by hand"
        )
    name = words.id or _free(_name(said.kind, made, source), taken)
    return Draft(name, _file(name, said, made, words, log, seen, source), log)


def read_entry(log: str) -> Said:
    """The one entry in these lines. Raises LogsleuthError if there are none or several."""
    from logsleuth.library.pattern import Library  # noqa: PLC0415 - a value of it, not only its type

    said = EntryReader(Matcher(Library((), ""))).read_bytes(log.strip("\n").encode() + b"\n")
    if len(said) != 1:
        problem = "there is no line" if not said else f"these lines are {len(said)} entries, not one"
        raise LogsleuthError(problem, "give one line, or the lines of one traceback")
    return said[0]


def _shortened(said: Said) -> Sequence[bytes]:
    """The lines of an entry, at most so many of them: its first, and those up to the one that names the exception."""
    lines = said.raw[: said.exception + 1] if len(said.raw) > said.exception else said.raw
    if len(lines) <= MOST_LINES:
        return said.raw if len(said.raw) <= MOST_LINES else lines
    return (lines[0], *lines[-(MOST_LINES - 1) :])


def _name(kind: Kind, made: Skeleton, source: str) -> str:
    area = re.sub(r"[^a-z0-9]", "", (kind[0] or source).lower()) or "app"
    words = [word for word in WORD.findall(made.fixed.lower()) if len(word) > 2 and word != area][:5]
    return f"{area}.{'-'.join(words) or 'unknown'}"


def _free(name: str, taken: Sequence[str]) -> str:
    number = 2
    free = name
    while free in taken:
        free, number = f"{name}-{number}", number + 1
    return free


def _file(name: str, said: Said, made: Skeleton, words: Words, log: str, seen: str, source: str) -> str:
    title = words.title or _sentence(made.fixed)
    cause = {"fix": words.fix or NOT_YET, "prevent": words.prevent or NOT_YET} if words.role == "cause" else {}
    explain = {"summary": words.summary or f"{title}.", "cause": words.cause or NOT_YET}
    explain |= cause or {key: text for key, text in (("fix", words.fix), ("prevent", words.prevent)) if text}
    confirm = list(words.confirm) or (
        [f"grep -F -- {word(made.contains)} error.log | tail"] if words.role == "cause" else []
    )
    category = words.category or ("unknown" if words.role == "cause" else "")
    lines = [
        f"id         = {quoted(name)}",
        f"title      = {quoted(title)}",
        f"role       = {quoted(words.role)}",
        *([f"category   = {quoted(category)}"] if category else []),
        f"severity   = {quoted(words.severity)}",
        f"references = {_list(words.references or [f'seen: {seen}'])}",
        *([f"leads_to   = {_list(words.leads_to)}"] if words.leads_to else []),
        "",
        *_scope(said.kind, source),
        "[[match]]",
        f"contains = {quoted(made.contains)}",
        f"regex    = {quoted(made.regex)}",
        "",
        "[explain]",
        *(f"{key:7} = {quoted(text)}" for key, text in explain.items()),
        *([f"confirm = {_list(confirm)}"] if confirm else []),
        "",
        "[[example]]",
        *_fields(made, log, source),
        f"log = {block(log)}",
        "",
        "[[counter_example]]",
        f"log = {block(_near_miss(made, source))}",
        "",
    ]
    return "\n".join(lines)


def _sentence(fixed: str) -> str:
    text = re.sub(r"[^\w\s()'\-,.:/]+", "", fixed).strip(" ,.:-'")[:70] or "Unknown message"
    return text[0].upper() + text[1:]


def _scope(kind: Kind, source: str) -> list[str]:
    lines = []
    if source != "httpd":
        lines.append(f"sources = {_list([source])}")
    elif kind != NO_KIND:
        if kind[0]:
            lines.append(f"modules = {_list([kind[0], ''])}")
        lines.append(f"levels  = {_list([kind[1]])}")
    return ["[scope]", *lines, ""] if lines else []


def _fields(made: Skeleton, log: str, source: str) -> list[str]:
    """The captures that the regex gives on the example."""
    if source != "httpd":
        found = re.search(made.regex.lstrip("^"), log, re.MULTILINE)
    else:
        found = re.search(made.regex, read_entry(log).text, re.MULTILINE)
    fields: Mapping[str, str] = found.groupdict() if found else {}
    inner = ", ".join(f"{key} = {quoted(value)}" for key, value in fields.items())
    return [f"fields = {{ {inner} }}"] if inner else []


def _near_miss(made: Skeleton, source: str) -> str:
    """A line that holds the literal and says something else: a client asked for a file of that name."""
    if source != "httpd":
        return f"{made.contains} (said by another program)"
    return (
        f"[Tue Mar 03 14:02:11 2009] [error] [client 192.0.2.7] File does not exist: /srv/www/{made.contains.strip()}"
    )


def quoted(text: str) -> str:
    """A text as a TOML string: literal where that can be, so that a regex stands as it is."""
    if "'" not in text and text.isprintable():
        return f"'{text}'"
    if "'''" not in text and not text.endswith("'") and text.replace("\t", "").isprintable():
        return f"'''{text}'''"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in escaped) + '"'


def block(text: str) -> str:
    """Lines as a TOML string over several lines."""
    if "'''" not in text and all(char.isprintable() or char in "\n\t" for char in text):
        return f"'''\n{text}\n'''"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    shown = "".join(char if char.isprintable() or char == "\n" else f"\\u{ord(char):04x}" for char in escaped)
    return f'"""\n{shown}\n"""'


def _list(items: Sequence[str]) -> str:
    return f"[{', '.join(map(quoted, items))}]"
