"""What the system's errors, and well-known words in a message that nothing knows, say of the kind of outage.

Whatever program writes the message, it often ends with what the system, a database or a library told it: the texts of
strerror(3) and of Windows, the prefixes of SQL errors, the names of exceptions. They name what failed, though not whose
it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.regexes import regex
from logsleuth.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CATEGORY_OF_ERROR: Final[Mapping[int, str]] = {
    11: "process-limit", 12: "memory-exhausted", 13: "permission-denied", 23: "fd-exhaustion", 24: "fd-exhaustion",
    28: "disk-full", 104: "backend-reset", 110: "backend-timeout", 111: "backend-down",
}  # fmt: skip
"""What an error of Linux's errno.h means; those whose number is another error elsewhere are left out."""
CATEGORY_OF_WINDOWS: Final[Mapping[int, str]] = {
    4: "fd-exhaustion", 5: "permission-denied", 8: "memory-exhausted", 14: "memory-exhausted", 112: "disk-full",
    1450: "memory-exhausted", 1455: "memory-exhausted", 10013: "permission-denied", 10024: "fd-exhaustion",
    10054: "backend-reset", 10055: "memory-exhausted", 10060: "backend-timeout", 10061: "backend-down",
}  # fmt: skip
"""What an error of Windows' winerror.h means, which httpd writes as `(OS 10055)`."""
OF_ERRORS: Final = frozenset({*CATEGORY_OF_ERROR.values(), *CATEGORY_OF_WINDOWS.values()})
"""What any of these errors means."""
WORDS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "disk-full": ("No space left on device", "Disk quota exceeded"),
    "fd-exhaustion": ("Too many open files", "File table overflow"),
    "memory-exhausted": ("Cannot allocate memory", "lacked sufficient buffer space", "paging file is too small"),
    "process-limit": ("Resource temporarily unavailable", "maxproc limit exceeded", "fork rejected by pids controller"),
}
"""How systems word the errors of what all programs of a machine share: several that report one have the same reason."""


class SystemWords(NamedTuple):
    """One kind of outage, and how programs name it."""

    category: str
    words: tuple[str, ...]
    """In small letters; one of them is enough. One without a space is the beginning of a word of the message."""
    cause: str
    """A sentence on what is behind it."""
    fix: str
    """A sentence on what to do."""


WORDS: Final = (
    SystemWords(
        "app-misconfigured",
        (
            "unknown column", "column not found", "no such column", "no such table", "base table or view not found",
            "undefined column", "undefined table", "invalid column name", "invalid object name",
            "undefinedcolumn", "undefinedtable", "error: column ", "error:  column ", "error: relation ",
            "error:  relation ",
        ),
        "The program asks for a table or column that the database does not have: code and schema are of different "
        "versions, mostly because a migration was not run.",
        "Compare the deployed code with the migrations that were run: run what is missing, or put the code back.",
    ),
    SystemWords(
        "disk-full",
        (
            "no space left on device", "enospc", "disk quota exceeded", "not enough space on the disk",
            "error 28 from storage engine", "out of free disk space", "disk full",
        ),
        "A file system was full, had no inodes left, or a quota was used up.",
        "Free space on the file system that the message names, and see what fills it.",
    ),
    SystemWords(
        "database-down",
        ("ora-00257", "archiver error", "archiver is unable to archive"),
        "Oracle could not archive its logs, mostly because the place for them is full: until it can, no session can "
        "write, and only administrators can connect.",
        "Make room where Oracle archives its logs: back them up and delete them with RMAN, or raise "
        "db_recovery_file_dest_size. httpd needs no restart.",
    ),
    SystemWords(
        "database-down",
        (
            "too many connections", "remaining connection slots", "too many clients already",
            "max_user_connections", "ora-00018", "ora-00020",
        ),
        "The database had no connection left for the program: as many were open as it allows.",
        "See who holds the connections (SHOW PROCESSLIST; pg_stat_activity), and end what keeps them without need.",
    ),
    SystemWords(
        "database-down",
        (
            "connection pool has been exhausted", "a connection from the pool", "obtaining a connection from",
            "queuepool limit", "connection is not available, request timed out", "cannot get a connection, pool error",
            "timeout waiting for idle object",
        ),
        "The program's own pool of database connections was used up: requests hold them longer than before, or there "
        "are more requests.",
        "See what the open connections do (SHOW PROCESSLIST; pg_stat_activity); raise the pool's limit only if the "
        "database can take more.",
    ),
    SystemWords(
        "database-down",
        ("lock wait timeout", "database is locked", "deadlock found", "deadlock detected"),
        "Another session of the database held what the program waited for.",
        "See which session holds it and since when (SHOW ENGINE INNODB STATUS; pg_locks), and end it.",
    ),
    SystemWords(
        "database-down",
        (
            "sqlstate[", "ora-", "dbd::", "server has gone away",
            "lost connection to mysql", "connect to mysql", "operationalerror", "connect to database",
            "connect to the database", "database connection", "database error",
            "communications link failure", "misconf redis",
        ),
        "The database refused the connection, could not be reached, or dropped it.",
        "Read the database's own log of the same minutes, and connect as the program does, from this host.",
    ),
    SystemWords(
        "backend-down",
        ("contact ldap server", "available ldap server", "ldap server is down", "ldap_sasl_bind"),
        "The directory (LDAP) that the program asks was down, or could not be reached.",
        "Check that the LDAP server is running and answers from this host: ldapwhoami -x -H URL.",
    ),
    SystemWords(
        "dns-failure",
        (
            "failure in name resolution", "name or service not known", "getaddrinfo", "could not resolve host",
            "no address associated with hostname", "unknownhostexception", "enotfound", "nodename nor servname",
        ),
        "The name of a host could not be resolved.",
        "Look the name up on this host, and see whether its resolvers answer.",
    ),
    SystemWords(
        "storage-failure",
        (
            "read-only file system", "input/output error", "stale file handle", "stale nfs file handle",
            "transport endpoint is not connected",
        ),
        "A file system failed, or what it lies on: a disk, a volume, an NFS server.",
        "Read the kernel's log of the same minutes; mount it again once it answers.",
    ),
    SystemWords(
        "fd-exhaustion",
        ("too many open files", "emfile"),
        "The process, or the whole system, had no free file descriptor.",
        "See what the process has open, and raise the limit on open files.",
    ),
    SystemWords(
        "memory-exhausted",
        (
            "cannot allocate memory", "out of memory", "std::bad_alloc", "memoryerror", "outofmemoryerror",
            "outofmemoryexception",
        ),
        "The system or the process's own limit gave it no further memory.",
        "See which processes hold the memory, and what limits the one that asked for it.",
    ),
    SystemWords(
        "permission-denied",
        ("permission denied", "access is denied", "operation not permitted", "eacces"),
        "The user that the process runs as may not use what the message names: by its owner and mode, those of a "
        "folder above it, or a rule of SELinux or AppArmor.",
        "Look at owner and mode of that file and of each folder above it, and put back what was changed.",
    ),
    SystemWords(
        "backend-down",
        ("connection refused", "econnrefused", "actively refused it", "no route to host", "network is unreachable"),
        "What the program connects to did not listen, or could not be reached.",
        "See whether that service runs, and connect to it from this host.",
    ),
    SystemWords(
        "backend-timeout",
        (
            "connection timed out", "operation timed out", "read timed out", "etimedout",
            "did not properly respond after a period of time", "sockettimeoutexception",
            "timeout period elapsed",
        ),
        "What the program waited for did not answer in time.",
        "See what that service does, and whether packets to it arrive.",
    ),
    SystemWords(
        "backend-down",
        ("cannot connect to", "could not connect to", "unable to connect to", "failed to connect to"),
        "What the program connects to was down, or could not be reached.",
        "See whether that service runs, and connect to it from this host.",
    ),
)  # fmt: skip
"""What is more special comes first: a database that refuses connections is a database."""


DIRECTORY: Final = regex(r"ldaps?://[A-Za-z0-9.-]{1,200}(?::\d{1,5})?", needs=("ldap://", "ldaps://"))
"""A server of a directory, as a message names it."""


def advice(words: SystemWords, message: str) -> str:
    """What to do, with the address that the message names."""
    named = DIRECTORY.search(message)
    return words.fix.replace("-H URL", f"-H {named[0]}") if named is not None else words.fix


def system_words(message: str) -> SystemWords | None:
    """The kind of outage that a message names in words that many programs use; None: it names none."""
    return next(_named_in(message.lower()), None)


def categories_in(said: str) -> Iterator[str]:
    """Every kind of outage that a text of one or many lines, in small letters, names in such words."""
    return (one.category for one in _named_in(said))


def _named_in(said: str) -> Iterator[SystemWords]:
    return (one for one in WORDS if any(_says(said, word) for word in one.words))


def _says(said: str, word: str) -> bool:
    """Whether a text, in small letters, holds these words: ENOTFOUND is no part of ModuleNotFoundError."""
    place = said.find(word)
    while place > 0 and " " not in word and said[place - 1].isalpha():
        place = said.find(word, place + 1)
    return place >= 0
