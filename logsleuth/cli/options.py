"""Options that several commands share."""

from __future__ import annotations

import click

EXTRA = click.option(
    "--patterns", multiple=True, type=click.Path(), metavar="PATH", help="More pattern files or folders."
)
