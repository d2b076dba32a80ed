"""Wrong usage in one sentence, the same for every command."""

from __future__ import annotations

import sys

import click

from logsleuth.cli.ending import FAILED, say
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


def misused(error: click.ClickException) -> int:
    """Report wrong usage in one line; a command without any arguments shows its help. The exit code."""
    context = getattr(error, "ctx", None)
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show(file=sys.stderr)
    else:
        command = context.command_path if context else "logsleuth"
        message = mistake(error)
        say(f"logsleuth: {message}{' See' if message.endswith('?') else '; see'} {command} --help")
    return FAILED
