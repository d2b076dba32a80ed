"""Options that several commands share."""

from __future__ import annotations

import click

EXTRA = click.option(
    "--patterns", multiple=True, type=click.Path(), metavar="PATH", help="More pattern files or folders."
)

PAGER = click.option("--pager/--no-pager", "pager", default=True, help="Page long output on a terminal (see PAGER).")


def unless_dash(context: click.Context, parameter: click.Parameter, path: str | None) -> str | None:
    """The file to write; `-` is standard output here as for other tools, and so no file."""
    return None if path == "-" else path
