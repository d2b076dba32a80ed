"""Which logs a command reads; if none is named, standard input."""

from __future__ import annotations

import os
import shlex
import stat
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click
    from click.shell_completion import CompletionItem


def logs_or_pipe(context: click.Context, parameter: click.Parameter, logs: tuple[str, ...]) -> tuple[str, ...]:
    """The logs that are named; none: standard input, if something is piped into it. Raises click.UsageError."""
    if logs or context.resilient_parsing:
        return logs
    if _is_piped():
        return ("-",)
    raise _no_log(", or pipe one in")


def command_line() -> str:
    """The command that is being run, as a report shows it: without passwords and signatures in addresses."""
    from logsleuth.logs.open.stores.addresses import shown

    return shlex.join(["logsleuth", *map(shown, sys.argv[1:])])


def some_logs(context: click.Context, parameter: click.Parameter, logs: tuple[str, ...]) -> tuple[str, ...]:
    """The logs that are named, for a command that can't read from a pipe. Raises click.UsageError if there are none."""
    if logs or context.resilient_parsing:
        return logs
    raise _no_log("")


def complete_logs(context: click.Context, parameter: click.Parameter, start: str) -> list[CompletionItem]:
    """Let the shell complete names of files and folders."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(start, type="file")]


def _is_piped() -> bool:
    """Whether standard input is a pipe, a socket or a file: no terminal, and no /dev/null."""
    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
    except (OSError, ValueError, AttributeError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or stat.S_ISREG(mode)


def _no_log(otherwise: str) -> click.UsageError:
    """That a log must be named; `otherwise`: what else would do."""
    import click

    return click.UsageError(f"no log was named: name one, such as /var/log/apache2/error.log{otherwise}")
