"""`logsleuth watch`: follow logs, and report incidents while they happen."""

from __future__ import annotations

from typing import Any

import click

from logsleuth.cli.live_options import live_options, probe_of


@click.command(name="watch", short_help="Follow logs and report incidents as they happen.")
@live_options
@click.option("--every", type=click.FloatRange(0.05, 3600), default=1.0, show_default=True, metavar="SECONDS",
              help="Interval between checks.")  # fmt: skip
@click.option("--exec", "execute", metavar="COMMAND", default="",
              help="Run this at an incident's onset, change and end; facts in LOGSLEUTH_* and on stdin.")  # fmt: skip
@click.option("--report", metavar="DIR", default="", help="Write the report on each incident into this folder.")
@click.option("-f", "--format", "style", type=click.Choice(["markdown", "html", "json", "text"]), default="markdown",
              show_default=True, help="Format of these reports.")  # fmt: skip
@click.option("--metrics", metavar="[HOST]:PORT", default="", help="Serve Prometheus metrics and /healthz.")
def command(every: float, execute: str, report: str, style: str, metrics: str, **given: Any) -> None:  # noqa: ANN401 - click's own values, named in LIVE
    """Follow logs through rotation and report each incident's onset, changes and end.

    On a terminal it shows a live view; in a pipe or a journal it prints one line per event. It advises restarts but
    never restarts anything: leave that to a supervisor that runs `logsleuth check`, or to --exec.

    Exit codes: 0 stopped by Ctrl-C or SIGTERM; 2 wrong usage; 3 the state can't be written.
    """
    from logsleuth.live.loop import WatchOptions, watch

    watch(probe_of(given, kind="watch"), WatchOptions(every, execute, report, style, metrics))
