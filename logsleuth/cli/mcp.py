"""`logsleuth mcp`: the tools of logsleuth for agents, over the Model Context Protocol."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from logsleuth.cli.options import EXTRA
from logsleuth.errors import LogsleuthError

if TYPE_CHECKING:
    from logsleuth.redaction.pseudonyms import Level


@click.command(name="mcp", short_help="Serve the tools to an agent, over the Model Context Protocol.")
@click.option("--root", "roots", multiple=True, metavar="FOLDER", type=click.Path(exists=True, file_okay=False),
              help="Allow reading below this folder. Default: the usual log folders and the current one.")  # fmt: skip
@click.option("--max-bytes", type=click.IntRange(1000), default=16_000, show_default=True, metavar="N",
              help="Maximum size of an answer; the most important comes first, and JSON stays valid.")  # fmt: skip
@click.option("--redact", type=click.Choice(["none", "default", "strict"]), default="default", show_default=True,
              help="Replace identifying data with stable pseudonyms.")  # fmt: skip
@click.option("--tz", metavar="ZONE", help="Zone of the logs' times if a call does not name one.")
@EXTRA
def command(roots: tuple[str, ...], max_bytes: int, redact: str, tz: str | None, patterns: tuple[str, ...]) -> None:
    """Serve the tools analyze, explain, evidence, diff and formats on standard input and output.

    An agent starts it; nothing listens on the network, and no tool writes. Answers are JSON of at most --max-bytes,
    redacted, with log text marked as untrusted. It needs the extra: pip install 'logsleuth-httpd[mcp]'.
    """
    from logsleuth.agents.reach import usual_roots
    from logsleuth.agents.tools import Tools

    try:
        from logsleuth.agents.server import serve
    except ImportError as error:
        raise LogsleuthError(
            f"logsleuth mcp needs the package 'mcp' ({error.name} is missing)", "pip install 'logsleuth-httpd[mcp]'"
        ) from None
    folders = tuple(map(Path, roots)) or usual_roots(Path.cwd())
    try:
        serve(Tools(folders, cast("Level", redact), max_bytes, patterns, tz))
    except ExceptionGroup as group:  # the SDK's tasks fail together, for one reason
        raise _first(group) from None


def _first(error: Exception) -> Exception:
    """The first error of a group, and of groups within it."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error
