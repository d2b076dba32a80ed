"""The kinds of outages and faults: one table of everything that is known of each."""

from __future__ import annotations

from typing import Literal, get_args

from logsleuth.values import dataclass

Restart = Literal["helps", "does-not-help", "harms"]
"""Whether restarting httpd ends such an outage while it goes on.

'helps': what is wrong is in the processes' memory, or is held by them. 'does-not-help': the reason is outside the
server. 'harms': the server reads what is broken when it starts, and would not come up again.
"""

RESTARTS: tuple[str, ...] = get_args(Restart)

PACKAGES = "the package manager's log (dpkg.log, dnf.log)"
DEPLOYS = "recent deployments"
ACCESS = "the access log"
KERNEL = "the kernel's log"
SYSTEM = "the system's log"
BACKEND = "the backend's own log"
DATABASES = "the database's own log"
CONFIG = "the modification times or the version control of the configuration"
LIMITS = "the limits of the service (systemctl show, limits.conf, the container's)"
USAGE = "the disk's usage over time"
SCRIPTS = "the modification times of the scripts (stat)"

CRASHES = "Crashes of workers"
LIMIT = "httpd's workers at their limit"
BACKENDS = "Failing backends"
DISK = "A full disk"
EXHAUSTED = "Exhausted file descriptors, processes, threads or memory"
CONFIGURATION = "A rejected configuration"
DATABASE = "An unreachable database"


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of outage."""

    slug: str
    title: str
    restart: Restart
    trigger_seen_in: tuple[str, ...]
    """Where the trigger of such an outage would be found, if the logs that were read do not show it."""
    group: str = ""
    """The heading under which a report says that it was looked for and not found."""
    stops_logging: bool = False
    """While it lasts the server may be unable to write its logs: their silence is part of it."""
    only_resets: bool = False
    """A restart ends it, and leaves what brought it about: a leak fills up again, and slow requests come again."""
    waits: bool = False
    """Its workers are well, and wait for something that a restart does not change: it empties the pool, which fills
    again, and ends the requests that would have been answered late."""
    turns_away: bool = False
    """The server may answer what fails with a client error (403, 413), which an access log does not count as failed."""
    read_at_start: bool = False
    """httpd reads what is wrong, such as a certificate, when it starts or reloads, and at no other time: a reload after
    which nothing of it is seen had read what is right."""
    before_requests: bool = False
    """It meets clients before they ask for anything: the access log has no line of those that it keeps out."""
    elsewhere: bool = False
    """What fails is no part of the worker that reports it, but another process, a file or a client: that worker is
    well."""


CATEGORIES: tuple[Category, ...] = (
    Category("stale-egg", "Code replaced under running workers", "helps", ("the file's times (stat)", DEPLOYS)),
    Category("segfault", "Crashing workers", "helps", (PACKAGES, ACCESS), CRASHES, only_resets=True),
    Category("abort", "Aborting workers", "helps", (PACKAGES, ACCESS), CRASHES, only_resets=True),
    Category("parent-killed", "The parent process died", "helps", (KERNEL, SYSTEM)),
    Category(
        "request-too-large",
        "Requests larger than allowed",
        "does-not-help",
        (ACCESS, CONFIG),
        turns_away=True,
        elsewhere=True,
    ),
    Category("oom-kill", "Workers killed for lack of memory", "helps", (KERNEL, ACCESS), EXHAUSTED, only_resets=True),
    Category(
        "worker-exhaustion",
        "All workers busy",
        "helps",
        (ACCESS, "the backends' and the database's logs"),
        LIMIT,
        only_resets=True,
        waits=True,
    ),
    Category("scoreboard-full", "Scoreboard full", "helps", (ACCESS,), LIMIT, only_resets=True),
    Category("php-memory", "PHP's memory limit", "does-not-help", (ACCESS, DEPLOYS), elsewhere=True),
    Category("php-fatal", "PHP errors that end the request", "does-not-help", (DEPLOYS, SCRIPTS)),
    Category("php-timeout", "PHP's time limit", "does-not-help", (ACCESS,), elsewhere=True),
    Category("backend-down", "Backend unreachable", "does-not-help", (BACKEND, DEPLOYS), BACKENDS, elsewhere=True),
    Category("backend-timeout", "Backend too slow", "does-not-help", (BACKEND, ACCESS), BACKENDS, elsewhere=True),
    Category(
        "backend-reset", "Backend breaks connections off", "does-not-help", (BACKEND, DEPLOYS), BACKENDS, elsewhere=True
    ),
    Category("backend-overloaded", "Backend overloaded", "does-not-help", (ACCESS, BACKEND), BACKENDS, elsewhere=True),
    Category("wsgi-load-failure", "The WSGI application cannot be loaded", "helps", (DEPLOYS, PACKAGES)),
    Category(
        "wsgi-daemon-crash",
        "Crashing mod_wsgi daemons",
        "helps",
        (PACKAGES, DEPLOYS),
        CRASHES,
        only_resets=True,
        elsewhere=True,
    ),
    Category(
        "wsgi-daemon-timeout",
        "Stuck mod_wsgi daemons",
        "helps",
        (ACCESS, "a stack trace of the daemon"),
        only_resets=True,
        waits=True,
        elsewhere=True,
    ),
    Category("app-misconfigured", "The application is misconfigured", "does-not-help", (DEPLOYS,)),
    Category(
        "fd-exhaustion",
        "No free file descriptors",
        "helps",
        (ACCESS, LIMITS),
        EXHAUSTED,
        only_resets=True,
        turns_away=True,  # an .htaccess file or a page that cannot be opened is forbidden
    ),
    Category("thread-exhaustion", "No further threads", "helps", (ACCESS, LIMITS), EXHAUSTED, only_resets=True),
    Category("process-limit", "No further processes", "helps", (ACCESS, LIMITS), EXHAUSTED, only_resets=True),
    Category("memory-exhausted", "Memory exhausted", "helps", (KERNEL, ACCESS), EXHAUSTED, only_resets=True),
    Category(
        "disk-full",
        "Disk full",
        "does-not-help",
        (USAGE, "what else writes to that disk"),
        DISK,
        stops_logging=True,
        elsewhere=True,
    ),
    Category(
        "storage-failure",
        "Storage fails",
        "does-not-help",
        (KERNEL, "the log of the storage or NFS server"),
        DISK,
        turns_away=True,  # a page that cannot be looked up is forbidden (server/request.c, ap_directory_walk)
        elsewhere=True,
    ),
    Category("config-error", "Configuration error", "harms", (CONFIG,), CONFIGURATION, turns_away=True, elsewhere=True),
    Category("port-in-use", "Port taken", "harms", ("who holds the port (ss -ltnp)",), CONFIGURATION),
    Category(
        "permission-denied",
        "Permission denied",
        "does-not-help",
        ("the files' times (stat -c %z)", DEPLOYS),
        turns_away=True,
        elsewhere=True,
    ),
    Category("database-down", "Database unusable", "does-not-help", (DATABASES, ACCESS), DATABASE),
    Category("slow-client", "Slow clients hold workers", "does-not-help", (ACCESS,), elsewhere=True),
    Category("tls-config", "TLS configuration error", "harms", (CONFIG,), CONFIGURATION),
    Category(
        "tls-handshake",
        "Failing TLS handshakes",
        "does-not-help",
        (ACCESS, CONFIG),
        read_at_start=True,
        before_requests=True,
    ),
    Category(
        "htaccess-error",
        "Error in an .htaccess file",
        "does-not-help",
        ("when the .htaccess file was last changed", DEPLOYS),
        CONFIGURATION,
        elsewhere=True,
    ),
    Category("rewrite-loop", "Endless internal redirects", "does-not-help", (CONFIG,), elsewhere=True),
    Category("cgi-failure", "Failing CGI scripts", "does-not-help", (DEPLOYS, SCRIPTS), elsewhere=True),
    Category("lock-failure", "Failing locks", "helps", (KERNEL, CONFIG)),
    Category("log-pipe-failure", "Log program gone", "helps", (CONFIG, USAGE)),
    Category("dns-failure", "Name resolution fails", "does-not-help", ("the resolver's own log",), elsewhere=True),
    Category("unknown", "Unknown", "does-not-help", (ACCESS, DEPLOYS, PACKAGES)),
)
BY_SLUG = {category.slug: category for category in CATEGORIES}
SLUGS: tuple[str, ...] = tuple(BY_SLUG)
ELSEWHERE = frozenset(category.slug for category in CATEGORIES if category.elsewhere)
GROUPS: tuple[str, ...] = tuple(dict.fromkeys(category.group for category in CATEGORIES if category.group))


def category_of(slug: str | None) -> Category:
    """What is known of a kind of outage; of one that nobody named, what is known of any."""
    return BY_SLUG.get(slug or "unknown", BY_SLUG["unknown"])
