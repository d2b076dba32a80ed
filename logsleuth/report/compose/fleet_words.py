"""The sentences of a fleet's report."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from logsleuth.fleet.model import NO_HOST
from logsleuth.report.compose.apart_words import apart_text
from logsleuth.report.words import clock, day_clock, plural
from logsleuth.units import SECOND, duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

    from logsleuth.fleet.model import ClockOffset, FleetIncident

NAMED = 5
"""Hosts that are named in a sentence."""
KNOWN = {
    "lines": "what ships the lines names them",
    "folder": "the folders of the logs are named after them",
    "file name": "the files of the logs are named after them",
    "option": "--host-from finds them in the paths",
    "tally": "their tallies name the machines that scanned them",
}


def of_hosts(names: Sequence[str]) -> str:
    """'web01', 'web01 and web02', 'web01, web02, web03, web04, web05 and 35 more'."""
    if len(names) == 1:
        return names[0]
    if len(names) <= NAMED:
        return f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{', '.join(names[:NAMED])} and {len(names) - NAMED:,} more"


def how_hosts_are_known(hosts: Sequence[tuple[str, str | None]]) -> str:
    """How many hosts there are, and what names them."""
    named = [host for host, _ in hosts if host]
    ways = Counter(known for host, known in hosts if host and known)
    if len(ways) <= 1:
        why = KNOWN[next(iter(ways), "tally")]
    else:
        why = "; ".join(f"{KNOWN[way]} ({plural(count, 'host')})" for way, count in ways.most_common())
    rest = " The logs that name no host are shown as one more." if len(named) < len(hosts) else ""
    return (
        f"The logs are of {plural(len(named), 'host')}: {why}. Each host's story is its own, made from its logs alone."
        f"{rest} --host-from REGEX names hosts otherwise; --host NAME shows one host's own report."
    )


def offset_notes(offsets: Sequence[ClockOffset]) -> Iterator[str]:
    """The clocks that differ."""
    wrong = sorted((one for one in offsets if one.ahead), key=lambda one: (-abs(one.ahead), one.host))
    if not offsets:
        return
    against = offsets[0].against or NO_HOST
    if not wrong:
        yield f"The clocks of {plural(len(offsets), 'host')} agree with that of {against} to the second."
        return
    told = [f"{one.host or NO_HOST} {_ahead(one.ahead)}" for one in wrong]
    yield (
        f"The clocks of {plural(len(wrong), 'host')} differ from that of {against}, as requests show that both have "
        f"logged: {of_hosts(told)}. The order of onsets is put right by it; each host's own times are as in its logs."
    )


def _ahead(micros: int) -> str:
    return f"is {duration(abs(micros) / SECOND)} {'ahead' if micros > 0 else 'behind'}"


def fleet_text(incident: FleetIncident, fleet: int, tz: tzinfo) -> Iterator[str]:
    """Who was hit, in what order and how fast; who was spared, and what sets them apart."""
    hosts = [host or NO_HOST for host in incident.hosts]
    first = incident.hits[0].onset
    if len(hosts) == 1:
        yield f"Only {hosts[0]} of {plural(fleet, 'host')} was hit."
    else:
        share = f" ({len(hosts) / fleet:.0%})" if len(hosts) < fleet else ""
        who = "All" if len(hosts) == fleet else f"{len(hosts):,} of"
        yield f"{who} {plural(fleet, 'host')} were hit{share}: {of_hosts(hosts)}, in this order."
        yield _pace(incident, hosts, first, tz)
    if incident.canary is not None:
        yield f"{hosts[0]} failed {duration(incident.canary / SECOND)} before every other host."
    if incident.by_change:
        yield "They were hit in the order in which they had been changed or restarted."
    yield from apart_text(incident.apart)
    if incident.unseen:
        unseen = [host or NO_HOST for host in incident.unseen]
        logs = "its logs show" if len(unseen) == 1 else "their logs show"
        yield f"Unknown whether it hit {of_hosts(unseen)}: {logs} nothing of that time."


def _pace(incident: FleetIncident, hosts: Sequence[str], first: int, tz: tzinfo) -> str:
    """From the first onset to the last, and when half of those hit were."""
    if incident.spread < SECOND:
        return f"All of them at {day_clock(first, tz)}, within a second."
    onsets: dict[str, int] = {}
    for hit in incident.hits:
        onsets.setdefault(hit.incident.host, hit.onset)
    times = sorted(onsets.values())
    text = f"The first at {day_clock(first, tz)} ({hosts[0]}), the last {duration(incident.spread / SECOND)} later"
    half = times[(len(times) - 1) // 2]
    return f"{text}; half of them by {clock(half, tz)}." if len(times) > NAMED else f"{text} ({hosts[-1]})."
