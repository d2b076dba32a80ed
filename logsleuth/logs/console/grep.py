"""What tools put before a line: grep its file and number, an editor or `cat -n` its number, `tail` the file's name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.logs.wrappers.peeled import Peeled

if TYPE_CHECKING:
    from datetime import date

NAMED = re.compile(
    r"(?P<file>(?:[A-Za-z]:)?[\w.~/\\@+\-]{1,255}?)(?P<sign>[:-])(?:(?P<number>\d{1,10})(?P=sign))?(?=\S)"
)
FILE = re.compile(r"[./\\]|log\Z")
"""What the names of files hold; a hyphen may stand in any word."""
NUMBERED = re.compile(r"\s{0,10}(?:L|#|line )?(?P<number>\d{1,10})(?:[:|)-]\s?|\t|\s{2,}|\s\|\s?|\s(?=\[))")
TAILED = re.compile(r"==> (?P<file>.{1,255}) <==\s*\Z")


def peel_file(text: str, _: date) -> Peeled | None:
    """`error.log:`, `error.log:12:`, and with a hyphen, as grep marks the lines around a match."""
    found = NAMED.match(text)
    if found is None:
        return None
    is_a_name_of_perl = text.startswith("::", found.end() - 1)  # `DBD::mysql`
    if (found["sign"] == "-" or is_a_name_of_perl) and not FILE.search(found["file"]):
        return None
    return Peeled(text[found.end() :], extra={"file": found["file"]})


def peel_number(text: str, _: date) -> Peeled | None:
    """`12:`, `  12<tab>`, `12 | `."""
    found = NUMBERED.match(text)
    return None if found is None else Peeled(text[found.end() :])


def is_file_name(text: str) -> bool:
    """`==> /var/log/apache2/error.log <==`."""
    return TAILED.match(text) is not None
