"""Patterns as core/src/given.rs reads them: numbers of four bytes, the lowest first; texts after their length.

Handing them over as Python's values took longer than the compiled scan takes to read a small log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.library.linear import in_rust

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.library.pattern import Match, Pattern


def scan_bytes(patterns: Sequence[Pattern]) -> bytes:
    """All that the compiled scan needs of these patterns."""
    return _list(map(_pattern, patterns))


def _pattern(pattern: Pattern) -> bytes:
    scope, worker = pattern.scope, pattern.worker
    subject = worker.subject if worker is not None and worker.subject != "reporter" else None
    flags = (pattern.fallback, pattern.role != "symptom", pattern.is_outlined, worker is not None)
    texts = (_list(map(_text, names)) for names in (scope.sources, scope.modules, scope.levels))
    return b"".join((*texts, *map(_number, flags), _optional(subject), _list(map(_way, pattern.matches))))


def _way(match: Match) -> bytes:
    regex, unless, ask = in_rust(match.regex, match.unless)
    return _text(match.contains) + _optional(regex) + _optional(unless) + _number(ask)


def _list(items: Iterable[bytes]) -> bytes:
    """Their number, and they."""
    all_of_them = list(items)
    return _number(len(all_of_them)) + b"".join(all_of_them)


def _optional(text: str | None) -> bytes:
    """A list of one text or none."""
    return _list([] if text is None else [_text(text)])


def _text(text: str) -> bytes:
    content = text.encode()
    return _number(len(content)) + content


def _number(number: int) -> bytes:
    return number.to_bytes(4, "little")
