"""The values of the story: strands of evidence, incidents, causes, workers that were lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from logsleuth.library.pattern import Pattern, Severity
    from logsleuth.scan.sighting import Sighting
    from logsleuth.story.restarts import Restart
    from logsleuth.story.timeline import Moment, Track

Confidence = Literal["high", "medium", "low"]
SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Strand:
    """What one track adds to an incident."""

    track: Track
    moments: tuple[Moment, ...]
    """Its moments within the incident, in order; never empty."""
    why: str
    """The rule (a function of evidence.py or its neighbours) by which it belongs, such as 'burst' or 'only-here'."""
    usual: float = 0.0
    """Moments a second outside of its bursts."""
    until: int = 0
    """UTC microseconds up to which it is known to have lasted, if longer than its last match tells."""

    @property
    def pattern(self) -> Pattern | None:
        """Its pattern; None for a template that no pattern knows."""
        return self.track.pattern

    @property
    def title(self) -> str:
        """The track's title; log text may stand in it."""
        return self.track.title

    @property
    def begin(self) -> int:
        """UTC microseconds of the first moment."""
        return self.moments[0].time

    @property
    def end(self) -> int:
        """UTC microseconds of the last match."""
        return max(self.until, *(moment.last for moment in self.moments))

    @property
    def latched(self) -> bool:
        """It is a limit that was reached, of which httpd says no more, and nothing shows when it was over."""
        return self.why == "exhaustion" and not self.until

    @property
    def count(self) -> int:
        """Matches within the incident."""
        return sum(moment.count for moment in self.moments)

    @property
    def outside(self) -> int:
        """Moments of the track that are not in the incident."""
        return len(self.track.moments) - len(self.moments)

    @property
    def category(self) -> str | None:
        """The outage that it can stand for."""
        return self.pattern.category if self.pattern else None


@dataclass(frozen=True, slots=True)
class Recovery:
    """How it ended."""

    time: int
    """UTC microseconds."""
    how: str
    """'restart', 'reload' or 'faded'."""
    restart: Restart | None = None


@dataclass(frozen=True, slots=True)
class Incident:
    """An interval in which the server failed its users."""

    strands: tuple[Strand, ...]
    """In order of their begin."""
    onset: int
    end: int
    """UTC microseconds of the last evidence."""
    recovery: Recovery | None
    """None: it was still going on when the log ended."""
    restarts: tuple[Restart, ...] = ()
    """Restarts within, the recovering one included."""
    period: float | None = None
    """Seconds after which it comes back again and again; None: it does not."""
    returns: tuple[int, ...] = ()
    """UTC microseconds at which it came back after it had seemed to be over, its onset left out."""

    @property
    def seconds(self) -> float:
        """From onset to recovery, or to the last evidence."""
        return ((self.recovery.time if self.recovery else self.end) - self.onset) / SECOND


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason to believe or to doubt a cause."""

    rule: str
    weight: float
    text: str
    """A sentence that the report prints."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A ranked hypothesis."""

    title: str
    category: str | None
    pattern: Pattern | None
    strand: Strand
    also: tuple[Strand, ...]
    """Strands that it explains, or that say the same."""
    score: float
    confidence: Confidence
    grounds: tuple[Ground, ...]
    kind: str = "root cause"
    """'root cause', 'contributing' or 'independent'."""


@dataclass(frozen=True, slots=True)
class LostWorker:
    """A worker that no longer serves."""

    pid: int
    time: int
    """UTC microseconds at which it is known to be lost."""
    how: str
    inferred: bool
    sighting: Sighting
    failures: int
    rule: str
    """The rule (a function of rules.py) by which the loss is known."""
    pool: str = ""
    """'' for the server's own children; else such as 'mod_wsgi group shop'."""
    born: int | None = None
    """UTC microseconds, where a line tells of its birth."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Workers that serve one thing, as they stood around an incident."""

    name: str
    """'' for the server's own children; else such as 'FPM pool www'."""
    size: int | None
    """How many there are to serve; None: unknown."""
    source: str
    """How the size is known."""
    lost: int


@dataclass(frozen=True, slots=True)
class RoutineEnd:
    """Workers that ended within an incident and are no loss."""

    how: str
    """'recycled', 'stopped' or 'replaced'."""
    pool: str
    rule: str
    count: int


@dataclass(frozen=True, slots=True)
class Workers:
    """What became of the workers in an incident."""

    lost: tuple[LostWorker, ...]
    """In order of time."""
    pool: int | None
    """How many there are to serve, in the pools that lost any; None: unknown."""
    pool_source: str
    """How the pool's size is known."""
    pools: tuple[Pool, ...] = ()
    """All that are known, by name."""
    routine: tuple[RoutineEnd, ...] = ()
    rules: tuple[tuple[str, int], ...] = ()
    """The rules by which losses and ends are known, and how often each was used."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """An event that may have set the incident off."""

    time: int
    """UTC microseconds."""
    kind: Literal["change", "restart", "reload"]
    text: str
    """A sentence without its full stop; log text may stand in it."""
    sightings: tuple[Sighting, ...]
    """The lines that tell of it; never empty."""
    pattern: str | None = None
    """The id of the pattern that knows it."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What made the incident worse, or was there before it."""

    rule: str
    text: str
    """A sentence that the report prints."""
    sightings: tuple[Sighting, ...]
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Symptom:
    """What the root cause brought about."""

    strand: Strand
    explained: bool
    """A known mechanism leads to it from the cause; else it only follows in time."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """An incident with its explanation."""

    incident: Incident
    causes: tuple[Cause, ...]
    """Likeliest first; empty: nothing is known of the cause."""
    workers: Workers
    severity: Severity
    category: str | None
    confidence: Confidence
    triggers: tuple[Trigger, ...] = ()
    """What may have set it off, in order of time; empty: the logs show nothing."""
    conditions: tuple[Condition, ...] = ()
    symptoms: tuple[Symptom, ...] = ()
    """In order of their begin."""
