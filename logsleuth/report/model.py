"""The Report: all that it says, as plain frozen data. Renderers read nothing else.

Times are UTC microseconds since 1970; renderers write them in the zone of the log or in UTC.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from logsleuth.incidents.model import LIVING_ON
from logsleuth.report.words import within_sentence
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from logsleuth.library.commands import Command

SCHEMA = "logsleuth/report/2"

VerdictWord = Literal["outage", "faults", "clean"]
"""One or more incidents; something is wrong, but no outage; nothing is wrong."""
MomentKind = Literal[
    "trigger", "onset", "cause", "symptom", "worker", "capacity", "return", "restart", "recovery", "end"
]
Phase = Literal["before", "onset", "spread", "outage", "recovery"]
"""'spread': workers are being lost."""
MarkKind = Literal["start", "restart", "reload", "stop"]
"""'stop': no start follows; 'reload': a graceful restart."""
DownWhy = Literal["stopped", "refused", "died", "killed"]
"""Told to stop, would not start, gave up, or ended without a word."""


@dataclass(frozen=True, slots=True)
class LogFacts:
    """One log that was read."""

    path: str
    lines: int
    bytes: int
    format: str
    format_reason: str
    first: int | None
    last: int | None
    unparsed: int
    bare: int
    joined: int
    long: int
    odd_bytes: int
    unparsed_samples: tuple[str, ...]
    host: str = ""
    """Empty: it is of the one host, of none that is named, or its lines are of several."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One line that proves something."""

    id: str
    path: str
    line: int | None
    """None: too much of the log was passed over to count its lines."""
    offset: int
    time: int | None
    text: str
    """As it stands in the log: hostile, to be escaped where it is shown."""
    pattern: str | None
    level: str = ""
    """As httpd writes it; empty if the line names none."""
    pid: int = 0
    """The process that the line is about; 0: unknown."""


@dataclass(frozen=True, slots=True)
class ExcerptLine:
    """One line of a log in its neighbourhood."""

    offset: int
    """Bytes from the beginning of the log."""
    text: str
    """As it stands there, cut where it is long: hostile."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of a log around one or several lines of evidence."""

    path: str
    line: int | None
    """Number of its first line; None: unknown."""
    lines: tuple[ExcerptLine, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A statement of fact, and the lines that prove it."""

    text: str
    """Log text may be in it."""
    evidence: tuple[str, ...] = ()
    """Ids of the incident's evidence; empty: it says that something is missing, which no line can prove."""


@dataclass(frozen=True, slots=True)
class ReportSignal:
    """One kind of line that belongs to an incident, and when it was written."""

    pattern: str | None
    title: str
    role: str
    severity: str
    """Empty: no pattern tells how grave it is."""
    count: int
    first: int
    last: int
    moments: tuple[tuple[int, int], ...]
    """(UTC microseconds, matches) in order: all of them, or taken together where there are many."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One worker's life around an incident, for a picture."""

    pid: int
    signs: tuple[tuple[int, int], ...]
    """(first, last) UTC microseconds of the stretches in which it wrote."""
    lost: int | None
    """UTC microseconds; None: it was not lost."""
    how: str = ""
    inferred: bool = False

    @property
    def lives_on(self) -> bool:
        """Whether it was lost, and goes on without serving."""
        return self.how in LIVING_ON


@dataclass(frozen=True, slots=True)
class ReportCause:
    """One hypothesis."""

    category: str | None
    pattern: str | None
    title: str
    kind: str
    """'root cause', 'what failed' (no line names the root of it), 'contributing', 'related' (both are about
    the same thing) or 'link not known'."""
    confidence: str
    explanation: str
    for_: tuple[str, ...]
    against: tuple[str, ...]
    evidence: tuple[str, ...]
    count: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain from trigger to symptom."""

    role: str
    """'trigger', 'root cause', 'contributing' or 'symptom'."""
    text: str
    time: int | None
    """UTC microseconds at which it is first seen; None: no line tells."""
    inferred: bool
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportWorker:
    """One worker that was lost."""

    pid: int
    time: int
    how: str
    inferred: bool
    failures: int
    first_seen: int | None
    last_seen: int | None
    evidence: tuple[str, ...]
    pool: str = ""
    """'' for the server's own children; else such as 'mod_wsgi group shop'."""
    rule: str = ""
    """The rule by which the loss is known; `how_known` tells its reason."""
    born: int | None = None
    """UTC microseconds, where a line tells of its birth."""

    @property
    def lives_on(self) -> bool:
        """Whether it goes on without serving."""
        return self.how in LIVING_ON


@dataclass(frozen=True, slots=True)
class ReportPool:
    """Workers that serve one thing, as they stood around an incident."""

    name: str
    """'' for the server's own children; else such as 'FPM pool www'."""
    size: int | None
    source: str
    """How the size is known."""
    lost: int


@dataclass(frozen=True, slots=True)
class ReportRoutine:
    """Workers that ended within an incident and are no loss."""

    how: str
    """'recycled', 'stopped' or 'replaced'."""
    pool: str
    count: int


@dataclass(frozen=True, slots=True)
class HowKnown:
    """A rule by which ends of workers are known."""

    rule: str
    reason: str
    count: int
    """How many workers it tells of."""


@dataclass(frozen=True, slots=True)
class KeyMoment:
    """One row of the timeline."""

    time: int
    kind: MomentKind
    phase: Phase
    text: str
    inferred: bool
    evidence: tuple[str, ...]

    @property
    def said(self) -> str:
        """What a reader is told: that a change came before an outage does not prove that it set it off."""
        return f"Possibly: {within_sentence(self.text)}" if self.kind == "trigger" else self.text


@dataclass(frozen=True, slots=True)
class Actions:
    """What to do."""

    confirm: tuple[Command, ...]
    """Shell commands that prove or disprove the cause."""
    now: tuple[str, ...]
    again: tuple[str, ...]
    """What to do if it comes back; empty while it goes on."""
    prevent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Detection:
    """What would have told."""

    first_evidence: int
    first_alertable: int | None
    """The first line of level error or above."""
    probe: str
    """A ready configuration for monit."""
    saved: str
    """A sentence: how much earlier it would have been known."""


@dataclass(frozen=True, slots=True)
class ReportRequests:
    """The requests of an incident."""

    failed: int
    """Answered with a status of 500 or more."""
    seen: int
    log: str
    """Path of the access log that counts them."""
    refused: int = 0
    """Answered with a status from 400 to 499."""
    peak: tuple[int, int, int] | None = None
    """(UTC microseconds, failed, seen) of the minute with most failures; None: nothing failed."""
    expected: int | None = None
    """Requests that at least are to be expected in a time of this length; None: it is not known."""


@dataclass(frozen=True, slots=True)
class ReportFault:
    """Something wrong that the logs show, whether or not users were failed."""

    id: int
    category: str | None
    pattern: str | None
    """Id of the pattern, or code of the card, that knows it."""
    title: str
    severity: str
    about: str
    """Whose trouble it is: 'server', 'worker', 'request', 'backend' or 'client'."""
    count: int
    first: int | None
    """UTC microseconds; None: its lines have no time."""
    last: int | None
    clients: int | None
    """How many clients met it, at least; None: its lines name none."""
    every_client: bool
    """Whether it was no more clients than these."""
    trend: str
    """'once', 'steady', 'timed' (a few at a time, at a steady interval), 'rising', 'falling' or 'over'."""
    meaning: str
    confirm: tuple[str, ...]
    fix: str
    prevent: str
    evidence: tuple[Evidence, ...]
    hosts: tuple[str, ...] = ()
    """The hosts that have it, in a fleet; its lines are the first one's."""
    borrows: bool = False
    """The first or the last of its lines has no time of its own: `first` and `last` are of the lines before them."""


@dataclass(frozen=True, slots=True)
class OwnIncident:
    """What a host's own report says of an incident, in short."""

    id: int
    """Of the fleet's incident that it is a part of."""
    title: str
    severity: str
    onset: int
    """UTC microseconds on the host's own clock."""
    end: int | None
    """The same; None: it still goes on when the host's logs end."""
    summary: tuple[str, str, str]
    """What happened, why, how it ended."""
    evidence: tuple[Evidence, ...]
    """The first lines that prove it."""


@dataclass(frozen=True, slots=True)
class ReportHost:
    """One host of a fleet."""

    host: str
    """Empty: the logs that name no host."""
    known: str
    """What names it: 'lines', 'folder', 'file name', 'option' or 'tally'; empty: nothing does."""
    logs: tuple[str, ...]
    """Paths."""
    verdict: VerdictWord
    first: int | None
    """UTC microseconds of its first line with a time, on its own clock; None: no line has one."""
    last: int | None
    traits: tuple[tuple[str, str], ...]
    """What it runs, as its banner says: ('httpd', '2.4.62')."""
    configuration: tuple[tuple[str, str], ...]
    """What its configuration says: ('MaxRequestWorkers', '150'), ('wsgi_module', 'loaded'); empty: it is not known."""
    incidents: tuple[int, ...]
    """Ids of the fleet's incidents that hit it, each once."""
    faults: int
    """How many faults it has."""
    down: str
    """A sentence: the server is down when its logs end; empty: it is up, or nothing says that it is not."""
    ahead: int | None
    """Microseconds by which its clock is ahead of the reference host's; None: they could not be compared."""
    own: tuple[OwnIncident, ...] = ()
    """Its incidents, as its own report has them."""
    own_faults: tuple[ReportFault, ...] = ()
    """Its most harmful faults."""


@dataclass(frozen=True, slots=True)
class IncidentHost:
    """One host's share of a fleet's incident."""

    host: str
    onset: int
    """UTC microseconds on the fleet's clock: the host's own, put right where it could be compared."""
    end: int | None
    """The same; None: it still goes on when the host's logs end."""
    severity: str
    lost: int
    """Workers lost."""
    requests: ReportRequests | None
    recovery: str | None
    """How it ended."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """What the hosts of a fleet's incident have in common. The rest of the incident is the first host's own story."""

    hosts: tuple[IncidentHost, ...]
    """In order of onset: the first is the one whose story is shown."""
    spared: tuple[str, ...]
    unseen: tuple[str, ...]
    """Hosts whose logs show nothing of its time: whether they were hit is not known."""
    text: tuple[str, ...]
    """Sentences: who was hit, in what order, how fast, and what sets those that were spared apart."""
    shares: tuple[tuple[int, float], ...]
    """(UTC microseconds, share of the fleet's hosts hit by then)."""


@dataclass(frozen=True, slots=True)
class Glance:
    """One incident as a list has it."""

    id: int
    severity: str
    title: str
    onset: int
    until: int
    """UTC microseconds of the recovery, or of the last that is known."""
    is_open: bool = False
    """Still going on when the log ends."""
    fleet: Fleet | None = None


@dataclass(frozen=True, slots=True)
class IncidentReport:
    """One incident, told."""

    id: int
    severity: str
    category: str | None
    confidence: str
    """That it was this kind of outage."""
    why_confidence: str
    """That its first cause is the root of it."""
    restart: str
    """'would-help', 'has-helped', 'did-not-help', 'harmful' or 'pointless': the one verdict on restarting httpd."""
    title: str
    onset: int
    end: int | None
    """None: still going on when the log ends."""
    last: int
    """UTC microseconds of its last sign."""
    recovery_time: int | None
    recovery_how: str | None
    ended_by: str | None
    """What ended it: a value of causes.model.By; None: nothing shows that it ended."""
    requests: ReportRequests | None
    """None: no access log counts them."""
    summary: tuple[str, str, str]
    """What happened, why, how it ended."""
    impact: tuple[Sentence, ...]
    """The harm, the most telling first."""
    causes: tuple[ReportCause, ...]
    triggers: tuple[str, ...]
    chain: tuple[Link, ...]
    """How it came about: trigger, root cause, what made it worse, symptoms; each with its lines of evidence."""
    ruled_out: tuple[str, ...]
    pool: int | None
    pool_source: str
    lost: tuple[ReportWorker, ...]
    """The first of them, where there are thousands."""
    lost_count: int
    """All that were lost."""
    curve: tuple[int, ...]
    """Workers lost by the end of each of the same steps as those of `errors`."""
    errors: tuple[int, ...]
    """Lines of level error or above in equal steps over the incident and as much time around it."""
    errors_from: int
    errors_step: int
    """Begin (UTC microseconds) and length (microseconds) of those steps."""
    timeline: tuple[KeyMoment, ...]
    actions: Actions
    detection: Detection
    evidence: tuple[Evidence, ...]
    signals: tuple[ReportSignal, ...] = ()
    """What the incident consists of, in order of its first line."""
    lanes: tuple[Lane, ...] = ()
    """The most telling workers: lost ones first, in order of their loss, then some that kept on."""
    pools: tuple[ReportPool, ...] = ()
    """All pools that had workers around it, by name."""
    routine: tuple[ReportRoutine, ...] = ()
    """Workers that ended within it and are no loss."""
    how_known: tuple[HowKnown, ...] = ()
    """The rules by which the workers' ends are known."""
    clients: int = 0
    """Different clients that its lines name, at least."""
    whom: tuple[str, ...] = ()
    """Sentences: which virtual hosts, paths and clients were hit and which were not, as the access log counts them."""
    summary_evidence: tuple[tuple[str, ...], ...] = ((), (), ())
    """The lines that prove each sentence of the summary."""
    excerpts: tuple[Excerpt, ...] = ()
    """The neighbourhood of its evidence, by path and offset; none of a stream, which cannot be read twice, and none
    where they were not asked for."""
    fleet: Fleet | None = None
    """None: the logs are one host's."""
    spells: tuple[tuple[int, int], ...] = ()
    """(begin, end) in UTC microseconds of the stretches in which users were failed, between which all was well."""
    begun_before: bool = False
    """Whether the logs begin in the midst of it: its onset is then the first that is left of it."""

    @property
    def host(self) -> str:
        """The host whose story this is; empty: the logs are one host's, or name none."""
        return self.fleet.hosts[0].host if self.fleet else ""


@dataclass(frozen=True, slots=True)
class UnknownMessage:
    """A message that neither a pattern nor a card knows."""

    template: str
    count: int
    first: int | None
    """None: its lines have no time."""
    level: str
    path: str
    line: int | None
    offset: int
    text: str


@dataclass(frozen=True, slots=True)
class Usual:
    """Something that is there all the time, and is not the incident."""

    title: str
    pattern: str
    role: str
    count: int
    meaning: str = ""
    """What such a line says, in a sentence or two; empty: no more than its title."""


@dataclass(frozen=True, slots=True)
class ServerMark:
    """A start, restart or stop of the server."""

    time: int
    kind: MarkKind


@dataclass(frozen=True, slots=True)
class WholeLog:
    """All logs together, from the first line with a time to the last."""

    begin: int
    step: int
    """Microseconds."""
    failures: tuple[int, ...]
    """Lines that report a failure, in equal steps; routine failures, such as missing files, are not counted."""
    marks: tuple[ServerMark, ...]
    """In order of time, at most one of each kind per step."""
    starts: int
    restarts: int
    reloads: int
    stops: int
    requests: ReportRequests | None
    """None: no access log counts them."""
    refused: int
    """Requests that were answered with a status from 400 to 499."""

    @property
    def end(self) -> int:
        """UTC microseconds at which the last step ends."""
        return self.begin + self.step * len(self.failures)


@dataclass(frozen=True, slots=True)
class ServerDown:
    """The server is down when the log ends."""

    since: int
    why: DownWhy
    text: str
    """One sentence that says so."""
    evidence: tuple[Evidence, ...]

    @property
    def is_ordered(self) -> bool:
        """Whether somebody stopped it: a recording often ends so, and it is no reason for an alarm."""
        return self.why == "stopped"


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report."""

    version: str
    verdict: VerdictWord
    zone: str
    patterns: int
    patterns_digest: str
    command: str
    logs: tuple[LogFacts, ...]
    incidents: tuple[IncidentReport, ...]
    """Those that are told in full, the gravest first: all of them, unless fewer were asked for."""
    faults: tuple[ReportFault, ...]
    """Everything else that is wrong, the most harmful first."""
    unknown: tuple[UnknownMessage, ...]
    usual: tuple[Usual, ...]
    notes: tuple[str, ...]
    """Limits of the method, and what was noticed on the way."""
    left_out: tuple[str, ...] = ()
    """Files that were named and not read, and why."""
    partial: bool = False
    """The run was interrupted: this is what was known by then."""
    zone_known: str = "named"
    """How the zone is known: 'named' by the user, 'from ' and a log's name, or 'unknown': times are as written then."""
    whole: WholeLog | None = None
    """All logs together; None: none of their lines has a time."""
    down: ServerDown | None = None
    """The server is down when the log ends; None: it is up, or nothing says that it is not."""
    hosts: tuple[ReportHost, ...] = ()
    """By name; none: the logs are one host's."""
    untold: tuple[Glance, ...] = ()
    """Incidents that are over, and less grave than those in `incidents`; none where all were asked for."""

    @property
    def number_of_incidents(self) -> int:
        """All of them, whether or not they are told in full."""
        return len(self.incidents) + len(self.untold)
