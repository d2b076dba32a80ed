"""On a terminal, long output goes through a pager; if the pager fails, no output is lost.

The rules are git's: PAGER names the program (`cat` or nothing: no pager), `less` is the default, and LESS is set to
FRX where the user has set nothing. What fits on the screen is printed as it is.
"""

from __future__ import annotations

import io
import os
import sys
from contextlib import contextmanager, suppress
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator, Mapping

DEFAULT: Final = ("less", "more")
"""The first that is installed is used."""
LESS: Final = "FRX"
"""Leave at once if all fits, let colours through, and leave the text on the screen."""
SHOW_COLOURS: Final = frozenset({"less", "bat", "moar", "ov"})
"""Pagers that are known to show colours; others get plain text."""


class Captured(io.TextIOWrapper):
    """Takes the place of standard output until all is written, and passes for the terminal that it is."""

    def isatty(self) -> bool:
        """What is written here ends on a terminal."""
        return True


@contextmanager
def paged(wanted: bool) -> Iterator[None]:
    """Show through a pager what is printed inside; as it is, if no pager is wanted, needed or at hand."""
    command = pager_command(os.environ) if wanted and _is_read() else ()
    if not command:
        yield
        return
    terminal, memory = sys.stdout, io.BytesIO()
    sys.stdout = captured = Captured(memory, encoding=terminal.encoding, errors="backslashreplace")
    try:
        yield
    finally:  # an error ends the command, and what was printed before it is still shown
        sys.stdout = terminal
        captured.flush()
        text = memory.getvalue().decode(terminal.encoding or "utf-8", "backslashreplace")
        if _fits(text) or not _shown_by(command, text):
            terminal.write(text)


def pager_command(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The pager and its options; empty: none is wanted, or none is there."""
    import shlex
    import shutil

    named = environment.get("PAGER")
    if named is None:
        return next(((name,) for name in DEFAULT if shutil.which(name)), ())
    try:
        words = tuple(shlex.split(named))
    except ValueError:  # a quote that is not closed
        return ()
    return () if words == ("cat",) or not words or not shutil.which(words[0]) else words


def _is_read() -> bool:
    """Whether somebody reads at a terminal that can page."""
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def _fits(text: str) -> bool:
    """Whether a text leaves a line of the screen for the prompt."""
    import shutil

    return text.count("\n") < shutil.get_terminal_size().lines


def _shown_by(command: tuple[str, ...], text: str) -> bool:
    """Whether the pager showed the text, or the reader has left it; not if it failed."""
    import subprocess

    if PurePath(command[0]).stem not in SHOW_COLOURS:
        import click

        text = click.unstyle(text)
    environment = {"LESS": LESS, "LESSCHARSET": "utf-8", **os.environ}
    try:
        pager = subprocess.Popen(command, stdin=subprocess.PIPE, env=environment)
    except OSError:
        return False
    _feed(pager, text.encode(sys.stdout.encoding or "utf-8", "backslashreplace"))
    return _ended(pager) <= 0  # below: by a signal, which is the reader's wish


def _feed(pager: subprocess.Popen[bytes], data: bytes) -> None:
    """Write to a pager, which may be left before it has read all."""
    assert pager.stdin is not None
    with suppress(OSError, KeyboardInterrupt):
        pager.stdin.write(data)
    with suppress(OSError, KeyboardInterrupt):
        pager.stdin.close()


def _ended(pager: subprocess.Popen[bytes]) -> int:
    """The exit code of the pager; Ctrl-C is a command of the pager's, so we wait on."""
    while True:
        with suppress(KeyboardInterrupt):
            return pager.wait()
