"""Loading the library: the layers of folders, a later file with the same id overriding an earlier one."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from logsleuth.errors import LogsleuthError
from logsleuth.home import system_folder, user_folder
from logsleuth.library import cache, index
from logsleuth.library.pack import MANIFEST, installed_packs, is_folder
from logsleuth.library.pattern import Index, Library
from logsleuth.library.rows import KeptPatterns, row_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.library.pattern import Pattern

SHOWN_MISTAKES = 12


def packaged_folder() -> Path:
    """The patterns shipped with logsleuth: inside the wheel, or the checkout's top-level folder."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "patterns"
    return inside if inside.is_dir() else package.parent / "patterns"


def config_folder() -> Path:
    """The user's own settings, patterns and packs."""
    return user_folder("config")


def named_layers(extra: Sequence[str | Path] = ()) -> list[tuple[str, Path]]:
    """Every layer's name and folder or file, lowest layer first, whether it exists or not."""
    packs = [(f"pack {folder.name}", folder) for folder in installed_packs(config_folder() / "packs")]
    usual = [("shipped", packaged_folder()), ("system", system_folder() / "patterns")]
    return [*usual, *packs, ("user", config_folder() / "patterns"), *(("given", Path(path)) for path in extra)]


def layers(extra: Sequence[str | Path] = ()) -> tuple[Path, ...]:
    """The folders and files to read, lowest layer first; only those that exist, but all of `extra`."""
    return tuple(path for name, path in named_layers(extra) if name == "given" or is_folder(path))


def pattern_files(root: Path) -> list[Path]:
    """The pattern files of a layer, in order, without its cards and a pack's description of itself."""
    if not root.is_dir():
        return [] if is_card_file(root) else [root]
    return sorted(path for path in root.rglob("*.toml") if path != root / MANIFEST and not is_card_file(path))


def card_files(root: Path) -> list[Path]:
    """The card files of a layer, in order: those in its folders `codes`."""
    return [Path(path) for path, _, _ in cache.files_below(os.fspath(root), cards=True)]


def is_card_file(path: Path) -> bool:
    """Whether a file holds cards rather than a pattern."""
    return path.parent.name == cache.CARDS


def load_library(extra: Sequence[str | Path] = ()) -> Library:
    """Read the library from all its layers.

    Raises LogsleuthError if a path of `extra` does not exist or any file is wrong, telling every mistake
    with its file.
    """
    return _load(layers(extra))


def shipped_library() -> Library:
    """What is shipped with logsleuth, whatever this machine adds to it."""
    return _load((packaged_folder(),))


def _load(roots: Sequence[Path]) -> Library:
    state = cache.state_of(roots)
    parts = cache.read("library", state)
    if parts is not None:
        return _kept(*parts)
    library = _made(roots)
    cache.keep("library", state, _parts(library))
    return library


def _parts(library: Library) -> tuple[bytes, ...]:
    """As it is kept: a head, what the compiled scan needs, and a row for each pattern."""
    found = index.index_of(library)
    head = json.dumps([library.digest, library.origins, found.numbers, found.leads_to]).encode()
    return head, found.scan, b"".join(json.dumps(row_of(pattern)).encode() + b"\n" for pattern in library.patterns)


def _kept(head: bytes, scan: bytes, rows: bytes) -> Library:
    digest, origins, numbers, leads_to = json.loads(head)
    return Library(KeptPatterns(cache.Lines(rows)), digest, tuple(origins), Index(numbers, leads_to, scan))


def _made(roots: Sequence[Path]) -> Library:
    """The library of these files; where two have the same id, the later one's pattern, or none if it disables it."""
    from logsleuth.library.parse import build_pattern  # noqa: PLC0415 - only where nothing is kept yet

    digest, files = _read(tuple(_files(roots)))
    shipped = f"{packaged_folder()}{os.sep}"
    by_id: dict[str, Pattern] = {}
    for origin, data in files:
        if data.get("disabled"):
            by_id.pop(data["id"], None)
        else:
            by_id[data["id"]] = build_pattern(data, origin, trusted=origin.startswith(shipped))
    patterns = tuple(by_id[name] for name in sorted(by_id))
    return Library(patterns, digest, tuple(map(str, roots)), index.made(patterns))


def _files(roots: Iterable[Path]) -> Iterable[Path]:
    for root in roots:
        if root.is_dir() or root.is_file():
            yield from pattern_files(root)
        else:
            raise LogsleuthError(f"no such pattern file or folder: {root}", "check the path after --patterns")


def _read(files: Sequence[Path]) -> tuple[str, list[tuple[str, dict[str, Any]]]]:
    """SHA-256 over all files, and each one's path and data. Raises LogsleuthError if any is wrong."""
    import hashlib  # noqa: PLC0415 - only where nothing is kept yet

    from logsleuth.library.mistakes import Mistakes  # noqa: PLC0415
    from logsleuth.library.parse import read_pattern  # noqa: PLC0415

    digest = hashlib.sha256()
    patterns: list[tuple[str, dict[str, Any]]] = []
    wrong: list[str] = []
    for path in files:
        try:
            content = path.read_bytes()
            digest.update(content)
            patterns.append((str(path), read_pattern(content.decode("utf-8"))))
        except Mistakes as mistakes:
            wrong += [f"{path}: {sentence}" for sentence in mistakes.sentences]
        except (OSError, UnicodeDecodeError) as error:
            wrong.append(f"{path}: cannot be read: {error}")
    if wrong:
        complain(wrong, "pattern files", "see docs/pattern-format.md")
    return digest.hexdigest(), patterns


def complain(wrong: Sequence[str], what: str, hint: str) -> NoReturn:
    """Raise LogsleuthError with the first mistakes of all that were found in `what`."""
    more = f"\n  … and {len(wrong) - SHOWN_MISTAKES} more" if len(wrong) > SHOWN_MISTAKES else ""
    listing = "".join(f"\n  {sentence}" for sentence in wrong[:SHOWN_MISTAKES])
    number = "1 mistake" if len(wrong) == 1 else f"{len(wrong)} mistakes"
    raise LogsleuthError(f"{number} in {what}:{listing}{more}", hint)
