"""Whether a log fits the LogFormats that the user gave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.logs.others.access.layout import KNOWN
from logsleuth.logs.others.access.reader import access_reader
from logsleuth.values import replace

if TYPE_CHECKING:
    from logsleuth.logs.format.sniff import Format

MOST_LINES = 2000
LEAST = 0.5
"""Of the sampled lines: an access log has nothing but requests."""


def access_fits(sample: bytes, formats: tuple[str, ...], otherwise: Format) -> Format:
    """The format of a log that begins like this: an access log in these LogFormats, or `otherwise`.

    Raises LogsleuthError if one of them has no time or no status.
    """
    read = access_reader(formats)
    lines = [line for line in sample.split(b"\n", MOST_LINES)[:MOST_LINES] if line.strip()]
    fit = sum((record := read(line)) is not None and record.kind == "foreign" for line in lines)
    if fit < LEAST * len(lines):
        return otherwise
    reason = f"{fit} of {len(lines)} sampled lines fit the LogFormat that was given"
    return replace(otherwise, kind="access", name="access", reason=reason, layouts=(*formats, *KNOWN))
