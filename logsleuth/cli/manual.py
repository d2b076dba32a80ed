"""`logsleuth man`: the manual page of a command, made from the same texts as its --help."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Final

import click

from logsleuth._version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

SECTION: Final = 1
VERBATIM: Final = "\b"
"""Click's mark of a paragraph whose lines are kept."""


@click.command(name="man", short_help="Print a manual page, for man.")
@click.argument("name", required=False, metavar="[COMMAND]")
@click.pass_context
def command(context: click.Context, name: str | None) -> None:
    """Print the manual page of logsleuth or of one of its commands, in the format of man(7).

    Read it with `logsleuth man analyze | man -l -`, or install it: `logsleuth man > logsleuth.1`.
    """
    root = context.find_root()
    group = root.command
    assert isinstance(group, click.Group)
    if name is None:
        click.echo(page(group, root))
        return
    chosen = group.get_command(root, name)
    if chosen is None:
        raise click.UsageError(f"'{name}' is not a command", context)
    click.echo(page(chosen, click.Context(chosen, info_name=name, parent=root)))


def page(command: click.Command, context: click.Context) -> str:
    """The manual page of a command."""
    return "\n".join(_lines(command, context))


def _lines(command: click.Command, context: click.Context) -> Iterator[str]:
    title = context.command_path.replace(" ", "-")
    yield f'.TH "{_escaped(title.upper())}" "{SECTION}" "" "logsleuth {__version__}" "User Commands"'
    yield ".SH NAME"
    yield f"{_escaped(title)} \\- {_escaped(command.get_short_help_str(200).rstrip('.'))}"
    yield ".SH SYNOPSIS"
    yield f".B {_escaped(context.command_path)}"
    yield _escaped(" ".join(command.collect_usage_pieces(context)))
    yield ".SH DESCRIPTION"
    yield from _paragraphs(inspect.cleandoc(command.help or ""))
    yield ".SH OPTIONS"
    yield from _options(command, context)
    if isinstance(command, click.Group):
        yield ".SH COMMANDS"
        yield from _commands(command, context)


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        lines = paragraph.split("\n")
        if lines[0].strip() == VERBATIM:
            yield from (".nf", *map(_escaped, lines[1:]), ".fi")
        else:
            yield _escaped(" ".join(lines))
        yield ".PP"


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None and record[1]:
            yield from (".TP", f"\\fB{_escaped(record[0])}\\fR", _escaped(record[1]))


def _commands(group: click.Group, context: click.Context) -> Iterator[str]:
    for name in group.list_commands(context):
        chosen = group.get_command(context, name)
        if chosen is not None:
            yield from (".TP", f"\\fB{_escaped(name)}\\fR", _escaped(chosen.get_short_help_str(200)))


def _escaped(text: str) -> str:
    """A line of text that troff shows as it is."""
    shown = re.sub(r"\s+", " ", text).strip().replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{shown}" if shown[:1] in {".", "'"} else shown
