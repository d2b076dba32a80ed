"""The report on a fleet: the reports of its hosts, joined as the fleet's story says."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from logsleuth.fleet.model import NO_HOST
from logsleuth.fleet.spread import severity_of, shares
from logsleuth.report.compose.fleet_words import fleet_text, how_hosts_are_known, of_hosts, offset_notes
from logsleuth.report.fault_words import notable
from logsleuth.report.model import Fleet, IncidentHost, OwnIncident, Report, ReportHost
from logsleuth.timeline.clock import zone
from logsleuth.values import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from logsleuth.fleet.model import FleetIncident, FleetStory, HostFacts
    from logsleuth.fleet.split import HostLogs
    from logsleuth.report.model import IncidentReport, LogFacts, ReportFault, UnknownMessage, Usual, VerdictWord

FAULTS_KEPT = 200
MESSAGES_SHOWN = 12
NOTES_SHOWN = 30
SAMPLES = 5
OWN_FAULTS, OWN_LINES = 5, 3
"""Faults of a host, and lines of each fault and incident, that the fleet's report keeps of the host's own."""
RUNS = frozenset({"software", "platform", "MPM"})
CONFIGURED = frozenset({"setting", "module"})
STEPS = 24
"""Points of the curve of hosts hit."""
ORDER = ("critical", "major", "minor", "info")


@dataclass(frozen=True, slots=True)
class HostReport:
    """One host with the report that its logs alone make."""

    logs: HostLogs
    facts: HostFacts
    report: Report


def compose_fleet(
    hosts: Sequence[HostReport],
    story: FleetStory,
    *,
    streams: Collection[str] = (),
    left_out: Sequence[str] = (),
    remarks: Sequence[str] = (),
) -> Report:
    """The report on all hosts. `streams`: paths of the logs whose lines are of several hosts.

    `remarks`: what to know of the fleet's logs besides, in sentences.
    """
    reports = {host.logs.name: host.report for host in hosts}
    first = hosts[0].report
    zones = {(host.report.zone, host.report.zone_known == "unknown") for host in hosts}
    known = {host.report.zone_known for host in hosts}
    incidents = tuple(_incident(number, incident, reports, story) for number, incident in enumerate(story.incidents, 1))
    return replace(
        first,
        verdict=_verdict(reports.values()),
        zone=first.zone if len(zones) == 1 else "UTC",
        zone_known=first.zone_known if len(known) == 1 else "from each host's logs" if len(zones) == 1 else "named",
        logs=_logs(hosts, streams),
        incidents=incidents,
        faults=_faults(hosts),
        unknown=_unknown(reports.values()),
        usual=_usual(reports.values()),
        notes=tuple(_notes(hosts, story, [*_zones(zones), *remarks])),
        left_out=tuple(left_out),
        partial=any(host.report.partial for host in hosts),
        whole=None,
        down=None,
        hosts=tuple(_host(host, story) for host in hosts),
    )


def _verdict(reports: Iterable[Report]) -> VerdictWord:
    verdicts = {report.verdict for report in reports}
    return "outage" if "outage" in verdicts else "faults" if "faults" in verdicts else "clean"


def _incident(number: int, incident: FleetIncident, reports: dict[str, Report], story: FleetStory) -> IncidentReport:
    """The first host's own report on it, with what the hosts have in common."""
    ahead = {offset.host: offset.ahead for offset in story.offsets}
    rows = []
    for hit in incident.hits:
        own = reports[hit.incident.host].incidents[hit.incident.number]
        end = None if own.end is None else own.end - ahead.get(hit.incident.host, 0)
        rows.append(
            IncidentHost(
                hit.incident.host, hit.onset, end, own.severity, own.lost_count, own.requests, own.recovery_how
            )
        )
    first = incident.hits[0].incident
    lead = reports[first.host].incidents[first.number]
    fleet = Fleet(
        hosts=tuple(rows),
        spared=incident.spared,
        unseen=incident.unseen,
        text=tuple(fleet_text(incident, len(reports), zone(reports[first.host].zone))),
        shares=shares(incident, len(reports), STEPS) if len(incident.hosts) > 1 else (),
    )
    return replace(lead, id=number, severity=severity_of(incident), fleet=fleet)


def _host(host: HostReport, story: FleetStory) -> ReportHost:
    name = host.logs.name
    hit_by = (number for number, one in enumerate(story.incidents, 1) if name in one.hosts)
    harmful = notable(host.report)
    return ReportHost(
        host=name,
        known=host.logs.known or "",
        logs=tuple(log.path for log in host.report.logs),
        verdict=host.report.verdict,
        first=host.facts.first,
        last=host.facts.last,
        traits=tuple((one.name, one.value) for one in host.facts.traits if one.kind in RUNS),
        configuration=tuple((one.name, one.value) for one in host.facts.traits if one.kind in CONFIGURED),
        incidents=tuple(hit_by),
        faults=len(harmful),
        down=host.report.down.text if host.report.down else "",
        ahead=next((offset.ahead for offset in story.offsets if offset.host == name), None),
        own=_own(host, story),
        own_faults=tuple(replace(fault, evidence=fault.evidence[:OWN_LINES]) for fault in harmful[:OWN_FAULTS]),
    )


def _own(host: HostReport, story: FleetStory) -> tuple[OwnIncident, ...]:
    """A host's incidents as its own report has them, each with its number in the fleet's."""
    numbers = {
        hit.incident.number: number
        for number, one in enumerate(story.incidents, 1)
        for hit in one.hits
        if hit.incident.host == host.logs.name
    }
    return tuple(
        OwnIncident(numbers[nth], own.title, own.severity, own.onset, own.end, own.summary, own.evidence[:OWN_LINES])
        for nth, own in enumerate(host.report.incidents)
        if nth in numbers
    )


def _logs(hosts: Sequence[HostReport], streams: Collection[str]) -> tuple[LogFacts, ...]:
    """All logs, each once, with its host; what goes with every host, such as a list of deploys, with the first."""
    found: dict[str, LogFacts] = {}
    for host in hosts:
        for log in host.report.logs:
            if log.path not in streams:
                found.setdefault(log.path, replace(log, host=host.logs.name))
            else:
                known = found.get(log.path)
                found[log.path] = log if known is None else _both(known, log)
    return tuple(found.values())


def _both(one: LogFacts, other: LogFacts) -> LogFacts:
    """What two hosts have in one log, together. Its bytes are counted as a whole for each."""
    return replace(
        one,
        lines=one.lines + other.lines,
        first=min((t for t in (one.first, other.first) if t is not None), default=None),
        last=max((t for t in (one.last, other.last) if t is not None), default=None),
        unparsed=one.unparsed + other.unparsed,
        bare=one.bare + other.bare,
        joined=one.joined + other.joined,
        long=one.long + other.long,
        odd_bytes=one.odd_bytes + other.odd_bytes,
        unparsed_samples=(*one.unparsed_samples, *other.unparsed_samples)[:SAMPLES],
    )


def _faults(hosts: Sequence[HostReport]) -> tuple[ReportFault, ...]:
    """The same fault of several hosts as one: what it is, how often on all, and whose it is; most harmful first."""
    found: dict[tuple[str, str], list[tuple[str, ReportFault]]] = defaultdict(list)
    for host in hosts:
        for fault in host.report.faults:
            found[fault.pattern or "", fault.title].append((host.logs.name, fault))
    joined = [_fault(same) for same in found.values()]
    joined.sort(key=lambda fault: (ORDER.index(fault.severity), -len(fault.hosts), -fault.count, fault.title))
    return tuple(replace(fault, id=number) for number, fault in enumerate(joined[:FAULTS_KEPT], 1))


def _fault(same: Sequence[tuple[str, ReportFault]]) -> ReportFault:
    """One fault of these hosts; its lines are those of the host on which it is gravest, then most frequent."""
    ranked = sorted(same, key=lambda one: (ORDER.index(one[1].severity), -one[1].count, one[0]))
    lead = ranked[0][1]
    firsts = [fault.first for _, fault in same if fault.first is not None]
    lasts = [fault.last for _, fault in same if fault.last is not None]
    clients = [fault.clients for _, fault in same if fault.clients is not None]
    return replace(
        lead,
        count=sum(fault.count for _, fault in same),
        first=min(firsts, default=None),
        last=max(lasts, default=None),
        clients=max(clients, default=None),  # the same clients may come to several hosts: there are at least that many
        hosts=tuple(host or NO_HOST for host, _ in ranked),
    )


def _unknown(reports: Iterable[Report]) -> tuple[UnknownMessage, ...]:
    """The messages that nothing knows, those of one shape as one."""
    found: dict[tuple[str, str], UnknownMessage] = {}
    for report in reports:
        for message in report.unknown:
            key = (message.level, message.template)
            known = found.get(key)
            found[key] = message if known is None else replace(known, count=known.count + message.count)
    return tuple(sorted(found.values(), key=lambda message: -message.count)[:MESSAGES_SHOWN])


def _usual(reports: Iterable[Report]) -> tuple[Usual, ...]:
    found: dict[str, Usual] = {}
    for report in reports:
        for row in report.usual:
            known = found.get(row.pattern)
            found[row.pattern] = row if known is None else replace(known, count=known.count + row.count)
    return tuple(sorted(found.values(), key=lambda row: (-row.count, row.pattern))[:MESSAGES_SHOWN])


def _zones(zones: Collection[tuple[str, bool]]) -> Iterable[str]:
    """What to know where the hosts' logs are not all of one zone; of each: its name, and whether it is unknown."""
    if len(zones) > 1:
        unknown = any(is_unknown for _, is_unknown in zones)
        yield (
            "The zone of some hosts' logs is not known: their times are shown as if they were UTC."
            if unknown
            else "The hosts' logs are of different time zones: times in this report are UTC."
        )


def _notes(hosts: Sequence[HostReport], story: FleetStory, remarks: Sequence[str]) -> Iterable[str]:
    """What to know of the whole fleet, then what to know of some hosts: each sentence once, with their names."""
    yield how_hosts_are_known([(host.logs.name, host.logs.known) for host in hosts])
    yield from remarks
    down = [host.logs.name or NO_HOST for host in hosts if host.report.down is not None]
    if len(down) == len(hosts):
        yield "All hosts are down when their logs end."
    elif down:
        yield f"Down when their logs end: {of_hosts(down)}."
    yield from offset_notes(story.offsets)
    said: dict[str, list[str]] = {}
    for host in hosts:
        for note in host.report.notes:
            said.setdefault(note, []).append(host.logs.name or NO_HOST)
    sentences = [note if len(names) == len(hosts) else f"{of_hosts(names)}: {note}" for note, names in said.items()]
    yield from sentences[:NOTES_SHOWN]
    if len(sentences) > NOTES_SHOWN:
        yield f"{len(sentences) - NOTES_SHOWN} more notes on single hosts are in the hosts' own reports (--host NAME)."
