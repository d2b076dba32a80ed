"""A surge of requests of one kind before an outage: by one client, network or user agent, or for one page.

A tally counts the keys of an access log without their times. So the lines of the minutes before the onset, and of the
hour before those, are read once more.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from logsleuth.causes.model import Trigger
from logsleuth.library.category import ACCESS, category_of
from logsleuth.logs.format.reader import access_formats
from logsleuth.regexes import regex
from logsleuth.report.words import cut, plural
from logsleuth.signals.tuning import AROUND_US, LEAST_EXPECTED, MOST, TIMES_AS_MANY, TOGETHER_US
from logsleuth.units import MINUTE, SECOND, duration, elapsed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from logsleuth.causes.model import Diagnosis
    from logsleuth.lives.live import Lives
    from logsleuth.report.compose.again import AskedAgain
    from logsleuth.report.compose.exhibits import Exhibits

LEADS_S: Final = (600, 180, 60, 30)
"""Seconds before the onset in which a surge may have begun: the longest in which it stands out is told."""
MOST_READ: Final = 40_000
"""Requests that are read again at most: half a second."""
FEW: Final = 0.1
"""Share of the requests before that a surge's own may have had: what always makes up much of them is no surge."""
MOSTLY: Final = 0.9
"""Share of a surge's requests that have an agent, network or client in common, which is then told."""
LONGEST_NAME: Final = 60
"""Characters of a page or user agent that are shown: a client chose them."""
NETWORK: Final = regex(r"(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}")


class _Request(NamedTuple):
    """One line."""

    time: int
    """UTC microseconds."""
    client: str
    network: str
    agent: str
    page: str
    """Method and path."""
    line: AskedAgain


KEYS: Final[dict[str, Callable[[_Request], str]]] = {
    "client": lambda one: one.client,
    "network": lambda one: one.network,
    "agent": lambda one: one.agent,
    "page": lambda one: one.page,
}
"""By what requests are told apart; of equal shares the first is told."""


class _Found(NamedTuple):
    """What stands out."""

    kind: str
    key: str
    own: list[_Request]
    """Its requests in the lead, in order of time."""
    lead: int
    """Microseconds before the onset in which it stands out."""
    total: int
    """All requests in the lead."""
    before: int
    """Its requests in the time before."""
    on: list[_Request]
    """Its requests from the first one in the lead to the end of the outage."""


def surge(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits) -> Trigger | None:
    """The surge that may have set off an outage of a kind that requests bring about; None: none stands out."""
    seen, onset = diagnosis.incident.requests, diagnosis.incident.onset
    if seen is None or ACCESS not in category_of(diagnosis.category).trigger_seen_in:
        return None
    longest = LEADS_S[0] * SECOND
    requests = requests_of(seen.log, onset - longest - AROUND_US, diagnosis.incident.over, lives, exhibits)
    early = [one for one in requests if one.time < onset - longest]
    span = onset - longest - max(requests[0].time if requests else onset, onset - longest - AROUND_US)
    if len(requests) > MOST_READ or span < LEADS_S[0] * SECOND // 2:
        return None
    late = [one for one in requests if onset - longest <= one.time]
    for seconds in LEADS_S:
        found = _stands_out(late, early, span, onset, seconds * SECOND)
        if found is not None:
            return _told(found, span, exhibits)
    return None


def _stands_out(late: Sequence[_Request], early: Sequence[_Request], span: int, onset: int, lead: int) -> _Found | None:
    """The key that most requests of the lead have, and hardly any had before; None: there is none."""
    within = [one for one in late if onset - lead <= one.time <= onset + TOGETHER_US]
    best: _Found | None = None
    for kind, key_of in KEYS.items():
        key, count = _most_common(key_of, within)
        before = sum(key_of(one) == key for one in early)
        if count < max(LEAST_EXPECTED, MOST * len(within)) or before > FEW * len(early):
            continue
        if count < TIMES_AS_MANY * before * lead / span:
            continue
        own = [one for one in late if key_of(one) == key]
        if own[-1].time - own[0].time < MINUTE:  # one page with all that belongs to it, by one client
            continue
        if best is None or count > len(best.own):
            leading = [one for one in within if key_of(one) == key]
            on = [one for one in own if one.time >= leading[0].time]
            best = _Found(kind, key, leading, lead, len(within), before, on)
    return best


def _most_common(key_of: Callable[[_Request], str], requests: Sequence[_Request]) -> tuple[str, int]:
    """The key that most of these requests have, and how many do; of equally many the last by name."""
    counts = Counter(filter(None, map(key_of, requests)))
    return max(counts.items(), key=lambda item: (item[1], item[0]), default=("", 0))


def _told(found: _Found, span: int, exhibits: Exhibits) -> Trigger:
    """The surge as a trigger, with its first line."""
    first = found.own[0]
    own, all_in = len(found.own), found.total
    earlier = f"{found.before:,}" if found.before else "none"
    hour = "hour" if span > AROUND_US - MINUTE else duration(round(span / MINUTE) * MINUTE / SECOND)
    text = (
        f"A surge of requests {_by_whom(found)}: {own:,} of all {all_in:,} in {duration(found.lead / SECOND)}, "
        f"{earlier} in the {hour} before{_went_on(found)}"
    )
    sighting = exhibits.again.sighting(first.line.log, first.line.line, first.line.local, exhibits.tally)
    return Trigger(first.time, "surge", text, (sighting,))


def _went_on(found: _Found) -> str:
    """How many there were in all, where it went on in the outage; empty: it did not."""
    if len(found.on) < TIMES_AS_MANY * len(found.own):
        return ""
    clients = plural(len({one.client for one in found.on}), "client")
    by = f" from {clients}" if found.kind != "client" else ""
    return f"; it went on, with {len(found.on):,} requests{by} in {elapsed(found.on[0].time, found.on[-1].time)}"


def _by_whom(found: _Found) -> str:
    """What the requests of a surge have in common, and how many clients they came from."""
    shared = {found.kind: found.key}
    for kind, key_of in KEYS.items():
        key, count = _most_common(key_of, found.own)
        if count >= MOSTLY * len(found.own):
            shared.setdefault(kind, key)
    clients = len({one.client for one in found.own})
    said = [f"for {cut(shared['page'], LONGEST_NAME)}" if "page" in shared else ""]
    if "client" in shared:
        said.append(f"from one client, {shared['client']}")
    elif "network" in shared:
        said.append(f"from {plural(clients, 'client')} of the network {shared['network']}.0/24")
    else:
        said.append(f"from {plural(clients, 'client')}")
    if "agent" in shared:
        said.append(f"with the user agent “{cut(shared['agent'], LONGEST_NAME)}”")
    return " ".join(filter(None, said))


def requests_of(log: int, begin: int, end: int, lives: Lives, exhibits: Exhibits) -> list[_Request]:
    """The requests of one access log, of all its parts, from one moment to another; in order of time.

    With the connections on which none came: those of a slow client hold workers, too.
    """
    numbers = sorted(lives.requests.logs[log].parts or {log})
    if not all(access_formats(exhibits.logs[number].format) for number in numbers):
        return []
    return [_request(one) for one in exhibits.connections(numbers, begin, end)]


def _request(one: AskedAgain) -> _Request:
    network = NETWORK.fullmatch(one.request.client)
    return _Request(
        one.time,
        one.request.client,
        network[1] if network else "",
        one.agent,
        f"{one.method} {one.path}" if one.path else "",
        one,
    )
