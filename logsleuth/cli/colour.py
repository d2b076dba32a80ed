"""`--color`: whether the terminal's report is coloured."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import click

COLOURS: Final = {"auto": None, "always": "FORCE_COLOR", "never": "NO_COLOR"}
"""The variable by which each choice is known to whatever prints (no-color.org, force-color.org)."""


def set_colour(context: click.Context, parameter: click.Parameter, choice: str) -> None:
    """Set the variable of a choice, and unset the other one."""
    variable = COLOURS[choice]
    if variable is None or context.resilient_parsing:
        return
    for name in filter(None, COLOURS.values()):
        os.environ.pop(name, None)
    os.environ[variable] = "1"
