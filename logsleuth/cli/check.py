"""`logsleuth check`: a probe for cron, monit, Nagios, Icinga and systemd timers."""

from __future__ import annotations

import gc
import os
import sys
import time
from typing import Any, NoReturn

import click

from logsleuth.cli.live_options import live_options, probe_of
from logsleuth.errors import LogsleuthError

UNKNOWN = 3


class Plugin(click.Command):
    """A command that exits as monitoring plugins do."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does; but wrong usage is 'unknown', on standard output: click's own 2 would make monit restart."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            end(UNKNOWN, f"LOGSLEUTH UNKNOWN - {_plain(error.format_message())} See logsleuth check --help.")


@click.command(name="check", cls=Plugin, short_help="Probe for supervisors: is something wrong now?")
@live_options
@click.option("--restart-only", is_flag=True,
              help="Exit with 2 only while a restart is advised: for monit and its like.")  # fmt: skip
def command(restart_only: bool, **given: Any) -> None:  # noqa: ANN401 - click's own values, named in LIVE
    """Tell whether something is wrong now, in one line, by what is new in the logs since the last run.

    What was found stays until a restart is seen after it, or until the log shows that it is over.

    Exit codes, as monitoring plugins have them: 0 nothing is wrong; 1 warning: something is, but it is not critical, it
    is recovering, or restarts were made and did not help; 2 critical; 3 unknown: a log or the state can't be read or
    written, or wrong usage.
    """
    gc.disable()  # as in analyze
    try:
        from logsleuth.live.check import check

        status, line = check(probe_of(given, restart_only), time.time())
    except LogsleuthError as error:
        end(UNKNOWN, f"LOGSLEUTH UNKNOWN - {_plain(str(error))}")
    except Exception as error:  # Python's own exit code would say 'warning'
        end(UNKNOWN, f"LOGSLEUTH UNKNOWN - {_plain(str(error))} ({type(error).__name__}: please report it)")
    end(status, line)


def end(status: int, line: str) -> NoReturn:
    """Print the line and exit; a line that cannot be printed (a full disk behind standard output) is unknown."""
    try:
        click.echo(line)
    except OSError as error:
        click.echo(f"{line} (standard output: {error.strerror})", err=True)
        os._exit(UNKNOWN)  # else Python tries once more to write it, and exits with a code of its own
    sys.exit(status)


def _plain(text: str) -> str:
    from logsleuth.report.escape import visible

    return visible(text).replace("|", "¦")
