"""What somebody wrote around a log when they asked about it."""

from __future__ import annotations

import re

FIRST_PERSON = r"(?:I(?:['’](?:m|ve|d))?|[Mm]y|[Ww]e|[Oo]ur)(?= )"
ASKING = r"[Aa]nyone|[Tt]hanks?|[Pp]lease help|[Aa]ny (?:ideas?|help|suggestions?|clues?)"
SHOWING = r"the following (?:error|message|line)s?|error log (?:shows|says|contains)"
PROSE = re.compile(rf"\b(?:{FIRST_PERSON}|{ASKING}|{SHOWING})\b")
"""Words of somebody who asks, which no program says of itself."""
LEAST_WORDS = 4


def is_prose(text: str) -> bool:
    """Whether a line without a head is a sentence of somebody's question."""
    return len(text.split()) >= LEAST_WORDS and PROSE.search(text) is not None
