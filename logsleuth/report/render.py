"""The renderers, and the one place that writes a report: to the terminal, or to a file whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from logsleuth.errors import LogsleuthError

if TYPE_CHECKING:
    from logsleuth.report.model import Report

FOR_PASTING = frozenset({"markdown", "html"})
"""Formats that are made for others: redacted unless told otherwise."""


def render(report: Report, style: str, *, redact: bool | None = None, full: bool = False, width: int = 100) -> str:
    """The report in a format ('text', 'markdown', 'html' or 'json'), without colour."""
    if redact if redact is not None else style in FOR_PASTING:
        from logsleuth.report.redact import redacted  # noqa: PLC0415

        report = redacted(report)
    if style == "json":
        from logsleuth.report import as_json  # noqa: PLC0415

        return as_json.render(report)
    if style == "markdown":
        from logsleuth.report import markdown  # noqa: PLC0415

        return markdown.render(report)
    if style == "html":
        from logsleuth.report import html  # noqa: PLC0415

        return html.render(report)
    from logsleuth.report import terminal  # noqa: PLC0415

    return terminal.render(report, full=full, width=width)


def deliver(report: Report, style: str, *, output: str | None, redact: bool | None = None, full: bool = False) -> None:
    """Print the report on standard output, in colour where someone is there to see it, or write it to a file."""
    if output is not None:
        write_whole(Path(output), render(report, style, redact=redact, full=full))
        return
    if style == "text":
        from logsleuth.report import terminal  # noqa: PLC0415
        from logsleuth.report.redact import redacted  # noqa: PLC0415

        terminal.show(redacted(report) if redact else report, full=full)
        return
    sys.stdout.write(render(report, style, redact=redact, full=full))


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all: to a temporary file beside it, then rename. Raises LogsleuthError.

    A pipe or device, such as /dev/stdout, is written to as it is; a link stays, and the file it leads to is replaced.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")
        else:
            _replace(Path(os.path.realpath(path)), text)
    except OSError as error:
        raise LogsleuthError(
            f"cannot write {path}: {error.strerror or error}", "name a file in a folder of yours"
        ) from None


def _replace(path: Path, text: str) -> None:
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
    with tempfile.NamedTemporaryFile(
        "w", dir=path.parent, prefix=f".{path.name[:32]}.", delete=False, encoding="utf-8"
    ) as out:
        try:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
            Path(out.name).chmod(mode)
            Path(out.name).replace(path)
        except BaseException:
            Path(out.name).unlink(missing_ok=True)
            raise


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
