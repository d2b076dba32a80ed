"""Two logs, or those of two fleets, side by side: read both, and tell what differs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from logsleuth.diff.compare import Comparison, Stretch, compare
from logsleuth.engines.read import ThisMachine
from logsleuth.errors import LogsleuthError
from logsleuth.fleet.merge import merged
from logsleuth.fleet.model import NO_HOST
from logsleuth.fleet.saved import load, tallies_at
from logsleuth.fleet.scanned import Scan, ScanRequest
from logsleuth.library.cards import load_cards
from logsleuth.library.load import load_library
from logsleuth.library.mechanisms import mechanisms
from logsleuth.logs.httpd.layout.given import no_layouts
from logsleuth.logs.open.log import open_logs
from logsleuth.timeline.build import build
from logsleuth.timeline.clock import Clock
from logsleuth.units import SECOND
from logsleuth.values import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from os import PathLike

    from logsleuth.fleet.scanned import Scanned
    from logsleuth.library.pattern import Library
    from logsleuth.logs.httpd.layout.given import LayoutsOf
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


def _read(side: Side, library: Library, clock: Clock, layouts: LayoutsOf) -> tuple[list[Timeline], Stretch]:
    """A timeline for each host of one side, and the stretch of time that they cover together."""
    paths = [str(path) for path in side.paths]
    tallies = [file for path in paths for file in tallies_at(Path(path))]
    if tallies:
        name, hosts = ", ".join(paths), _saved(side, tallies, library)
    else:
        name, hosts = _scanned(side, paths, library, clock, layouts)
    timelines: list[Timeline] = []
    spans: list[tuple[int, int]] = []
    names: list[str] = []
    for host in hosts:
        graph = mechanisms(library, host.tally.patterns)
        timeline = build(host.tally, library, graph, load_cards(), host.clock)
        if timeline.end:
            since, until = host.clock.wall(side.since), host.clock.wall(side.until)
            begin = host.clock.utc(since * 1_000_000) if since is not None else timeline.start
            spans.append((begin, host.clock.utc(until * 1_000_000) if until is not None else timeline.end))
            timelines.append(timeline)
            names.append(host.host.name or NO_HOST)
    if not timelines:
        raise LogsleuthError(f"{name} has no lines in that time", "to see its times: logsleuth parse LOG")
    lines = sum(sum(log.kinds.values()) for host in hosts for log in host.tally.logs.values())
    stretch = Stretch(name, min(begin for begin, _ in spans), max(end for _, end in spans), lines)
    if len(hosts) > 1:
        together = sum(max(end - begin, SECOND) for begin, end in spans)
        stretch = replace(stretch, hosts=tuple(names), of_all=together)
    return timelines, stretch


def _saved(side: Side, tallies: Sequence[Path], library: Library) -> list[Scanned]:
    """The hosts of saved tallies. Raises LogsleuthError."""
    if side.since is not None or side.until is not None:
        raise LogsleuthError(
            f"{tallies[0]} is a saved tally, which cannot be limited to a time",
            "save one tally per period with `logsleuth scan --save --since … --until …`, and compare these",
        )
    return merged(part for path in tallies for part in load(path, library.digest))[0]


def _scanned(
    side: Side, paths: Sequence[str], library: Library, clock: Clock, layouts: LayoutsOf
) -> tuple[str, list[Scanned]]:
    """What the logs are called, and their hosts. Raises LogsleuthError."""
    logs, _ = open_logs(paths, layouts)
    scan = Scan(logs, ScanRequest(ThisMachine(library, os.cpu_count() or 1), clock.tz, side.since, side.until))
    hosts = []
    for scanned in scan.each(scan.hosts):
        if isinstance(scanned, LogsleuthError):
            raise scanned
        hosts.append(scanned)
    if len(hosts) > 1:
        return ", ".join(paths), hosts
    return ", ".join(log.path for log in logs), hosts
