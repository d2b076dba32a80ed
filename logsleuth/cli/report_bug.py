"""`logsleuth report-bug`: a redacted bundle for an issue, made of the lines that matter."""

from __future__ import annotations

import itertools
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from logsleuth.cli.analysis import words_of
from logsleuth.cli.inputs import complete_logs, logs_or_pipe
from logsleuth.cli.options import EXTRA
from logsleuth.errors import LogsleuthError
from logsleuth.options import Options
from logsleuth.times import window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logsleuth.redaction.pseudonyms import Pseudonyms
    from logsleuth.report.model import Report

HEAD = 20
"""Lines of a log that could not be read as one."""
SHORTEST_NAME = 4
"""Characters: shorter host or user names would be replaced within ordinary words."""


@click.command(name="report-bug", short_help="Make a redacted bundle to attach to an issue.")
@click.argument("logs", nargs=-1, metavar="LOG...", callback=logs_or_pipe, shell_complete=complete_logs)
@click.option("-o", "--output", type=click.Path(dir_okay=False), default="logsleuth-bug.zip", show_default=True,
              help="The file to write.")  # fmt: skip
@click.option("--since", metavar="TIME", help="Only lines from this time on; up to 500 of them are included.")
@click.option("--until", metavar="TIME", help="Only lines before this time.")
@click.option("--tz", metavar="ZONE", help="Zone of the logs' times, such as Europe/Berlin.")
@click.option("--log-format", "log_formats", multiple=True, metavar="FORMAT",
              help="ErrorLogFormat's argument, as in httpd.conf.")  # fmt: skip
@click.option("--access-format", "access_formats", multiple=True, metavar="FORMAT",
              help="LogFormat's argument, as in httpd.conf, for access logs in a custom format.")  # fmt: skip
@click.option("--httpd-conf", type=click.Path(), metavar="FILE", help="The configuration of the server.")
@click.option("--redact-words", type=click.Path(), metavar="FILE", help="More words to redact, one per line.")
@EXTRA
def command(
    logs: tuple[str, ...],
    output: str,
    since: str | None,
    until: str | None,
    tz: str | None,
    log_formats: tuple[str, ...],
    access_formats: tuple[str, ...],
    httpd_conf: str | None,
    redact_words: str | None,
    patterns: tuple[str, ...],
) -> None:
    """Make a bundle to attach to an issue: versions, formats, the report, and the lines that it is based on.

    Everything is redacted as with --redact strict, including the paths of the logs, this host's name and yours. The
    command lists what the bundle contains; read that before you pass it on. Nothing is sent anywhere. If an outage was
    missed, give its time with --since and --until. It also works for a log that cannot be read, or that causes an
    internal error.
    """
    from logsleuth.redaction.pseudonyms import Pseudonyms
    from logsleuth.report import bundle
    from logsleuth.report.render import write_whole

    start, end = window(since, until, tz)
    options = Options(
        logs, tz, patterns, start, end, None, "", log_formats,
        access_formats, httpd_conf,
    )  # fmt: skip
    names = Pseudonyms("strict", [*words_of(redact_words), *_own_names(logs)])
    files = bundle.about(*_about()) | _contents(options, names)
    write_whole(Path(output), bundle.packed(files))
    click.echo(f"written: {output}")
    for name, text in files.items():
        click.echo(f"  {name:12} {len(text.encode('utf-8', 'replace')):9,} B  {bundle.PURPOSE[name]}")
    click.echo("Read it before you attach it to an issue: redaction can miss a name that looks like an ordinary word.")


def _contents(options: Options, names: Pseudonyms) -> dict[str, str]:
    """The report's files, or the reason why there is no report. Raises LogsleuthError if a log is missing."""
    from logsleuth.pipeline import run
    from logsleuth.report import bundle

    try:
        report = run(options)
    except LogsleuthError as error:
        head = list(_head(options.paths))
        if not head:  # there is nothing to report a bug about
            raise
        return bundle.of_problem(f"refused: {error}", head, names)
    except Exception as error:
        return bundle.of_problem(_where(error), _head(options.paths), names)
    files = bundle.of_report(report, names)
    if options.since or options.until:
        files |= bundle.of_window(_window(options, report), names)
    return files


def _where(error: Exception) -> str:
    """An internal error and the places in our code that it came through, without any value of a variable."""
    from logsleuth.logs.open.stores.addresses import without_secrets

    steps = [
        f"{Path(step.filename).name}:{step.lineno} {step.name}" for step in traceback.extract_tb(error.__traceback__)
    ]
    text = without_secrets(str(error))  # an address in it may hold a password
    return "\n".join((f"internal error: {type(error).__name__}: {text}", *steps))


def _head(paths: tuple[object, ...]) -> Iterator[str]:
    """The first lines of each log that is a file of text."""
    for path in map(str, paths):
        try:
            with Path(path).open("rb") as stream:
                lines = [line.rstrip(b"\r\n") for line in itertools.islice(stream, HEAD)]
        except (OSError, ValueError):
            continue
        if not any(b"\0" in line for line in lines):
            yield from (line.decode("utf-8", "backslashreplace") for line in lines)


def _window(options: Options, report: Report) -> Iterator[str]:
    """The lines of the window that was named, each with those without a time that follow it."""
    from logsleuth.logs.conf.configuration import configuration
    from logsleuth.logs.conf.formats import formats_of
    from logsleuth.logs.format.mixed import mixed
    from logsleuth.logs.open.block import read_lines
    from logsleuth.logs.open.log import look_at
    from logsleuth.report.bundle import MOST_LINES
    from logsleuth.timeline.clock import Clock, zone
    from logsleuth.units import SECOND

    clock = Clock(zone(report.zone))
    since, until = _seconds(clock.wall(options.since), 0), _seconds(clock.wall(options.until), 1 << 40)
    formats = formats_of(options.log_formats, configuration(options.httpd_conf))
    for log in look_at([str(path) for path in options.paths if path != "-"], formats, options.access_formats):
        read, inside, left = mixed(log), False, MOST_LINES
        with log.open() as stream:
            for line in read_lines(stream):
                record = read(line.rstrip(b"\r"))
                if record is not None and record.time is not None:
                    inside = since <= record.time / SECOND < until
                if inside and left:
                    left -= 1
                    yield line.decode("utf-8", "backslashreplace")


def _seconds(known: int | None, default: int) -> int:
    return default if known is None else known


def _own_names(logs: tuple[str, ...]) -> list[str]:
    """What tells whose logs these are, and is in no log: their paths, this host and this user."""
    import getpass
    import socket

    names = [socket.gethostname(), socket.gethostname().partition(".")[0]]
    with suppress(OSError, KeyError):  # a container's user may have no name
        names.append(getpass.getuser())
    return [*(log for log in logs if len(log) > 1), *(name for name in names if len(name) >= SHORTEST_NAME)]


def _about() -> tuple[dict[str, str], list[str]]:
    """The versions of all that takes part, and the names of the settings in force."""
    from logsleuth.cli.settings import in_force
    from logsleuth.cli.versions import versions

    return versions(), [value.setting.name for value in in_force(None)]
