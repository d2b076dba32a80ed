"""The command line: thin commands, one file each, that translate options into one call."""

from __future__ import annotations

import atexit
import gc
import sys
from typing import NoReturn

import click

from logsleuth._version import __version__
from logsleuth.cli.ending import run
from logsleuth.cli.group import LazyGroup
from logsleuth.errors import LogsleuthError

COMMANDS = {
    "analyze": ("logsleuth.cli.analyze", "Explain an outage from Apache error logs."),
    "scan": ("logsleuth.cli.scan", "Scan logs where they are, and save what a report needs."),
    "merge": ("logsleuth.cli.merge", "Report on logs of many hosts from their saved tallies."),
    "check": ("logsleuth.cli.check", "Probe for supervisors: is something wrong now, and would a restart help?"),
    "watch": ("logsleuth.cli.watch", "Follow logs and report incidents as they happen."),
    "probe": ("logsleuth.cli.probe", "Print ready configuration for monit, systemd, Nagios, Icinga or Prometheus."),
    "diff": ("logsleuth.cli.diff", "Show which messages are new, gone, more or less frequent after a change."),
    "formats": ("logsleuth.cli.formats", "Show the format of each log, and how certain that is."),
    "parse": ("logsleuth.cli.parse", "Write each line's fields as JSON Lines."),
    "explain": ("logsleuth.cli.explain", "Explain a log line or a code such as AH00161."),
    "patterns": ("logsleuth.cli.patterns", "Inspect, test and extend the pattern library."),
    "packs": ("logsleuth.cli.packs", "Install and build packs of patterns to share."),
    "mcp": ("logsleuth.cli.mcp", "Serve logsleuth's tools to AI agents, by the Model Context Protocol."),
    "report-bug": ("logsleuth.cli.report_bug", "Make a redacted bundle to attach to an issue."),
    "doctor": ("logsleuth.cli.doctor", "Check the installation, and which logs can be read here."),
    "config": ("logsleuth.cli.config", "Show the settings in force, and where each comes from."),
    "completion": ("logsleuth.cli.completion", "Print the completion script for bash, zsh or fish."),
    "man": ("logsleuth.cli.manual", "Print a manual page."),
}
"""Name to module (its `command`) and short help: modules are imported only when their command is run."""


OBJECTS_BETWEEN_COLLECTIONS = 1_000_000
"""Python's default of 700 costs a quarter of a report's time, as a report makes many values and no cycles but those of
classes. The tally and the timeline of 100 MB with hundreds of outages are 700,000 objects: to look through these once
costs a tenth of the run.

Set where the process starts, and nowhere else: a program that calls the library keeps its own settings.
"""


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


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and exit; every mistake of the caller's ends in one line on stderr and its exit code."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    # at the end Python looks for cycles in all that the system takes back anyway: a tenth of a short run
    atexit.register(gc.freeze)
    run(cli, sys.argv[1:] if arguments is None else arguments)
