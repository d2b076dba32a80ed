"""Two logs side by side: read both, and tell what differs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from logsleuth.diff.compare import Comparison, Stretch, compare
from logsleuth.engines.read import ThisMachine
from logsleuth.engines.reading import Reading
from logsleuth.errors import LogsleuthError
from logsleuth.library.cards import load_cards
from logsleuth.library.load import load_library
from logsleuth.logs.httpd.layout.told import no_layouts
from logsleuth.logs.open.log import open_logs
from logsleuth.scan.window import Window
from logsleuth.timeline.build import build
from logsleuth.timeline.clock import Clock
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from os import PathLike

    from logsleuth.library.pattern import Library
    from logsleuth.logs.httpd.layout.told import LayoutsOf
    from logsleuth.timeline.model import Timeline


@dataclass(frozen=True, slots=True)
class Side:
    """Which logs, and which stretch of their time; without a zone in that of the logs."""

    paths: Sequence[str | PathLike[str]]
    since: datetime | None = None
    until: datetime | None = None


def compare_logs(
    before: Side,
    after: Side,
    *,
    tz: str | None = None,
    patterns: Sequence[str | PathLike[str]] = (),
    layouts: LayoutsOf = no_layouts,
) -> Comparison:
    """What is new, gone, more and less. Raises LogsleuthError for bad input, or a side without dated lines.

    `layouts`: the ErrorLogFormats of logs in formats of their own.
    """
    clock = Clock.named(tz)
    library = load_library([str(path) for path in patterns])
    (one, first), (other, second) = (_read(side, library, clock, layouts) for side in (before, after))
    return compare(one, other, first, second)


def _read(side: Side, library: Library, clock: Clock, layouts: LayoutsOf) -> tuple[Timeline, Stretch]:
    logs, _ = open_logs([str(path) for path in side.paths], layouts)
    name = ", ".join(log.path for log in logs)
    since, until = clock.wall(side.since), clock.wall(side.until)
    engine = ThisMachine(library, os.cpu_count() or 1)
    tally, _ = engine.read(Reading(logs, Window(since, until), clock.tz))
    timeline = build(tally, library, load_cards(), clock)
    if not timeline.end:
        raise LogsleuthError(f"no line of {name} lies in that time", "look at the times with: logsleuth parse LOG")
    begin = clock.utc(since * 1_000_000) if since is not None else timeline.start
    end = clock.utc(until * 1_000_000) if until is not None else timeline.end
    lines = sum(sum(log.kinds.values()) for log in tally.logs.values())
    return timeline, Stretch(name, begin, end, lines)
