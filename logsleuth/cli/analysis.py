"""What `logsleuth analyze` does: read logs, print or write the report. Without click, which starts slowly."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from logsleuth.cli.ending import INTERRUPTED, say
from logsleuth.cli.inputs import command_line
from logsleuth.cli.pager import paged
from logsleuth.errors import LogsleuthError
from logsleuth.report.formats import format_of
from logsleuth.report.words import plural
from logsleuth.times import window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from logsleuth.report.model import Report

SHOW_PROGRESS = 64 * 1024 * 1024
"""Bytes: below this a run is over before a bar could be read."""


def analyzed(
    logs: tuple[str, ...],
    *,
    tz: str | None = None,
    style: str | None = None,
    output: str | None = None,
    since: str | None = None,
    until: str | None = None,
    patterns: tuple[str, ...] = (),
    log_formats: tuple[str, ...] = (),
    access_formats: tuple[str, ...] = (),
    httpd_conf: str | None = None,
    host_from: str | None = None,
    host: str | None = None,
    jobs: int | None = None,
    engine: str = "local",
    redact: str | None = None,
    redact_words: str | None = None,
    template: str | None = None,
    brief: bool = False,
    full: bool = False,
    exit_code: bool = False,
    pager: bool = True,
    quiet: bool = False,
    verbose: bool = False,
) -> None:
    """Do what `logsleuth analyze` is asked for: the parameters are its options."""
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
