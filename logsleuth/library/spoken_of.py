"""Which kinds of cause some lines speak of, whatever they are about and whether a pattern knows them.

Too much of it is harmless: of what is spoken of, a report does not say that nothing points to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.library.category import (
    BACKENDS,
    CONFIGURATION,
    CRASHES,
    DATABASE,
    DISK,
    EXHAUSTED,
    LIMIT,
    category_of,
)
from logsleuth.library.system_words import categories_in
from logsleuth.regexes import regex
from logsleuth.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from re import Pattern


class Words(NamedTuple):
    """What a line says of a kind of cause, whatever it is about and whether a pattern knows it."""

    group: str
    needs: tuple[str, ...]
    """One of these is in each such text: to look for them takes a tenth of the time that the regex takes."""
    words: Pattern[str]

    def are_in(self, text: str) -> bool:
        """Whether a line of a text says it."""
        return any(one in text for one in self.needs) and self.words.search(text) is not None


NAMED: Final = (
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
"""mod_proxy's words, Java's and PHP's; besides those that all programs use (`system_words.py`)."""
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
"""How programs speak of a kind of cause, in small letters, besides the words of systems and libraries."""


def spoken_of(text: str) -> Iterator[str]:
    """The groups of the kinds of cause that a text speaks of; one may come several times."""
    yield from (words.group for words in NAMED if words.are_in(text))
    lower = text.lower()
    yield from (words.group for words in (OF_DATABASES, FILES_OF_DATABASES) if words.are_in(lower))
    yield from (group for group, words in SPOKEN_OF.items() if any(word in lower for word in words))
    yield from (category_of(category).group for category in categories_in(lower))
