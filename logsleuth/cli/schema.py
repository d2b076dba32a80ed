"""`logsleuth patterns schema`: the JSON Schema of pattern files and of card files."""

from __future__ import annotations

import click


@click.command(name="schema")
@click.option("--cards", is_flag=True, help="The schema of card files.")
def command(cards: bool) -> None:
    """Print the JSON Schema of pattern files, for editors that complete and check TOML.

    Editors with Taplo (such as VS Code with Even Better TOML) take it from a file's first line:
    '#:schema PATH-OR-ADDRESS'.
    """
    from logsleuth.authoring import card_schema, schema

    click.echo(card_schema.as_text() if cards else schema.as_text(), nl=False)
