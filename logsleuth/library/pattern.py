"""What a pattern is: the values that a pattern file is read into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, get_args

from logsleuth.regexes import regex
from logsleuth.values import dataclass, field, replace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from logsleuth.library.category import Restart

Role = Literal["cause", "trigger", "symptom", "death", "spawn", "capacity", "restart", "shutdown", "recovery", "noise"]
"""What a match means for a server's life."""

Severity = Literal["critical", "major", "minor", "info"]

WorkerState = Literal["spawned", "poisoned", "hung", "crashed", "killed", "exited", "recycled", "stopped"]
"""What a match says about one worker."""

About = Literal["server", "worker", "request", "backend", "client"]
"""Whose trouble a message is."""

Phase = Literal["start", "serving", "stop"]
"""When in a server's life a message is written."""

Proof = Literal["single", "repeated", "many-clients"]
"""What it takes to prove an outage: one line, several, or several from many clients (scanners bring it about too)."""

Lasts = Literal["event", "until-exit", "until-restart", "until-back", "latched"]
"""What a line says of the time after it: nothing; that the worker stays so until it exits, the server until it is
restarted, or what is behind it until a message says that it is back; or that httpd writes the line but once, however
long the state lasts."""

Names = Literal["fault", "failure"]
"""What a line names: the fault itself, or only what failed: how a process ended, or what was met at something else,
such as a backend that refuses connections."""

Shows = Literal["front", "kernel-log", "platform"]
"""What a line shows beside its event: what a proxy in front of httpd met, an effect of whatever ailed httpd; that the
kernel's log was read; what the server runs on."""

On = Literal["linux", "systemd", "freebsd", "macos", "solaris", "windows", "container", "docker", "kubernetes"]
"""What a server runs on, as far as its faults and advice differ by it."""

Known = Literal["change", "packages", "surge", "told-to-stop", "own-log", "kernel-log", "error-log", "alike", "steady"]
"""What the logs of a report show beside the lines of a message, as far as its reason and advice differ by it."""

NUMBER = regex(r"\d+")

ROLES: tuple[str, ...] = get_args(Role)
SHOWS: tuple[str, ...] = get_args(Shows)
ONS: tuple[str, ...] = get_args(On)
KNOWNS: tuple[str, ...] = get_args(Known)
SHOWN_BESIDE: Final[Mapping[str, str]] = {
    "change": "something was changed just before it began",
    "packages": "packages were changed just before it began",
    "surge": "more requests than usual set it off",
    "told-to-stop": "a service behind httpd was told to stop or restart just before it began",
    "own-log": "the log of a service behind httpd was read",
    "kernel-log": "the kernel's log was read",
    "error-log": "an error log of httpd was read",
    "alike": "several backends failed alike",
    "steady": "nothing shows that it began in the time of the logs",
}
"""What each of them means, as a clause."""
ABOUTS: tuple[str, ...] = get_args(About)
PHASES: tuple[str, ...] = get_args(Phase)
PROOFS: tuple[str, ...] = get_args(Proof)
LASTS: tuple[str, ...] = get_args(Lasts)
NAMES: tuple[str, ...] = get_args(Names)
SEVERITIES: tuple[str, ...] = get_args(Severity)
WORKER_STATES: tuple[str, ...] = get_args(WorkerState)
SOURCES: tuple[str, ...] = (
    "httpd",
    "nginx",
    "syslog",
    "fpm",
    "access",
    "packages",
    "changes",
    "jk",
    "suexec",
    "service",
)

CATEGORIES: tuple[str, ...] = (
    "stale-egg", "segfault", "abort", "parent-killed", "request-too-large", "oom-kill", "worker-exhaustion",
    "scoreboard-full", "php-memory", "php-fatal", "php-timeout", "backend-down", "backend-timeout",
    "backend-reset", "backend-overloaded", "wsgi-load-failure", "wsgi-daemon-crash", "wsgi-daemon-timeout",
    "app-misconfigured", "fd-exhaustion", "thread-exhaustion", "process-limit", "memory-exhausted",
    "disk-full", "storage-failure", "config-error", "port-in-use", "permission-denied", "database-down", "slow-client",
    "tls-config", "tls-handshake", "htaccess-error", "rewrite-loop", "cgi-failure", "lock-failure",
    "log-pipe-failure", "dns-failure", "unknown",
)  # fmt: skip
"""What kind of outage a cause makes; the slugs of the report's `category`."""


@dataclass(frozen=True, slots=True)
class Match:
    """One way for a pattern to be hit; any one is enough."""

    contains: str
    """The literal that the fast pass looks for: plain ASCII, case-sensitive."""
    regex: str | None = None
    """Confirms and captures, on the whole entry's text; None: the literal is proof enough."""
    unless: str | None = None
    """A regex that must not match the entry's text: what a narrower pattern knows, or what means something else."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which records a pattern may be seen on; an empty tuple allows any."""

    modules: tuple[str, ...] = ()
    """Module names; '' means lines that carry no module (2.2, startup, other programs)."""
    levels: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Worker:
    """What a match says about one worker."""

    state: WorkerState
    subject: str = "reporter"
    """The pid it is said of: 'reporter' (who wrote the line) or the name of a capture."""


@dataclass(frozen=True, slots=True)
class Explain:
    """The pattern in words; `{name}` in these texts is a capture, {workers} and {pool} for counts."""

    summary: str = ""
    cause: str = ""
    confirm: tuple[str, ...] = ()
    fix: str = ""
    prevent: str = ""
    trigger: str = ""
    """Where to look for what set it off, as the object of 'Check …'; empty: where its category's is found."""
    cases: tuple[Case, ...] = ()
    """What is true of some of its lines only, by what they say; the first that fits a line speaks for it."""
    title: str = ""
    """Of a case: what an incident of such lines is called in place of the pattern's title."""

    def of(self, lines: Iterable[Mapping[str, str]], beside: Collection[str] = (), on: Collection[str] = ()) -> Explain:
        """What explains some lines, by their captures: the one case that fits all of them, else what is true of any.

        Of lines with several cases that are summed up alike, such as by the message they carry, the sum is true.

        `beside`: ids of what was seen with nearly all of the lines. `on`: names of what the server runs on, and of what
        the logs show beside them.
        """
        if not self.cases:
            return self
        fitting = {self._case_of(captured, beside, on) for captured in lines}
        if None in fitting or not fitting:
            return self
        told = [self.cases[number].explain for number in sorted(n for n in fitting if n is not None)]
        if len(told) == 1:
            return told[0]
        summed_up = {one.summary for one in told}
        if len(summed_up) > 1 or self.summary in summed_up:
            return self
        return replace(self, summary=summed_up.pop())

    def _case_of(self, captured: Mapping[str, str], beside: Collection[str], on: Collection[str]) -> int | None:
        """The number of the first case that fits a line; None: none does."""
        return next((number for number, case in enumerate(self.cases) if case.fits(captured, beside, on)), None)


@dataclass(frozen=True, slots=True)
class Case:
    """What explains those lines of a pattern of which a capture, or what comes with them, says which fault it is."""

    fields: tuple[str, ...]
    """Names of captures; one is enough. None: what they say does not matter."""
    contain: tuple[str, ...]
    """What such a capture contains; one is enough. Digits are a whole number: errno 1 is not 11."""
    beside: tuple[str, ...]
    """Ids of patterns of which one comes with nearly all of the lines. None: what comes with them does not matter."""
    explain: Explain
    """All words, those of the pattern included that this case leaves as they are."""
    on: tuple[str, ...] = ()
    """Names of what the server runs on, of which one is enough. None: that does not matter."""
    known: tuple[str, ...] = ()
    """Names of what the logs show beside the lines, of which one is enough. None: that does not matter."""

    def apart_from(self, general: Explain) -> Iterator[tuple[str, str]]:
        """What is said of such a case in place of the general words: 'why', 'now' or 'later', and the text.

        Empty: nothing is said of it.
        """
        own = self.explain
        pairs = (("why", own.cause, general.cause), ("now", own.fix, general.fix),
                 ("later", own.prevent, general.prevent))  # fmt: skip
        return ((name, text) for name, text, instead_of in pairs if text != instead_of)

    @property
    def condition(self) -> str:
        """What makes it such a case, as a clause."""
        said = f"{' or '.join(self.fields)} contains {' or '.join(self.contain)}" if self.fields else ""
        seen = f"{' or '.join(self.beside)} comes with it" if self.beside else ""
        there = f"it is on {' or '.join(self.on)}" if self.on else ""
        shown = " or ".join(SHOWN_BESIDE[name] for name in self.known) if self.known else ""
        return " and ".join(filter(None, (said, seen, there, shown)))

    def fits(self, captured: Mapping[str, str], beside: Collection[str] = (), on: Collection[str] = ()) -> bool:
        """Whether a line with these captures, and these patterns with it, is such a case."""
        said = not self.fields or any(
            _holds(captured[name], text) for name in self.fields if name in captured for text in self.contain
        )
        seen = not self.beside or any(name in beside for name in self.beside)
        return said and seen and all(not names or any(name in on for name in names) for names in (self.on, self.known))


def _holds(captured: str, text: str) -> bool:
    return text in NUMBER.findall(captured) if text.isdigit() else text in captured


@dataclass(frozen=True, slots=True)
class Variant:
    """What a message means in circumstances that its own words do not show."""

    title: str
    role: Role
    category: str
    severity: Severity
    explain: Explain = Explain()
    by_address: bool = False
    """It refuses an address with all its requests: everybody is refused if that is a proxy's."""


@dataclass(frozen=True, slots=True)
class Example:
    """Lines of log that a pattern must (or, as a counter-example, must not) match."""

    log: str
    fields: dict[str, str] = field(default_factory=dict)
    """The captures that the match must give, exactly; empty: not compared."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A signature of one kind of event in a server's life."""

    id: str
    title: str
    role: Role
    matches: tuple[Match, ...]
    category: str | None = None
    """The outage that it makes, if it is one; a pattern with a category can be named as a cause."""
    severity: Severity = "minor"
    alone: bool = False
    """One match is enough to open an incident (the server has ended, or cannot start)."""
    about: About = "request"
    proof: Proof = "repeated"
    lasts: Lasts = "event"
    phase: Phase = "serving"
    names: Names = "fault"
    restart: Restart = "does-not-help"
    """What a restart of httpd does to such an outage while it goes on."""
    fallback: bool = False
    """Counts only where no other pattern matches the entry."""
    leads_to: tuple[str, ...] = ()
    """Ids or groups of what it explains downstream."""
    refines: tuple[str, ...] = ()
    """Ids whose bare fact this one names better when both are seen together."""
    groups: tuple[str, ...] = ()
    """Names that stand for it and for others alike in `leads_to`."""
    aliases: tuple[str, ...] = ()
    shows: tuple[Shows, ...] = ()
    references: tuple[str, ...] = ()
    scope: Scope = Scope()
    worker: Worker | None = None
    explain: Explain = Explain()
    if_everybody: Variant | None = None
    """What it means when nearly all clients get it; None: it may happen to any number of them."""
    if_new: Variant | None = None
    """What it means when it begins to meet many clients at one place; None: that means nothing."""
    if_unannounced: Variant | None = None
    """What the start of a server means when nothing says how the one before it ended."""
    if_refusing: Variant | None = None
    """What a start or reload means when much of what had been served is refused from it on."""
    if_slow: Variant | None = None
    """What a slow request means when requests take many times as long as just before; None: that means nothing."""
    examples: tuple[Example, ...] = ()
    counter_examples: tuple[Example, ...] = ()
    origin: str = ""
    """The file it was read from."""
    trusted: bool = True
    """Shipped with logsleuth; others' regexes run under a time limit."""

    @property
    def is_outlined(self) -> bool:
        """Whether an outline of it over time is enough: it is routine, however often and for whomever it occurs."""
        return self.role == "noise" and self.if_everybody is self.if_new is self.if_slow is None

    @property
    def area(self) -> str:
        """The first part of the id, such as httpd, wsgi or php."""
        return self.id.split(".", 1)[0]


@dataclass(frozen=True, slots=True)
class Index:
    """What every run asks of all patterns, so that only those need be made that something was found of."""

    numbers: Mapping[str, int]
    """By id and alias: which of the patterns it is."""
    leads_to: Mapping[str, Sequence[str]]
    """By id: the ids of what it explains at once; without those that explain nothing."""
    scan: bytes
    """All that the compiled scan needs of them; `scan_bytes.py` is its form."""


@dataclass(frozen=True, slots=True)
class Library:
    """All patterns in force, by id order, and what identifies this set of them."""

    patterns: Sequence[Pattern]
    digest: str
    """SHA-256 over every file read, in hex: two runs with the same digest know the same patterns."""
    origins: tuple[str, ...] = ()
    """The folders and files that were read, lowest layer first."""
    index: Index | None = field(default=None, repr=False, compare=False)
    """None: it is worked out where it is needed."""

    def get(self, name: str) -> Pattern | None:
        """The pattern with this id or alias, or None."""
        numbers = numbers_of(self.patterns) if self.index is None else self.index.numbers
        return self.patterns[numbers[name]] if name in numbers else None


def numbers_of(patterns: Sequence[Pattern]) -> dict[str, int]:
    """By id and alias: which of the patterns it is, the first of several."""
    numbers: dict[str, int] = {}
    for number, pattern in enumerate(patterns):
        for name in (pattern.id, *pattern.aliases):
            numbers.setdefault(name, number)
    return numbers
