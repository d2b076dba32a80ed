"""The live view of a watch: one screen, below the events so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from logsleuth.live.lines import lines_of
from logsleuth.live.plugin_line import sentence, workers_lost
from logsleuth.live.verdict import Status
from logsleuth.report.escape import visible
from logsleuth.report.glyphs import ASCII, BLOCKS, spark
from logsleuth.report.words import clock, plural
from logsleuth.units import duration

if TYPE_CHECKING:
    from datetime import tzinfo

    from logsleuth.live.watcher import Update

STYLES = {Status.OK: "green", Status.WARNING: "yellow", Status.CRITICAL: "bold red", Status.UNKNOWN: "magenta"}
STALE = 10
"""Seconds after which the view says that a log was not read."""


class Screen:
    """Draws each update over the one before."""

    def __init__(self, tz: tzinfo) -> None:
        self._tz = tz
        self._console = Console(highlight=False, emoji=False, markup=False)
        self._live = Live(console=self._console, auto_refresh=False, transient=True)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def show(self, update: Update) -> None:
        """Draw it; events go above, and stay."""
        for line in lines_of(update, self._tz):
            self._console.print(Text(line), soft_wrap=True)
        self._live.update(view(update, self._tz, self._console), refresh=True)

    def say(self, text: str) -> None:
        """A line from elsewhere, above the view."""
        self._console.print(Text(visible(text)), soft_wrap=True)


def view(update: Update, tz: tzinfo, console: Console) -> Group:
    """The view as it is drawn."""
    judgement, now = update.judgement, int(update.time * 1_000_000)
    glyphs = BLOCKS if console.encoding.lower().startswith("utf") and not console.legacy_windows else ASCII
    rows = Table.grid(padding=(0, 2))
    rows.add_column(style="dim", no_wrap=True)
    rows.add_column(overflow="fold")
    head = Text(f"{judgement.status.name}  ", STYLES[judgement.status])
    rows.add_row(clock(now, tz), head + Text(visible(sentence(judgement, now, tz)), "default"))
    lasts = judgement.finding is not None and judgement.well_since is None
    if judgement.finding is not None and lasts and (lost := workers_lost(judgement.finding)):
        rows.add_row("workers", Text(lost.strip(), "red"))
    last = update.rates[-1] if update.rates else 0
    bars = spark(update.rates, glyphs=glyphs)
    rows.add_row("errors", Text(f"{plural(last, 'line')} in this minute; the last hour, minute by minute:"))
    rows.add_row("", Text(f"|{bars}|"))
    for path, read in update.snapshot.last_read.items():
        late = update.time - read
        state = f"{plural(update.snapshot.lines_total.get(path, 0), 'new line')}"
        state += f", not read for {duration(late)}" if late > STALE else ""
        rows.add_row("log", Text(f"{visible(path)}: {state}"))
    return Group(Text(""), rows, Text("Ctrl-C ends the watch", "dim"))
