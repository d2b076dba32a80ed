"""The scan of one log: compiled where it can be, else by the reference."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from logsleuth.logs.open.block import SPAN
from logsleuth.scan.core import CoreScan, compiled
from logsleuth.scan.reference import Reference
from logsleuth.scan.tally import LogTally, Tally
from logsleuth.scan.window import Window

if TYPE_CHECKING:
    from datetime import tzinfo

    from logsleuth.logs.httpd.record import Reader
    from logsleuth.logs.open.block import Block
    from logsleuth.scan.matcher import Matcher


class Scanner:
    """How the blocks of one log are scanned."""

    def __init__(
        self,
        matcher: Matcher,
        *,
        vhost: bool = False,
        source: str = "httpd",
        reader: Reader | None = None,
        zone: tzinfo = UTC,
        window: Window | None = None,
        span: int = SPAN,
    ) -> None:
        """`vhost`: the default format has a server name in brackets after the pid. `source`: whose log it is.

        `reader`: reads each line; None: httpd's default formats. `zone`: that of the times which name none; the others
        are turned into it. `span`: the most bytes that an entry may cover.
        """
        self.matcher = matcher
        self.vhost, self.window, self.span = vhost, window or Window(), span
        self.is_compiled = reader is None and source == "httpd" and compiled() is not None
        """Whether the compiled scan reads this log: without Python's lock, so that threads share the work."""
        self.reference = Reference(
            matcher, vhost=vhost, source=source, reader=reader, zone=zone, window=window, span=span
        )  # fmt: skip

    def scan(self, block: Block) -> Tally:
        """The tally of what the block owns."""
        part = Partial()
        part.update(self, block)
        return part.tally()


class Partial:
    """What one thread has tallied so far, of any logs."""

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
            self._core.update(block, scanner.window, vhost=scanner.vhost, span=scanner.span)
        else:
            scanner.reference.update(self._plain, block)

    def merge(self, other: Partial) -> None:
        """Add what another thread has tallied; of no use after that."""
        if self._core is not None and other._core is not None:
            self._core.merge(other._core)
        else:
            self._core = self._core or other._core
        self._plain.merge(other._plain)

    def tally(self) -> Tally:
        """All of it; of no use after that."""
        if self._core is None:
            return self._plain
        tally = self._core.take()
        tally.merge(self._plain)
        return tally
