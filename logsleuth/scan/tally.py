"""The mergeable summary of any stretch of log.

A Tally is a commutative monoid: `Tally()` is empty, `merge` adds, and any split of a log gives the same
sum. It is one because each field is a sum, a minimum or maximum, a union, or "the first k" of a fixed
order. Every container is bounded; where a bound drops something, what is dropped is decided by the key
alone (its rank and hash), never by when it came, so that the rest stays exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.scan.bykey import AnswersByKey, KeyCounts, key_hash
from logsleuth.scan.series import Counts, Durations, Series
from logsleuth.scan.sighting import Sighting, earlier, later
from logsleuth.values import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.logs.open.block import Block

FORMAT = 2
"""Raise it with every change of a class that a tally is made of: tallies travel between machines."""
MOMENTS_A_PATTERN = 2048
MOMENTS_OF_NOISE = 128
"""What is routine for any number of clients is never evidence: it is counted, and shown in outline."""
PIDS_A_PATTERN = 4096
CLIENTS_A_PATTERN = 256
KEYS_OF_TRAFFIC = 512
"""Clients, paths and virtual hosts of one access log, each."""
SECONDS_SERVED = 16_384
SECONDS_OF_TRAFFIC = 16_384
DURATIONS = 32_768
"""Counts of how long the requests of one access log took."""
MOMENTS_A_TEMPLATE = 128
TEMPLATES = 2000
SIGNS = 65_536
SIGN_WIDTH = 600
"""Seconds: the finest grain at which a worker's signs of life are kept apart."""
WIDEST_SIGN = SIGN_WIDTH << 13
HOSTS = 10_000
"""Hosts that are distinguished in logs that name a host on each line."""
SAMPLES = 5
"""Unparsed lines that are kept to be shown."""


@dataclass(slots=True)
class PidTally:
    """One pattern's matches about one pid."""

    count: int
    first: Sighting
    last: Sighting

    def merged(self, other: PidTally) -> PidTally:
        """Both together."""
        first = self.first if self.first.place <= other.first.place else other.first
        last = self.last if self.last.place >= other.last.place else other.last
        return PidTally(self.count + other.count, first, last)


@dataclass(slots=True)
class PatternTally:
    """One pattern's matches."""

    series: Series = field(default_factory=lambda: Series(MOMENTS_A_PATTERN))
    last: Sighting | None = None
    by_pid: dict[int, PidTally] = field(default_factory=dict)
    """Subject pid to its matches; at most PIDS_A_PATTERN, those of the lowest hash."""
    clients: KeyCounts = field(default_factory=lambda: KeyCounts(CLIENTS_A_PATTERN))
    """Matches by client's address, of the lines that name one."""

    def merge(self, other: PatternTally) -> None:
        """Add another's."""
        self.series.merge(other.series)
        self.last = later(self.last, other.last)
        for pid, theirs in other.by_pid.items():
            mine = self.by_pid.get(pid)
            self.by_pid[pid] = theirs if mine is None else mine.merged(theirs)
        self.clients.merge(other.clients)
        self.bound()

    def add_pid(self, pid: int, more: PidTally) -> None:
        """Add matches about one pid; call `bound` when done."""
        known = self.by_pid.get(pid)
        self.by_pid[pid] = more if known is None else known.merged(more)

    def bound(self) -> None:
        """Drop pids beyond the cap."""
        if len(self.by_pid) > PIDS_A_PATTERN:
            for pid in sorted(self.by_pid, key=spread)[PIDS_A_PATTERN:]:
                del self.by_pid[pid]


@dataclass(slots=True)
class TemplateTally:
    """Lines of one shape that no pattern knows."""

    series: Series = field(default_factory=lambda: Series(MOMENTS_A_TEMPLATE))

    def merge(self, other: TemplateTally) -> None:
        """Add another's."""
        self.series.merge(other.series)


STEPS = 8
"""Steps back of the clock that are kept of each log."""
PASSED = -1
"""Stands for the start of the part that was passed over, before all blocks."""


@dataclass(slots=True)
class LogTally:
    """What is counted of one log as a whole."""

    bytes: int = 0
    lines: int = 0
    records: int = 0
    bare: int = 0
    """Lines without a head that stand on their own."""
    joined: int = 0
    """Lines that were joined to an entry that began on another line."""
    unparsed: int = 0
    long: int = 0
    """Lines at httpd's limit of 8 KiB, whose tails cannot be trusted."""
    odd_bytes: int = 0
    """Lines with bytes that httpd would have escaped: NUL, or not ASCII."""
    first: Sighting | None = None
    last: Sighting | None = None
    samples: list[Sighting] = field(default_factory=list)
    """The first unparsed lines."""
    blocks: dict[int, int] = field(default_factory=dict)
    """Where each block begins, in bytes, and how many lines it owns; before the first, those passed over."""
    numbered: bool = True
    """False: more was passed over than is worth counting, so that lines have no numbers."""
    kinds: dict[tuple[str, str], int] = field(default_factory=dict)
    """Lines by module and level."""
    stepped: int = 0
    """Lines that are dated a minute or more before the line that they follow."""
    steps: list[tuple[int, Sighting]] = field(default_factory=list)
    """The largest of those steps back, in seconds, and the line after each."""
    damaged: bool = False
    """Compressed, and readable only so far."""
    foreign: bool = False
    """Another program's log."""

    def merge(self, other: LogTally) -> None:
        """Add another's counts."""
        for name in ("bytes", "lines", "records", "bare", "joined", "unparsed", "long", "odd_bytes", "stepped"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.first = earlier(self.first, other.first)
        self.last = later(self.last, other.last)
        self.add_samples(other.samples)
        self.add_steps(other.steps)
        self.blocks |= other.blocks
        self.foreign |= other.foreign
        self.numbered &= other.numbered
        self.damaged |= other.damaged
        for kind, count in other.kinds.items():
            self.kinds[kind] = self.kinds.get(kind, 0) + count

    def add_block(self, block: Block, lines: int) -> None:
        """Count what a block owns: its bytes, and how many lines begin in them."""
        self.bytes += block.own_end - block.own_begin
        self.blocks[block.own_begin] = lines

    def add_samples(self, samples: Sequence[Sighting]) -> None:
        """Keep the first."""
        self.samples = sorted((*self.samples, *samples), key=lambda sample: sample.offset)[:SAMPLES]

    def add_steps(self, steps: Sequence[tuple[int, Sighting]]) -> None:
        """Keep the largest, and of equal ones the first."""
        self.steps = sorted((*self.steps, *steps), key=lambda step: (-step[0], step[1].offset))[:STEPS]


@dataclass(slots=True)
class Sign:
    """When one pid wrote within one stretch of time."""

    first: int
    last: int
    count: int

    def merged(self, other: Sign) -> Sign:
        """Both together."""
        return Sign(min(self.first, other.first), max(self.last, other.last), self.count + other.count)


@dataclass(slots=True)
class Signs:
    """Workers' signs of life: for each pid and stretch of time, its first and last line."""

    width: int = SIGN_WIDTH
    items: dict[tuple[int, int], Sign] = field(default_factory=dict)

    def add(self, pid: int, sign: Sign) -> None:
        """Note one pid's lines, all of which fall into one stretch; call `fit` when done."""
        key = (pid, sign.first // 1_000_000 // self.width)
        known = self.items.get(key)
        self.items[key] = sign if known is None else known.merged(sign)

    def merge(self, other: Signs) -> None:
        """Add another's."""
        self._widen(max(self.width, other.width))
        for (pid, _), sign in other.items.items():
            self.add(pid, sign)
        self.fit()

    def fit(self) -> None:
        """Keep within the cap: first wider stretches, then fewer pids."""
        width, wanted = self.width, len(self.items)
        while wanted > SIGNS and width < WIDEST_SIGN:
            width *= 2
            wanted = len({(pid, sign.first // 1_000_000 // width) for (pid, _), sign in self.items.items()})
        self._widen(width)
        if len(self.items) > SIGNS:
            for key in sorted(self.items, key=lambda item: (spread(item[0]), item[1]))[SIGNS:]:
                del self.items[key]

    def _widen(self, width: int) -> None:
        if self.width < width:
            items, self.items, self.width = self.items, {}, width
            for (pid, _), sign in items.items():
                self.add(pid, sign)


@dataclass(slots=True)
class Traffic:
    """The requests of one access log."""

    all: Counts = field(default_factory=lambda: Counts(SECONDS_OF_TRAFFIC))
    failed: Counts = field(default_factory=lambda: Counts(SECONDS_OF_TRAFFIC))
    """Those answered with a status of 500 or more."""
    refused: Counts = field(default_factory=lambda: Counts(SECONDS_OF_TRAFFIC))
    """Those answered with a status of 400 to 499."""
    redirected: Counts = field(default_factory=lambda: Counts(SECONDS_OF_TRAFFIC))
    """Those answered with a status that sends the client elsewhere: 301, 302, 303, 307 and 308."""
    took: Durations = field(default_factory=lambda: Durations(DURATIONS))
    """How long they took, by when they began; of the lines that say it."""
    by_client: AnswersByKey = field(default_factory=lambda: AnswersByKey(KEYS_OF_TRAFFIC))
    """By the client's address, or its name where the server looks names up (%h)."""
    by_path: AnswersByKey = field(default_factory=lambda: AnswersByKey(KEYS_OF_TRAFFIC))
    """By the first segment of the requested path, such as `/shop`; what asks for no path has no key."""
    by_vhost: AnswersByKey = field(default_factory=lambda: AnswersByKey(KEYS_OF_TRAFFIC))
    """By virtual host, in lower case, where the format names it (%v or %V)."""

    def merge(self, other: Traffic) -> None:
        """Add another's."""
        self.all.merge(other.all)
        self.failed.merge(other.failed)
        self.refused.merge(other.refused)
        self.redirected.merge(other.redirected)
        self.took.merge(other.took)
        self.by_client.merge(other.by_client)
        self.by_path.merge(other.by_path)
        self.by_vhost.merge(other.by_vhost)


@dataclass(slots=True)
class Tally:
    """All that is known of a stretch of log."""

    patterns: dict[str, PatternTally] = field(default_factory=dict)
    templates: dict[tuple[int, int], TemplateTally] = field(default_factory=dict)
    """By (rank of the level, hash of module, level and masked text): at most TEMPLATES, the lowest."""
    logs: dict[int, LogTally] = field(default_factory=dict)
    signs: Signs = field(default_factory=Signs)
    served: Counts = field(default_factory=lambda: Counts(SECONDS_SERVED))
    """Lines that name a client, over time: the trace that requests leave."""
    traffic: dict[int, Traffic] = field(default_factory=dict)
    """By number of the log: of access logs only."""
    timeouts: dict[str, int] = field(default_factory=dict)
    """Contributed patterns whose regex ran out of time, and how often."""
    hosts: dict[str, Tally] = field(default_factory=dict)
    """By host, of logs whose lines name it ('': they name none): at most HOSTS, those of the lowest hash.

    Bytes and blocks of such logs are counted in `logs`, for all hosts together."""
    beyond: KeyCounts = field(default_factory=lambda: KeyCounts(HOSTS))
    """Lines by host, of the hosts beyond that cap."""

    def merge(self, other: Tally) -> None:
        """Add another's."""
        for name, pattern in other.patterns.items():
            self.patterns.setdefault(name, PatternTally(Series(pattern.series.cap))).merge(pattern)
        for key, template in other.templates.items():
            self.templates.setdefault(key, TemplateTally()).merge(template)
        self.bound()
        for number, log in other.logs.items():
            self.logs.setdefault(number, LogTally()).merge(log)
        self.signs.merge(other.signs)
        self.served.merge(other.served)
        for number, traffic in other.traffic.items():
            self.traffic.setdefault(number, Traffic()).merge(traffic)
        for name, count in other.timeouts.items():
            self.timeouts[name] = self.timeouts.get(name, 0) + count
        for host, tally in other.hosts.items():
            self.hosts.setdefault(host, Tally()).merge(tally)
        self.beyond.merge(other.beyond)
        self.bound_hosts()

    def bound_hosts(self) -> None:
        """Drop hosts beyond the cap, but for the number of their lines."""
        if len(self.hosts) > HOSTS:
            for host in sorted(self.hosts, key=lambda host: (key_hash(host), host))[HOSTS:]:
                self.beyond.add({host: sum(log.lines for log in self.hosts.pop(host).logs.values())})

    def template(self, key: tuple[int, int]) -> TemplateTally:
        """The lines of one shape; call `bound` when done."""
        return self.templates.setdefault(key, TemplateTally())

    def bound(self) -> None:
        """Drop templates beyond the cap."""
        if len(self.templates) > TEMPLATES:
            for key in sorted(self.templates)[TEMPLATES:]:
                del self.templates[key]

    def pass_over(self, log: int, lines: int | None) -> None:
        """Note how many lines at a log's start are skipped; None: they were not counted."""
        found = self.logs.setdefault(log, LogTally())
        found.blocks[PASSED] = lines or 0
        found.numbered = lines is not None

    def let_go_of_lines(self) -> None:
        """Keep the logs alone: in a timeline all the rest stands once more, and it can be a third of the memory."""
        for kept in (self.patterns, self.templates, self.traffic, self.signs.items, self.served.buckets, self.hosts):
            kept.clear()

    def line_number(self, sighting: Sighting) -> int | None:
        """The number of a kept line in its log, from 1; None where it is not known."""
        if not self.logs[sighting.log].numbered:
            return None
        blocks = self.logs[sighting.log].blocks
        return 1 + sum(lines for begin, lines in blocks.items() if begin < sighting.block) + sighting.nth


def spread(number: int) -> int:
    """A fixed scattering of small integers, so that a bound keeps an even choice of them."""
    return ((number * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF) ^ (number >> 7)
