"""Records as rows of CSV under a header that names their fields, as consoles and searches export them."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from logsleuth.logs.wrappers.objects import Fields

SEPARATORS = ",\t;"
LONGEST_ROW = 1 << 20
MOST_COLUMNS = 400
NAME = re.compile(r"[A-Za-z_@#$*][\w@.#$*\-/() ]{0,78}(?: \[UTC\])?", re.ASCII)
UTC = " [UTC]"
"""What Azure's portal puts behind the name of a column with times in UTC."""

Columns = tuple[str, ...]
"""The separator, and the fields' names in order."""


def columns_in(header: str) -> Columns | None:
    """Separator and names that a file's first line has; None: it is no header of two columns or more."""
    text = header.strip("\ufeff\r\n ")
    for separator in SEPARATORS:
        cells = cells_of(text, separator)
        if 1 < len(cells) < MOST_COLUMNS and all(map(NAME.fullmatch, cells)) and len({*cells}) == len(cells):
            return (separator, *cells)
    return None


def cells_of(row: str, separator: str) -> list[str]:
    """A row's cells; empty where it is too long or no CSV."""
    if len(row) > LONGEST_ROW:
        return []
    try:
        return next(csv.reader([row], delimiter=separator), [])
    except csv.Error:
        return []


def fields_of_row(row: str, columns: Columns) -> Fields | None:
    """A row's cells by their columns' names; None: it is no row of this table, or its header."""
    names = columns[1:]
    cells = cells_of(row.rstrip("\r\n"), columns[0])
    if len(cells) != len(names) or tuple(cells) == names:
        return None
    return {
        name.removesuffix(UTC): f"{cell} UTC" if name.endswith(UTC) and cell else cell
        for name, cell in zip(names, cells, strict=True)
        if cell
    }


def is_whole(row: str) -> bool:
    """Whether a row ends on its line: its quotes are closed."""
    return row.count('"') % 2 == 0
