"""Installing, checking, building and removing packs."""

from __future__ import annotations

import gzip
import re
import shutil
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from logsleuth._version import __version__
from logsleuth.authoring.unpack import unpack
from logsleuth.errors import LogsleuthError
from logsleuth.library.card_parse import read_cards
from logsleuth.library.load import card_files, config_folder, pattern_files
from logsleuth.library.mistakes import Mistakes
from logsleuth.library.pack import (
    MANIFEST,
    NAME,
    Pack,
    digest_of,
    files_of,
    installed_packs,
    needs_more_than,
    read_manifest,
    wrong_files,
)
from logsleuth.library.parse import read_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

DIGEST = re.compile(r"(?m)^digest[ \t]*=.*\n?")
MADE = 315_532_800
"""The time of all files in an archive, 1980-01-01: the same files make the same archive."""


def packs_folder() -> Path:
    """Where installed packs live."""
    return config_folder() / "packs"


def installed() -> Iterator[tuple[Path, Pack]]:
    """Each installed pack's folder, and what it says of itself."""
    for folder in installed_packs(packs_folder()):
        yield folder, read_manifest(folder)


def install(path: Path) -> tuple[Pack, Pack | None]:
    """Install a pack from a folder or an archive; gives it, and the version of it that it replaces.

    All or nothing. Raises LogsleuthError for a pack that is damaged, unsafe, wrong or too new.
    """
    packs_folder().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=packs_folder(), prefix=".new-") as kept:
        source = path if path.is_dir() else unpack(_there(path), _empty(Path(kept) / "unpacked"))
        pack = checked(source)
        staged = Path(kept) / "pack"
        for file in files_of(source):
            place = staged / file.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, place)
        target = packs_folder() / pack.name
        before = read_manifest(target) if target.is_dir() else None
        if before is not None:
            target.rename(Path(kept) / "before")
        staged.rename(target)
    return pack, before


def checked(folder: Path) -> Pack:
    """A pack that may be used: of this version, as it was built, without code, and with patterns that can be read.

    Raises LogsleuthError with what is wrong.
    """
    pack = read_manifest(folder)
    wrong = wrong_files(folder)
    if needs_more_than(pack, __version__):
        wrong.append(f"it needs logsleuth {pack.requires}, and this is {__version__}")
    if not pack.digest:
        wrong.append("it has no digest; its maker runs: logsleuth packs build")
    elif not wrong and digest_of(folder) != pack.digest:
        wrong.append("its files are not those that it was built from (the digest differs)")
    if not wrong:
        wrong += _wrong_files(folder)
    if wrong:
        raise LogsleuthError(f"pack {pack.name} {pack.version}: {'; '.join(wrong[:8])}", "do not use it as it is")
    return pack


def remove(name: str) -> Pack:
    """Take an installed pack away. Raises LogsleuthError if there is none of this name."""
    folder = packs_folder() / name
    if not NAME.fullmatch(name) or not (folder / MANIFEST).is_file():
        there = ", ".join(folder.name for folder in installed_packs(packs_folder())) or "none"
        raise LogsleuthError(f"no pack '{name}' is installed", f"installed: {there}")
    pack = read_manifest(folder)
    shutil.rmtree(folder)
    return pack


def build(folder: Path, out: Path | None = None) -> tuple[Pack, Path]:
    """Write a pack's digest into its manifest, check it, and make its archive; gives the pack and the archive's path.

    Raises LogsleuthError if the pack could not be installed.
    """
    read_manifest(folder)
    place = folder / MANIFEST
    text = DIGEST.sub("", place.read_text(encoding="utf-8"))
    place.write_text(f"{text.rstrip()}\ndigest = '{digest_of(folder)}'\n", encoding="utf-8")
    pack = checked(folder)
    name = f"{pack.name}-{pack.version}"
    out = out or Path(f"{name}.tar.gz")
    out.write_bytes(_archive(folder, name))
    return pack, out


def _archive(folder: Path, name: str) -> bytes:
    whole = BytesIO()
    with (
        gzip.GzipFile(fileobj=whole, mode="wb", mtime=MADE, filename="") as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path in files_of(folder):
            member = tarfile.TarInfo(f"{name}/{path.relative_to(folder).as_posix()}")
            member.size, member.mtime, member.mode = path.stat().st_size, MADE, 0o644
            with path.open("rb") as stream:
                tar.addfile(member, stream)
    return whole.getvalue()


def _wrong_files(folder: Path) -> list[str]:
    """All mistakes in a pack's pattern and card files."""
    readers = [
        *((path, read_pattern) for path in pattern_files(folder)),
        *((path, read_cards) for path in card_files(folder)),
    ]
    wrong = []
    for path, read in readers:
        try:
            read(path.read_text(encoding="utf-8"))
        except Mistakes as mistakes:
            wrong += [f"{path.relative_to(folder)}: {sentence}" for sentence in mistakes.sentences]
        except (OSError, UnicodeDecodeError) as error:
            wrong.append(f"{path.relative_to(folder)}: {error}")
    return wrong


def _there(path: Path) -> Path:
    if not path.is_file():
        raise LogsleuthError(f"no such pack: {path}", "name a pack's folder or archive")
    return path


def _empty(folder: Path) -> Path:
    folder.mkdir()
    return folder
