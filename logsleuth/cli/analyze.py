"""`logsleuth analyze`: read logs, print or write the report."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from logsleuth.cli.colour import COLOURS, set_colour
from logsleuth.cli.ending import INTERRUPTED, say
from logsleuth.cli.inputs import command_line, complete_logs, logs_or_pipe
from logsleuth.cli.options import unless_dash
from logsleuth.cli.pager import PAGER, paged
from logsleuth.errors import LogsleuthError
from logsleuth.report.formats import FORMATS, format_of
from logsleuth.report.words import plural
from logsleuth.times import window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from logsleuth.report.model import Report

SHOW_PROGRESS = 64 * 1024 * 1024
"""Bytes: below this a run is over before a bar could be read."""


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
def command(
    logs: tuple[str, ...],
    tz: str | None,
    style: str | None,
    output: str | None,
    since: str | None,
    until: str | None,
    patterns: tuple[str, ...],
    log_formats: tuple[str, ...],
    access_formats: tuple[str, ...],
    httpd_conf: str | None,
    host_from: str | None,
    host: str | None,
    jobs: int | None,
    engine: str,
    redact: str | None,
    redact_words: str | None,
    template: str | None,
    brief: bool,
    full: bool,
    exit_code: bool,
    pager: bool,
    quiet: bool,
    verbose: bool,
) -> None:
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
    from logsleuth.pipeline import analyze
    from logsleuth.report import render

    style = style or ("brief" if brief else "") or (format_of(output) if output and not template else "text")
    words = words_of(redact_words)
    start, end = window(since, until, tz)
    with _progress(() if quiet else logs) as tick:
        report = analyze(
            logs, tz=tz, patterns=patterns, since=start, until=end, jobs=jobs, command=command_line(), progress=tick,
            log_formats=log_formats, httpd_conf=httpd_conf, access_formats=access_formats, host_from=host_from,
            host=host, engine=engine, excerpts=render.needs_excerpts(style, redact, words, template or ""),
            told=render.tells(style, redact, words, template or "", full=full),
        )  # fmt: skip
    with paged(pager and output is None):
        render.deliver(report, style, output=output, redact=redact, words=words, full=full, template=template or "")
    for note in () if quiet else _notes(report, verbose=verbose):
        say(f"logsleuth: {note}")
    if report.partial:
        sys.exit(INTERRUPTED)
    if exit_code and report.incidents:
        sys.exit(1)


def _notes(report: Report, *, verbose: bool) -> Iterator[str]:
    """The notes on standard error."""
    if verbose:
        for log in report.logs:
            yield f"read {log.path}: {plural(log.lines, 'line')} as {log.format}"
    for reason in report.left_out:
        yield f"left out: {reason}"


def words_of(path: str | None) -> list[str]:
    """The words of a file, one per line. Raises LogsleuthError."""
    if path is None:
        return []
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise LogsleuthError(f"cannot read {path}: {error}", "name a text file with one word per line") from None
    return [word for line in lines if (word := line.strip()) and not word.startswith("#")]


def _size(log: str) -> int:
    """Bytes of a plain file; 0 for anything else, and without permission."""
    try:
        path = Path(log)
        return path.stat().st_size if path.is_file() else 0
    except (OSError, ValueError):
        return 0


@contextmanager
def _progress(logs: tuple[str, ...]) -> Iterator[Callable[[int], None] | None]:
    """A progress bar for long runs, if stderr is a terminal."""
    size = sum(map(_size, logs))
    if size < SHOW_PROGRESS or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    columns = (
        TextColumn("reading"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=size)
        yield lambda done: bar.advance(task, done)
