"""Whether a log fits the ErrorLogFormats that the user gave for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from logsleuth.values import replace

if TYPE_CHECKING:
    from logsleuth.logs.format.sniff import Format

LayoutsOf = Callable[[str, str], tuple[str, ...]]
"""The ErrorLogFormats (as in httpd.conf) for a path and the host that it names ('' if none). If empty, the format is
recognised from the lines."""
LEAST = 0.02
"""Of the sampled lines: raw output of children, or another virtual host's lines, may make the rest."""
MOST_LINES = 2000


def no_layouts(path: str, host: str) -> tuple[str, ...]:
    """No formats were given."""
    return ()


def layouts_fit(sample: bytes, layouts: tuple[str, ...], otherwise: Format) -> Format:
    """The format of a log that begins like this: these layouts, or `otherwise` if no line fits them.

    Raises LogsleuthError if httpd would refuse one of them.
    """
    from logsleuth.logs.httpd.layout.layout import layout  # noqa: PLC0415 - few logs are read by formats of their own

    compiled = [layout(argument) for argument in layouts]
    lines = [
        line for line in sample.decode("utf-8", "backslashreplace").split("\n", MOST_LINES)[:MOST_LINES] if line.strip()
    ]
    fit = sum(any(one.read(line) is not None for one in compiled) for line in lines)
    if not fit or fit < LEAST * len(lines):
        reason = f"{otherwise.reason}; {fit} of {len(lines)} sampled lines fit the ErrorLogFormat that was given"
        return replace(otherwise, reason=reason)
    reason = f"{fit} of {len(lines)} sampled lines fit the ErrorLogFormat that was given"
    return replace(otherwise, kind="httpd", name="httpd-custom", reason=reason, layouts=layouts)
