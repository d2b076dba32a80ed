"""The values of a fleet's story: what is known of each host, and what its incidents have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from logsleuth.values import dataclass

if TYPE_CHECKING:
    from logsleuth.library.pattern import Severity

UNNAMED = ""
"""The host of logs that name none."""
NO_HOST = "(no host named)"
"""How reports name that host."""

TraitKind = Literal["software", "platform", "MPM", "setting", "module", "role", "folder", "zone", "site", "change"]


@dataclass(frozen=True, slots=True)
class Trait:
    """Something by which hosts differ: ('software', 'httpd', '2.4.57'), ('setting', 'LogLevel', 'warn')."""

    kind: TraitKind
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Mechanism:
    """The cause of one incident on one host."""

    kind: str
    """The category; without one the pattern of the first cause, else of the first signal."""
    patterns: frozenset[str]
    """The patterns of the first cause, and of what it explains."""
    names: frozenset[tuple[str, str]]
    """What failed, by field: ('backend', '10.0.0.5:8080'); empty: the lines do not name it."""


@dataclass(frozen=True, slots=True)
class HostIncident:
    """One incident on one host. Times are UTC microseconds on the host's own clock."""

    host: str
    number: int
    """Which of the host's incidents it is, from 0, in the order of its own report."""
    mechanism: Mechanism
    """What failed."""
    severity: Severity
    onset: int
    end: int | None
    """None: it is still open when the logs end."""
    last: int
    """Its last sign."""
    lost: int
    """Workers lost."""


@dataclass(frozen=True, slots=True)
class HostFacts:
    """What is known of one host."""

    name: str
    first: int | None
    """UTC microseconds of its first line with a time; None: no line has one."""
    last: int | None
    traits: tuple[Trait, ...]
    incidents: tuple[HostIncident, ...]
    changes: tuple[tuple[int, str], ...] | None = None
    """(UTC microseconds, what it was) of its last changes, in order; None: it has no log that would show any."""
    configured: bool = False
    """Whether its configuration is known, so that settings missing in its traits are not set."""


@dataclass(frozen=True, slots=True)
class ClockOffset:
    """By how much a host's clock differs from the reference host's."""

    host: str
    ahead: int
    """Microseconds; negative: it is behind."""
    against: str
    """The host that it is compared with."""
    shared: int
    """Requests that are in the logs of both."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One host of a fleet incident, in the order of onsets."""

    incident: HostIncident
    onset: int
    """UTC microseconds, by the corrected clock."""


@dataclass(frozen=True, slots=True)
class Apart:
    """A trait that sets the hosts that were hit apart from those that were spared."""

    kind: TraitKind
    name: str
    hit: str | None
    """The value that (nearly) all hosts hit share; None: theirs differ, and it is those spared that share one."""
    hit_count: int
    """How many of those hit have it; where it is None, how many have what those spared share, …"""
    hit_known: int
    """…of those of which it is known."""
    spared: str | None
    """The value that those spared share; None: they do not."""
    spared_count: int
    """How many of those spared have the value of those hit; where that is None, how many share theirs, …"""
    spared_known: int
    """…of those of which it is known."""


@dataclass(frozen=True, slots=True)
class FleetIncident:
    """Incidents of one mechanism on several hosts, or on one, that belong together."""

    hits: tuple[Hit, ...]
    """In order of onset."""
    spared: tuple[str, ...]
    """Hosts that were not hit although their logs cover its time."""
    unseen: tuple[str, ...]
    """Hosts whose logs do not cover its time, so it is unknown whether they were hit."""
    apart: tuple[Apart, ...]
    by_change: bool
    """They were hit in the order in which they had been changed."""
    canary: int | None
    """Microseconds by which the first host was hit before all others, where that is conspicuous; None: it is not."""

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts that were hit, in the order in which they were, each once."""
        return tuple(dict.fromkeys(hit.incident.host for hit in self.hits))

    @property
    def spread(self) -> int:
        """Microseconds from the first host's onset to that of the last host that was hit."""
        first_of: dict[str, int] = {}
        for hit in self.hits:
            first_of.setdefault(hit.incident.host, hit.onset)
        return max(first_of.values()) - self.hits[0].onset


@dataclass(frozen=True, slots=True)
class FleetStory:
    """What happened to a fleet."""

    incidents: tuple[FleetIncident, ...]
    """The gravest first, then the widest, then in order of onset."""
    offsets: tuple[ClockOffset, ...]
    """The clocks that could be compared, by host."""
