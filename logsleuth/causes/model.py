"""The values of this stage: why an incident happened, how sure that is, and what set it off."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final, Literal

from logsleuth.values import dataclass

if TYPE_CHECKING:
    from logsleuth.causes.services import ServiceRestart
    from logsleuth.causes.worse import Worsened
    from logsleuth.incidents.model import Incident, Workers
    from logsleuth.library.pattern import Explain, Severity
    from logsleuth.lives.server.model import Restart
    from logsleuth.scan.sighting import Sighting
    from logsleuth.signals.model import Signal

Confidence = Literal["high", "medium", "low"]
CauseKind = Literal["root cause", "contributing", "related", "link not known"]
"""'contributing': a known mechanism binds it to the first cause; 'related': both are about the same thing; 'link not
known': a grave fault of its own, seen only here."""
TriggerKind = Literal["change", "restart", "reload", "state", "surge"]
RestartVerdict = Literal["would-help", "has-helped", "did-not-help", "harmful", "pointless"]


@dataclass(frozen=True, slots=True)
class Ground:
    """One piece of evidence for or against a cause."""

    rule: str
    weight: float
    """Decibans: ten times the decimal logarithm of how many times likelier it is if the cause is the right one."""
    text: str
    """A sentence that the report prints."""


ONLY_TOLD: Final = 0.1
"""The weight of what is found when the logs are read once more: it speaks for the first cause, and changes no rank."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A ranked hypothesis."""

    signal: Signal
    also: tuple[Signal, ...]
    """Signals that it explains, or that say the same."""
    probability: float
    confidence: Confidence
    grounds: tuple[Ground, ...]
    kind: CauseKind = "root cause"
    shares: str = ""
    """What binds a related cause to the first one, as a clause; log text may be in it."""
    beside: frozenset[str] = frozenset()
    """Names of the signals that come with nearly all of its lines."""
    on: frozenset[str] = frozenset()
    """Names of what the server runs on, and of what the logs show beside its lines."""

    @property
    def title(self) -> str:
        """What it is, by what its lines say and what comes with them; log text may be in it."""
        return self.explain.title or self.signal.title

    @property
    def category(self) -> str | None:
        """The kind of outage."""
        return self.signal.category

    @property
    def is_explained(self) -> bool:
        """Whether another candidate explains it."""
        return any(ground.rule == "is-explained" for ground in self.grounds)

    @property
    def explain(self) -> Explain:
        """What explains its lines, and what comes with them."""
        return self.signal.meaning.explain.of(
            (dict(moment.sighting.fields) for moment in self.signal.moments), self.beside, self.on
        )


@dataclass(frozen=True, slots=True)
class Trigger:
    """An event that may have set the incident off."""

    time: int
    """UTC microseconds."""
    kind: TriggerKind
    text: str
    """A sentence without its full stop; log text may be in it."""
    sightings: tuple[Sighting, ...]
    """The lines that report it; never empty."""
    pattern: str | None = None
    """The id of the pattern that knows it."""
    fix: str = ""
    """What undoes it, in sentences; log text may be in it. Empty: that depends."""


@dataclass(frozen=True, slots=True)
class Reason:
    """What the logs show to be behind a first cause that only says what failed, though no message reports it so."""

    time: int
    """UTC microseconds of its first sign."""
    text: str
    """A sentence without its full stop; log text may be in it."""
    sightings: tuple[Sighting, ...]
    """Lines that show it; never empty."""
    confidence: Confidence
    fix: str = ""
    """What ends it, in sentences; empty: that depends."""
    explain: Explain | None = None
    """What to do in place of what the patterns of the causes advise, which know only what failed; None: that stands."""
    named: tuple[tuple[str, str], ...] = ()
    """What its commands and advice name."""
    times: tuple[int, ...] = ()
    """UTC microseconds of the events of which it is one, where there are several."""
    restart: str = ""
    """When a restart of httpd ends it, as a clause; empty: that depends on the kind of outage."""
    title: str = ""
    """What an outage is called that it is surely behind; log text may be in it. Empty: as what failed."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What made the incident worse, or was there before it."""

    rule: str
    text: str
    """A sentence that the report prints."""
    sightings: tuple[Sighting, ...]
    inferred: bool = False


class By(StrEnum):
    """What ended an incident."""

    START = "start"
    """httpd was not up, and was started."""
    RESTART = "restart"
    """A restart of httpd."""
    WITH_A_RESTART = "with-a-restart"
    """It ended as httpd was restarted, and one that does as much had not ended it: something else had changed too."""
    AT_A_RESTART = "at-a-restart"
    """It ended as httpd was restarted; whether by that is not known."""
    BEFORE_A_RESTART = "before-a-restart"
    """The failures had stopped some time before httpd was restarted."""
    COUNTERMEASURE = "countermeasure"
    """Somebody had requests refused that overloaded the server."""
    SERVICE = "service"
    """A service behind httpd was started."""
    BACK = "back"
    """Something behind httpd reported that it answers again."""
    CHANGE = "change"
    """Somebody or something did something as it ended."""
    ITSELF = "unknown"
    """Nothing in the logs says what."""


@dataclass(frozen=True, slots=True)
class EndedBy:
    """What ended an incident, as far as the logs show it."""

    by: By
    time: int
    """UTC microseconds of its line, or of the order to restart."""
    text: str = ""
    """What was done or logged, without a full stop; log text may be in it. Of a start: what may have made it possible.
    Empty: nothing is known."""
    sightings: tuple[Sighting, ...] = ()
    """The lines that report it."""
    pattern: str | None = None
    """The id of the pattern that knows it."""
    restart: Restart | None = None
    """The restart of httpd, where it was one, or one came soon after."""
    reloaded: bool = False
    """The service that was started had been told to reload, not to stop."""


@dataclass(frozen=True, slots=True)
class Symptom:
    """What the root cause brought about."""

    signal: Signal
    explained: bool
    """A known mechanism leads to it from the cause; else it only coincides in time."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """An incident with its explanation."""

    incident: Incident
    causes: tuple[Cause, ...]
    """Likeliest first; empty: nothing is known of the cause."""
    workers: Workers
    severity: Severity
    category: str | None
    """What failed; None: unknown."""
    confidence: Confidence
    """That it was this kind of outage."""
    why: Confidence
    """That the first cause is the root of it: a line that only says that something broke names no reason."""
    restart: RestartVerdict
    triggers: tuple[Trigger, ...] = ()
    """What may have set it off, in order of time; empty: the logs show nothing."""
    ended_by: EndedBy | None = None
    """What ended it; None: nothing shows that it ended."""
    services: tuple[ServiceRestart, ...] = ()
    """Restarts of services behind httpd while it went on."""
    of_restarts: frozenset[str] = frozenset()
    """The names of signals that come only of restarts of services behind httpd: they are the repair, no symptom."""
    conditions: tuple[Condition, ...] = ()
    symptoms: tuple[Symptom, ...] = ()
    """In order of time."""
    beside: Signal | None = None
    """What nothing knows, and what begins with the first cause and is seen as often: perhaps its reason."""

    reason: Reason | None = None
    """What is behind the first cause; None: nothing shows it, or its own message says so."""

    worsened: tuple[Worsened, ...] = ()
    """Restarts of httpd after which far more requests failed than before."""

    alike: tuple[str, ...] = ()
    """The backends that the lines of the first cause name, if all failed alike: then none of them is at fault."""

    @property
    def first(self) -> Signal | None:
        """The likeliest cause; None: nothing is known of it."""
        return self.causes[0].signal if self.causes else None

    def title_of(self, signal: Signal) -> str:
        """What a signal is called in this incident: where it is the first cause, as that; log text may be in it."""
        return self.causes[0].title if signal is self.first else signal.title
