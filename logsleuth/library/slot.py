"""A place in a pattern's command or sentence that a value of the log fills: `{path}`."""

from __future__ import annotations

from typing import Final

from logsleuth.regexes import regex

SLOT: Final = regex(r"\{([a-z_][a-z0-9_]*)\}")
