"""`logsleuth patterns catalogue`: the library as pages to read."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from logsleuth.cli.options import EXTRA


@click.command(name="catalogue")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("docs/catalogue"), show_default=True, help="Folder."
)
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a page is out of date.")
@click.option(
    "--all-layers",
    is_flag=True,
    help="Include the system's, your own and packs' patterns (default: only those shipped).",
)
@EXTRA
def command(out: Path, check: bool, all_layers: bool, patterns: tuple[str, ...]) -> None:
    """Write the library as markdown pages: one per area or module, and an index."""
    from logsleuth.authoring import catalogue
    from logsleuth.library.cards import load_cards, shipped_cards
    from logsleuth.library.load import load_library, shipped_library

    shipped = not (all_layers or patterns)
    library = shipped_library() if shipped else load_library(patterns)
    cards = (shipped_cards() if shipped else load_cards(patterns)).cards()
    if not check:
        click.echo(f"{catalogue.write(library, cards, out)} pages in {out}")
        return
    stale = catalogue.stale(library, cards, out)
    click.echo("\n".join([*stale, f"{len(stale)} pages are not fresh"]))
    if stale:
        sys.exit(1)
