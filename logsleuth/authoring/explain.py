"""What a line of log, a code, a pattern or a category means: the library, asked by a person."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from logsleuth.authoring.reading import ANY_DAY, EntryReader
from logsleuth.library.pattern import CATEGORIES
from logsleuth.logs.reader import reader_of
from logsleuth.logs.sniff import sniff
from logsleuth.scan.matcher import Matcher

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.authoring.reading import Said
    from logsleuth.library.pattern import Library, Pattern
    from logsleuth.logs.sniff import Format

CODE = re.compile(r"(?:AH|WSGI)\d{2,6}", re.IGNORECASE)
IN_TEXT = re.compile(r"\b(?:AH\d{5,6}|WSGI\d{4})\b")


@dataclass(frozen=True, slots=True)
class Meaning:
    """One pattern that speaks of what was asked, and what it captured there."""

    pattern: Pattern
    fields: tuple[tuple[str, str], ...] = ()

    def fill(self, text: str) -> str:
        """A text of the pattern with what was captured in it; what only a story knows becomes `…`."""
        fields = dict(self.fields)
        return re.sub(r"\{([a-z_][a-z0-9_]*)\}", lambda found: fields.get(found[1], "…"), text)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of what was asked."""

    asked: str
    what: str
    """'line', 'code', 'pattern' or 'category'."""
    meanings: tuple[Meaning, ...]
    said: tuple[Said, ...] = ()
    """Of lines: what was read in them."""
    source: str = "httpd"
    """Of lines: whose log they seem to be from."""


def answer(library: Library, asked: str) -> Answer:
    """What the library says of a code, an id, a category, or else of lines of log."""
    word = asked.strip()
    if CODE.fullmatch(word):
        return Answer(word, "code", tuple(map(Meaning, of_code(library, _whole(word)))))
    if word in CATEGORIES:
        return Answer(word, "category", tuple(Meaning(p) for p in library.patterns if p.category == word))
    if (pattern := library.get(word)) is not None:
        return Answer(word, "pattern", (Meaning(pattern),))
    return of_lines(library, asked)


def of_lines(library: Library, text: str) -> Answer:
    """What some lines of log mean, in whatever format they are."""
    data = text.encode("utf-8", "surrogateescape").strip(b"\r\n") + b"\n"
    form = sniff(data, complete=True)
    said = read_lines(Matcher(library), data, form)
    meanings = {
        library.patterns[hit.pattern].id: Meaning(library.patterns[hit.pattern], hit.fields)
        for entry in said
        for hit in entry.hits
    }
    return Answer(text, "line", tuple(meanings.values()), tuple(said), form.source or "httpd")


def read_lines(matcher: Matcher, data: bytes, form: Format) -> list[Said]:
    """Some lines of log as entries; lines without any head that is known count as httpd's own bare ones."""
    if form.source is None:
        return EntryReader(matcher).read_bytes(data)
    reader = reader_of(form, ANY_DAY)
    return EntryReader(matcher, source=form.source, vhost=form.vhost, reader=reader).read_bytes(data)


def of_code(library: Library, code: str) -> list[Pattern]:
    """The patterns that know a code: those whose own words name it, before those whose examples show it."""
    named = [pattern for pattern in library.patterns if code in codes_of(pattern)]
    return sorted(named, key=lambda pattern: (pattern.fallback, not _says(pattern, code)))


def codes_of(pattern: Pattern) -> list[str]:
    """The codes that a pattern matches, told by its literals and examples."""
    texts = (*(match.contains for match in pattern.matches), *(example.log for example in pattern.examples))
    return sorted({code for text in texts for code in IN_TEXT.findall(text)})


def _says(pattern: Pattern, code: str) -> bool:
    return any(code in match.contains or code in (match.regex or "") for match in pattern.matches)


def _whole(word: str) -> str:
    """A code as httpd writes it: `ah161` is AH00161."""
    letters, digits = re.fullmatch(r"([A-Za-z]+)(\d+)", word).groups()  # type: ignore[union-attr]
    width = 5 if letters.upper() == "AH" else 4
    return letters.upper() + digits.lstrip("0").zfill(width)


def near_codes(library: Library, code: str, most: int = 3) -> Sequence[str]:
    """Codes that the library knows and that are nearest in number: their messages are often of the same module."""
    known = sorted({known for pattern in library.patterns for known in codes_of(pattern) if known[:2] == code[:2]})
    number = int(re.sub(r"\D", "", code) or 0)
    return sorted(known, key=lambda known: abs(int(re.sub(r"\D", "", known)) - number))[:most]
