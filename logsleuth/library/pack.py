"""Packs: folders of pattern files that others share, with a name, a version and a digest. They hold no code.

A pack is a folder with a `pack.toml` at its top:

    name     = 'acme-shop'
    version  = '1.2.0'
    requires = '>=0.1'             # which versions of logsleuth can read it
    digest   = 'sha256:…'          # over its files; written by `logsleuth packs build`
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from logsleuth.bounded import read_toml
from logsleuth.errors import LogsleuthError
from logsleuth.regexes import regex
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST = "pack.toml"
NAME = regex(r"[a-z0-9]+(?:-[a-z0-9]+)*")
VERSION = regex(r"\d{1,9}(?:\.\d{1,9}){0,3}(?:[a-z0-9.+\-]{0,20})", re.ASCII)
REQUIRES = regex(r">=\s*(\d{1,9}(?:\.\d{1,9}){0,3})", re.ASCII)
KEYS = ("name", "version", "requires", "digest", "title")
ALLOWED = frozenset({".toml", ".md", ".txt", ".rst", ""})
"""Endings of the files that a pack may hold: data and words."""


@dataclass(frozen=True, slots=True)
class Pack:
    """What a pack says of itself."""

    name: str
    version: str
    requires: str = ""
    """`>=` and a version of logsleuth; empty: any."""
    digest: str = ""
    """That of its files when it was built; empty: it was not built yet."""
    title: str = ""


def installed_packs(folder: Path) -> list[Path]:
    """The folders of the packs that are installed, by name."""
    return sorted(path for path in folder.iterdir() if (path / MANIFEST).is_file()) if is_folder(folder) else []


def is_folder(path: Path) -> bool:
    """Whether it is a folder that we may look into: a daemon may run with a HOME that is closed to it (root's)."""
    return os.access(path, os.R_OK | os.X_OK) and path.is_dir()


def read_manifest(folder: Path) -> Pack:
    """What a pack says of itself. Raises LogsleuthError with all that is wrong with it."""
    place = folder / MANIFEST
    try:
        data = read_toml(place.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise LogsleuthError(
            f"{folder} is not a pack: it has no {MANIFEST}", "docs/packs.md shows how to make one"
        ) from None
    except (OSError, ValueError) as error:
        raise LogsleuthError(f"{place} cannot be read: {error}") from None
    wrong = [f"unknown key '{key}'" for key in data if key not in KEYS]
    wrong += [f"'{key}' must be a string" for key in KEYS if not isinstance(data.get(key, ""), str)]
    if not wrong:
        wrong = _wrong_values(data)
    if wrong:
        raise LogsleuthError(f"{place}: {'; '.join(wrong)}", f"keys are {', '.join(KEYS)}")
    return Pack(**data)


def _wrong_values(data: dict[str, str]) -> list[str]:
    wrong = []
    if not NAME.fullmatch(data.get("name", "")):
        wrong.append("'name' must be lower-case words joined by '-'")
    if not VERSION.fullmatch(data.get("version", "")):
        wrong.append("'version' must be numbers joined by dots, such as '1.2.0'")
    if data.get("requires") and not REQUIRES.fullmatch(data["requires"]):
        wrong.append("'requires' must be '>=' and a version of logsleuth, such as '>=0.1'")
    return wrong


def needs_more_than(pack: Pack, version: str) -> bool:
    """Whether a pack asks for a newer logsleuth than this version."""
    found = REQUIRES.fullmatch(pack.requires)
    return found is not None and _numbers(version) < _numbers(found[1])


def _numbers(version: str) -> tuple[int, ...]:
    numbers = [int(number) for number in re.findall(r"\d+", version)[:4]]
    return (*numbers, *[0] * (4 - len(numbers)))


def digest_of(folder: Path) -> str:
    """SHA-256 over the names and contents of all files of a pack but its manifest."""
    import hashlib  # noqa: PLC0415

    whole = hashlib.sha256()
    for path in files_of(folder):
        name = path.relative_to(folder).as_posix()
        if name != MANIFEST:
            whole.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return f"sha256:{whole.hexdigest()}"


def files_of(folder: Path) -> list[Path]:
    """All files of a pack, in order; hidden ones do not count."""
    found = (path for path in folder.rglob("*") if path.is_file() or path.is_symlink())
    return sorted(
        (path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts)),
        key=lambda path: path.relative_to(folder).as_posix(),
    )


def wrong_files(folder: Path) -> list[str]:
    """A sentence on each file that a pack may not hold: links, and whatever is neither TOML nor words."""
    wrong = []
    for path in files_of(folder):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            wrong.append(f"{name} is a link")
        elif path.suffix.lower() not in ALLOWED or (
            not path.suffix and path.name not in ("LICENSE", "README", "NOTICE")
        ):
            wrong.append(f"{name}: a pack holds pattern files and words, no code")
    return wrong
