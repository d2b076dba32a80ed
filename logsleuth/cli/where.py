"""`logsleuth patterns where`: the layers of the library."""

from __future__ import annotations

import click

from logsleuth.cli.options import EXTRA


@click.command(name="where")
@EXTRA
def command(patterns: tuple[str, ...]) -> None:
    """Show the folders and files that patterns are read from, lowest layer first, and which override others."""
    from logsleuth.authoring.where import layers_in_force

    for layer in layers_in_force(patterns):
        cards = f", {layer.cards} card files" if layer.cards else ""
        there = f"{layer.files} files, {layer.in_force} patterns in force{cards}" if layer.exists else "not there"
        click.echo(f"{layer.name:10} {layer.path}: {there}")
        for change in layer.changes:
            click.echo(f"           {change}")
