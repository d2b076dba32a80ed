"""The group of all commands: imports what is run, takes a log for a command, and suggests names that are misspelt."""

from __future__ import annotations

import importlib
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

    from click.shell_completion import CompletionItem

DEFAULT: Final = "analyze"
"""The command that is meant where a log is named instead of a command."""
SIGNS_OF_A_PATH: Final = frozenset("/\\.*?")


class LazyGroup(click.Group):
    """A group that imports a command's module only to run it."""

    commands_by_name: Mapping[str, tuple[str, str]] = {}
    """Name to module (its `command`) and short help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names, in the order shown."""
        return list(self.commands_by_name)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command."""
        if cmd_name not in self.commands_by_name:
            return None
        command: click.Command = importlib.import_module(self.commands_by_name[cmd_name][0]).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is named. A log in its place is analysed. Raises click.UsageError."""
        name = args[0]
        if is_log(name) and name not in self.commands_by_name:
            return super().resolve_command(ctx, [DEFAULT, *args])
        if name in self.commands_by_name or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        near = get_close_matches(name, self.commands_by_name, 1)
        hint = f"did you mean '{near[0]}'?" if near else "a log that exists is analysed"
        raise click.UsageError(f"'{name}' is neither a command nor a file; {hint}", ctx)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Commands; where no command begins so, files: a log in place of a command is analysed."""
        from click.shell_completion import CompletionItem

        return super().shell_complete(ctx, incomplete) or [CompletionItem(incomplete, type="file")]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self.commands_by_name.items()])


def is_log(word: str) -> bool:
    """Whether a word can only be meant as a log: standard input, something that exists, or written as a path."""
    return word == "-" or bool(SIGNS_OF_A_PATH & set(word)) or _exists(word)


def _exists(word: str) -> bool:
    try:
        return Path(word).exists()
    except (OSError, ValueError):
        return False
