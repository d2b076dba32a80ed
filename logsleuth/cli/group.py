"""The group of all commands: imports only the command that is run; a log in its place is analysed."""

from __future__ import annotations

import importlib
import os.path
from typing import TYPE_CHECKING, Final

import click

from logsleuth.cli.names import DEFAULT
from logsleuth.spelling import closest, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from click.shell_completion import CompletionItem

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

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does; `help X` is `X --help`, and options of `analyze` may come before the log."""
        if args[:1] == ["help"]:
            args = [*args[1:], "--help"]
        elif args and not ctx.resilient_parsing and self._is_for_default(ctx, args):
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)

    def _is_for_default(self, ctx: click.Context, args: list[str]) -> bool:
        """Whether the first word is an option that only the default command has, and no command is named."""
        own = {name for option in self.get_params(ctx) for name in option.opts}
        first = args[0].partition("=")[0]
        if not first.startswith("-") or first == "-" or first in own or self.commands_by_name.keys() & set(args):
            return False
        default = self.get_command(ctx, DEFAULT)
        return default is not None and any(first in (*one.opts, *one.secondary_opts) for one in default.params)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is named. A log in its place is analysed. Raises click.UsageError."""
        name = args[0]
        if is_log(name) and name not in self.commands_by_name:
            return super().resolve_command(ctx, [DEFAULT, *args])
        if name in self.commands_by_name or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        raise click.UsageError(f"'{name}' is neither a command nor a file; {self._hint(name)}", ctx)

    def _hint(self, name: str) -> str:
        """A suggestion for a word that is neither a command nor a file."""
        from logsleuth.logs.open.places import near_file

        near = closest(name, [*self.commands_by_name, "--version"]) or list(filter(None, [near_file(name)]))
        return did_you_mean(near, "to analyze a log, name a file that exists")

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Commands; where no command begins so, files: a log in place of a command is analysed."""
        from click.shell_completion import CompletionItem

        return super().shell_complete(ctx, incomplete) or [CompletionItem(incomplete, type="file")]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self.commands_by_name.items()])


def is_log(word: str) -> bool:
    """Whether a word can only be a log: standard input, something that exists, or written as a path."""
    return word == "-" or bool(SIGNS_OF_A_PATH & set(word)) or os.path.exists(word)  # noqa: PTH110 - pathlib starts slowly
