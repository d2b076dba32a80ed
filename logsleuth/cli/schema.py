"""`logsleuth patterns schema`: the JSON Schema of pattern files."""

from __future__ import annotations

import click


@click.command(name="schema")
def command() -> None:
    """Print the JSON Schema of pattern files, for editors that complete and check TOML.

    Editors with Taplo (such as VS Code with Even Better TOML) take it from a file's first line:
    '#:schema PATH-OR-ADDRESS'.
    """
    from logsleuth.authoring.schema import as_text

    click.echo(as_text(), nl=False)
