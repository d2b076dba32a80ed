"""Wrong usage in one sentence, the same for every command."""

from __future__ import annotations

import click

from logsleuth.spelling import suggestion


def mistake(error: click.ClickException) -> str:
    """What is wrong with the usage, as a sentence without its full stop."""
    match error:
        case click.NoSuchOption():
            hint = suggestion(error.option_name, error.possibilities or [])
            return f"no such option '{error.option_name}'{hint and f'; {hint}'}"
        case click.MissingParameter(param=click.Parameter(type=click.Choice(choices=choices))):
            return f"name one of {', '.join(map(str, choices))}"
    return error.format_message().rstrip(".")
