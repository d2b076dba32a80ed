"""The whole program on one screen: open, scan each host's logs, understand, compose; above them the fleet's story.

The middle of it, from the tally to what happened, is `story.understand`, which probes use as well. What is done for
one host of many is what a run on that host's logs alone does.
"""

from __future__ import annotations

import os
from collections import Counter
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, cast

from logsleuth.engines.choose import engine_of
from logsleuth.errors import LogsleuthError
from logsleuth.fleet.scanned import Scan, Scanned, ScanRequest, listed
from logsleuth.library.known import knowing
from logsleuth.library.load import load_library
from logsleuth.logs.conf.formats import formats_of
from logsleuth.logs.conf.of_hosts import Configurations
from logsleuth.logs.open.hosts import host_rule
from logsleuth.logs.open.log import open_logs
from logsleuth.options import Options
from logsleuth.timeline.clock import zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime
    from os import PathLike

    from distributed import Client

    from logsleuth.fleet.model import FleetStory
    from logsleuth.library.card_index import CardIndex
    from logsleuth.library.pattern import Library
    from logsleuth.redaction.pseudonyms import Level
    from logsleuth.report.compose.fleet import HostReport
    from logsleuth.report.model import Report
    from logsleuth.story import Story

    Path = str | PathLike[str]


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
    host_from: str | None = None,
    host: str | None = None,
    engine: str | Client = "local",
    excerpts: bool = True,
    told: int | None = None,
) -> Report:
    """Tell the story of these logs.

    The parameters are the fields of `Options`, which says what each means; `progress` is called with the bytes of each
    block that is done. An interrupt (Ctrl-C) ends the reading and gives the report on what was read, marked partial.
    Raises LogsleuthError for bad input: its `message` and `hint` say what is wrong and what to do.
    """
    options = Options(
        tuple(paths), tz, tuple(patterns), since, until, jobs, command, tuple(log_formats), tuple(access_formats),
        httpd_conf, host_from, host, engine, excerpts, told,
    )  # fmt: skip
    return run(options, progress)


def scan_to(options: Options, name: str, redact: str, progress: Callable[[int], None] | None = None) -> bytes:
    """The saved tally of what these options name, for `merge`. Raises LogsleuthError for bad input.

    `name`: what the host is called where nothing in or around its logs names it; `redact`: 'none', 'default' or
    'strict', for the lines that a tally keeps.
    """
    from logsleuth.fleet.redact import redacted
    from logsleuth.fleet.saved import of_scanned, saved
    from logsleuth.redaction.pseudonyms import Pseudonyms

    hosts = []
    with _opened(options, progress) as (library, scan, _):
        for scanned in scan.each(scan.hosts if options.host is None else [scan.of(options.host)]):
            if isinstance(scanned, LogsleuthError):
                raise scanned
            shown = scanned if redact == "none" else redacted(scanned, Pseudonyms(cast("Level", redact)))
            hosts.append(of_scanned(shown, name))
    return saved(hosts, library.digest, redact)


def merge(
    paths: Sequence[Path], *, patterns: Sequence[Path] = (), command: str = "", host: str | None = None
) -> Report:
    """The report on saved tallies: the same as on their logs together, but for the neighbourhood of the evidence.

    `host`: the only one that is reported on. A file of several that cannot be read, or was made by another version of
    logsleuth or with other patterns, is left out and reported. Raises LogsleuthError if that is so of each.
    """
    from logsleuth.fleet.merge import merged
    from logsleuth.fleet.saved import load
    from logsleuth.report.compose.fleet import compose_fleet

    named = [str(path) for path in patterns]
    library = load_library(named)
    refused: list[LogsleuthError] = []

    def loaded() -> Iterator[Scanned]:
        for path in paths:
            try:
                yield from load(FilePath(path), library.digest)
            except LogsleuthError as error:
                refused.append(error)

    hosts, copies = merged(loaded())
    if refused and not hosts:
        raise refused[0]
    left_out = [*copies, *map(str, refused)]
    work = Merging(library, named, command)
    chosen = [one for one in hosts if host is None or one.host.name == host]
    if not chosen:
        raise LogsleuthError(f"no tally is of host '{host}'", f"there are {listed([one.host.name for one in hosts])}")
    if len(chosen) == 1:
        return work.report(chosen[0], left_out)[1]
    reports, story = understand_fleet(work, chosen)
    shared = Counter(log.path for one in chosen for log in one.logs if log.host_known == "lines")
    streams = [path for path, count in shared.items() if count > 1]
    return compose_fleet(reports, story, streams=streams, left_out=left_out)


def run(options: Options, progress: Callable[[int], None] | None = None) -> Report:
    """The report that these options ask for."""
    patterns = [str(path) for path in options.patterns]
    with _opened(options, progress) as (library, scan, left_out):
        work = Work(library, patterns, options.command, excerpts=options.excerpts)
        if options.host is not None or len(scan.hosts) == 1:
            work.told = options.told
            host = scan.hosts[0] if options.host is None else scan.of(options.host)
            return work.report(scan.one(host), left_out)[1]
        return _fleet(work, scan, left_out)


@contextmanager
def _opened(options: Options, progress: Callable[[int], None] | None) -> Iterator[tuple[Library, Scan, list[str]]]:
    """The patterns, the hosts that the logs are of, and a sentence on each log that is left out."""
    given = zone(options.tz) if options.tz else None
    confs = Configurations(options.httpd_conf)
    patterns = [str(path) for path in options.patterns]
    library = load_library(patterns)
    with engine_of(options.engine, library, options.jobs or os.cpu_count() or 1, progress) as engine:
        logs, left_out = open_logs(
            [str(path) for path in options.paths], formats_of(options.log_formats, confs), options.access_formats,
            knowing(library, patterns), host_rule(options.host_from),
        )  # fmt: skip
        yield library, Scan(logs, ScanRequest(engine, given, options.since, options.until, confs)), left_out


class Work:
    """What every host's report is made with."""

    def __init__(self, library: Library, patterns: Sequence[str], command: str = "", *, excerpts: bool = True) -> None:
        """`patterns`: further pattern files and folders; `excerpts`: as in `Options`."""
        self.library, self.command, self._excerpts = library, command, excerpts
        self._patterns = patterns
        self.told: int | None = None
        """As in `Options`: a fleet's story needs all of each host's."""

    @cached_property
    def cards(self) -> CardIndex:
        """The cards, which only what is found in a tally needs."""
        from logsleuth.library.cards import load_cards

        return load_cards(self._patterns)

    def report(self, scanned: Scanned, left_out: Sequence[str] = ()) -> tuple[Story, Report]:
        """What happened to one host, and the report on it. Of its tally only the facts of its logs are left."""
        from logsleuth.report.compose.compose import compose
        from logsleuth.story import scene_in, story_of

        cards = self.cards if scanned.tally.templates else None
        scene = scene_in(scanned.tally, self.library, cards, scanned.clock, scanned.logs, scanned.settings)
        scanned.tally.let_go_of_lines()
        story = story_of(scene)
        remarks = [*(scanned.settings.sentences if scanned.settings is not None else ()), *scanned.remarks]
        report = compose(
            story, scanned.tally, scanned.logs, self.library, scanned.clock,
            command=self.command, left_out=left_out, partial=scanned.partial, remarks=remarks,
            excerpts=self._excerpts, told=self.told,
        )  # fmt: skip
        return story, report


class Merging(Work):
    """The same on tallies that other machines wrote."""

    def report(self, scanned: Scanned, left_out: Sequence[str] = ()) -> tuple[Story, Report]:
        """What happened to one host. Raises LogsleuthError if its tally, though of the right form, contradicts itself.

        A mistake of ours would look the same: LOGSLEUTH_DEBUG shows where it is from.
        """
        try:
            return super().report(scanned, left_out)
        except (LookupError, ValueError, ArithmeticError, AssertionError, TypeError, AttributeError):
            if os.environ.get("LOGSLEUTH_DEBUG"):
                raise
            raise LogsleuthError(
                f"the tally of {scanned.host.name} is damaged", "scan its logs again with `logsleuth scan --save`"
            ) from None


def _fleet(work: Work, scan: Scan, left_out: Sequence[str]) -> Report:
    """The report on several hosts. One whose logs cannot be read does not keep the others from being read."""
    failed: list[str] = []

    def scanned() -> Iterator[Scanned]:
        for one in scan.each(scan.hosts):
            if isinstance(one, LogsleuthError):
                failed.append(str(one))
            elif one.tally.logs or not one.partial:  # an interrupt came before anything of a host was read
                yield one

    hosts, story = understand_fleet(work, scanned())
    if not hosts:
        raise LogsleuthError(failed[0] if failed else "no log could be read", "run it again")
    from logsleuth.report.compose.fleet import compose_fleet

    return compose_fleet(hosts, story, streams=scan.stream_paths, left_out=[*left_out, *failed], remarks=scan.remarks())


def understand_fleet(work: Work, scanned: Iterable[Scanned]) -> tuple[list[HostReport], FleetStory]:
    """Each host's own report, one after the other, and the story that lies above them."""
    from logsleuth.fleet.clocks import compare_clocks
    from logsleuth.fleet.facts import facts_of
    from logsleuth.fleet.spread import fleet_story
    from logsleuth.report.compose.fleet import HostReport

    hosts, requests = [], {}
    for one in scanned:
        story, report = work.report(one)
        hosts.append(HostReport(one.host, facts_of(one, story), report))
        if seen := one.requests():
            requests[one.host.name] = seen
    return hosts, fleet_story([host.facts for host in hosts], compare_clocks(requests))
