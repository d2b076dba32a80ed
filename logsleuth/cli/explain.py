"""`logsleuth explain`: what a line of log, a code, a pattern or a category means."""

from __future__ import annotations

import sys
import textwrap
from typing import TYPE_CHECKING

import click

from logsleuth.cli.options import EXTRA

if TYPE_CHECKING:
    from logsleuth.authoring.explain import Answer, Meaning
    from logsleuth.library.pattern import Library

WIDTH = 100
MOST_WHOLE = 3
"""Of more patterns than these only id and title are told."""


@click.command(name="explain", short_help="Tell what a log line or an AH code means.")
@click.argument("what", metavar="'LINE'|CODE|PATTERN|CATEGORY|-")
@EXTRA
def command(what: str, patterns: tuple[str, ...]) -> None:
    r"""Tell what a line of log means, what usually causes it, and what to look at next.

    \b
    logsleuth explain '[Tue Mar 03 14:02:11 2009] [error] server reached MaxClients setting, ...'
    logsleuth explain AH00161
    logsleuth explain worker-exhaustion
    tail -1 error.log | logsleuth explain -

    The whole of a pattern's name works as well. Several lines, such as a traceback, come from standard input.
    Exit codes: 0 something is known; 1 nothing is; 2 wrong usage.
    """
    from logsleuth.authoring.explain import answer, of_lines
    from logsleuth.library.load import load_library

    library = load_library(patterns)
    if what == "-":
        found = of_lines(library, sys.stdin.buffer.read().decode("utf-8", "surrogateescape"))
    else:
        found = answer(library, what)
    for line in _told(found, library):
        click.echo(line)
    if not found.meanings:
        sys.exit(1)


def _told(found: Answer, library: Library) -> list[str]:
    if not found.meanings:
        return _unknown(found, library)
    if len(found.meanings) > MOST_WHOLE:
        head = f"{len(found.meanings)} patterns know {found.asked if found.what != 'line' else 'these lines'}:"
        rows = [f"  {meaning.pattern.id:48} {meaning.pattern.title}" for meaning in found.meanings]
        return [head, "", *rows, "", "logsleuth explain PATTERN tells more of each."]
    return [line for meaning in found.meanings for line in [*_whole(meaning), ""]][:-1]


def _whole(meaning: Meaning) -> list[str]:
    from logsleuth.report.escape import visible

    pattern, explain = meaning.pattern, meaning.pattern.explain
    facts = f"{pattern.role}, {pattern.severity}" + (f", category {pattern.category}" if pattern.category else "")
    lines = [pattern.title, f"  {pattern.id}: {facts}", *_paragraph("", meaning.fill(explain.summary))]
    lines += _paragraph("Why", explain.cause)
    for number, step in enumerate(explain.confirm):
        lines.append(f"  {'' if number else 'Check':8} {meaning.fill(step)}")
    lines += [*_paragraph("Now", meaning.fill(explain.fix)), *_paragraph("For good", explain.prevent)]
    if pattern.leads_to:
        lines += _paragraph("Leads to", ", ".join(pattern.leads_to))
    lines += _paragraph("Source", "; ".join(pattern.references))
    return [visible(line) for line in lines]


def _paragraph(name: str, text: str) -> list[str]:
    if not text:
        return []
    return textwrap.wrap(
        text, WIDTH, initial_indent=f"  {name:8} ", subsequent_indent=" " * 11, break_on_hyphens=False,
        break_long_words=False,
    )  # fmt: skip


def _unknown(found: Answer, library: Library) -> list[str]:
    from logsleuth.authoring.explain import near_codes
    from logsleuth.authoring.near import near
    from logsleuth.report.escape import visible

    if found.what == "code":
        nearest = ", ".join(near_codes(library, found.asked)) or "none"
        return [
            f"No pattern knows {found.asked}. Its message in the log says more: paste the whole line.",
            f"The nearest codes that are known: {nearest}.",
        ]
    lines = ["No pattern knows this."]
    for said in found.said[:1]:
        lines += [
            f"  read as  module {said.kind[0] or '-'}, level {said.kind[1] or '-'}, text: {visible(said.text)[:300]}"
        ]
        for one in near(library, said, found.source, most=3):
            lines.append(f"  near     {one.pattern.id}: {visible(one.problem)}")
    return [*lines, "logsleuth patterns new --line 'LINE' makes a pattern of it."]
