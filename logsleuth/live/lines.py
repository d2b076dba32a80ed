"""What a watch prints if its output is not a terminal: one line per event."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Self

from logsleuth.report.escape import visible
from logsleuth.report.words import day_clock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from logsleuth.live.watcher import Update


class Lines:
    """Writes to standard output."""

    def __init__(self, tz: tzinfo) -> None:
        self._tz = tz

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def show(self, update: Update) -> None:
        """Write what has happened."""
        for line in lines_of(update, self._tz):
            self._write(line)

    def say(self, text: str) -> None:
        """A line from elsewhere."""
        self._write(visible(text))

    def _write(self, line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def lines_of(update: Update, tz: tzinfo) -> Iterator[str]:
    """The lines of one update: usually none."""
    time = day_clock(int(update.time * 1_000_000), tz)
    for message in update.messages:
        yield f"{time} {visible(message)}"
    if update.event is not None:
        report = f" [{visible(update.event.report)}]" if update.event.report else ""
        kind = update.event.event.upper()
        yield f"{time} {kind} {update.judgement.status.name} {visible(update.event.summary)}{report}"
