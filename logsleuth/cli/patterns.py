"""`logsleuth patterns`: look at and test the pattern library."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

import click

from logsleuth.cli.options import EXTRA, PAGER
from logsleuth.cli.pager import paged
from logsleuth.errors import LogsleuthError
from logsleuth.spelling import suggestion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.library.pattern import Library, Pattern

COMMANDS = {
    "new": ("logsleuth.cli.new", "Make a pattern file from a log line."),
    "draft": ("logsleuth.cli.draft", "Draft pattern files for messages that no pattern knows."),
    "explain": ("logsleuth.cli.near", "Show which patterns match a line, and why others do not."),
    "search": ("logsleuth.cli.search", "Find patterns by their words."),
    "where": ("logsleuth.cli.where", "Show which pattern folders and files are in use."),
    "lint": ("logsleuth.cli.lint", "Find patterns that are wrong, slow or easily fooled."),
    "check": ("logsleuth.cli.patterns_check", "Test and lint in one go."),
    "coverage": ("logsleuth.cli.coverage", "Show how much of a log the library knows."),
    "catalogue": ("logsleuth.cli.catalogue", "Write the library as markdown pages."),
    "schema": ("logsleuth.cli.schema", "Print the JSON Schema of pattern files, for editors."),
}
"""Those with a file of their own: name to module (its `command`) and short help."""


class PatternsGroup(click.Group):
    """The commands of this file, and those that are imported only when they are run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names, in the order shown."""
        return [*super().list_commands(ctx), *COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        command: click.Command = importlib.import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        here = [(name, sub.get_short_help_str()) for name, sub in self.commands.items()]
        with formatter.section("Commands"):
            formatter.write_dl([*here, *((name, text) for name, (_, text) in COMMANDS.items())])


@click.group(name="patterns", cls=PatternsGroup)
def command() -> None:
    """Inspect, test and extend the pattern library."""


@command.command(name="list")
@click.argument("words", nargs=-1)
@click.option("--role", metavar="ROLE", help="Only patterns of this role: cause, symptom, capacity, noise, ….")
@click.option("--category", metavar="NAME", help="Only patterns of this category, such as backend-down.")
@EXTRA
def list_(words: tuple[str, ...], role: str | None, category: str | None, patterns: tuple[str, ...]) -> None:
    """List the patterns with all WORDS in their id or title: id, role, category, title."""
    from logsleuth.library.pattern import CATEGORIES, ROLES

    _check("role", role, ROLES)
    _check("category", category, CATEGORIES)
    library = _load(patterns)
    chosen = [
        pattern
        for pattern in library.patterns
        if (role is None or pattern.role == role)
        and (category is None or pattern.category == category)
        and all(word.lower() in f"{pattern.id} {pattern.title}".lower() for word in words)
    ]
    for pattern in chosen:
        click.echo(f"{pattern.id:48} {pattern.role:9} {pattern.category or '-':20} {pattern.title}")
    click.echo(f"{len(chosen)} of {len(library.patterns)} patterns", err=True)


def _check(what: str, name: str | None, names: Sequence[str]) -> None:
    """Raises LogsleuthError if a name is given that is not among these."""
    if name is not None and name not in names:
        raise LogsleuthError(f"no {what} '{name}'", suggestion(name, names, f"it is one of {', '.join(names)}"))


@command.command(name="show")
@click.argument("name")
@PAGER
@EXTRA
def show(name: str, pager: bool, patterns: tuple[str, ...]) -> None:
    """Show one pattern: what it means, what to do, and the file it is from."""
    library = _load(patterns)
    pattern = library.get(name)
    if pattern is None:
        raise LogsleuthError(f"no pattern '{name}'", _hint(name, library))
    with paged(pager):
        click.echo(_describe(pattern))


def _hint(name: str, library: Library) -> str:
    """What to do about a pattern that there is not."""
    from logsleuth.library.pattern import CATEGORIES

    if name in CATEGORIES:
        return f"it is a category: logsleuth explain {name}"
    return suggestion(name, [pattern.id for pattern in library.patterns], "logsleuth patterns list shows all")


def _describe(pattern: Pattern) -> str:
    from logsleuth.library.commands import command as command_of
    from logsleuth.report.escape import visible

    explain = pattern.explain
    head = [
        f"{pattern.id}: {pattern.title}",
        f"  file      {pattern.origin}",
        f"  role      {pattern.role}    category {pattern.category or '-'}    severity {pattern.severity}",
        f"  about     {pattern.about}    proof {pattern.proof}    lasts {pattern.lasts}    phase {pattern.phase}"
        f"    names {pattern.names}    restart {pattern.restart}",
    ]
    if pattern.worker:
        head.append(f"  worker    {pattern.worker.state} ({pattern.worker.subject})")
    for number, match in enumerate(pattern.matches, 1):
        head.append(f"  match {number}   contains {match.contains!r}")
        if match.regex:
            head.append(f"            regex    {match.regex}")
    if pattern.leads_to:
        head.append(f"  leads to  {', '.join(pattern.leads_to)}")
    texts = [
        ("why", explain.cause),
        *(("check", command_of(template, {})) for template in explain.confirm),
        ("now", explain.fix),
        ("later", explain.prevent),
        *(
            (f"{name}, if {case.condition}:", text or "nothing")
            for case in explain.cases
            for name, text in case.apart_from(explain)
        ),
    ]
    head += [f"  {name:9} {text}" for name, text in texts if text]
    head += [f"  see       {reference}" for reference in pattern.references]
    return "\n".join(map(visible, head))


@command.command(name="test")
@click.argument("files", nargs=-1, type=click.Path())
@EXTRA
def test(files: tuple[str, ...], patterns: tuple[str, ...]) -> None:
    """Run the examples of all patterns, or of those in FILES, against the whole library.

    Exit codes: 0 all passed; 1 an example failed; 2 a file cannot be read.
    """
    from logsleuth.authoring import selftest
    from logsleuth.authoring.choose import in_files

    library = _load((*patterns, *files))
    chosen = in_files(library, files)
    failures = selftest.run(library, chosen)
    if failures:
        click.echo(selftest.summary(failures))
    examples = sum(len(p.examples) + len(p.counter_examples) for p in chosen)
    click.echo(f"{len(chosen)} patterns, {examples} examples, {len(failures)} failures")
    if failures:
        sys.exit(1)


def _load(extra: tuple[str, ...]) -> Library:
    from logsleuth.library.load import load_library

    return load_library(extra)
