"""What is known of a kind of message, whatever knows it: a pattern, a card, or only its level and module.

Everything after the scan asks a Meaning, never a pattern or card: so a new source of knowledge changes nothing
downstream.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from logsleuth.library.category import category_of
from logsleuth.library.pattern import Explain
from logsleuth.library.system_words import advice, system_words
from logsleuth.library.thrown import thrown
from logsleuth.library.traits import names_of
from logsleuth.regexes import regex
from logsleuth.values import dataclass, replace

if TYPE_CHECKING:
    from logsleuth.library.card import Card
    from logsleuth.library.category import Restart
    from logsleuth.library.pattern import (
        About,
        Lasts,
        Names,
        Pattern,
        Phase,
        Proof,
        Role,
        Severity,
        Shows,
        Variant,
        Worker,
    )

KnownBy = Literal["pattern", "card", "level"]

FAILURES: frozenset[Role] = frozenset({"cause", "death", "capacity", "symptom"})
"""Roles of messages that say that something is wrong."""
FATAL = frozenset({"emerg", "alert", "crit"})
GRAVE = FATAL | {"error"}
"""Levels at which a program reports that something failed."""
SERVER = ("mpm_", "core", "unixd")
"""How the names of the modules begin that are the server itself; 2.2's lines have no module."""
BEHIND = ("proxy", "lbmethod", "fcgid", "dbd", "ldap", "authnz_ldap")
"""How the names of the modules begin that talk to what is behind the server."""
CODE = regex(r"\b(?:AH\d{5,6}|WSGI\d{4}): ")
FAILURE_WORDS = regex(
    r"(?i)error|fail|fatal|time[d ]*out|abort|denied|refused|reject|unable|cannot|can't|could ?n[o']t|lost|broken"
    r"|exceed|corrupt|invalid|missing|mismatch|not found|no such|exception|panic|overflow|unavailable|terminat|kill"
    r"|dead|died|illegal|crash|refus|free\(|stack|assert|signal"
)
"""Words for failures, in messages whose level says nothing of one."""
OWN_LEVEL = regex(
    r"(?:^|[\s\[(|:<'\"])(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|Debug|Info|Notice|Warning)(?=[\s\])|:>'\"])"
)
"""The level that an application gives its own message: httpd logs all that an application prints at level error."""
FIRST_WORDS = 80
NOTHING = Explain()
"""Nothing is explained."""
LONGEST_TITLE = 90
"""Characters of a message that serve as its title."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a kind of message says of the server and its users."""

    known_by: KnownBy
    id: str
    """The pattern's id, the card's name, or the message with what varies masked."""
    title: str
    """Without a full stop. Log text may be in it where nothing but the level is known."""
    role: Role
    category: str | None
    severity: Severity
    about: About
    proof: Proof
    lasts: Lasts
    phase: Phase
    names: Names
    restart: Restart
    """What a restart of httpd does to such an outage while it goes on."""
    worker: Worker | None = None
    explain: Explain = NOTHING
    fallback: bool = False
    """It names what failed so generally that anything more specific is preferred."""
    refines: frozenset[str] = frozenset()
    """Ids of messages whose bare fact this one names better when both are seen together."""
    shows: frozenset[Shows] = frozenset()
    """What its lines show beside the event."""
    witnessed: bool = False
    """Another program reports it, as systemd does of httpd's starts: httpd may have logged the same event itself."""
    is_thrown: bool = False
    """Nothing knows it, and it is an exception: the program's own words for what failed."""
    refuses_addresses: bool = False
    """It refuses an address with all its requests, so that the one address of a proxy means everybody."""
    refuses_requests: bool = False
    """It refuses a request that was made, to everybody: an access log counts that with a client error."""
    if_everybody: Meaning | None = None
    """What it means when nearly all clients get it; None: it may happen to any number of them."""
    if_new: Meaning | None = None
    """What it means when it begins to meet many clients at one place; None: that means nothing."""
    if_unannounced: Meaning | None = None
    """What the start of a server means when nothing says how the one before it ended."""
    if_refusing: Meaning | None = None
    """What a start or reload means when much of what had been served is refused from it on."""
    if_slow: Meaning | None = None
    """What a slow request means when requests take many times as long as just before; None: that means nothing."""

    @property
    def is_failure(self) -> bool:
        """Whether it says that something is wrong."""
        return self.role in FAILURES or self.stops_the_server

    @property
    def stops_the_server(self) -> bool:
        """Whether one such line says that the server, or a part of it, serves nobody from then on."""
        return (
            self.proof == "single"
            and self.about == "server"
            and self.severity == "critical"
            and self.role in {"cause", "death", "shutdown"}
        )

    @property
    def is_refusal(self) -> bool:
        """Whether the server refuses to start, or to go on after a reload, because of it."""
        return self.stops_the_server and self.phase == "start"


def of_pattern(pattern: Pattern) -> Meaning:
    """What a pattern says, by itself and in the circumstances that its file names."""
    meaning = Meaning(
        known_by="pattern",
        id=pattern.id,
        title=pattern.title.rstrip("."),
        role=pattern.role,
        category=None if pattern.category == "unknown" else pattern.category,
        severity=pattern.severity,
        about=pattern.about,
        proof=pattern.proof,
        lasts=pattern.lasts,
        phase=pattern.phase,
        names=pattern.names,
        restart=pattern.restart,
        worker=pattern.worker,
        explain=pattern.explain,
        fallback=pattern.fallback,
        refines=frozenset(pattern.refines),
        shows=frozenset(pattern.shows),
        witnessed=bool(pattern.scope.sources) and "httpd" not in pattern.scope.sources,
    )
    everybody = _varied(meaning, pattern.if_everybody)
    return replace(
        meaning,
        if_everybody=None if everybody is None else replace(everybody, refuses_requests=True),
        if_new=_varied(meaning, pattern.if_new),
        if_unannounced=_varied(meaning, pattern.if_unannounced),
        if_refusing=_varied(meaning, pattern.if_refusing),
        if_slow=_varied(meaning, pattern.if_slow),
    )


def _varied(meaning: Meaning, variant: Variant | None) -> Meaning | None:
    """The same message with what a variant says of it."""
    if variant is None:
        return None
    return replace(
        meaning,
        title=variant.title,
        role=variant.role,
        names=names_of(variant.role),
        restart=category_of(variant.category).restart,
        category=variant.category,
        severity=variant.severity,
        explain=variant.explain,
        refuses_addresses=variant.by_address,
        fallback=False,
    )


def of_level(module: str, level: str, message: str, masked: str, shown: str) -> Meaning:
    """What level, module and words say of a message that nothing knows.

    `message`: the first one; `masked`: that without its head, with what varies masked; `shown`: the same with what all
    such messages have in common as it stands.
    """
    own = _is_the_servers_own(module, level, message)
    failure = _speaks_of_failure(module, level, masked)
    words = system_words(masked) if failure else None
    exception = thrown(shown) if failure else None
    category = words.category if words is not None else None
    said = words or exception
    fix = advice(words, shown) if words is not None else exception.fix if exception is not None else ""
    quoted = f"“{at_a_word(shown, LONGEST_TITLE)}”"
    return Meaning(
        known_by="level",
        id=masked,
        title=quoted if said is not None else f"Unknown message {quoted}",
        role="symptom" if failure else "noise",
        category=category,
        severity=_severity_of_level(level, own) if failure else "info",
        about=_about(module, message, own=own),
        proof="repeated",
        lasts="event",
        phase="serving",
        names="failure" if said is None else "fault",
        restart=category_of(category).restart,
        explain=NOTHING if said is None else Explain(cause=said.cause, fix=fix),
        fallback=FAILURE_WORDS.search(masked) is None,
        is_thrown=exception is not None,
    )


def at_a_word(text: str, longest: int) -> str:
    """A text of at most so many characters, of a longer one the first whole words."""
    if len(text) <= longest:
        return text
    cut = text[:longest]
    return f"{(cut[: cut.rfind(' ')] if ' ' in cut[longest // 2 :] else cut).rstrip(' ,;:(…')}…"


def _about(module: str, message: str, *, own: bool) -> About:
    if own:
        return "server"
    if module.startswith(BEHIND) and CODE.search(message):
        return "backend"
    return "request" if "[client " in message or "[remote " in message else "worker"


def _severity_of_level(level: str, own: bool) -> Severity:
    if level in FATAL:
        return "critical" if own else "major"
    return "major" if own else "minor"


def _is_the_servers_own(module: str, level: str, message: str) -> bool:
    """Whether httpd itself says this of itself: it has a code, names no client, and is at error or above.

    httpd's MPMs and core say so seldom, and hardly ever when all is well (server/mpm/*, server/core.c).
    """
    names_a_client = "[client " in message or "[remote " in message
    of_the_server = not module or module.startswith(SERVER)
    return level in GRAVE and of_the_server and not names_a_client and CODE.search(message) is not None


def _speaks_of_failure(module: str, level: str, masked: str) -> bool:
    """Whether it says that something failed: by its level, or by its words where the level says nothing.

    All that a PHP program reports with error_log() is a notice (php-src: main/main.c, php_log_err).
    """
    if level == "notice" and module.startswith("php"):
        return system_words(masked) is not None
    coded = CODE.search(masked) is not None
    if not coded and OWN_LEVEL.search(masked[:FIRST_WORDS]):
        return False
    if level in GRAVE:
        return True
    words = FAILURE_WORDS.search(masked) is not None
    return words and (not level or (coded and level in {"warn", "notice", "info"}))


def of_card(card: Card) -> Meaning:
    """What a card says. One sentence explains it and one says what to do."""
    return Meaning(
        known_by="card",
        id=card.id,
        title=card.title,
        role=card.role,
        category=card.category,
        severity=card.severity,
        about=card.about,
        proof="single" if _is_decisive(card) else "repeated",
        lasts="event",
        phase=card.phase,
        names="failure" if card.about == "backend" else names_of(card.role),
        restart=category_of(card.category).restart,
        explain=Explain(cause=card.meaning, fix=card.action),
    )


def _is_decisive(card: Card) -> bool:
    """Whether httpd does not start, or ends, because of it."""
    return card.about == "server" and card.severity == "critical" and card.role in {"cause", "death", "shutdown"}
