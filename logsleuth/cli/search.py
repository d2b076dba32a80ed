"""`logsleuth patterns search`: find patterns by words."""

from __future__ import annotations

import sys

import click

from logsleuth.cli.options import EXTRA


@click.command(name="search")
@click.argument("words", nargs=-1, required=True)
@EXTRA
def command(words: tuple[str, ...], patterns: tuple[str, ...]) -> None:
    """Find the patterns that hold all WORDS in their ids, titles, literals, explanations or examples; best first.

    Exit codes: 0 found; 1 none.
    """
    from logsleuth.authoring.search import search
    from logsleuth.library.load import load_library

    found = search(load_library(patterns), words)
    for pattern in found:
        click.echo(f"{pattern.id:48} {pattern.role:9} {pattern.category or '-':20} {pattern.title}")
    click.echo(f"{len(found)} patterns", err=True)
    if not found:
        sys.exit(1)
