"""What was looked for and not found within an incident: a reader need not wonder."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING, Final

from logsleuth.library.category import (
    BACKENDS,
    CONFIGURATION,
    CRASHES,
    DATABASE,
    DISK,
    EXHAUSTED,
    GROUPS,
    LIMIT,
    category_of,
)
from logsleuth.library.system_words import WORDS as SYSTEM_WORDS
from logsleuth.regexes import regex
from logsleuth.timeline.model import is_any_between
from logsleuth.units import MINUTE
from logsleuth.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from re import Pattern

    from logsleuth.incidents.model import Incident
    from logsleuth.library.meaning import Meaning
    from logsleuth.lives.live import Lives

APPLICATIONS = regex(
    r"\bPHP (?:Fatal|Parse|Warning|Notice|Deprecated|message)|Traceback|\[(?:php\d?|wsgi|perl|fcgid|proxy_fcgi):",
    needs=("PHP ", "Traceback", "[php", "[wsgi:", "[perl:", "[fcgid:", "[proxy_fcgi:"),
)
"""What an application writes into httpd's error log, or a module that hands its lines on."""


class Words(NamedTuple):
    """What a line says of a kind of cause, whatever it is about and whether a pattern knows it."""

    group: str
    needs: tuple[str, ...]
    """One of these is in each such text: to look for them takes a tenth of the time that the regex takes."""
    words: Pattern[str]

    def are_in(self, text: str) -> bool:
        """Whether a line of a text says it."""
        return any(one in text for one in self.needs) and self.words.search(text) is not None


WORDS: Final = (
    Words(
        BACKENDS,
        ("[proxy", " proxy: ", "remote server", "[fcgid:", "mod_fcgid: "),
        regex(
            r"\[proxy\w*:(?:error|crit|alert|emerg)\]|\] (?:\(\d+\)[^:]*: )?proxy: |remote server"
            r"|\[fcgid:(?:warn|error|crit|alert|emerg)\]|\] mod_fcgid: "
        ),
    ),
    Words(
        EXHAUSTED,
        ("emory", "heap space", "Resource temporarily", "buffer space"),
        regex(r"OutOfMemory|[Aa]llowed memory size|heap space|buffer space|Resource temporarily unavail"),
    ),
)
"""mod_proxy's words, Java's and PHP's; besides those that all programs use (library/system_words.py)."""
OF_DATABASES = Words(
    DATABASE,
    ("database", "mysql", "mariadb", "postgres", "redis", "mongo", "memcache", "lock wait", "deadlock"),
    regex(
        r"connect[^\n]{0,40}(?:database|mysql|mariadb|postgres|redis|mongo|memcache)"
        r"|(?:database|mysql|mariadb|postgres|redis|mongo|memcache)[^\n]{0,40}"
        r"(?:connect|gone away|refused|denied|shut|exception|error|read ?only)"
        r"|lock wait|deadlock"
    ),
)
"""The same of a database that a line names, in small letters."""
FILES_OF_DATABASES = Words(
    DATABASE,
    (".php", ".inc", ".py", ".pl", ".pm", ".rb"),
    regex(
        r"[\\/](?:class[-.]?|[a-z0-9]+[-_.])?(?:wp)?(?:db|dbal|database|mysqli?|mariadb|pdo|sql|pgsql|postgres)"
        r"(?:[-_.][a-z0-9_-]+)?\.(?:inc\.php|php|inc|py|pl|pm|rb)\b"
    ),
)
"""A line about a script that is there to talk to a database, by its name in small letters: that it failed or waited may
be the database's doing."""
SPOKEN_OF: Final[Mapping[str, tuple[str, ...]]] = {
    CRASHES: (
        "segfault",
        "segmentation fault",
        "sigsegv",
        "sigabrt",
        "sigbus",
        "general protection",
        "exit signal",
        "core dumped",
        "dumped core",
        "code=dumped",
        "coredump",
        "faulting application",
        "double free",
        "heap corruption",
        "access violation",
        "c0000005",
        "exited on signal",
        "terminated by signal",
        "got signal",
        "stack smashing",
    ),
    EXHAUSTED: (
        "oom-kill",
        "oom command",
        "oom_",
        "memory cgroup",
        "file-max limit",
        "fork rejected",
        "fork failed",
        "cannot fork",
        "can't start new thread",
        "swap space",
        "getswapspace",
        "ulimit",
        "maxmemory",
        "mem usage",
        "memory usage",
        "ora-04031",
        "ora-04030",
        "pids.max",
        "thread limit",
        "pm.max_children",
        "heap limit",
        "gc overhead",
    ),
    LIMIT: ("maxrequestworkers", "maxclients", "serverlimit", "scoreboard is full", "server is busy"),
    DISK: (
        "filesystem full",
        "file system full",
        "filesystem is full",
        "disk is full",
        "100% full",
        "low on disk",
        "space usage",
        "inode usage",
        "unable to extend",
        "archiver error",
        "ora-00257",
        "ora-19809",
        "ora-19815",
        "persist on disk",
        "quota exceeded",
        "over quota",
        "nospc",
    ),
    CONFIGURATION: (
        "syntax error on line",
        "configtest",
        "test failed",
        "unknown directive",
        "invalid command",
        "unknown keyword",
        "initialization failed",
        "invalid configuration",
        "configuration error",
        "error in configuration",
        "errors found in configuration",
        "bad configuration",
        "fatal errors found",
    ),
    BACKENDS: (
        "is down, reason",
        "no server available",
        "upstream",
        "timed out",
        "timeouterror",
        "connecttimeout",
        "readtimeout",
        "unreachable",
        "not responding",
        "not running",
        "reset by peer",
        "main process exited",
        "connection to backend",
        "gateway",
        "pm.max_children",
        "connectexception",
    ),
    DATABASE: ("sqlserver", "sql server", "jdbc", "port 5432", ":5432", ":3306", ":1521", "hikari", "innodb"),
}
"""How programs speak of a kind of cause, in small letters. Too much of it is harmless: less is said to be missing."""
THREADS = "processes, threads or memory"
WITHOUT_THREADS = "processes or memory"
"""Of a full pool the threads are what was exhausted."""
OF_THE_SYSTEM, ALL_OF_THE_SYSTEM = "processes or memory of the system", "processes, threads or memory of the system"
"""Where a pool of processes was full, such as that of FastCGI."""
OWN_POOLS: Final = ("httpd.", "mpm_")
"""How the names of messages about httpd's own workers begin."""


class RuledOut:
    """What is ruled out in the incidents of a run. What all lines say is found out once for all of them."""

    def __init__(self, lives: Lives, left_out: int = 0) -> None:
        """`left_out`: the number of logs that were given and could not be read."""
        every = lives.timeline.series.values()
        self._lives, self._left_out = lives, left_out
        self._reported = {series.name: frozenset(_reported_by(series.meaning)) for series in every}
        self._limits = [series for series in lives.timeline.known() if LIMIT in self._reported[series.name]]

    def statements(self, incident: Incident, besides: str | None) -> tuple[str, ...]:
        """One sentence on the kinds of cause of which no line is seen in the incident or a minute around it.

        Only kinds of which a line would be seen: a server that is down writes of none. `besides`: what logs of other
        programs have in that time, of which a tally keeps little; None: it was not looked at, and nothing is ruled out.
        """
        if incident.was_down or besides is None:
            return ()
        seen = self._seen(incident)
        unseen = {
            *([] if self._would_be_here(incident) else [LIMIT]),
            *([] if self._logs_of_applications else [DATABASE]),
        }
        seen |= set(said_in(besides))
        missing = [group for group in GROUPS if group not in seen | unseen]
        if not missing:
            return ()
        unread = (
            "One of the logs given is in no format that is known here; it may hold such a line."
            if self._left_out == 1
            else f"{self._left_out:,} of the logs given are in no format that is known here; they may hold such a line."
        )
        kinds = listed(missing, full=LIMIT in seen, pool=_is_a_pool_full(incident))
        return (
            f"Nothing in the log during the incident, or within a minute of it, points to: {kinds}.",
            *([unread] if self._left_out else []),
        )

    def _seen(self, incident: Incident) -> set[str]:
        """The kinds of cause that lines report, or speak of, in an incident and a minute around it."""
        near = self._lives.lines.between(incident.onset - MINUTE, incident.end + MINUTE)
        seen = {group for signal in incident.signals for group in _reported_by(signal.meaning)}
        seen.update(*(self._reported[name] for name in {series.name for series, _ in near}))
        seen.update(said_in("\n".join(line.sighting.words for _, line in near)))
        return seen

    def _would_be_here(self, incident: Incident) -> bool:
        """Whether a full pool would have been logged: the parent's own start is in the log, and nothing of it since."""
        up = self._starts[: bisect_right(self._starts, incident.onset)]
        return bool(up) and not any(is_any_between(one.moments, up[-1], incident.end) for one in self._limits)

    @cached_property
    def _starts(self) -> list[int]:
        """UTC microseconds at which a parent started, in order."""
        server = self._lives.server
        after_absences = (one.end for one in server.absences if one.end is not None)
        restarted = (one.up for one in server.restarts if one.kind in {"start", "stop"} and one.up is not None)
        return sorted({*restarted, *after_absences})

    @cached_property
    def _logs_of_applications(self) -> bool:
        """Whether the logs hold what applications write: else one may have lost its database without a word here."""
        return any(APPLICATIONS.search(one.first_sighting.text) for one in self._lives.timeline.series.values())


def listed(groups: Sequence[str], *, full: bool, pool: bool = False) -> str:
    """Kinds of cause in a sentence; `full`: the pool of workers was; `pool`: one of other processes was."""
    listed = "; ".join(group[:1].lower() + group[1:] for group in groups)
    listed = listed.replace(THREADS, WITHOUT_THREADS) if full else listed
    return listed.replace(WITHOUT_THREADS, OF_THE_SYSTEM).replace(THREADS, ALL_OF_THE_SYSTEM) if pool else listed


def _is_a_pool_full(incident: Incident) -> bool:
    """Whether a pool of processes other than httpd's own was full, such as that of FastCGI."""
    full = (signal for signal in incident.signals if signal.meaning.role == "capacity")
    return any(not signal.name.startswith(OWN_POOLS) for signal in full)


def said_in(text: str) -> Iterator[str]:
    """The kinds of cause of which some lines speak, whatever they are about."""
    yield from (words.group for words in WORDS if words.are_in(text))
    lower = text.lower()
    yield from (words.group for words in (OF_DATABASES, FILES_OF_DATABASES) if words.are_in(lower))
    yield from (group for group, words in SPOKEN_OF.items() if any(word in lower for word in words))
    yield from (category_of(one.category).group for one in SYSTEM_WORDS if any(word in lower for word in one.words))


def _reported_by(meaning: Meaning) -> Iterator[str]:
    """The kinds of cause that a message reports, by its category and by what it is about."""
    yield category_of(meaning.category).group
    if meaning.is_refusal:
        yield CONFIGURATION  # whatever it was, httpd refused to start with it
    if meaning.is_failure and (meaning.about == "backend" or meaning.category == "dns-failure"):
        yield BACKENDS  # of one whose name is not found nothing is known
    if meaning.role == "death":
        yield CRASHES
    if meaning.role == "capacity" and meaning.about == "server":
        yield LIMIT
