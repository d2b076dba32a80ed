"""What a watch says when nobody sits before it: a line for each thing that happens, and none for what does not."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Self

from logsleuth.report.escape import visible
from logsleuth.report.words import day_clock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from logsleuth.live.watcher import Glance


class Lines:
    """Writes to standard output."""

    def __init__(self, tz: tzinfo) -> None:
        self._tz = tz

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def show(self, glance: Glance) -> None:
        """Write what has happened."""
        for line in lines_of(glance, self._tz):
            self._write(line)

    def say(self, text: str) -> None:
        """A line from elsewhere."""
        self._write(visible(text))

    def _write(self, line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def lines_of(glance: Glance, tz: tzinfo) -> Iterator[str]:
    """The lines that one look gives: mostly none."""
    time = day_clock(int(glance.time * 1_000_000), tz)
    for told in glance.told:
        yield f"{time} {visible(told)}"
    if glance.event is not None:
        report = f" [{visible(glance.event.report)}]" if glance.event.report else ""
        kind = glance.event.event.upper()
        yield f"{time} {kind} {glance.judgement.status.name} {visible(glance.event.summary)}{report}"
