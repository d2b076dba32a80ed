"""From the timeline to the three lives: the server's, the workers', the requests'."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.lives import requests
from logsleuth.lives.server.life import server_life
from logsleuth.lives.workers.index import Workers
from logsleuth.lives.workers.lives import find_lives
from logsleuth.lives.workers.numbered import numbered_elsewhere
from logsleuth.timeline.lines import Lines
from logsleuth.values import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.lives.requests import Requests
    from logsleuth.lives.server.model import ServerLife
    from logsleuth.timeline.model import Timeline


@dataclass(frozen=True, slots=True)
class Limits:
    """What the configuration says of the number of workers."""

    children: int | None = None
    """The server's own children; None: unknown."""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Lives:
    """The three lives, on their timeline."""

    timeline: Timeline
    server: ServerLife
    workers: Workers
    requests: Requests
    limits: Limits = Limits()
    lines: Lines = field(default_factory=Lines)
    """All lines that are kept, by time."""
    numbered_elsewhere: frozenset[str] = frozenset()
    """The names of the series whose pids are other numbers than httpd's own: see lives/workers/numbered.py."""

    @property
    def end(self) -> int:
        """UTC microseconds of the last that any log tells: an access log may go on long after the error log's end."""
        return max(self.timeline.end, self.requests.last or 0)


def live(timeline: Timeline, access_logs: Sequence[int] = (), limits: Limits = Limits()) -> Lives:  # noqa: B008 - a frozen value
    """The lives on a timeline. `access_logs`: numbers of the access logs, the server's own first."""
    life = server_life(timeline)
    elsewhere = numbered_elsewhere(timeline, life.parents)
    return Lives(
        timeline=timeline,
        server=life,
        workers=Workers(find_lives(timeline, life, elsewhere), timeline.series.values()),
        requests=requests.follow(timeline, access_logs),
        limits=limits,
        lines=Lines(timeline.series.values()),
        numbered_elsewhere=elsewhere,
    )
