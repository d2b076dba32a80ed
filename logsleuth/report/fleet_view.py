"""What every format shows of a fleet: the hosts' rows, and the picture of hosts by time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from logsleuth.fleet.model import NO_HOST
from logsleuth.report.words import day_clock, day_span, plural
from logsleuth.units import SECOND, duration
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from logsleuth.report.model import IncidentHost, IncidentReport, Report, ReportHost

Cell = Literal["none", "quiet", "hit"]
"""No log of that time; nothing wrong; in an incident."""
MARGIN = 12
"""The part of the pictured time that is added before and after the incidents: one twelfth."""
HIT_SHOWN = 40
"""Hosts in the picture: the first that were hit; the others are counted."""
SPARED_SHOWN = 10
SHOWN_ROWS = 100


@dataclass(frozen=True, slots=True)
class PictureRow:
    """One host over time."""

    host: str
    cells: tuple[Cell, ...]
    incidents: tuple[int, ...]
    """Ids of the incidents that hit it."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Hosts by time, those that were hit first in the order of their onsets."""

    begin: int
    """UTC microseconds."""
    step: int
    """Microseconds a cell."""
    rows: tuple[PictureRow, ...]
    more_hit: int
    """Hosts that were hit and are not shown."""
    more_spared: int

    def caption(self, tz: tzinfo) -> str:
        """What the columns are, and what is left out."""
        count = len(self.rows[0].cells) if self.rows else 0
        text = f"{day_span(self.begin, self.begin + self.step * count, tz)}, a column is {duration(self.step / SECOND)}"
        if self.more_hit:
            text += f"; {plural(self.more_hit, 'more host')} hit"
        if self.more_spared:
            text += f"; {plural(self.more_spared, 'more host')} not hit"
        return text


def shown(host: str) -> str:
    """A host's name as it is shown."""
    return host or NO_HOST


def picture(report: Report, columns: int) -> Picture | None:
    """The hosts of a fleet over the time of its incidents; None: there is no fleet, or nothing happened to it."""
    spans = _spans(report)
    if not report.hosts or not spans:
        return None
    first = min(begin for rows in spans.values() for begin, _, _ in rows)
    last = max(end for rows in spans.values() for _, end, _ in rows)
    margin = max((last - first) // MARGIN, SECOND)
    begin = (first - margin) // SECOND * SECOND
    step = max(-(-(last + margin - begin) // columns), SECOND)
    hosts = {host.host: host for host in report.hosts}
    hit = [hosts[name] for name in sorted(spans, key=lambda name: (spans[name][0], name))]
    spared = [host for host in report.hosts if host.host not in spans]
    chosen = [*hit[:HIT_SHOWN], *spared[:SPARED_SHOWN]]
    rows = (_row(host, spans.get(host.host, ()), begin, step, columns) for host in chosen)
    return Picture(begin, step, tuple(rows), max(len(hit) - HIT_SHOWN, 0), max(len(spared) - SPARED_SHOWN, 0))


def _spans(report: Report) -> dict[str, list[tuple[int, int, int]]]:
    """Of each host that was hit, (onset, end, id) of its incidents in order, on the fleet's clock."""
    spans: dict[str, list[tuple[int, int, int]]] = {}
    ends = {host.host: host.last for host in report.hosts}
    for incident in report.incidents:
        for host in incident.fleet.hosts if incident.fleet else ():
            end = host.end if host.end is not None else max(ends.get(host.host) or host.onset, host.onset)
            spans.setdefault(host.host, []).append((host.onset, end, incident.id))
    return {name: sorted(rows) for name, rows in spans.items()}


def _row(host: ReportHost, spans: Sequence[tuple[int, int, int]], begin: int, step: int, columns: int) -> PictureRow:
    cells: list[Cell] = []
    for column in range(columns):
        start, end = begin + column * step, begin + (column + 1) * step
        if any(onset < end and over >= start for onset, over, _ in spans):
            cells.append("hit")
        elif host.first is None or host.last is None or end <= host.first or start > host.last:
            cells.append("none")
        else:
            cells.append("quiet")
    return PictureRow(host.host, tuple(cells), tuple(dict.fromkeys(number for _, _, number in spans)))


HEADS = ("Host", "Hit at", "After the first", "How long", "Severity", "Workers lost", "Requests failed")


def host_rows(incident: IncidentReport, tz: tzinfo) -> list[tuple[str, ...]]:
    """The hosts of an incident as rows under HEADS, in order of onset."""
    if incident.fleet is None:
        return []
    first = incident.fleet.hosts[0].onset
    return [_host_row(host, first, tz) for host in incident.fleet.hosts]


def _host_row(host: IncidentHost, first: int, tz: tzinfo) -> tuple[str, ...]:
    requests = f"{host.requests.failed:,} of {host.requests.seen:,}" if host.requests else ""
    return (
        shown(host.host),
        day_clock(host.onset, tz),
        f"+{duration((host.onset - first) / SECOND)}" if host.onset - first >= SECOND else "",
        "goes on" if host.end is None else duration(max(host.end - host.onset, 0) / SECOND),
        host.severity,
        f"{host.lost:,}" if host.lost else "",
        requests,
    )
