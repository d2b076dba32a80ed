"""`logsleuth scan --save`: scan logs into a file that `logsleuth merge` reports on elsewhere."""

from __future__ import annotations

import socket
from pathlib import Path

import click

from logsleuth.cli.inputs import complete_logs, logs_or_pipe
from logsleuth.times import window


@click.command(name="scan", short_help="Scan logs where they are, and save what a report needs.")
@click.argument("logs", nargs=-1, metavar="LOG...", callback=logs_or_pipe, shell_complete=complete_logs)
@click.option("--save", required=True, type=click.Path(dir_okay=False), metavar="FILE",
              help="The file to write, such as web01.tally: whole or not at all.")  # fmt: skip
@click.option("--host", metavar="NAME", help="Name of the host, where the logs name none (default: this machine's).")
@click.option("--host-from", metavar="REGEX",
              help="Take each log's host from its path: group 'host', or the first; '' means one host.")  # fmt: skip
@click.option("--tz", metavar="ZONE", help="Zone of the logs' times (default: as the logs name it).")
@click.option("--since", metavar="TIME", help="Only lines from this time on: '2026-03-03 14:00', 2h, yesterday.")
@click.option("--until", metavar="TIME", help="Only lines before this time.")
@click.option("--patterns", multiple=True, type=click.Path(), metavar="PATH", help="Further pattern files or folders.")
@click.option("--log-format", "log_formats", multiple=True, metavar="FORMAT",
              help="ErrorLogFormat's argument, as in httpd.conf.")  # fmt: skip
@click.option("--access-format", "access_formats", multiple=True, metavar="FORMAT",
              help="LogFormat's argument, as in httpd.conf.")  # fmt: skip
@click.option("--httpd-conf", type=click.Path(), metavar="FILE",
              help="This host's httpd configuration: how logs are read, and what sets hosts apart.")  # fmt: skip
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="Number of parallel workers (default: one per CPU).")
@click.option("--engine", default="local", show_default=True, metavar="ENGINE",
              help="Where logs are scanned: local, dask, or dask://SCHEDULER:8786.")  # fmt: skip
@click.option("--redact", type=click.Choice(["none", "default", "strict"]), default="none", show_default=True,
              help="Replace identifying data in the saved lines with pseudonyms.")  # fmt: skip
def command(
    logs: tuple[str, ...],
    save: str,
    host: str | None,
    host_from: str | None,
    tz: str | None,
    since: str | None,
    until: str | None,
    patterns: tuple[str, ...],
    log_formats: tuple[str, ...],
    access_formats: tuple[str, ...],
    httpd_conf: str | None,
    jobs: int | None,
    engine: str,
    redact: str,
) -> None:
    """Scan logs where they are, and save what a report needs: megabytes instead of gigabytes.

    `logsleuth merge *.tally` makes the report from the files of one or many hosts. Use the same version of logsleuth
    and the same patterns on all machines.
    """
    from logsleuth.options import Options
    from logsleuth.pipeline import scan_to
    from logsleuth.report.render import write_whole

    start, end = window(since, until, tz)
    options = Options(
        paths=logs, tz=tz, patterns=patterns, since=start, until=end, jobs=jobs, log_formats=log_formats,
        access_formats=access_formats, httpd_conf=httpd_conf, host_from=host_from, engine=engine,
    )  # fmt: skip
    write_whole(Path(save), scan_to(options, host or socket.gethostname(), redact))
