"""`logsleuth formats`: what each log is, and which lines were not understood."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from logsleuth.cli.inputs import complete_logs, logs_or_pipe

if TYPE_CHECKING:
    from collections.abc import Iterator


UNNAMED = "not named by the lines (see --tz)"
HOSTS = 5
"""Hosts that are shown."""
WIDEST = 160
"""Characters of a line of log that are shown."""


@click.command(name="formats", short_help="Show the format of each log, and how certain that is.")
@click.argument("logs", nargs=-1, metavar="LOG...", callback=logs_or_pipe, shell_complete=complete_logs)
@click.option("--log-format", "log_formats", multiple=True, metavar="FORMAT",
              help="ErrorLogFormat's argument, as in httpd.conf. Several: main, connection, request.")  # fmt: skip
@click.option("--access-format", "access_formats", multiple=True, metavar="FORMAT",
              help="LogFormat's argument, as in httpd.conf, for access logs in a custom format.")  # fmt: skip
@click.option("-f", "--format", "style", type=click.Choice(["text", "json"]), default="text", help="Default: text.")
def command(logs: tuple[str, ...], log_formats: tuple[str, ...], access_formats: tuple[str, ...], style: str) -> None:
    """Show what each LOG is: its format and wrapper, its time zone, and the fields of three lines.

    Only a sample is read: the first lines and, in plain files, some from the middle and the end.
    """
    from logsleuth.logs.format.survey import survey
    from logsleuth.logs.open.log import look_at
    from logsleuth.report.surveys import as_data

    found = [survey(log) for log in look_at(logs, lambda _, __: log_formats, access_formats)]
    if style == "json":
        click.echo(json.dumps([as_data(one) for one in found], indent=2))
    else:
        click.echo("\n\n".join("\n".join(_lines(as_data(one))) for one in found))


def _lines(data: dict[str, Any]) -> Iterator[str]:
    from logsleuth.report.words import format_shown

    yield shown(data["path"])
    yield f"  format       {format_shown(data['format'])}: {format_shown(data['reason'])}"
    if data["source"] is None:
        yield "  not read"
        return
    if data["share"] is not None:
        yield f"  understood   {data['share']:.1%}: {data['understood']:,} of {data['sampled']:,} sampled lines"
    yield f"  wrapper      {data['wrapper'] or 'none'}"
    if data["rewritten"] not in (None, data["wrapper"]):
        yield f"  read as      {shown(data['rewritten'])}"
    if data["taken"]:
        yield f"  taken from   {shown('; '.join(f'{what}: {where}' for what, where in data['taken'].items()))}"
    if data["hosts"]:
        yield f"  hosts        {shown(', '.join(data['hosts'][:HOSTS]))}{_more(data['hosts'])}"
    yield f"  compression  {data['compression'] or 'none'}"
    if data["also"] and not data["whose"]:
        yield f"  also read    {', '.join(data['also'])} lines among them, by themselves"
    if data["first"] is not None:
        around = f"{data['zone']}, as the times around the lines show" if data["zone"] else UNNAMED
        zone = ", ".join(data["zones"]) or around
        yield f"  times        {data['first']} to {data['last']} in the sample, to {data['precision']}"
        yield f"  zone         {zone}"
    if data["workers_ahead_s"]:
        hours, side = abs(data["workers_ahead_s"]) / 3600, "ahead of" if data["workers_ahead_s"] > 0 else "behind"
        yield f"  workers      write {hours:g} h {side} their parent, and are put right"
    if data["whose"]:
        yield f"  whose lines  {', '.join(f'{source} {count}' for source, count in data['whose'].items())}"
    for outer in data["around"]:
        gives = f": {outer['gives']}" if outer["gives"] else ""
        yield f"  taken off    {outer['what']} ({outer['lines']} lines){gives}"
    for number, fields in enumerate(data["lines"], 1):
        shown_fields = " ".join(f"{name}={json.dumps(value)}" for name, value in fields.items())
        yield f"  line {number}       {shown_fields[:WIDEST]}{'…' if len(shown_fields) > WIDEST else ''}"
    for other in data["not_understood"]:
        yield f"  no fields    {shown(other['line'])}"
        yield f"               {other['reason']}"


def _more(hosts: list[str]) -> str:
    return f" and {len(hosts) - HOSTS} more" if len(hosts) > HOSTS else ""


def shown(text: str) -> str:
    """A piece of hostile text for a terminal: cut, and without control characters."""
    safe = "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text[:WIDEST])
    return safe + ("…" if len(text) > WIDEST else "")
