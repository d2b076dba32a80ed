"""The engine that reads on this machine: in this process, in threads, or in further processes."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from logsleuth.engines.reading import sources_of
from logsleuth.engines.scanners import Scanners
from logsleuth.engines.serial import scan_serial
from logsleuth.engines.source import Unreadable
from logsleuth.errors import LogsleuthError
from logsleuth.scan.core import let_go
from logsleuth.scan.matcher import Matcher
from logsleuth.scan.scanner import Partial

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from logsleuth.engines.reading import Read, Reading
    from logsleuth.library.pattern import Library
    from logsleuth.logs.open.log import Log
    from logsleuth.scan.scanner import Scanner
    from logsleuth.scan.tally import Tally

WORTH_SHARING = 24 * 1024 * 1024
"""Bytes: less is read before further processes would have started."""
MEANWHILE = ("logsleuth.story", "logsleuth.report.compose.compose", "logsleuth.report.terminal")
"""Modules that are imported while other processes scan: as long as 20 MB of log take."""


class ThisMachine:
    """One reading after the other, each by as many workers as it is worth."""

    def __init__(self, library: Library, jobs: int, progress: Callable[[int], None] | None = None) -> None:
        """`progress` is called with the bytes of each block that is done."""
        self.library = library
        self._jobs, self._progress = jobs, progress
        self._matcher: Matcher | None = None

    def read_all(self, readings: Sequence[Reading]) -> Iterator[Read]:
        """The result of each reading: see `Engine`."""
        for reading in readings:
            try:
                tally, interrupted = self.read(reading)
            except LogsleuthError as error:
                yield error
                continue
            yield tally, interrupted
            if interrupted:
                return

    def read(self, reading: Reading) -> tuple[Tally, bool]:
        """The tally, and whether the reading was interrupted. Raises LogsleuthError if a log can't be read."""
        self._matcher = self._matcher or Matcher(self.library)
        part, scanners = Partial(), Scanners(reading, self.library, self._matcher)
        try:
            sources = sources_of(reading, part)
            if self._jobs > 1 and sum(source.size for source in sources) >= WORTH_SHARING:
                scan_parallel = _parallel([scanners(number) for number in range(len(reading.logs))])
                interrupted = scan_parallel(
                    sources, scanners, self._jobs, self._progress, part, meanwhile=_import_the_rest
                )
            else:
                interrupted = scan_serial(sources, scanners, self._progress, part)
        except KeyboardInterrupt:
            interrupted = True
        except Unreadable as failure:
            raise unreadable(reading.logs[failure.number], failure.reason) from None
        tally = part.tally()
        if sum(log.bytes for log in tally.logs.values()) >= WORTH_SHARING:
            let_go(self._matcher)
        return tally, interrupted


def _parallel(scanners: Sequence[Scanner]) -> Callable[..., bool]:
    """How several processors are put to use: by threads, unless Python itself has to read the lines of some log."""
    if all(scanner.is_free for scanner in scanners):
        from logsleuth.engines.threads import scan_threads

        return scan_threads
    from logsleuth.engines.local import scan_parallel

    return scan_parallel


def _import_the_rest() -> None:
    for name in MEANWHILE:
        importlib.import_module(name)


def unreadable(log: Log, error: Exception) -> LogsleuthError:
    """What to say of a log that could not be read to its end."""
    check = "the disk" if log.is_local else "the network"
    return LogsleuthError(f"cannot read {log.path}: {error}", f"run it again; if that does not help, check {check}")
