"""Small timelines for tests of the lives and of what stands on them: in httpd's own words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from logsleuth.library.meaning import Meaning
from logsleuth.scan.sighting import Sighting
from logsleuth.timeline.model import Counts, Moment, Series, Signs, Timeline
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ANY = Meaning(
    "pattern",
    "any",
    "Any failure",
    "cause",
    "backend-down",
    "major",
    "backend",
    "repeated",
    "event",
    "serving",
    "fault",
    "does-not-help",
)
STARTED = replace(
    ANY, id="up", title="Up", role="recovery", category=None, severity="info", about="server", phase="start"
)
UP = replace(STARTED, if_unannounced=replace(STARTED, title="None was stopped", role="death", category="parent-killed"))
STOP = replace(UP, id="stop", title="Told to stop", role="shutdown", phase="stop")
RELOAD = replace(UP, id="reload", title="Told to restart gracefully", role="restart", phase="serving")
REFUSED = replace(
    ANY, id="refused", title="Port taken", category="port-in-use", severity="critical", about="server",
    proof="single", phase="start",
)  # fmt: skip
KEPT = replace(UP, id="kept", title="A reload was refused", phase="serving")
LEFT_OVER = replace(
    ANY, id="left-over", title="Pid file left over", role="death", category="parent-killed", severity="minor",
    about="server", phase="start",
)  # fmt: skip
NOISE = replace(ANY, id="noise", title="Noise", role="noise", category=None, severity="info", about="client")


def line(pid: int = 100, client: str = "", offset: int = 0, *, dated: bool = True) -> Sighting:
    """A line of this process, about this client."""
    text = f"[client {client}:40000] text" if client else "text"
    return Sighting(0, 0, offset, 0, 0, "core", "error", pid, 0, 0, text, (), dated)


def moment(second: float, pid: int = 100, client: str = "", offset: int = 0, *, count: int = 1) -> Moment:
    """Such a line at this second, once or several times."""
    time = int(second * SECOND)
    return Moment(time, time, count, line(pid, client, offset), client)


def series(meaning: Meaning, *seconds: float, pid: int = 100, clients: Sequence[str] = ("",), count: int = 1) -> Series:
    """One kind of message at these seconds, by changing clients."""
    moments = tuple(
        moment(second, pid, clients[nth % len(clients)], nth, count=count) for nth, second in enumerate(seconds)
    )
    return Series(meaning, moments)


def undated(meaning: Meaning) -> Series:
    """One kind of message, once, without a time: httpd wrote it to the terminal."""
    return Series(meaning, (), {}, Moment(0, 0, 1, line(0, dated=False)))


def timeline(*found: Series, end: float = 3600, served: Iterable[float] = (), **more: Any) -> Timeline:  # noqa: ANN401
    """A log from second 0 to `end` that holds these, and lines that name a client at the seconds of `served`."""
    counts: dict[int, int] = {}
    for second in served:
        begin = int(second) * SECOND
        counts[begin] = counts.get(begin, 0) + 1
    trace = Counts(SECOND, sorted(counts.items()))
    return Timeline(0, int(end * SECOND), {one.name: one for one in found}, Signs({}), trace, {}, {}, **more)
