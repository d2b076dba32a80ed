"""What an httpd configuration says of its logs and of its workers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from logsleuth.bounded import number
from logsleuth.errors import LogsleuthError
from logsleuth.logs.conf.walk import BUILT_IN, Walk
from logsleuth.logs.httpd.layout.layout import layout
from logsleuth.values import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from os import PathLike

    from logsleuth.logs.conf.walk import Directive

MPMS = {"prefork": 256, "worker": 400, "event": 400}
"""The MPMs, and the MaxRequestWorkers that each has by default (server/mpm/*)."""
THREADS = 25
"""ThreadsPerChild by default."""
MOST_HOSTS = 20_000
MOST_FORMATS = 6
"""Of one host: httpd has one for the request, one for the connection, and a main one."""
NUMBERS = {
    "maxrequestworkers": "MaxRequestWorkers", "maxclients": "MaxRequestWorkers", "threadsperchild": "ThreadsPerChild",
    "maxconnectionsperchild": "MaxConnectionsPerChild", "maxrequestsperchild": "MaxConnectionsPerChild",
    "serverlimit": "ServerLimit",
}  # fmt: skip
SETTINGS = {name.lower(): name for name in (
    "AsyncRequestWorkerFactor", "EnableMMAP", "EnableSendfile", "GracefulShutdownTimeout",
    "H2MaxSessionStreams", "H2MaxWorkers", "HostnameLookups", "KeepAlive", "KeepAliveTimeout", "LimitRequestBody",
    "LimitRequestFields", "LimitRequestFieldSize", "LimitRequestLine", "ListenBacklog", "MaxKeepAliveRequests",
    "MaxMemFree", "MaxRangeOverlaps", "MaxSpareServers", "MaxSpareThreads", "MinSpareServers", "MinSpareThreads",
    "Protocols", "ProxyTimeout", "ReceiveBufferSize", "RequestReadTimeout", "RLimitCPU", "RLimitMEM",
    "RLimitNPROC", "SendBufferSize", "SSLProtocol", "SSLSessionCacheTimeout", "SSLUseStapling", "StartServers",
    "ThreadLimit", "ThreadStackSize", "Timeout", "WSGIRestrictEmbedded",
)}  # fmt: skip
"""Directives that bear on outages and hold numbers and keywords: no address, path, name or secret."""


@dataclass(slots=True)
class Host:
    """The main server, or a virtual host."""

    name: str
    place: str
    error_log: str | None = None
    """As written, variables filled in; None: that of the main server."""
    formats: list[str] = field(default_factory=list)
    """Arguments of its ErrorLogFormat directives."""
    log_level: str | None = None


@dataclass(frozen=True, slots=True)
class Daemons:
    """A group of mod_wsgi's daemon processes."""

    name: str
    processes: int
    threads: int
    maximum_requests: int | None


@dataclass(frozen=True, slots=True)
class Configuration:
    """What was found, and what could not be followed."""

    path: str
    root: Path
    hosts: tuple[Host, ...]
    """The main server first."""
    mpm: str | None
    numbers: dict[str, int]
    """By the directive's present name: its last value outside of virtual hosts."""
    daemons: tuple[Daemons, ...]
    trouble: tuple[str, ...]
    modules: frozenset[str] = frozenset()
    """What LoadModule loads, such as 'wsgi_module'."""
    settings: dict[str, str] = field(default_factory=dict)
    """Of the directives in SETTINGS: the last value outside of virtual hosts and sections."""

    @property
    def children(self) -> int | None:
        """How many child processes the configuration lets httpd have; None if it names no MPM."""
        if self.mpm is None and "MaxRequestWorkers" not in self.numbers:
            return None
        workers = self.numbers.get("MaxRequestWorkers") or MPMS.get(self.mpm or "prefork", 256)
        threads = 1 if (self.mpm or "prefork") == "prefork" else self.numbers.get("ThreadsPerChild", THREADS)
        return max(-(-workers // max(threads, 1)), 1)

    def formats_of(self, path: str, machine: str = "") -> tuple[str, ...]:
        """The ErrorLogFormats of the hosts that write to this file: by its real path, or else by its name.

        A configuration is the same whichever machine the file is of.
        """
        main = self.hosts[0]
        named = [(host, host.error_log or main.error_log or "logs/error_log") for host in self.hosts]
        real = _real(Path(path))
        fits = [host for host, log in named if _is_file(log) and _real(self.root / log) in (real, _unrotated(real))]
        if not fits:
            names = {Path(path).name, _unrotated(Path(path)).name}
            fits = [host for host, log in named if _is_file(log) and Path(log).name in names]
        return tuple(dict.fromkeys(one for host in fits for one in host.formats or main.formats))

    def sentences(self) -> list[str]:
        """Sentences for the report: what the configuration says that bears on the log, and what was not followed."""
        levels = sorted({f"`LogLevel {host.log_level}` ({host.name})" for host in self.hosts if host.log_level})
        lines = [f"Configuration {self.path}: {', '.join(levels[:6]) or 'no LogLevel (so: warn)'}."]
        limits = [f"{name} {value:,}" for name, value in sorted(self.numbers.items())]
        if limits or self.mpm:
            mpm = f"MPM {self.mpm}" if self.mpm else "MPM unknown (compiled in)"
            lines.append(f"Configuration: {', '.join([mpm, *limits])}.")
        lines += [
            f"Configuration: mod_wsgi daemons `{group.name}`, {group.processes} × {group.threads} threads"
            + (f", recycled after {group.maximum_requests:,} requests." if group.maximum_requests else ".")
            for group in self.daemons[:6]
        ]
        if self.daemons:
            lines.append("How many workers there are is not taken from it: they may be httpd's or mod_wsgi's.")
        return [*lines, *(f"Configuration, not understood: {sentence}." for sentence in self.trouble[:6])]


def configuration(path: str | PathLike[str] | None) -> Configuration | None:
    """The server's configuration, if one is named. Raises LogsleuthError if it can't be read."""
    return None if path is None else read_configuration(str(path))


def read_configuration(path: str, name: str = "") -> Configuration:
    """Read httpd.conf (or apache2.conf) and all that it includes.

    `name`: what the report calls it, of a copy of another machine's configuration, which includes nothing of this
    machine's. Raises LogsleuthError if the file cannot be read, or an ErrorLogFormat in it is none.
    """
    file = Path(path)
    if not file.is_file():
        raise LogsleuthError(f"no such configuration file: {path}", "name httpd.conf or apache2.conf itself")
    folder = file.resolve().parent
    walk = Walk(folder, copy=folder if name else None)
    walk.read_environment(file.parent / "envvars")
    taken = _take(walk.file(file), walk)
    hosts = taken.hosts
    mpm = next((name for name in MPMS if f"mpm_{name}_module" in walk.modules), None)
    for one in dict.fromkeys(one for host in hosts for one in host.formats):
        layout(one)  # raises, with the item and its column
    return Configuration(
        name or path, walk.root, tuple(hosts), mpm, taken.numbers, tuple(taken.daemons), tuple(walk.trouble),
        frozenset(one for one in walk.modules if one.endswith("_module") and one not in BUILT_IN), taken.settings,
    )  # fmt: skip


@dataclass(slots=True)
class _Taken:
    """What is taken of the directives."""

    hosts: list[Host]
    numbers: dict[str, int] = field(default_factory=dict)
    daemons: list[Daemons] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)


def _take(directives: Iterable[Directive], walk: Walk) -> _Taken:
    main = host = Host("main server", "")
    taken = _Taken([main])
    hosts, numbers, daemons = taken.hosts, taken.numbers, taken.daemons
    depth = 0  # of sections
    for directive in directives:
        first = directive.words[0] if directive.words else ""
        depth = max(depth - 1, 0) if directive.name.startswith("</") else depth + directive.name.startswith("<")
        match directive.name:
            case "<virtualhost" if len(hosts) >= MOST_HOSTS:
                walk.complain(f"{directive.place}: more than {MOST_HOSTS:,} virtual hosts")
            case "<virtualhost":
                host = Host(" ".join(directive.words), directive.place)
                hosts.append(host)
            case "</virtualhost":
                host = main
            case "servername" if host is not main:
                host.name = first
            case "errorlog":
                host.error_log = first
            case "errorlogformat" if len(host.formats) < MOST_FORMATS:
                host.formats.append(directive.arguments)
            case "loglevel" if depth == (host is not main):
                host.log_level = " ".join(directive.words)
            case "wsgidaemonprocess" if first and len(daemons) < MOST_HOSTS:
                daemons.append(_daemons(directive.words))
            case name if name in NUMBERS and (value := number(first)) is not None:
                numbers[NUMBERS[name]] = value
            case name if name in NUMBERS:
                walk.complain(f"{directive.place}: {first} is not a number")
            case name if name in SETTINGS and not depth:
                taken.settings[SETTINGS[name]] = " ".join(directive.words)
    return taken


def _daemons(words: Sequence[str]) -> Daemons:
    options = dict(word.partition("=")[::2] for word in words[1:])

    return Daemons(
        words[0], number(options.get("processes", "")) or 1, number(options.get("threads", "")) or 15,
        number(options.get("maximum-requests", "")),
    )  # fmt: skip


def _is_file(log: str) -> bool:
    return not log.startswith("|") and not log.lower().startswith("syslog")


def _real(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # a loop of links
        return path


def _unrotated(path: Path) -> Path:
    """`error.log` for `error.log.2.gz` and `error_log-20090904`."""
    name = path.name
    for suffix in (".gz", ".bz2", ".xz", ".zst"):
        name = name.removesuffix(suffix)
    stem = name.rstrip("0123456789")
    return path.with_name(stem[:-1] if stem != name and stem[-1:] in (".", "-") and len(stem) > 1 else name)
