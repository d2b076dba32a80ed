"""`logsleuth analyze`: its options."""

from __future__ import annotations

from typing import Any

import click

from logsleuth.cli.analysis import analyzed
from logsleuth.cli.colour import COLOURS, set_colour
from logsleuth.cli.inputs import complete_logs, logs_or_pipe
from logsleuth.cli.options import PAGER, unless_dash
from logsleuth.report.formats import FORMATS


@click.command(name="analyze", short_help="Explain an outage from Apache error logs.")
@click.argument("logs", nargs=-1, metavar="LOG...", callback=logs_or_pipe, shell_complete=complete_logs)
@click.option(
    "--tz",
    metavar="ZONE",
    help="Zone of the logs' times, such as Europe/Berlin. Default: what the logs name, else the server's local time.",
)
@click.option("-f", "--format", "style", type=click.Choice(list(FORMATS)),
              help="Default: text, or by the suffix of -o.")  # fmt: skip
@click.option("-o", "--output", type=click.Path(dir_okay=False), callback=unless_dash,
              help="Write the report to a file, atomically.")  # fmt: skip
@click.option("--since", metavar="TIME", help="Only lines from this time on: '2026-03-03 14:00', 2h, yesterday.")
@click.option("--until", metavar="TIME", help="Only lines before this time.")
@click.option("--patterns", multiple=True, type=click.Path(), metavar="PATH", help="More pattern files or folders.")
@click.option("--log-format", "log_formats", multiple=True, metavar="FORMAT",
              help="ErrorLogFormat's argument, as in httpd.conf. Several: main, connection, request.")  # fmt: skip
@click.option("--httpd-conf", type=click.Path(), metavar="FILE",
              help="The httpd configuration behind the logs; {host} in its path: one per host.")  # fmt: skip
@click.option("--access-format", "access_formats", multiple=True, metavar="FORMAT",
              help="LogFormat's argument, as in httpd.conf, for access logs in a custom format.")  # fmt: skip
@click.option("--host-from", metavar="REGEX",
              help="Take each log's host from its path: group 'host', or the first; '' means one host.")  # fmt: skip
@click.option("--host", metavar="NAME", help="Report on one host of several.")
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="Number of parallel workers (default: one per CPU).")
@click.option("--engine", default="local", show_default=True, metavar="ENGINE",
              help="Where logs are scanned: local, dask or dask://SCHEDULER:8786; same report.")  # fmt: skip
@click.option("--redact", type=click.Choice(["none", "default", "strict"]),
              help="Replace identifying data with stable pseudonyms (default in formats for sharing).")  # fmt: skip
@click.option("--redact-words", type=click.Path(), metavar="FILE", help="More words to redact, one per line.")
@click.option(
    "--template",
    type=click.Path(exists=True, dir_okay=False),
    metavar="FILE",
    help="Render your own Jinja2 template instead of a --format.",
)
@click.option("--brief", is_flag=True, help="A few lines for a chat: the same as --format brief.")
@click.option("--full", is_flag=True, help="Text: all incidents and evidence, not only the first screens.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 if an incident was found.")
@click.option(
    "--color",
    "--colour",
    type=click.Choice(list(COLOURS)),
    default="auto",
    show_default=True,
    expose_value=False,
    callback=set_colour,
    help="Colour on the terminal; NO_COLOR and FORCE_COLOR are respected.",
)
@PAGER
@click.option("-q", "--quiet", is_flag=True, help="Print only the report: no progress bar, no notes on standard error.")
@click.option("-v", "--verbose", is_flag=True, help="Print to standard error how each log was read.")
def command(**options: Any) -> None:  # noqa: ANN401 - as click gives them
    """Explain an outage from Apache error logs.

    LOG is a file (plain, gz, bz2, xz or zst), an archive (tar or zip), a folder, a glob, or - for standard
    input, which is also read if no LOG is named and something is piped in.

    \b
    Examples:
      logsleuth analyze /var/log/apache2/error.log --since '2 hours ago'
      logsleuth analyze /var/log/apache2/error.log* -o postmortem.md
      zcat old.log.gz | logsleuth analyze - --tz Europe/Berlin --format json

    Exit codes: 0 analysed; 1 an incident was found (only with --exit-code); 2 wrong usage or unreadable input;
    130 interrupted: the report is on what was read by then.
    """  # noqa: D301 - click's mark for lines that stay as they are
    analyzed(**options)
