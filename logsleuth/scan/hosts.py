"""The tallies of several hosts that wrote into the same logs: each host's own, or all of them as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.scan.bykey import KeyCounts
from logsleuth.scan.series import Moment, Series
from logsleuth.scan.tally import HOSTS, PatternTally, PidTally, Tally, TemplateTally
from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from logsleuth.scan.sighting import Sighting
    from logsleuth.scan.tally import LogTally


def tally_of_host(tally: Tally, host: str) -> Tally:
    """What one host wrote, as if nobody else had written into the same logs; its lines keep their numbers in them."""
    own = tally.hosts[host]
    for number, log in own.logs.items():
        _complete(log, tally.logs[number])
    return own


def _complete(log: LogTally, whole: LogTally) -> None:
    """Add what is counted for all hosts of a log together. The table of blocks is shared: it may be long."""
    log.bytes, log.blocks, log.numbered, log.damaged = whole.bytes, whole.blocks, whole.numbered, whole.damaged


def as_one_host(tally: Tally) -> Tally:
    """The same tally with all lines counted as one host's. The given one is of no use after that."""
    for host in sorted(tally.hosts):
        tally.merge(tally.hosts[host])
    tally.hosts, tally.beyond = {}, KeyCounts(HOSTS)
    return tally


def servers_of(tally: Tally) -> list[str]:
    """The hosts of which a line in httpd's own format was read, by name."""
    return sorted(
        host for host, own in tally.hosts.items() if any(log.records and not log.foreign for log in own.logs.values())
    )


def renumbered(tally: Tally, numbers: Mapping[int, int]) -> Tally:
    """The same tally with other numbers for its logs: for the host's own list of them, or for that of a merge."""
    if all(old == new for old, new in numbers.items()):
        return tally
    moved = rewritten(tally, lambda sighting: sighting._replace(log=numbers[sighting.log]))
    return replace(
        moved,
        logs={numbers[number]: one for number, one in moved.logs.items()},
        traffic={numbers[number]: one for number, one in moved.traffic.items()},
        hosts={host: renumbered(one, numbers) for host, one in tally.hosts.items()},
    )


def rewritten(tally: Tally, moved: Callable[[Sighting], Sighting]) -> Tally:
    """The same tally with each line that it keeps as another makes it; that of its hosts is as it was."""

    def series(one: Series) -> Series:
        moments = {
            number: Moment(moment.count, moved(moment.first), moment.last) for number, moment in one.buckets.items()
        }
        return Series(one.cap, one.width, moments)

    def pattern(one: PatternTally) -> PatternTally:
        by_pid = {pid: PidTally(of.count, moved(of.first), moved(of.last)) for pid, of in one.by_pid.items()}
        return PatternTally(series(one.series), moved(one.last) if one.last else None, by_pid, one.clients)

    def log(one: LogTally) -> LogTally:
        return replace(
            one,
            first=moved(one.first) if one.first else None,
            last=moved(one.last) if one.last else None,
            samples=[moved(sample) for sample in one.samples],
            steps=[(size, moved(after)) for size, after in one.steps],
        )

    return replace(
        tally,
        patterns={name: pattern(one) for name, one in tally.patterns.items()},
        templates={key: TemplateTally(series(one.series)) for key, one in tally.templates.items()},
        logs={number: log(one) for number, one in tally.logs.items()},
    )
