"""`logsleuth merge`: the report on saved tallies."""

from __future__ import annotations

import sys

import click

from logsleuth.cli.ending import say
from logsleuth.cli.inputs import command_line
from logsleuth.cli.options import unless_dash
from logsleuth.report.formats import FORMATS, format_of


@click.command(name="merge", short_help="Report on logs of many hosts from their saved tallies.")
@click.argument("tallies", nargs=-1, required=True, metavar="TALLY...", type=click.Path())
@click.option(
    "-f", "--format", "style", type=click.Choice(list(FORMATS)), help="Default: text, or by the suffix of -o."
)
@click.option("-o", "--output", type=click.Path(dir_okay=False), callback=unless_dash,
              help="Write the report to a file, atomically.")  # fmt: skip
@click.option("--host", metavar="NAME", help="Report on one host of several.")
@click.option("--patterns", multiple=True, type=click.Path(), metavar="PATH",
              help="The further pattern files or folders that the logs were scanned with.")  # fmt: skip
@click.option("--redact", type=click.Choice(["none", "default", "strict"]),
              help="Replace identifying data with pseudonyms (default in formats meant to be shared).")  # fmt: skip
@click.option("--full", is_flag=True, help="Text: all incidents and evidence, not only the first screens.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 if an incident was found.")
def command(
    tallies: tuple[str, ...],
    style: str | None,
    output: str | None,
    host: str | None,
    patterns: tuple[str, ...],
    redact: str | None,
    full: bool,
    exit_code: bool,
) -> None:
    """Report on the logs of one or many hosts, from the tallies that `logsleuth scan --save` wrote on each host.

    The report is the same as that of `logsleuth analyze` on the logs themselves, without the lines around the evidence.
    """
    from logsleuth.pipeline import merge
    from logsleuth.report import render

    report = merge(tallies, patterns=patterns, command=command_line(), host=host)
    render.deliver(report, style or (format_of(output) if output else "text"), output=output, redact=redact, full=full)
    for reason in report.left_out:
        say(f"logsleuth: left out: {reason}")
    if exit_code and report.incidents:
        sys.exit(1)
