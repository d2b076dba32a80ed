"""Which logs are of which host."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from logsleuth.fleet.model import UNNAMED
from logsleuth.logs.open.hosts import looks_like_host
from logsleuth.logs.open.log import COMPANIONS, workers_in
from logsleuth.scan.hosts import servers_of
from logsleuth.values import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.logs.open.hosts import HowKnown
    from logsleuth.logs.open.log import Log
    from logsleuth.scan.tally import Tally

FEWEST_SHARED = 3
"""Worker pids that two logs must share to count as one server's."""
CONTAINER = 500
"""Pids below this are often the same in different containers."""


@dataclass(frozen=True, slots=True)
class HostLogs:
    """The logs of one host."""

    name: str
    """UNNAMED if nothing names the host."""
    known: HowKnown | None
    """How the name was found; if in several ways, that of the first log."""
    numbers: tuple[int, ...]
    """Its logs, by their numbers in the call."""


def hosts_in(logs: Sequence[Log], streams: Tally | None = None) -> list[HostLogs]:
    """The hosts that the logs are from, by name; a single unnamed one unless there are at least two servers.

    `streams`: the tally of the logs whose lines name hosts, under the same numbers. A log of no host, such as a list
    of deploys, is added to each host.
    """
    logs = _without_sites(logs)
    servers = _servers(logs, streams)
    owners: dict[str, list[int]] = {}
    for number, log in enumerate(logs):
        for host in _hosts_of(number, log, streams):
            of_none = log.format.kind in COMPANIONS and host not in servers  # a list in the folder above the hosts'
            owners.setdefault(UNNAMED if of_none else host, []).append(number)
    if len(servers - {UNNAMED}) < 2:
        return [HostLogs(UNNAMED, None, tuple(range(len(logs))))]
    common = [number for number in owners.get(UNNAMED, []) if logs[number].format.kind in COMPANIONS]
    own = [number for number in owners.pop(UNNAMED, []) if number not in common]
    if own:
        owners[UNNAMED] = own
    return [
        HostLogs(host, logs[numbers[0]].host_known, tuple(sorted((*numbers, *common))))
        for host, numbers in sorted(owners.items())
    ]


def _hosts_of(number: int, log: Log, streams: Tally | None) -> list[str]:
    if log.host_known == "lines" and streams is not None:
        return [host for host, tally in streams.hosts.items() if number in tally.logs]
    return [log.host or UNNAMED]


def _servers(logs: Sequence[Log], streams: Tally | None) -> set[str]:
    """The hosts that run httpd, as far as the logs show; if they show none, all hosts that are named."""
    found = {log.host or UNNAMED for log in logs if log.format.source == "httpd" and log.host_known != "lines"}
    found |= set(servers_of(streams)) if streams is not None else set()
    return found or {host for number, log in enumerate(logs) for host in _hosts_of(number, log, streams)}


def _without_sites(logs: Sequence[Log]) -> list[Log]:
    """The same logs, but those of one server's sites without a host name.

    A file name's prefix is a site if there is a log without a prefix in the same folder. Folders whose names do not
    look like hosts are sites if the same workers write to them.
    """
    beside = {str(PurePath(log.path).parent) for log in logs if log.host_known is None and log.format.source == "httpd"}
    named = [log for log in logs if log.host_known == "folder" and log.host and not looks_like_host(log.host)]
    sites = len({log.host for log in named}) > 1 and _share_workers(named)
    return [
        replace(log, hosts=(), host_known=None)
        if (log.host_known == "file name" and str(PurePath(log.path).parent) in beside) or (sites and log in named)
        else log
        for log in logs
    ]


def _share_workers(logs: Sequence[Log]) -> bool:
    """Whether the same worker processes write to two of these folders."""
    seen: dict[str, set[int]] = {}
    marks: dict[str, bytes] = {}
    for log in logs:
        if log.format.source == "httpd":
            seen.setdefault(log.host or UNNAMED, set()).update(pid for pid in workers_in(log) if pid >= CONTAINER)
            marks.setdefault(log.host or UNNAMED, log.mark)
    hosts = sorted(seen)
    return any(
        len(shared := seen[one] & seen[other]) >= FEWEST_SHARED
        and 2 * len(shared) > min(len(seen[one]), len(seen[other]))
        and marks[one] != marks[other]  # a copy of a log would pass for another host
        for nth, one in enumerate(hosts)
        for other in hosts[nth + 1 :]
    )
