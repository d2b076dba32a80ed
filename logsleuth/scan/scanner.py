"""The scan of one log: compiled where it can be, else by the reference."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from logsleuth.scan.core import CoreScan, compiled, core_access, core_records
from logsleuth.scan.options import ScanOptions
from logsleuth.scan.tally import LogTally, Tally

if TYPE_CHECKING:
    from logsleuth.logs.open.block import Block
    from logsleuth.scan.matcher import Matcher
    from logsleuth.scan.reference import Reference


class Scanner:
    """How the blocks of one log are scanned."""

    def __init__(self, matcher: Matcher, options: ScanOptions | None = None) -> None:
        self.matcher = matcher
        self.options = options = options or ScanOptions()
        self.access = core_access(options) if options.access and not options.by_host else None
        """What the compiled scan reads an access log with; None: it cannot, or it is not one."""
        self.records = core_records(options) if self.access is None else None
        """What it asks for the lines of another format."""
        own = options.reader is None and options.source == "httpd"
        self.is_compiled = compiled() is not None and (own or self.access is not None or self.records is not None)
        """Whether the compiled scan counts this log."""
        self.is_free = self.is_compiled and (self.records is None or self.records.reads)
        """Whether it reads nearly all lines as well, without Python's lock: so threads share the work."""

    @cached_property
    def reference(self) -> Reference:
        """What reads this log where the compiled scan cannot."""
        from logsleuth.scan.reference import Reference  # noqa: PLC0415 - a tenth of what a run on a small log imports

        return Reference(self.matcher, self.options)

    def scan(self, block: Block) -> Tally:
        """The tally of what the block owns."""
        part = Partial()
        part.update(self, block)
        return part.tally()


class Partial:
    """What one thread has tallied so far, of any logs. It becomes a Tally once, when all is read or interrupted."""

    def __init__(self) -> None:
        self._plain = Tally()
        self._core: CoreScan | None = None

    def update(self, scanner: Scanner, block: Block) -> None:
        """Add what a block owns."""
        if block.damaged:
            self._plain.logs.setdefault(block.log, LogTally()).damaged = True
        elif scanner.is_compiled:
            if self._core is None:
                self._core = CoreScan.of(scanner.matcher)
            self._core.update(block, scanner.options, scanner.access, scanner.records)
        else:
            scanner.reference.update(self._plain, block)

    def merge(self, other: Partial) -> None:
        """Add what another thread has tallied; of no use after that."""
        if self._core is not None and other._core is not None:
            self._core.merge(other._core)
        else:
            self._core = self._core or other._core
        self._plain.merge(other._plain)

    def add(self, tally: Tally) -> None:
        """Add what another process has tallied."""
        self._plain.merge(tally)

    def pass_over(self, log: int, lines: int | None) -> None:
        """Note how many lines at the beginning of a log are not looked at; None: they were not counted."""
        self._plain.pass_over(log, lines)

    def tally(self) -> Tally:
        """All of it; of no use after that."""
        if self._core is None:
            return self._plain
        tally = self._core.take()
        tally.merge(self._plain)
        return tally
