"""A plain list of deploys and changes, written by people or by a deploy script: CSV with a header, or TOML."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from logsleuth.logs.httpd.record import Record
from logsleuth.logs.wrappers.stamps import ISO, iso_stamp
from logsleuth.regexes import regex

if TYPE_CHECKING:
    from logsleuth.logs.httpd.record import Reader

COLUMNS = {
    "time": ("time", "when", "date", "timestamp", "at"),
    "what": ("what", "change", "event", "deploy", "message", "description", "title"),
    "who": ("who", "by", "author", "user"),
    "where": ("where", "host", "service", "environment", "env", "target"),
}
"""What is read, and the names that a header may give it."""
WHEN = regex(ISO.replace(r":\d\d)(?:[.,]", r"(?::\d\d)?)(?:[.,]", 1) + r"\Z", re.ASCII)
"""As people write it: the seconds may be left out."""
SEPARATORS = ",;\t"


def columns_of(header: str) -> tuple[str, ...]:
    """Separator and columns that a CSV file's first line names; () if it has no column for time or what."""
    for separator in SEPARATORS:
        names = [cell.strip().strip('"').lower() for cell in header.lstrip("\ufeff").split(separator)]
        known = [next((key for key, aliases in COLUMNS.items() if name in aliases), "") for name in names]
        if "time" in known and "what" in known:
            return (separator, *known)
    return ()


def changes_reader(columns: tuple[str, ...], elsewhere: frozenset[str] = frozenset()) -> Reader:
    """A reader of lines with this separator and these columns, as `columns_of` gives them.

    `elsewhere`: other hosts, in lower case; changes on them are passed over.
    """
    return partial(_read, columns[0], columns[1:], elsewhere)


def _read(separator: str, columns: tuple[str, ...], elsewhere: frozenset[str], line: bytes) -> Record | None:
    """A change; None: the header, or a change on another host."""
    import csv  # noqa: PLC0415 - few logs have one beside them

    text = line.decode("utf-8", "backslashreplace").strip("\r\ufeff")
    try:
        cells = next(csv.reader([text], delimiter=separator, skipinitialspace=True), [])
    except csv.Error:
        cells = []
    fields = {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if name}
    stamp = when(fields.get("time", ""))
    if stamp is None or not fields.get("what"):
        if columns_of(text):
            return None
        return Record("unparsed" if text.strip() else "bare", text)
    if fields.get("where", "").lower() in elsewhere:
        return None
    extra = {name: fields[name] for name in ("who", "where") if fields.get(name)}
    message = f"change: {fields['what']}" + "".join(f", {name}: {value}" for name, value in extra.items())
    return Record("foreign", message, stamp[0], stamp[2], extra=extra, offset=stamp[1])


def when(text: str) -> tuple[int, int | None, int] | None:
    """The time that a cell names, as ISO 8601; None: it names none."""
    found = WHEN.match(text.strip())
    return None if found is None else iso_stamp(found)
