"""Each host's logs, scanned: the input of a report, and the content of a saved tally."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from logsleuth.engines.reading import Reading
from logsleuth.errors import LogsleuthError
from logsleuth.fleet.split import HostLogs, hosts_in
from logsleuth.logs.conf.of_hosts import Configurations
from logsleuth.logs.zones.named import named_zone
from logsleuth.scan.hosts import as_one_host, renumbered, tally_of_host
from logsleuth.scan.tally import HOSTS, Tally
from logsleuth.scan.window import Window
from logsleuth.timeline.clock import UNKNOWN, Clock, zone
from logsleuth.units import SECOND
from logsleuth.values import dataclass, field, replace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime, tzinfo

    from logsleuth.engines.reading import Engine
    from logsleuth.logs.conf.settings import ServerSettings
    from logsleuth.logs.open.log import Log

ZONE_UNKNOWN = (
    "The time zone of the logs is not known: nothing in or beside them names it. Times are the server's local time; "
    "--tz names its zone."
)
HOSTS_LISTED = 20


@dataclass(frozen=True, slots=True)
class Scanned:
    """One host's logs, and what was counted in them."""

    host: HostLogs
    logs: tuple[Log, ...]
    """Its logs; the tally numbers them from 0 in this order."""
    tally: Tally
    clock: Clock
    """Converts the times of its error logs."""
    remarks: tuple[str, ...]
    """Sentences on how that clock was found."""
    partial: bool = False
    """The reading was interrupted."""
    seen: Mapping[str, Sequence[int]] | None = None
    """The requests of its access logs, where they were saved with the tally: see `requests_of`."""
    settings: ServerSettings | None = None
    """What its configuration says; None: none was given."""

    def requests(self) -> Mapping[str, Sequence[int]]:
        """The requests of its access logs: see `requests_of`."""
        if self.seen is not None:
            return self.seen
        from logsleuth.fleet.requests import requests_of  # noqa: PLC0415 - only clocks of several hosts are compared

        return requests_of(self.logs, self.clock)


@dataclass(frozen=True, slots=True)
class ScanRequest:
    """How logs are to be scanned."""

    engine: Engine
    given: tzinfo | None = None
    """The zone that the user gave."""
    since: datetime | None = None
    until: datetime | None = None
    configurations: Configurations = field(default_factory=lambda: Configurations(None))


class Scan:
    """The hosts of some logs, scanned one after another, so that only one host's tally is held at a time."""

    def __init__(self, logs: Sequence[Log], request: ScanRequest) -> None:
        """Reads the logs whose lines name hosts: only they show which hosts there are."""
        self.logs, self._request = logs, request
        self._streams: Tally | None = None
        self._clock: tuple[Clock, list[str]] | None = None
        self._interrupted = False
        if any(log.host_known == "lines" for log in logs):
            self._streams = self._read_streams()
        self.hosts = hosts_in(logs, self._streams)

    @property
    def stream_paths(self) -> frozenset[str]:
        """The logs whose lines are of several hosts."""
        return frozenset(log.path for log in self.logs if log.host_known == "lines" and len(log.hosts) != 1)

    def remarks(self) -> list[str]:
        """Sentences on hosts that were left out, and on trouble with configurations."""
        remarks = []
        beyond = self._streams.beyond if self._streams is not None else None
        if beyond is not None and beyond.total:
            remarks.append(
                f"The logs name more than {HOSTS:,} hosts: about {beyond.distinct:,} more, with {beyond.total:,} "
                "lines, are not in this report. Analyze them in several runs."
            )
        confs = self._request.configurations
        if confs.missing:
            remarks.append(f"There is no configuration file of {listed(sorted(confs.missing))}.")
        return [*remarks, *sorted(confs.trouble)[:HOSTS_LISTED]]

    def of(self, name: str) -> HostLogs:
        """The host of this name. Raises LogsleuthError if there is none."""
        for host in self.hosts:
            if host.name == name and len(self.hosts) > 1:
                return host
        known = [host.name for host in self.hosts if host.name]
        raise LogsleuthError(
            f"no log is from host '{name}'",
            f"there are {listed(known)}"
            if known
            else "nothing in the logs or their paths names hosts; --host-from REGEX finds them in the paths",
        )

    def one(self, host: HostLogs) -> Scanned:
        """One host. Raises LogsleuthError if a log cannot be read."""
        for scanned in self.each([host]):
            if isinstance(scanned, LogsleuthError):
                raise scanned
            return scanned
        raise KeyboardInterrupt

    def each(self, hosts: Sequence[HostLogs]) -> Iterator[Scanned | LogsleuthError]:
        """These hosts, one after another, or an error if one's logs cannot be read. Ends early after an interrupt."""
        clocks = [self._clock_of(host) for host in hosts]
        readings = [
            self._reading(self._files(host), clock, self._elsewhere(host))
            for host, (clock, _) in zip(hosts, clocks, strict=True)
        ]
        results = self._request.engine.read_all(readings)
        for host, (clock, remarks), read in zip(hosts, clocks, results, strict=False):
            yield read if isinstance(read, LogsleuthError) else self._scanned(host, clock, remarks, read)

    def _scanned(self, host: HostLogs, clock: Clock, remarks: Sequence[str], read: tuple[Tally, bool]) -> Scanned:
        """A host's own files together with its part of the streams."""
        numbers = self._files(host)
        tally = renumbered(read[0], dict(enumerate(numbers)))
        if len(numbers) < len(host.numbers):
            tally.merge(self._streamed(host.name))
        tally = renumbered(tally, {number: nth for nth, number in enumerate(host.numbers)})
        logs = tuple(self.logs[number] for number in host.numbers)
        settings = self._request.configurations.settings(host.name or next((log.host for log in logs if log.host), ""))
        return Scanned(
            host, logs, tally, clock, tuple(remarks), read[1] or self._interrupted, settings=settings
        )  # fmt: skip

    def _clock_of(self, host: HostLogs) -> tuple[Clock, list[str]]:
        if len(self._files(host)) < len(host.numbers):
            return self._clock_of_all()
        return clock_of([self.logs[number] for number in host.numbers], self._request.given)

    def _files(self, host: HostLogs) -> list[int]:
        """The numbers of the logs that belong to this host alone."""
        if self._streams is None:
            return list(host.numbers)
        return [number for number in host.numbers if self.logs[number].host_known != "lines"]

    def _streamed(self, name: str) -> Tally:
        """One host's part of the streams."""
        assert self._streams is not None
        if len(self.hosts) == 1:
            return as_one_host(self._streams)
        return tally_of_host(self._streams, name) if name in self._streams.hosts else Tally()

    def _read_streams(self) -> Tally:
        """The tally of the logs whose lines name hosts. Raises LogsleuthError if one cannot be read."""
        numbers = [number for number, log in enumerate(self.logs) if log.host_known == "lines"]
        clock, _ = self._clock_of_all()
        for read in self._request.engine.read_all([self._reading(numbers, clock, by_host=True)]):
            if isinstance(read, LogsleuthError):
                raise read
            tally, self._interrupted = read
            return renumbered(tally, dict(enumerate(numbers)))
        raise KeyboardInterrupt

    def _elsewhere(self, host: HostLogs) -> frozenset[str]:
        """The other hosts as a shared list of deploys may name them, with or without their domain."""
        if all(self.logs[number].format.kind != "changes" for number in host.numbers):
            return frozenset()
        others = {one.name.lower() for one in self.hosts if one.name and one.name != host.name}
        own = {host.name.lower(), host.name.lower().partition(".")[0]}
        return frozenset(others | {name.partition(".")[0] for name in others}) - own

    def _reading(
        self, numbers: Sequence[int], clock: Clock, elsewhere: frozenset[str] = frozenset(), *, by_host: bool = False
    ) -> Reading:
        """These logs, to be counted together; empty after an interrupt. `elsewhere`: see `Format`."""
        request = self._request
        logs = [] if self._interrupted else [_without_changes(self.logs[number], elsewhere) for number in numbers]
        return Reading(logs, Window(clock.wall(request.since), clock.wall(request.until)), clock.tz, by_host)

    def _clock_of_all(self) -> tuple[Clock, list[str]]:
        if self._clock is None:
            self._clock = clock_of(self.logs, self._request.given)
        return self._clock


def _without_changes(log: Log, elsewhere: frozenset[str]) -> Log:
    """A list of changes without those of other hosts; any other log as it is."""
    return log if log.format.kind != "changes" else replace(log, format=replace(log.format, elsewhere=elsewhere))


def listed(hosts: Sequence[str]) -> str:
    """The hosts by name, as many as a message can hold."""
    return f"{', '.join(hosts[:HOSTS_LISTED])}{' and others' if len(hosts) > HOSTS_LISTED else ''}"


def clock_of(logs: Sequence[Log], given: tzinfo | None) -> tuple[Clock, list[str]]:
    """The clock for the error logs' times, and sentences on it. `given`: the zone that the user gave."""
    named = named_zone(logs)
    if given is not None:
        clock = Clock(given)
        first = min((log.begins for log in logs if log.begins is not None), default=None)
        agrees = named is None or first is None or first - clock.utc(first) == named.offset_at(first // SECOND) * SECOND
        return clock, [] if agrees or named is None else [named.sentence(clock.name)]
    if named is None:
        return Clock(zone(UNKNOWN), known="unknown"), [ZONE_UNKNOWN]
    return Clock(zone(named.name), known=f"from {Path(named.source).name}"), [named.sentence(None)]
