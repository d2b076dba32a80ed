"""How much of what logs say the library knows, and what it knows least: where a new pattern is worth most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.authoring.reading import read_log
from logsleuth.scan.matcher import Matcher
from logsleuth.scan.templates import mask
from logsleuth.values import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.authoring.reading import Said
    from logsleuth.library.pattern import Library
    from logsleuth.logs.open.log import Log

GRAVE = frozenset({"emerg", "alert", "crit", "error", ""})
"""Levels of which each line should be known; '' are lines without a head, such as those of a failed start."""
Shape = tuple[str, str, str]
"""Module, level, and the text with what varies taken out."""


@dataclass(slots=True)
class Share:
    """Lines, and how many of them some pattern knows."""

    lines: int = 0
    known: int = 0

    def add(self, lines: int, *, known: bool) -> None:
        """Count some more."""
        self.lines += lines
        self.known += lines * known

    def __str__(self) -> str:
        share = self.known / self.lines if self.lines else 1.0
        return f"{share:.2%} of {self.lines:,} lines"


@dataclass(slots=True)
class Unknown:
    """Entries of one shape that no pattern knows, or only one that knows any of their kind (a fallback)."""

    entries: int = 0
    lines: int = 0
    entry: Said | None = None
    """The first one."""
    path: str = ""
    fallback: str = ""
    """The general pattern that matches; empty: none does."""


@dataclass(slots=True)
class Coverage:
    """What the library knows of some logs."""

    all: Share = field(default_factory=Share)
    grave: Share = field(default_factory=Share)
    """Of error and above."""
    by_log: dict[str, Share] = field(default_factory=dict)
    unknown: dict[Shape, Unknown] = field(default_factory=dict)

    def ranked(self) -> list[tuple[Shape, Unknown]]:
        """Unknown shapes, those of most lines first; of what only a fallback knows the last."""
        return sorted(self.unknown.items(), key=lambda item: (bool(item[1].fallback), -item[1].lines, item[0]))


def measure(logs: Iterable[Log], library: Library) -> Coverage:
    """Read all the logs."""
    coverage, matcher = Coverage(), Matcher(library)
    for log in logs:
        here = coverage.by_log.setdefault(log.path, Share())
        for said in read_log(log, matcher):
            if not said.text.strip():
                continue  # a head with nothing behind it: there is nothing to know
            lines, known = len(said.raw), bool(said.hits)
            here.add(lines, known=known)
            coverage.all.add(lines, known=known)
            if said.kind[1] in GRAVE:
                coverage.grave.add(lines, known=known)
            _note(coverage, said, log.path, matcher)
    return coverage


def shape_of(said: Said) -> Shape:
    """The shape that an entry counts under: that of the line which names what went wrong."""
    return (*said.kind, mask(said.text.split("\n")[said.exception]))


def _note(coverage: Coverage, said: Said, path: str, matcher: Matcher) -> None:
    fallback = ""
    if said.hits:
        pattern = matcher.patterns[said.hits[0].pattern]
        if not pattern.fallback:
            return
        fallback = pattern.id
    shape = shape_of(said)
    unknown = coverage.unknown.get(shape)
    if unknown is None:
        unknown = coverage.unknown[shape] = Unknown(entry=said, path=path, fallback=fallback)
    unknown.entries += 1
    unknown.lines += len(said.raw)
