"""`logsleuth check`: a probe for cron, monit, Nagios, Icinga and systemd timers."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Any, NoReturn

import click

from logsleuth._version import __version__
from logsleuth.cli.live_options import live_options, probe_of
from logsleuth.cli.usage import mistake
from logsleuth.errors import LogsleuthError

if TYPE_CHECKING:
    from logsleuth.live.check import Style

UNKNOWN = 3


class Plugin(click.Command):
    """A command with the exit codes of monitoring plugins."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does; but wrong usage is 'unknown', on standard output: click's own 2 would make monit restart."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            wrong = _plain(mistake(error))
            end(UNKNOWN, f"LOGSLEUTH UNKNOWN - {wrong}{'' if wrong.endswith('?') else '.'} See logsleuth check --help.")


def _show_version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(f"logsleuth check v{__version__} (logsleuth-httpd {__version__})")
        context.exit()


@click.command(name="check", cls=Plugin, short_help="Probe for supervisors: is something wrong now?")
@live_options
@click.option("-t", "--timeout", type=click.FloatRange(0, 86_400), default=60, show_default=True, metavar="SECONDS",
              help="Exit with 3 (unknown) after this many seconds; 0: no limit.")  # fmt: skip
@click.option("--restart-only", is_flag=True,
              help="Exit with 2 only while a restart is advised, for supervisors such as monit.")  # fmt: skip
@click.option(
    "-v",
    "--verbose",
    count=True,
    help="Add the log line that proves it; -vv: also the logs, the state file and the limits.",
)
@click.option("-f", "--format", "style", type=click.Choice(["plugin", "json"]), default="plugin", show_default=True,
              help="One line as monitoring plugins write it, or one JSON object.")  # fmt: skip
@click.option("--textfile", type=click.Path(dir_okay=False), metavar="FILE",
              help="Also write metrics for node_exporter's textfile collector, atomically.")  # fmt: skip
@click.option("-V", "--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version,
              help="Show the version and exit.")  # fmt: skip
def command(restart_only: bool, timeout: float, verbose: int, style: Style, **given: Any) -> None:  # noqa: ANN401 - click's own values, named in LIVE
    """Report in one line whether something is wrong now, reading only what is new in the logs since the last run.

    An incident is reported until the log shows a restart after it, or that it is over. Without an incident the line
    names the known faults that persist, the most serious first; they do not change the exit code.

    Exit codes, as for monitoring plugins: 0 nothing is wrong; 1 warning: something is, but it is not critical, it is
    recovering, or restarts did not help; 2 critical; 3 unknown: a log or the state can't be read or written, the
    timeout was reached, or wrong usage.

    \b
    Examples:
      logsleuth check /var/log/apache2/error.log
      logsleuth check /var/log/apache2/error.log -w 2 -c 25% --restart-only
    """  # noqa: D301 - click's mark for lines that stay as they are
    status, line = _answer(given, restart_only, timeout, verbose, style)
    if status == UNKNOWN and given["textfile"]:
        _blind(given["textfile"])
    end(status, line)


def _answer(given: dict[str, Any], restart_only: bool, timeout: float, verbose: int, style: Style) -> tuple[int, str]:
    """The exit code and the text; any error is status unknown."""
    try:
        from logsleuth.live.check import check
        from logsleuth.live.deadline import deadline

        with deadline(timeout):
            return check(probe_of(given, restart_only), time.time(), verbose, style)
    except LogsleuthError as error:
        return UNKNOWN, f"LOGSLEUTH UNKNOWN - {_plain(str(error))}"
    except Exception as error:  # Python's own exit code would say 'warning'
        return UNKNOWN, f"LOGSLEUTH UNKNOWN - {_plain(str(error))} ({type(error).__name__}: please report it)"


def _blind(textfile: str) -> None:
    """Write metrics with status unknown: old ones would look like good news."""
    from contextlib import suppress
    from pathlib import Path

    from logsleuth.live.textfile import exposition
    from logsleuth.report.render import write_whole

    with suppress(LogsleuthError):  # the exit code says that something is wrong
        write_whole(Path(textfile), exposition(None, (), time.time()))


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
