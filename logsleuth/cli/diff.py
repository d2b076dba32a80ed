"""`logsleuth diff`: what is new, gone, more or less in a log after a change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from logsleuth.cli.inputs import complete_logs
from logsleuth.errors import LogsleuthError
from logsleuth.times import moment, present

if TYPE_CHECKING:
    from datetime import datetime

    from logsleuth.diff.read import Side


@click.command(name="diff", short_help="Show which messages are new, gone, more or less frequent after a change.")
@click.argument("logs", nargs=-1, required=True, metavar="BEFORE AFTER | LOG...", shell_complete=complete_logs)
@click.option("--before", metavar="FROM..TO", help="The period before, such as '2026-03-03 06:00..12:00'.")
@click.option("--after", metavar="FROM..TO", help="The period after; it may be open: '2026-03-03 12:00..'.")
@click.option(
    "--tz", metavar="ZONE", help="Zone of the logs' times, such as Europe/Berlin. Default: the server's local time."
)
@click.option("-f", "--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--patterns", multiple=True, type=click.Path(), metavar="PATH", help="More pattern files or folders.")
@click.option("--log-format", "log_formats", multiple=True, metavar="FORMAT",
              help="ErrorLogFormat's argument, as in httpd.conf. Several: main, connection, request.")  # fmt: skip
@click.option("--httpd-conf", type=click.Path(), metavar="FILE",
              help="The httpd configuration behind the logs: formats and log files.")  # fmt: skip
@click.option("--all", "everything", is_flag=True, help="Text: show every row, not only the most significant.")
def command(
    logs: tuple[str, ...],
    before: str | None,
    after: str | None,
    tz: str | None,
    style: str,
    patterns: tuple[str, ...],
    log_formats: tuple[str, ...],
    httpd_conf: str | None,
    everything: bool,
) -> None:
    """Compare two logs or, with --before and --after, two periods of the same logs.

    Messages are grouped by pattern or, where no pattern matches, by their shape. Each row shows the rate per hour on
    both sides, and the probability that chance makes such a difference, given how much the rate varied before.

    Logs of many hosts, or folders of tallies that `logsleuth scan --save` wrote, are compared host by host: rates are
    per host, and each row says on how many hosts the message occurred.

    \b
    Examples:
      logsleuth diff last-week.log error.log
      logsleuth diff monday-tallies/ tuesday-tallies/
      logsleuth diff error.log --before '2026-03-03 06:00..12:00' --after '2026-03-03 12:00..'
    """  # noqa: D301 - click's mark for lines that stay as they are
    from logsleuth.diff.read import Side, compare_logs
    from logsleuth.logs.conf.configuration import read_configuration
    from logsleuth.logs.conf.formats import formats_of
    from logsleuth.report.differences import as_json, as_text

    if before is None and after is None:
        if len(logs) != 2:
            raise LogsleuthError(
                f"diff needs two logs, not {len(logs)}", "or one, with --before FROM..TO and --after FROM..TO"
            )
        sides = [Side([log]) for log in logs]
    else:
        if before is None or after is None:
            raise LogsleuthError("--before and --after go together", "give both as FROM..TO")
        now = present(tz)
        sides = [_side(logs, before, "--before", now), _side(logs, after, "--after", now)]
    layouts = formats_of(log_formats, read_configuration(httpd_conf) if httpd_conf else None)
    comparison = compare_logs(*sides, tz=tz, patterns=patterns, layouts=layouts)
    text = as_json(comparison) if style == "json" else as_text(comparison, tz, everything=everything)
    click.echo(text, nl=False)


def _side(logs: tuple[str, ...], text: str, option: str, now: datetime) -> Side:
    from logsleuth.diff.read import Side

    begin, dots, end = text.partition("..")
    if not dots or not (begin.strip() or end.strip()):
        raise LogsleuthError(f"{option} '{text}' is not a time range", "write it as '2026-03-03 06:00..12:00'")
    since = moment(begin, option, now)
    return Side(list(logs), since, moment(end, option, now, since))
