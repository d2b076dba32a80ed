"""`logsleuth patterns check`: test and lint in one go, for hooks and for authors."""

from __future__ import annotations

import sys

import click

from logsleuth.cli.options import EXTRA


@click.command(name="check")
@click.argument("files", nargs=-1, type=click.Path())
@EXTRA
def command(files: tuple[str, ...], patterns: tuple[str, ...]) -> None:
    """Test and lint all patterns and cards, or those in FILES, against the whole library.

    Exit codes: 0 all passed; 1 an example failed or something was found; 2 a file cannot be read.
    """
    from logsleuth.authoring import selftest
    from logsleuth.authoring.choose import cards_in_files, in_files
    from logsleuth.authoring.lint import run
    from logsleuth.authoring.lint.cards import lint_cards
    from logsleuth.library.cards import load_cards
    from logsleuth.library.load import load_library

    library, index = load_library((*patterns, *files)), load_cards((*patterns, *files))
    chosen, cards = in_files(library, files), cards_in_files(index, files)
    failures = selftest.run(library, chosen)
    findings = [*run.lint(library, chosen), *lint_cards(index, cards)]
    for text in (selftest.summary(failures), run.summary(findings)):
        if text:
            click.echo(text)
    click.echo(f"{len(chosen)} patterns, {len(cards)} cards, {len(failures)} failures, {len(findings)} findings")
    if failures or findings:
        sys.exit(1)
