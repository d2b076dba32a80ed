"""All blocks in this process, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.scan.scanner import Partial

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from logsleuth.engines.source import Source
    from logsleuth.logs.open.block import Block
    from logsleuth.scan.scanner import Scanner
    from logsleuth.scan.tally import Tally


def scan_serial(
    sources: Sequence[Source], scanners: Callable[[int], Scanner], progress: Callable[[int], None] | None, into: Partial
) -> bool:
    """Scan these logs, adding to `into`; true if it was interrupted. Raises Unreadable."""
    try:
        for source in sources:
            scanner = scanners(source.number)
            for block in source.blocks():
                into.update(scanner, block)
                if progress is not None:
                    progress(block.own_end - block.own_begin)
    except KeyboardInterrupt:
        return True
    return False


def scan_all(blocks: Iterable[Block], scanner: Scanner) -> Tally:
    """The tally of all blocks."""
    part = Partial()
    for block in blocks:
        part.update(scanner, block)
    return part.tally()
