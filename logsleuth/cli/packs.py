"""`logsleuth packs`: pattern files to share."""

from __future__ import annotations

from pathlib import Path

import click


@click.group(name="packs")
def command() -> None:
    """Install, list, check, build and remove packs: pattern files to share. They contain no code."""


@command.command(name="install")
@click.argument("path", type=click.Path(path_type=Path))
def install(path: Path) -> None:
    """Install the pack in PATH, a folder or a .tar.gz or .zip; an older version of it is replaced."""
    from logsleuth.authoring import packs

    pack, before = packs.install(path)
    instead = f" in place of {before.version}" if before else ""
    click.echo(f"installed {pack.name} {pack.version}{instead}: {packs.packs_folder() / pack.name}")


@command.command(name="list")
def list_() -> None:
    """List the installed packs: name, version, files, folder."""
    from logsleuth.authoring import packs
    from logsleuth.library.load import pattern_files

    found = list(packs.installed())
    for folder, pack in found:
        click.echo(f"{pack.name:24} {pack.version:12} {len(pattern_files(folder)):4} patterns  {folder}")
    click.echo(f"{len(found)} packs", err=True)


@command.command(name="remove")
@click.argument("name")
def remove(name: str) -> None:
    """Remove the installed pack NAME."""
    from logsleuth.authoring import packs

    pack = packs.remove(name)
    click.echo(f"removed {pack.name} {pack.version}")


@command.command(name="verify")
@click.argument("path", required=False, type=click.Path(path_type=Path))
def verify(path: Path | None) -> None:
    """Check the pack in folder PATH, or all that are installed: digest, version, files, patterns.

    Exit codes: 0 all right; 2 something is wrong.
    """
    from logsleuth.authoring import packs

    folders = [path] if path else [folder for folder, _ in packs.installed()]
    for folder in folders:
        pack = packs.checked(folder)
        click.echo(f"{pack.name} {pack.version}: all right")
    click.echo(f"{len(folders)} packs", err=True)


@command.command(name="build")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("-o", "--out", type=click.Path(path_type=Path), help="The archive (default: NAME-VERSION.tar.gz here).")
def build(folder: Path, out: Path | None) -> None:
    """Write the digest into FOLDER's pack.toml, check it as installing does, and make its archive."""
    from logsleuth.authoring import packs

    pack, archive = packs.build(folder, out)
    click.echo(f"built {pack.name} {pack.version}: {archive}")
