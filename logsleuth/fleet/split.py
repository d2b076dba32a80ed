"""Which logs are of which host."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from logsleuth.fleet.model import UNNAMED
from logsleuth.logs.open.hosts import looks_like_host
from logsleuth.logs.open.log import COMPANIONS, workers_in
from logsleuth.scan.hosts import servers_of
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.logs.open.hosts import HowKnown
    from logsleuth.logs.open.log import Log
    from logsleuth.scan.tally import Tally

FEWEST_SHARED = 3
"""Worker processes that two logs must share to be one server's."""
CONTAINER = 500
"""Pids below this are as likely to be equal in two containers as not."""


@dataclass(frozen=True, slots=True)
class HostLogs:
    """The logs of one host."""

    name: str
    """UNNAMED: of no host that is named."""
    known: HowKnown | None
    """What names it; of several, the first in the order of the logs."""
    numbers: tuple[int, ...]
    """Its logs, by their numbers in the call."""


def hosts_in(logs: Sequence[Log], streams: Tally | None = None) -> list[HostLogs]:
    """The hosts that the logs are of, by name; one alone, unnamed, where there are no two servers among them.

    `streams`: what was counted by host of the logs whose lines name their hosts, under the same numbers. What belongs
    to no host, such as a list of deploys, goes with every one of them.
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
    """The hosts that run an httpd, as far as the logs show; where they show none, all that are named."""
    found = {log.host or UNNAMED for log in logs if log.format.source == "httpd" and log.host_known != "lines"}
    found |= set(servers_of(streams)) if streams is not None else set()
    return found or {host for number, log in enumerate(logs) for host in _hosts_of(number, log, streams)}


def _without_sites(logs: Sequence[Log]) -> list[Log]:
    """The same logs, those of one server's sites without what looked like a host's name.

    A name at a file's begin is a site's if a log without one lies beside it. Folders whose names no host need have are
    sites' if the same workers write into them.
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
    """Whether any two of these logs, of different folders, are written by the same worker processes."""
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
