"""`logsleuth completion`: what a shell needs to complete commands, options and file names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from logsleuth.cli.names import COMPLETION

if TYPE_CHECKING:
    from click.shell_completion import ShellComplete

WHERE: Final = {
    "bash": "logsleuth completion bash > ~/.local/share/bash-completion/completions/logsleuth",
    "zsh": "logsleuth completion zsh > a file named _logsleuth in a folder of $fpath",
    "fish": "logsleuth completion fish > ~/.config/fish/completions/logsleuth.fish",
}


@click.command(name="completion", short_help="Print the completion script for a shell.")
@click.argument("shell", type=click.Choice(list(WHERE)))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print the script by which SHELL completes commands, options and names of logs.

    \b
    bash   logsleuth completion bash > ~/.local/share/bash-completion/completions/logsleuth
    zsh    logsleuth completion zsh > _logsleuth     (in a folder of $fpath)
    fish   logsleuth completion fish > ~/.config/fish/completions/logsleuth.fish
    """  # noqa: D301 - click's mark for lines that stay as they are
    click.echo(f"# {WHERE[shell]}")
    click.echo(_completer(shell, context.find_root().command).source())


def _completer(shell: str, group: click.Command) -> ShellComplete:
    from click.shell_completion import BashComplete, FishComplete, ZshComplete

    class AnyBash(BashComplete):
        """Without the check of the version of the bash at hand: the script may be for another machine."""

        @staticmethod
        def _check_version() -> None:
            return

    kinds: dict[str, type[ShellComplete]] = {"bash": AnyBash, "zsh": ZshComplete, "fish": FishComplete}
    return kinds[shell](group, {}, "logsleuth", COMPLETION)
