"""The whole program on one screen: open, scan, build, find, diagnose, compose."""

from __future__ import annotations

import importlib
import os
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from logsleuth.engines.memory import kept_memory
from logsleuth.engines.serial import scan_serial
from logsleuth.engines.source import Source, Unreadable
from logsleuth.errors import LogsleuthError
from logsleuth.library.known import knowing
from logsleuth.library.load import load_library
from logsleuth.logs.block import count_lines
from logsleuth.logs.conf.formats import formats_of
from logsleuth.logs.log import open_logs
from logsleuth.logs.reader import reader_of
from logsleuth.logs.tokenize import tokenize
from logsleuth.scan.core import scan_in_use
from logsleuth.scan.matcher import Matcher
from logsleuth.scan.scanner import Scanner
from logsleuth.scan.tally import Tally
from logsleuth.scan.window import Window
from logsleuth.story.clock import UNKNOWN, Clock, zone

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime, tzinfo
    from os import PathLike

    from logsleuth.library.pattern import Library
    from logsleuth.logs.conf.configuration import Configuration
    from logsleuth.logs.log import Log
    from logsleuth.report.model import Report
    from logsleuth.story.incident import Verdict
    from logsleuth.story.timeline import Timeline


__all__ = ["analyze", "configuration", "judge", "read_tally", "scan_in_use"]

ZONE_UNKNOWN = (
    "The time zone of the logs is not known: nothing in or beside them names it. Times are the server's local time; "
    "--tz names its zone."
)
WORTH_SHARING = 24 * 1024 * 1024
"""Bytes: less is read before further processes would have started."""
WORTH_SEEKING = 48 * 1024 * 1024
"""Bytes of a plain file: a smaller one is read as a whole, whatever --since says."""
WORTH_COUNTING = 1 << 31
"""Bytes passed over by --since whose lines are counted; beyond, evidence is told by its byte offset alone."""


def analyze(
    paths: Sequence[str | PathLike[str]],
    *,
    tz: str | None = None,
    patterns: Sequence[str | PathLike[str]] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    jobs: int | None = None,
    command: str = "",
    progress: Callable[[int], None] | None = None,
    log_formats: Sequence[str] = (),
    access_formats: Sequence[str] = (),
    httpd_conf: str | PathLike[str] | None = None,
) -> Report:
    """Tell the story of these logs.

    `paths`: error logs, directories, globs, or '-' for standard input; rotated and compressed files in any
    order. `tz`: the zone that the logs' times are in, such as 'Europe/Berlin' (default: the one that the lines, a
    wrapper, or a log beside them names; else unknown, and times are the server's local time). `patterns`: further
    pattern files or folders, over the packaged ones.
    `since`, `until`: only lines of this time; without a zone they are read in `tz`. `jobs`: processes to read with
    (default: as many as there are processors, if there is much to read; the report is the same). `command`: what the
    report names as the command that made it. `progress` is called with the bytes of each block that is done.
    `log_formats`: arguments of the ErrorLogFormat directives that the logs were written by, as they stand in
    httpd.conf; `access_formats`: those of LogFormat. `httpd_conf`: the configuration that the logs were written under,
    which names formats, logs and the number of workers.

    An interrupt (Ctrl-C) ends the reading and gives the report on what was read, marked partial.
    Raises LogsleuthError for bad input: its `message` and `hint` say what is wrong and what to do.
    """
    given = zone(tz) if tz else None
    library = load_library([str(path) for path in patterns], examples=False)
    conf = configuration(httpd_conf)
    logs, left_out = open_logs(
        [str(path) for path in paths], formats_of(log_formats, conf), tuple(access_formats),
        knowing(library, [str(path) for path in patterns]),
    )  # fmt: skip
    told = list(conf.told()) if conf is not None else []
    clock, notes = _clock_of(logs, given)
    told += notes
    window = Window(clock.wall(since), clock.wall(until))
    with kept_memory():
        tally, partial = read_tally(logs, library, window, clock.tz, jobs or os.cpu_count() or 1, progress)
    verdicts, timeline = judge(tally, library, clock, conf)
    from logsleuth.report.compose import compose

    return compose(
        verdicts, timeline, tally, logs, library, clock,
        command=command, left_out=left_out, partial=partial, told=told,
    )  # fmt: skip


def _clock_of(logs: Sequence[Log], given: tzinfo | None) -> tuple[Clock, list[str]]:
    """The clock that the error logs' times are read by, and what to know of it."""
    from logsleuth.logs.zones import named_zone

    named = named_zone(logs)
    if given is not None:
        clock = Clock(given)
        first = min((log.begins for log in logs if log.begins is not None), default=None)
        agrees = named is None or first is None or first - clock.utc(first) == named.offset * 1_000_000
        return clock, [] if agrees or named is None else [named.told(clock.name)]
    if named is None:
        return Clock(zone(UNKNOWN), known="unknown"), [ZONE_UNKNOWN]
    return Clock(zone(named.name), known=f"from {Path(named.source).name}"), [named.told(None)]


def judge(
    tally: Tally, library: Library, clock: Clock, conf: Configuration | None = None
) -> tuple[list[Verdict], Timeline]:
    """The incidents of a tally, explained, the gravest first; and the timeline that they stand on."""
    from logsleuth.story.diagnosis import diagnose
    from logsleuth.story.incidents import find_incidents
    from logsleuth.story.timeline import build

    timeline = build(tally, library, clock)
    if conf is not None and conf.children is not None and not conf.daemons:
        timeline = replace(timeline, pool=(conf.children, "from the configuration"))
    return diagnose(find_incidents(timeline), timeline, library, clock), timeline


def configuration(path: str | PathLike[str] | None) -> Configuration | None:
    """The server's configuration, if one is named. Raises LogsleuthError if it can't be read."""
    if path is None:
        return None
    from logsleuth.logs.conf.configuration import read_configuration

    return read_configuration(str(path))


def read_tally(
    logs: Sequence[Log],
    library: Library,
    window: Window,
    zone: tzinfo,
    jobs: int,
    progress: Callable[[int], None] | None,
) -> tuple[Tally, bool]:
    """All logs in one tally, and whether the reading was interrupted."""
    matcher, tally = Matcher(library), Tally()

    @lru_cache(maxsize=64)
    def scanner(number: int) -> Scanner:
        log = logs[number]
        return Scanner(
            matcher, vhost=log.format.vhost, source=log.format.source or "httpd",
            reader=reader_of(log.format, log.newest), zone=zone, window=window,
        )  # fmt: skip

    try:
        sources = [_source(log, number, window, tally) for number, log in enumerate(logs)]
        if jobs > 1 and sum(source.size for source in sources) >= WORTH_SHARING:
            scan_parallel = _parallel([scanner(number) for number in range(len(logs))])
            return tally, scan_parallel(sources, scanner, jobs, progress, tally, meanwhile=_import_the_rest)
        return tally, scan_serial(sources, scanner, progress, tally)
    except KeyboardInterrupt:
        return tally, True
    except Unreadable as failure:
        raise _unreadable(logs[failure.number], failure.reason) from None


def _parallel(scanners: Sequence[Scanner]) -> Callable[..., bool]:
    """How several processors are put to use: by threads, unless Python itself has to read the lines of some log."""
    if all(scanner.is_compiled for scanner in scanners):
        from logsleuth.engines.threads import scan_threads

        return scan_threads
    from logsleuth.engines.local import scan_parallel

    return scan_parallel


def _import_the_rest() -> None:
    """Import what comes after the scan: as long as 20 MB of log take, and for nothing while other processes scan."""
    for name in ("logsleuth.report.compose", "logsleuth.report.terminal"):
        importlib.import_module(name)


def _source(log: Log, number: int, window: Window, tally: Tally) -> Source:
    """What of a log is looked at; what --since passes over is only counted, for the lines' numbers."""
    size = log.size or 0
    if not log.is_plain or not size:
        return Source(number, log)
    if not window.bounded or size < WORTH_SEEKING:
        return Source(number, log, 0, size)
    from logsleuth.logs.seek import find_stretch

    read = reader_of(log.format, log.newest) or partial(tokenize, vhost=log.format.vhost)
    try:
        with log.open() as stream:
            stretch = find_stretch(stream, size, read, window.since, window.until)
            passed = count_lines(stream, stretch.begin) if stretch.begin <= WORTH_COUNTING else None
    except OSError as error:
        raise Unreadable(number, error) from None
    tally.pass_over(number, passed)
    return Source(number, log, stretch.begin, stretch.end)


def _unreadable(log: Log, error: Exception) -> LogsleuthError:
    return LogsleuthError(f"cannot read {log.path}: {error}", "run it again; if that does not help, check the disk")
