"""`logsleuth patterns draft`: pattern files for messages that no pattern knows."""

from __future__ import annotations

from pathlib import Path

import click

from logsleuth.cli.inputs import complete_logs
from logsleuth.cli.options import EXTRA


@click.command(name="draft")
@click.argument("logs", nargs=-1, required=True, metavar="LOG...", shell_complete=complete_logs)
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("drafts"), show_default=True, help="Output folder."
)
@click.option("--top", default=10, show_default=True, help="Maximum number of files.")
@EXTRA
def command(logs: tuple[str, ...], out: Path, top: int, patterns: tuple[str, ...]) -> None:
    """Write skeleton pattern files for messages in each LOG that no pattern knows.

    Messages that the report shows as unknown come first, then the most frequent. Each file has a real line as its
    example, in which addresses, hosts, users and secrets are replaced; check paths and the application's words.
    """
    from logsleuth.authoring.writing import of_logs, write
    from logsleuth.errors import LogsleuthError
    from logsleuth.library.load import load_library
    from logsleuth.logs.open.log import open_logs
    from logsleuth.pipeline import analyze

    if "-" in logs:
        raise LogsleuthError(
            "drafts need to read the logs twice, and standard input can't be", "save it to a file first"
        )
    first = [message.template for message in analyze(list(logs), patterns=patterns).unknown]
    count = 0
    for tried in of_logs(load_library(patterns), open_logs(logs)[0], first, top):
        place = write(tried.draft, out)
        click.echo(f"{place}{'' if not tried.problems else ': to be fixed'}")
        if tried.problems:
            click.echo("    " + tried.problems.replace("\n", "\n    "))
        count += 1
    click.echo(
        f"{count} drafts" if count else "nothing to draft: all is known, or too little of it stays the same", err=True
    )
