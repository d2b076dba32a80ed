"""The fleet in markdown: a table of all hosts, and one of the hosts of each incident."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.report.escape import markdown as esc
from logsleuth.report.fleet_view import HEADS, SHOWN_ROWS, host_rows, shown
from logsleuth.report.words import day_clock, plural
from logsleuth.units import SECOND, duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import tzinfo

    from logsleuth.report.model import IncidentReport, Report, ReportHost


def fleet_blocks(report: Report, tz: tzinfo) -> Iterator[str]:
    """The hosts, those that were hit first; nothing where the logs are one host's."""
    if not report.hosts:
        return
    hosts = sorted(report.hosts, key=lambda host: (not host.incidents, host.host))
    yield "## Hosts"
    yield _table(
        ("Host", "Incidents", "Faults", "Runs", "Logs from", "to", "Clock"),
        (_host(host, tz) for host in hosts[:SHOWN_ROWS]),
    )
    if len(hosts) > SHOWN_ROWS:
        yield f"{plural(len(hosts) - SHOWN_ROWS, 'more host')}: `--format json` lists all."


def _host(host: ReportHost, tz: tzinfo) -> Sequence[str]:
    ahead = ""
    if host.ahead is not None:
        side = "ahead" if host.ahead > 0 else "behind"
        ahead = f"{duration(abs(host.ahead) / SECOND)} {side}" if host.ahead else "agrees"
    return (
        esc(shown(host.host)), ", ".join(map(str, host.incidents)), str(host.faults or ""),
        esc(", ".join(f"{name} {value}" for name, value in host.traits)),
        day_clock(host.first, tz) if host.first is not None else "",
        day_clock(host.last, tz) if host.last is not None else "", ahead,
    )  # fmt: skip


def fleet_of_incident(incident: IncidentReport, tz: tzinfo) -> Iterator[str]:
    """Who was hit, in what order, and who was spared."""
    if incident.fleet is None:
        return
    yield " ".join(esc(sentence) for sentence in incident.fleet.text)
    rows = host_rows(incident, tz)
    if len(rows) > 1:
        yield _table(HEADS, ([esc(cell) for cell in row] for row in rows[:SHOWN_ROWS]))
        if len(rows) > SHOWN_ROWS:
            yield f"{plural(len(rows) - SHOWN_ROWS, 'more host')}: `--format json` lists all."
        yield f"What follows is the story of {esc(shown(incident.host))}, which was hit first."


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])
