"""A place in a pattern's command or sentence that a value of the log fills: `{path}`."""

from __future__ import annotations

import re
from typing import Final

SLOT: Final = re.compile(r"\{([a-z_][a-z0-9_]*)\}")
