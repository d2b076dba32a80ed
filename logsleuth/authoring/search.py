"""Finding patterns by words: in their ids, titles, what they look for, what they say and show."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.library.pattern import Explain, Library, Pattern


def search(library: Library, words: Sequence[str]) -> list[Pattern]:
    """The patterns that hold all words somewhere, best first: in a title a word counts more than in an example."""
    wanted = [word.lower() for word in words]
    scored = [(sum(_score(pattern, word) for word in wanted), pattern) for pattern in library.patterns
              if all(_score(pattern, word) for word in wanted)]  # fmt: skip
    return [pattern for _, pattern in sorted(scored, key=lambda item: (-item[0], item[1].id))]


def _words(explain: Explain) -> tuple[str, ...]:
    return (explain.summary, explain.cause, explain.fix, explain.prevent, *explain.confirm)


def _score(pattern: Pattern, word: str) -> int:
    explain = pattern.explain
    places = (
        (8, f"{pattern.id} {pattern.title} {pattern.category or ''}"),
        (4, " ".join(match.contains for match in pattern.matches)),
        (2, " ".join(text for one in (explain, *(case.explain for case in explain.cases)) for text in _words(one))),
        (1, " ".join(example.log for example in pattern.examples)),
    )
    return sum(weight for weight, text in places if word in text.lower())
