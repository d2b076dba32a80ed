"""Options of `check` and `watch`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from logsleuth.cli.inputs import complete_logs, some_logs
from logsleuth.cli.options import EXTRA

if TYPE_CHECKING:
    from collections.abc import Callable

    from logsleuth.live.probe import Probe

LIVE = (
    click.argument("logs", nargs=-1, metavar="LOG...", callback=some_logs, shell_complete=complete_logs),
    click.option("--state", metavar="FILE", type=click.Path(dir_okay=False),
                 help="State kept between runs. Default: below /var/lib or ~/.local/state."),
    click.option("--since", metavar="TIME", default="24h", show_default=True,
                 help="Where the first run starts: 24h, yesterday, '2026-03-03 14:00', or begin for the whole log."),
    click.option("--lost", metavar="SHARE", default="25%", show_default=True,
                 help="Go critical at this many lost workers: a share or a number."),
    click.option("-w", "--warning", metavar="RANGE",
                 help="Warn if the number of lost workers is outside this range, such as 2 or 10%. Default: of any."),
    click.option("-c", "--critical", "critical", multiple=True, metavar="RANGE|PATTERN",
                 help="Go critical outside this range of lost workers (instead of --lost), such as 5, 25% or @3:9; "
                      "or on a pattern: its id, or a glob such as 'egg.*'."),
    click.option("--grace", metavar="SPAN", default="10m", show_default=True,
                 help="How long to report 'recovering' after an incident has ended."),
    click.option("--restarts", metavar="LIMIT", default="3/1h", show_default=True,
                 help="Maximum restarts to advise per period; after these, report that restarts do not help."),
    click.option("--tz", metavar="ZONE", help="Zone of the logs' times. Default: this machine's."),
    EXTRA,
    click.option("--log-format", "log_formats", multiple=True, metavar="FORMAT",
                 help="ErrorLogFormat's argument, as in httpd.conf."),
    click.option("--httpd-conf", type=click.Path(), metavar="FILE",
                 help="The httpd configuration: formats, number of workers."),
)  # fmt: skip


def live_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that `check` and `watch` share."""
    for option in reversed(LIVE):
        command = option(command)
    return command


def probe_of(given: dict[str, Any], restart_only: bool = False, kind: str = "check") -> Probe:
    """The probe for these options. Raises LogsleuthError."""
    from logsleuth.live.probe import Options, Probe
    from logsleuth.times import moment, present

    since = given.pop("since")
    given["logs"] = tuple(dict.fromkeys(given["logs"]))
    begin = None if since == "begin" else moment(since, "--since", present(given["tz"]))
    return Probe.of(Options(**given, restart_only=restart_only, kind=kind), begin)
