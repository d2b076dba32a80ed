"""`logsleuth patterns explain`: which patterns match a line, which nearly do, and what does not fit."""

from __future__ import annotations

import sys

import click

from logsleuth.cli.options import EXTRA


@click.command(name="explain")
@click.argument("line")
@click.option("--top", default=5, show_default=True, help="Number of near misses to show.")
@EXTRA
def command(line: str, top: int, patterns: tuple[str, ...]) -> None:
    """Show which patterns match LINE ('-': standard input), which nearly match, and which part of each does not fit.

    The line may be of any format that logsleuth reads, or a message without a head.
    """
    from logsleuth.authoring.explain import of_lines
    from logsleuth.authoring.near import near
    from logsleuth.library.load import load_library
    from logsleuth.report.escape import visible

    library = load_library(patterns)
    text = sys.stdin.buffer.read().decode("utf-8", "surrogateescape") if line == "-" else line
    found = of_lines(library, text)
    for said in found.said:
        module, level = said.kind
        click.echo(f"read as   module {module or '-'}, level {level or '-'}")
        for part in said.text.split("\n"):
            click.echo(f"          {visible(part)}")
        for hit in said.hits:
            fields = ", ".join(f"{name}={value!r}" for name, value in hit.fields)
            pattern = library.patterns[hit.pattern]
            click.echo(f"matches   {pattern.id}  {visible(fields)}{' (a fallback)' if pattern.fallback else ''}")
        for one in near(library, said, found.source, top):
            click.echo(f"near      {one.pattern.id}, match {one.number}: {visible(one.problem)}")
        click.echo("")
