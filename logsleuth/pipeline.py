"""The whole program on one screen: open, scan, build, live, signal, find, explain, compose.

The middle of it, from the tally to what happened, is `story.understand`, which probes use as well.
"""

from __future__ import annotations

import os
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from logsleuth.engines.read import read_tally
from logsleuth.library.cards import load_cards
from logsleuth.library.known import knowing
from logsleuth.library.load import load_library
from logsleuth.logs.conf.configuration import configuration
from logsleuth.logs.conf.formats import formats_of
from logsleuth.logs.open.hosts import remark_on
from logsleuth.logs.open.log import open_logs
from logsleuth.options import Options
from logsleuth.scan.window import Window
from logsleuth.timeline.clock import UNKNOWN, Clock, zone
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime, tzinfo
    from os import PathLike

    from logsleuth.logs.open.log import Log
    from logsleuth.report.model import Report

    Path = str | PathLike[str]

ZONE_UNKNOWN = (
    "The time zone of the logs is not known: nothing in or beside them names it. Times are the server's local time; "
    "--tz names its zone."
)


def analyze(
    paths: Sequence[Path],
    *,
    tz: str | None = None,
    patterns: Sequence[Path] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    jobs: int | None = None,
    command: str = "",
    progress: Callable[[int], None] | None = None,
    log_formats: Sequence[str] = (),
    access_formats: Sequence[str] = (),
    httpd_conf: Path | None = None,
) -> Report:
    """Tell the story of these logs.

    The parameters are the fields of `Options`, which says what each means; `progress` is called with the bytes of each
    block that is done. An interrupt (Ctrl-C) ends the reading and gives the report on what was read, marked partial.
    Raises LogsleuthError for bad input: its `message` and `hint` say what is wrong and what to do.
    """
    options = Options(
        tuple(paths), tz, tuple(patterns), since, until, jobs, command, tuple(log_formats), tuple(access_formats),
        httpd_conf,
    )  # fmt: skip
    return run(options, progress)


def run(options: Options, progress: Callable[[int], None] | None = None) -> Report:
    """The report that these options ask for."""
    given = zone(options.tz) if options.tz else None
    library = load_library([str(path) for path in options.patterns], examples=False)
    conf = configuration(options.httpd_conf)
    paths = [str(path) for path in options.paths]
    patterns = [str(path) for path in options.patterns]
    formats = formats_of(options.log_formats, conf)
    logs, left_out = open_logs(paths, formats, options.access_formats, knowing(library, patterns))
    clock, remarks = _clock_of(logs, given)
    hosts = remark_on(host for log in logs for host in log.hosts)
    remarks = [*(conf.told() if conf is not None else ()), *remarks, *hosts]
    window = Window(clock.wall(options.since), clock.wall(options.until))
    tally, partial = read_tally(logs, library, window, clock.tz, options.jobs or os.cpu_count() or 1, progress)

    from logsleuth.report.compose.compose import compose
    from logsleuth.story import understand

    cards = load_cards(patterns)
    story = understand(tally, library, cards, clock, logs, conf)
    return compose(
        story, tally, logs, library, clock,
        command=options.command, left_out=left_out, partial=partial, remarks=remarks,
    )  # fmt: skip


def _clock_of(logs: Sequence[Log], given: tzinfo | None) -> tuple[Clock, list[str]]:
    """The clock that the error logs' times are read by, and what to know of it."""
    from logsleuth.logs.zones.named import named_zone

    named = named_zone(logs)
    if given is not None:
        clock = Clock(given)
        first = min((log.begins for log in logs if log.begins is not None), default=None)
        agrees = named is None or first is None or first - clock.utc(first) == named.offset_at(first // SECOND) * SECOND
        return clock, [] if agrees or named is None else [named.told(clock.name)]
    if named is None:
        return Clock(zone(UNKNOWN), known="unknown"), [ZONE_UNKNOWN]
    return Clock(zone(named.name), known=f"from {FilePath(named.source).name}"), [named.told(None)]
