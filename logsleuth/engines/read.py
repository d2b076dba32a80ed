"""All logs into one tally: what of each is looked at, and by which engine."""

from __future__ import annotations

import importlib
from functools import partial
from typing import TYPE_CHECKING

from logsleuth.engines.scanners import Scanners
from logsleuth.engines.serial import scan_serial
from logsleuth.engines.source import Source, Unreadable
from logsleuth.errors import LogsleuthError
from logsleuth.logs.format.reader import reader_of
from logsleuth.logs.httpd.tokenize import tokenize
from logsleuth.logs.open.block import count_lines
from logsleuth.scan.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import tzinfo

    from logsleuth.library.pattern import Library
    from logsleuth.logs.open.log import Log
    from logsleuth.scan.matcher import Matcher
    from logsleuth.scan.scanner import Scanner
    from logsleuth.scan.window import Window

WORTH_SHARING = 24 * 1024 * 1024
"""Bytes: less is read before further processes would have started."""
WORTH_SEEKING = 48 * 1024 * 1024
"""Bytes of a plain file: a smaller one is read as a whole, whatever --since says."""
WORTH_COUNTING = 1 << 31
"""Bytes of a local file passed over by --since whose lines are counted; else evidence is cited by byte offset alone."""
MEANWHILE = ("logsleuth.story", "logsleuth.report.compose.compose", "logsleuth.report.terminal")
"""Modules that are imported while other processes scan: as long as 20 MB of log take."""


def read_tally(
    logs: Sequence[Log],
    library: Library,
    window: Window,
    zone: tzinfo,
    jobs: int,
    progress: Callable[[int], None] | None,
    *,
    matcher: Matcher | None = None,
    by_host: bool = False,
) -> tuple[Tally, bool]:
    """All logs in one tally, and whether the reading was interrupted. Raises LogsleuthError if one can't be read.

    `matcher`: one of these patterns that was made before; making it takes a tenth of a second. `by_host`: where lines
    name their hosts, each host's are counted apart, in the tally's `hosts`.
    """
    tally, scanners = Tally(), Scanners(logs, library, zone, window, by_host, matcher)
    try:
        sources = [_source(log, number, window, tally) for number, log in enumerate(logs)]
        if jobs > 1 and sum(source.size for source in sources) >= WORTH_SHARING:
            scan_parallel = _parallel([scanners(number) for number in range(len(logs))])
            return tally, scan_parallel(sources, scanners, jobs, progress, tally, meanwhile=_import_the_rest)
        return tally, scan_serial(sources, scanners, progress, tally)
    except KeyboardInterrupt:
        return tally, True
    except Unreadable as failure:
        raise _unreadable(logs[failure.number], failure.reason) from None


def _parallel(scanners: Sequence[Scanner]) -> Callable[..., bool]:
    """How several processors are put to use: by threads, unless Python itself has to read the lines of some log."""
    if all(scanner.is_compiled for scanner in scanners):
        from logsleuth.engines.threads import scan_threads

        return scan_threads
    from logsleuth.engines.local import scan_parallel

    return scan_parallel


def _import_the_rest() -> None:
    for name in MEANWHILE:
        importlib.import_module(name)


def _source(log: Log, number: int, window: Window, tally: Tally) -> Source:
    """What of a log is looked at; what --since passes over is only counted, for the lines' numbers."""
    size = log.size or 0
    if not log.is_plain or not size:
        return Source(number, log)
    if not window.bounded or size < WORTH_SEEKING:
        return Source(number, log, 0, size)
    from logsleuth.logs.open.seek import find_stretch

    read = reader_of(log.format, log.newest) or partial(tokenize, vhost=log.format.vhost)
    try:
        with log.open() as stream:
            stretch = find_stretch(stream, size, read, window.since, window.until)
            worth = log.is_local and stretch.begin <= WORTH_COUNTING
            passed = count_lines(stream, stretch.begin) if worth else None
    except OSError as error:
        raise Unreadable(number, error) from None
    tally.pass_over(number, passed)
    return Source(number, log, stretch.begin, stretch.end)


def _unreadable(log: Log, error: Exception) -> LogsleuthError:
    check = "the disk" if log.is_local else "the network"
    return LogsleuthError(f"cannot read {log.path}: {error}", f"run it again; if that does not help, check {check}")
