"""The renderers, and the one place that writes a report: to the terminal, or to a file whole or not at all."""

from __future__ import annotations

import importlib
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from logsleuth.errors import LogsleuthError
from logsleuth.report.addressee import NOBODY, Addressee, addressee
from logsleuth.report.formats import FORMATS, Look

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.report.model import Report


def render(
    report: Report,
    style: str,
    *,
    redact: str | None = None,
    words: Sequence[str] = (),
    full: bool = False,
    width: int = 100,
    template: str = "",
    to: Addressee = NOBODY,
) -> str:
    """The report in one of FORMATS, without colour.

    `redact`: 'none', 'default' or 'strict'; None: default in what is made for others, else none. `words`: further
    words to take out, whatever the level. `template`: the user's own, in the place of the format. `to`: whom a message
    to a service is for.
    """
    look = Look(full=full, width=width, template=template, to=to)
    module = importlib.import_module("logsleuth.report.template" if template else FORMATS[style].module)
    level = redact or ("default" if template else None)
    shown: str = module.render(for_reader(report, style, level, words), look)
    return shown


def for_reader(report: Report, style: str, redact: str | None, words: Sequence[str]) -> Report:
    """The report with that taken out of it which is not for those who read this format."""
    level = _level(style, redact)
    if level == "none" and not words:
        return report
    from logsleuth.report.redact import redacted  # noqa: PLC0415

    return redacted(report, level, words)


def _level(style: str, redact: str | None) -> str:
    return redact or ("default" if FORMATS[style].for_others else "none")


def needs_excerpts(style: str, redact: str | None, words: Sequence[str], template: str) -> bool:
    """Whether the lines around the evidence are shown, or are to be redacted: names are learned from them as well."""
    return FORMATS[style].shows_excerpts or bool(template or words) or _level(style, redact) != "none"


def tells(style: str, redact: str | None, words: Sequence[str], template: str, *, full: bool) -> int | None:
    """Of how many incidents the reader is told in full; of all that are redacted, as names are learned from each."""
    everything = full or template or words or _level(style, redact) != "none"
    return None if everything else FORMATS[style].tells


def deliver(
    report: Report,
    style: str,
    *,
    output: str | None,
    redact: str | None = None,
    words: Sequence[str] = (),
    full: bool = False,
    template: str = "",
) -> None:
    """Print the report on standard output, in colour where someone is there to see it, or write it to a file."""
    if output is None:
        _say_whatever()
    if output is None and style == "text" and not template:
        from logsleuth.report import terminal  # noqa: PLC0415

        terminal.show(for_reader(report, style, redact, words), full=full)
        return
    text = render(report, style, redact=redact, words=words, full=full, template=template, to=addressee(os.environ))
    if output is not None:
        write_whole(Path(output), text)
    else:
        sys.stdout.write(text)


def _say_whatever() -> None:
    """Let standard output show what its encoding has no letters for as escapes, rather than fail."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def write_whole(path: Path, text: str | bytes) -> None:
    """Write a file whole or not at all: to a temporary file beside it, then rename. Raises LogsleuthError.

    A pipe or device, such as /dev/stdout, is written to as it is; a link stays, and the file it leads to is replaced.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(_bytes(text))
        else:
            _replace(Path(os.path.realpath(path)), _bytes(text))
    except OSError as error:
        raise LogsleuthError(
            f"cannot write {path}: {error.strerror or error}", "name a file in a folder of yours"
        ) from None


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def _replace(path: Path, data: bytes) -> None:
    import tempfile  # noqa: PLC0415 - most reports are printed

    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name[:32]}.", delete=False) as out:
        try:
            out.write(data)
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
