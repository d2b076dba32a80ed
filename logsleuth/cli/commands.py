"""The group of all commands, by which click reads the command line."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from logsleuth._version import __version__
from logsleuth.cli.group import LazyGroup
from logsleuth.cli.names import COMMANDS, COMPLETION
from logsleuth.cli.usage import misused
from logsleuth.errors import LogsleuthError

if TYPE_CHECKING:
    from collections.abc import Sequence


class Commands(LazyGroup):
    """The commands of logsleuth."""

    commands_by_name = COMMANDS


def _show_version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from logsleuth.scan.core import scan_in_use

        click.echo(f"logsleuth, version {__version__} ({scan_in_use()} scan)")
        context.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-V",
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_show_version,
    help="Show the version, and whether the compiled scan is in use, and exit.",
)
@click.option(
    "--config", type=click.Path(), metavar="FILE", help="Settings file; overrides the system's and the user's own."
)
@click.pass_context
def cli(context: click.Context, config: str | None) -> None:
    """Explain an Apache outage from its error log: what happened, when, to whom, why, and the lines that prove it.

    `logsleuth error.log` is short for `logsleuth analyze error.log`.

    Exit codes: 0 done; 1 an incident was found (only with --exit-code); 2 wrong usage or unreadable input.
    """
    from logsleuth.cli.settings import defaults, in_force

    try:
        context.default_map = defaults(in_force(config), tuple(COMMANDS))
    except LogsleuthError as error:
        if context.invoked_subcommand != "check":
            raise
        from logsleuth.cli.check import UNKNOWN, end

        end(UNKNOWN, f"LOGSLEUTH UNKNOWN - {error}")  # 2 would make a supervisor restart the server


def invoke(arguments: Sequence[str]) -> None:
    """Do what a command line asks for. Raises SystemExit and KeyboardInterrupt, whatever click raises."""
    if instruction := os.environ.get(COMPLETION):
        from click.shell_completion import shell_complete

        sys.exit(shell_complete(cli, {}, "logsleuth", COMPLETION, instruction))
    try:
        with cli.make_context("logsleuth", list(arguments)) as context:
            cli.invoke(context)
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except click.Abort:  # Ctrl-C at a question, or nobody there to answer it
        raise KeyboardInterrupt from None
    except click.ClickException as error:
        sys.exit(misused(error))
