"""How every run ends: in an exit code and at most one line, whatever state its streams and folders are in.

What a command can't do is an exception; here, and nowhere else, it becomes words. 0 and 1 are answers of commands: no
failure ends with them.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import TYPE_CHECKING, NoReturn

from logsleuth.errors import LogsleuthError

if TYPE_CHECKING:
    from collections.abc import Callable

FAILED = 2
INTERRUPTED = 130
"""As shells have it: 128 and the number of the signal (SIGINT)…"""
BROKEN_PIPE = 141
"""…or SIGPIPE: the reader of the output has closed it."""
WIDTHS = range(20, 1001)
"""Columns and lines of a terminal that are believed."""
OF_STREAMS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EISDIR, errno.EAGAIN}


def run(command: Callable[[], None]) -> NoReturn:
    """Run a command and exit."""
    _repair_streams()
    _repair_environment()
    code = _outcome(command)
    sys.exit(_flushed(code))


def _outcome(command: Callable[[], None]) -> int:
    """Run a command; the exit code. A failure is reported in a line on standard error."""
    try:
        command()
    except SystemExit as end:
        return _asked_for(end)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        return _failed(error)
    return 0


def _failed(error: Exception) -> int:
    """Report a failure, each kind in its own words; the exit code."""
    match error:
        case LogsleuthError():
            say(f"logsleuth: {error}")
            return error.exit_code
        case OSError():
            return _refused(error)
        case _:
            return _broken(error)


def _asked_for(end: SystemExit) -> int:
    """The exit code that a command chose."""
    code = end.code
    return code if isinstance(code, int) else 0 if code is None else FAILED


def _broken(error: Exception) -> int:
    """Report a mistake of ours, or a lack of memory. Raises the error where somebody wants to see where it is from."""
    from logsleuth.logs.open.stores.addresses import without_secrets

    if os.environ.get("LOGSLEUTH_DEBUG"):
        raise error
    if isinstance(error, MemoryError):
        say("logsleuth: not enough memory; give it more, or less to read at once")
    else:
        name, text = type(error).__name__, without_secrets(str(error))
        say(f"logsleuth: internal error: {name}: {text}; please report it (LOGSLEUTH_DEBUG=1 shows where it is from)")
    return FAILED


def _refused(error: OSError) -> int:
    """Report what the operating system refused."""
    if error.filename is None:
        _give_up(1)
    if error.errno == errno.EPIPE:
        return BROKEN_PIPE
    reason = error.strerror or str(error)
    if error.errno == errno.EBADF:
        say("logsleuth: standard input or output is closed; open it, or name files")
    elif error.errno in OF_STREAMS and error.filename is None:
        say(f"logsleuth: cannot use standard input or output: {reason}")
    elif error.filename is None:
        say(f"logsleuth: {reason}")
    elif isinstance(error, PermissionError):
        say(f"logsleuth: no permission for {_name(error)}; run it with sudo, or as a member of group adm")
    else:
        say(f"logsleuth: {_name(error)}: {reason}")
    return FAILED


def _name(error: OSError) -> str:
    return os.fsdecode(error.filename) if isinstance(error.filename, (str, bytes)) else str(error.filename)


def say(text: str) -> None:
    """A line on standard error, in which nothing acts on a terminal; silence if there is no standard error."""
    from logsleuth.report.escape import visible

    try:
        sys.stderr.write("\n".join(map(visible, text.split("\n"))) + "\n")
        sys.stderr.flush()
    except OSError:
        _give_up(2)


def _flushed(code: int) -> int:
    """The exit code when all that was printed is out, or could not be."""
    try:
        sys.stdout.flush()
    except OSError as error:
        return _refused(error)
    return code


def _give_up(number: int) -> None:
    """Else Python writes once more what could not be written, and exits with a code of its own."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)


def _repair_streams() -> None:
    """Open what was closed, so that it fails when used; else a log that is opened next would take its place.

    No character is too odd for a stream: its encoding may be ASCII.
    """
    for number, mode in ((0, os.O_WRONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # takes the lowest number that is free
    sys.stdin = sys.stdin or _stream(0, "r")
    sys.stdout = sys.stdout or _stream(1, "w")
    sys.stderr = sys.stderr or _stream(2, "w")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _stream(number: int, mode: str) -> io.TextIOWrapper:
    raw = io.FileIO(number, mode, closefd=False)
    return io.TextIOWrapper(io.BufferedReader(raw) if mode == "r" else io.BufferedWriter(raw), encoding="utf-8")


def _repair_environment() -> None:
    """Sizes of a terminal that none has would make tables of a billion columns."""
    for name in ("COLUMNS", "LINES"):
        size = os.environ.get(name, "")
        if size and not (size.isascii() and size.isdigit() and len(size) < 5 and int(size) in WIDTHS):
            del os.environ[name]
