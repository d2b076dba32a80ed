"""`logsleuth patterns lint`: what is wrong, slow or easily fooled although the examples pass."""

from __future__ import annotations

import sys

import click

from logsleuth.cli.options import EXTRA


@click.command(name="lint")
@click.argument("files", nargs=-1, type=click.Path())
@click.option("--skip", multiple=True, metavar="RULE", help="Skip a rule, such as speed (the slowest) or cards.")
@EXTRA
def command(files: tuple[str, ...], skip: tuple[str, ...], patterns: tuple[str, ...]) -> None:
    """Check all patterns and cards, or those in FILES, for mistakes that their examples do not show.

    In patterns: missing texts and references, real addresses, dangling and circular links, two patterns for one line,
    literals that are too common, and regexes that are not anchored, that a request line can forge, or that a client
    can make slow. In cards: duplicates, meanings that only repeat the message or fit many, severe levels without a
    category, texts that a request can forge.

    Exit codes: 0 clean; 1 something was found; 2 a file cannot be read.
    """
    from logsleuth.authoring.choose import cards_in_files, in_files
    from logsleuth.authoring.lint.cards import lint_cards
    from logsleuth.authoring.lint.run import RULES, lint, summary
    from logsleuth.errors import LogsleuthError
    from logsleuth.library.cards import load_cards
    from logsleuth.library.load import load_library

    names = (*RULES, "cards")
    unknown = [name for name in skip if name not in names]
    if unknown:
        raise LogsleuthError(f"no rule '{unknown[0]}'", f"rules are {', '.join(names)}")
    library, index = load_library((*patterns, *files)), load_cards((*patterns, *files))
    chosen, cards = in_files(library, files), cards_in_files(index, files)
    findings = list(lint(library, chosen, [name for name in RULES if name not in skip]))
    findings += [] if "cards" in skip else lint_cards(index, cards)
    if findings:
        click.echo(summary(findings))
    click.echo(f"{len(chosen)} patterns, {len(cards)} cards, {len(findings)} findings")
    if findings:
        sys.exit(1)
