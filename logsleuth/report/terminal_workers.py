"""The lost workers in the terminal: a table, and the most telling lives as lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.report.escape import visible
from logsleuth.report.fates import pool_words, routine_words, telling_columns, worker_cell
from logsleuth.report.glyphs import lane, telling
from logsleuth.report.layout import Indented, Stack, Table, Text
from logsleuth.report.words import clock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from logsleuth.report.glyphs import Glyphs
    from logsleuth.report.layout import Block
    from logsleuth.report.model import IncidentReport

SHOWN = 6
FULL_SHOWN = 20
"""Of more, the first and the last are shown: the others differ in pid and time alone, which -o report.json has."""


def workers(incident: IncidentReport, tz: tzinfo, glyphs: Glyphs, *, full: bool) -> Block:
    """The table of the lost workers, with their lives below it."""
    most = most_shown(incident, full=full)
    shown = incident.lost if len(incident.lost) <= most else (*incident.lost[: most - 1], incident.lost[-1])
    columns = telling_columns(incident)
    table = Table(2)
    table.add_row(*(Text(name, "dim") for name in ("pid", "lost at", "how", *columns, "proof")))
    for worker in shown:
        how = f"{worker.how} ~" if worker.inferred else worker.how
        cells = (worker_cell(worker, column, tz) for column in columns)
        table.add_row(str(worker.pid), clock(worker.time, tz), how, *cells, " ".join(worker.evidence))
    rest = incident.lost_count - len(shown)
    more = f"{rest:,} more are not shown. " if rest else ""
    words = " ".join((*pool_words(incident), *routine_words(incident)))
    below = f"{more}{visible(words)}".rstrip()
    return Stack(table, *([Text(below, "dim")] if below else []), *_lanes(incident, glyphs))


def most_shown(incident: IncidentReport, *, full: bool) -> int:
    """How many rows the table has at most: few of those that differ in pid and time alone."""
    are_alike = len({(one.how, one.inferred) for one in incident.lost}) == 1 and not telling_columns(incident)
    return FULL_SHOWN if full and not are_alike else SHOWN


def _lanes(incident: IncidentReport, glyphs: Glyphs) -> Iterator[Block]:
    """The most telling workers' lives, under the same span of time as the failures."""
    shown = telling(incident.lanes)
    if len(shown) < 2:
        return
    table = Table(2, unbroken=3)
    for life in shown:
        drawn = Text(lane(life, incident, glyphs), "red" if life.lost is not None else "green")
        how = "not lost" if life.lost is None else f"{life.how} ~" if life.inferred else life.how
        table.add_row(Text(str(life.pid)), drawn, Text(how))
    drawn_lost = sum(life.lost is not None for life in shown)
    some = (
        f"{drawn_lost:,} of the {incident.lost_count:,} lost are drawn.   " if drawn_lost < incident.lost_count else ""
    )
    key = f"{some}{glyphs.serving} writes to the log   {glyphs.lost} lost"
    if any(life.lives_on for life in shown):
        key += f"   {glyphs.failing} still writing after that"
    yield Indented(Stack(table, Text(key, "dim")), 0, above=1)
