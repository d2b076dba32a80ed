"""`logsleuth patterns new`: a pattern file from a log line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from logsleuth.cli.options import EXTRA


@click.command(name="new")
@click.option("--line", help="The line of log, or the lines of one traceback ('-': standard input). Default: ask.")
@click.option("--id", "id_", default="", help="Its id, such as shop.till-jammed (default: made from the line).")
@click.option("--title", default="", help="What happened, in a few words.")
@click.option("--role", default="", help="cause, symptom, capacity, noise, … (default: symptom).")
@click.option("--category", default="", help="The kind of outage that it causes (for role cause).")
@click.option("--severity", default="", help="critical, major, minor or info (default: minor).")
@click.option("--summary", default="", help="What happened, in a sentence; {name} is replaced by a capture.")
@click.option("--cause", default="", help="Why it happens.")
@click.option("--confirm", multiple=True, metavar="COMMAND", help="A command that confirms it. May be repeated.")
@click.option("--fix", default="", help="What to do now.")
@click.option("--prevent", default="", help="How to prevent it.")
@click.option("--reference", multiple=True, help="Source of the facts: an address, or 'httpd: server/log.c'.")
@click.option("--leads-to", multiple=True, metavar="ID", help="A pattern that this one explains. May be repeated.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder of patterns (default: ./patterns, else your own).")
@EXTRA
def command(line: str | None, id_: str, out: Path | None, patterns: tuple[str, ...], **said: Any) -> None:  # noqa: ANN401
    """Make a pattern file from a log line, then test and lint it.

    The line becomes its example, with addresses, hosts, users and secrets replaced. Without --line it asks for
    everything. Answers left empty get safe defaults, so that the file passes; add to it what you learn later.

    Exit codes: 0 written, and it passes; 1 written, but it needs a correction; 2 not written.
    """
    from logsleuth.authoring.draft import Words
    from logsleuth.authoring.writing import is_in_force, of_line, usual_folder, write
    from logsleuth.library.load import load_library

    library = load_library(patterns)
    if line is None:
        line = click.prompt("The line of log")
        id_ = id_ or click.prompt(
            "Id, such as shop.till-jammed (empty: made from the line)", default="", show_default=False
        )
        said |= _asked(said)
    elif line == "-":
        line = sys.stdin.buffer.read().decode("utf-8", "surrogateescape")
    texts = {key: value for key, value in said.items() if value and key not in ("reference", "leads_to")}
    words = Words(id=id_, references=said["reference"], leads_to=said["leads_to"], **texts)
    tried = of_line(library, line, words)
    folder = out or usual_folder()
    place = write(tried.draft, folder)
    click.echo(f"written: {place}")
    if not is_in_force(folder, patterns):
        click.echo(f"no command reads that folder by itself: add --patterns {folder}")
    if tried.problems:
        click.echo(tried.problems)
        sys.exit(1)
    click.echo(f"it passes test and lint. Next: edit it, then: logsleuth patterns check {place}")


def _asked(said: dict[str, Any]) -> dict[str, Any]:
    """The words that no option gave, asked for one by one."""
    from logsleuth.library.pattern import CATEGORIES, ROLES, SEVERITIES

    role = said["role"] or click.prompt("Role", type=click.Choice(ROLES), default="symptom")
    answers = {"role": role}
    if role == "cause":
        answers["category"] = said["category"] or click.prompt(
            "Category", type=click.Choice(CATEGORIES), default="unknown"
        )
    severity = said["severity"] or click.prompt("Severity", type=click.Choice(SEVERITIES), default="minor")
    answers["severity"] = severity
    questions = {
        "title": "Title: what happened, in a few words",
        "cause": "Why it happens",
        "fix": "What to do now",
        "prevent": "How to prevent it",
    }
    for name, question in questions.items():
        answers[name] = said[name] or click.prompt(f"{question} (may be empty)", default="", show_default=False)
    return answers
