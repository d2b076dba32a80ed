"""Writing new pattern files, tried at once against the whole library."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from logsleuth.authoring import selftest
from logsleuth.authoring.coverage import measure
from logsleuth.authoring.draft import Draft, Words, draft
from logsleuth.authoring.explain import of_lines
from logsleuth.authoring.lint import run
from logsleuth.errors import LogsleuthError
from logsleuth.library.load import config_folder, layers
from logsleuth.library.mistakes import Mistakes
from logsleuth.library.parse import parse_pattern
from logsleuth.library.pattern import Library
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logsleuth.logs.open.log import Log


@dataclass(frozen=True, slots=True)
class Tried:
    """A draft, and what test and lint say of it among all other patterns; empty: it passes."""

    draft: Draft
    problems: str


def of_line(library: Library, line: str, words: Words, *, seen: str = "error.log") -> Tried:
    """A new pattern for a line of log (or the lines of one traceback).

    Raises LogsleuthError if the library knows the line already, or if the words are not right.
    """
    if words.id and library.get(words.id) is not None:
        raise LogsleuthError(f"there is a pattern '{words.id}' already", f"logsleuth patterns show {words.id}")
    found = of_lines(library, line)
    known = [meaning.pattern.id for meaning in found.meanings if not meaning.pattern.fallback]
    if known:
        raise LogsleuthError(f"this line is known: {', '.join(known)}", f"logsleuth patterns show {known[0]}")
    if len(found.said) != 1:
        raise LogsleuthError(f"these lines are {len(found.said)} entries, not one", "give one line, or one traceback")
    taken = [pattern.id for pattern in library.patterns]
    return tried(library, draft(found.said[0], words, seen=seen, source=found.source, taken=taken))


def of_logs(library: Library, logs: Sequence[Log], first: Sequence[str], most: int) -> Iterator[Tried]:
    """Drafts for what these logs say and no pattern knows: first what incidents show as unknown, then by frequency.

    `first`: the texts of those, with what varies taken out, gravest first. Shapes of which too
    little stays the same are left out.
    """
    order = {text: number for number, text in enumerate(dict.fromkeys(first))}
    ranked = sorted(measure(logs, library).ranked(), key=lambda item: order.get(item[0][2], len(order)))
    sources = {log.path: log.format.source or "httpd" for log in logs}
    taken = [pattern.id for pattern in library.patterns]
    made = 0
    for _, unknown in ranked:
        if made >= most or unknown.entry is None:
            break
        try:
            new = draft(unknown.entry, Words(), seen=Path(unknown.path).name, source=sources[unknown.path], taken=taken)
        except LogsleuthError:
            continue
        taken.append(new.id)
        made += 1
        yield tried(library, new)


def tried(library: Library, new: Draft) -> Tried:
    """A draft with what test and lint say of it. Raises LogsleuthError if it could not even be read."""
    try:
        pattern = parse_pattern(new.text, new.path, trusted=False)
    except Mistakes as mistakes:
        raise LogsleuthError("; ".join(mistakes.sentences), "see docs/pattern-format.md") from None
    whole = Library(tuple(sorted((*library.patterns, pattern), key=lambda p: p.id)), library.digest)
    texts = (selftest.summary(selftest.run(whole, [pattern])), run.summary(run.lint(whole, [pattern])))
    return Tried(new, "\n".join(text for text in texts if text))


def usual_folder() -> Path:
    """Where new patterns go: the folder of patterns here, if there is one, else the user's own."""
    here = Path("patterns")
    return here if here.is_dir() else config_folder() / "patterns"


def is_in_force(folder: Path, extra: Sequence[str] = ()) -> bool:
    """Whether a folder, or one that holds it, is read by every command (or is one of `extra`)."""
    real = folder.resolve()
    return any(real.is_relative_to(layer.resolve()) for layer in layers(extra))


def write(new: Draft, folder: Path) -> Path:
    """Write a draft into a folder of patterns. Raises LogsleuthError if the file exists or cannot be written."""
    place = folder / new.path
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("x", encoding="utf-8") as out:
            out.write(new.text)
    except FileExistsError:
        raise LogsleuthError(f"{place} exists", "give another --id, or another --out") from None
    except OSError as error:
        raise LogsleuthError(f"cannot write {place}: {error.strerror}", "name a folder with --out") from None
    return place
