"""Which pool each worker belongs to: the server's own children, a mod_wsgi daemon group, an FPM pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.regexes import regex

if TYPE_CHECKING:
    from logsleuth.timeline.model import OfPid, Series, Timeline

WSGI = "mod_wsgi group"
FPM = "FPM pool"
_DAEMON = regex(r"\] mod_wsgi \(pid=(\d{1,10}), process='([^'\n]{1,200})'", needs=("] mod_wsgi (pid=",))
"""mod_wsgi names the process group in each line about a request that it has begun (wsgi_logger.c)."""


def pool_names(timeline: Timeline) -> dict[int, str]:
    """Pid to its pool, of those pids of which a line says it; all others are the server's own children."""
    names: dict[int, str] = {}
    for series in timeline.known():
        for pid, found in series.by_pid.items():
            if pid not in names and (name := _pool_of(series, pid, found)):
                names[pid] = name
    return names


def _pool_of(series: Series, pid: int, found: OfPid) -> str:
    """What a line says of the pool of a pid; empty: nothing. Patterns capture a pool under these names."""
    sighting = found.first.sighting
    fields = dict(sighting.fields)
    worker = series.meaning.worker
    if fields.get("pool_name"):
        return f"{FPM} {fields['pool_name']}"
    if worker is not None and fields.get("process"):
        return f"{FPM}s" if fields["process"].startswith("php-fpm") else _group(sighting.module, fields["process"])
    named = _DAEMON.search(sighting.words)
    return f"{WSGI} {named[2]}" if named and int(named[1]) == pid else ""


def _group(module: str, process: str) -> str:
    """A process name is a daemon group's where mod_wsgi writes it; in the kernel's words it is the program's."""
    return f"{WSGI} {process}" if module in {"wsgi", ""} and not process.startswith(("httpd", "apache")) else ""
