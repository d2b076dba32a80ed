"""A surge of requests before an outage: of one client, network or user agent, for one page or folder, or of all kinds.

A tally counts the keys of an access log without their times. So the lines of the minutes before the onset, and of the
hour before those, are read once more.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Final

from logsleuth.causes.model import Trigger
from logsleuth.library.category import LIMIT, category_of
from logsleuth.logs.format.reader import access_formats
from logsleuth.regexes import regex
from logsleuth.report.compose.findings.sought import MOST_READ, is_sought
from logsleuth.report.compose.probe.probe import STATIC
from logsleuth.report.words import cut, plural
from logsleuth.signals.tuning import AROUND_US, LEAST_EXPECTED, MOST, SOON_US, TIMES_AS_MANY, TOGETHER_US
from logsleuth.units import MINUTE, SECOND, elapsed
from logsleuth.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from logsleuth.causes.model import Diagnosis
    from logsleuth.lives.live import Lives
    from logsleuth.report.compose.log.again import AskedAgain
    from logsleuth.report.compose.story.exhibits import Exhibits

LEADS_S: Final = (1800, 600, 180, 60, 30)
"""Seconds before the onset in which a surge may have begun: the longest in which it stands out is reported."""
LEAST_BEFORE_S: Final = 300
"""Seconds before such a lead that show what is usual, and at least half of its length."""
MOSTLY: Final = 0.9
"""Share of a surge's requests that have an agent, network or client in common, which is then named; and of its clients
to its requests where hardly any asked twice."""
LONGEST_NAME: Final = 60
"""Characters of a page or user agent that are shown: a client chose them."""
NETWORK: Final = regex(r"(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}|((?:[0-9a-fA-F]{1,4}:){4})[0-9a-fA-F:]+")
"""An address of which the network is known: /24 of IPv4, /64 of IPv6 where it is written in full up to there."""
FOLDER: Final = regex(r"(/[^/?]{1,100}/)[^?]")
"""The first segment of a path that goes on."""


LOGIN: Final = regex(
    r"(?i)POST /(?:\S{0,80}/)?(?:xmlrpc|wp-login|log-?in|sign-?in|authenticate|j_security_check|administrator/index)"
    r"(?:\.\w{2,5})?/?"
)
"""A page that takes passwords, as it is asked for when one is tried."""
XMLRPC: Final = "/xmlrpc."
"""In the path of WordPress's interface for programs, which few sites need."""
TRIES: Final = 10
"""Requests of one address, on average, from which on they are no logins of users."""


class _Request(NamedTuple):
    """One line."""

    time: int
    """UTC microseconds."""
    client: str
    network: str
    agent: str
    page: str
    """Method and path."""
    folder: str
    line: AskedAgain


KEYS: Final[dict[str, Callable[[_Request], str]]] = {
    "client": lambda one: one.client,
    "network": lambda one: one.network,
    "page": lambda one: one.page,
    "agent": lambda one: one.agent,
    "folder": lambda one: one.folder,
    "all": lambda _: "all",
}
"""By what requests are told apart; of those that stand out as much the first is named."""


class _Found(NamedTuple):
    """What stands out."""

    kind: str
    key: str
    own: list[_Request]
    """Its requests from when they rose to the onset, in order of time."""
    usual: float
    """How many of its requests a minute there were before."""
    on: Sequence[_Request] = ()
    """Its further requests up to the end of the outage, and some minutes after it; empty: too many to be read."""


def surge(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits) -> Trigger | None:
    """The surge that may have set off an outage of a kind that requests bring about; None: none stands out."""
    seen, onset = diagnosis.incident.requests, diagnosis.incident.onset
    if seen is None or not is_sought(diagnosis):
        return None
    reach = _reach(seen.log, onset, lives)
    early = requests_of(seen.log, onset - reach, onset + TOGETHER_US, lives, exhibits)
    if not early or len(early) > MOST_READ:
        return None
    begin = max(early[0].time, onset - reach)
    pages = [one for one in early if not STATIC.search(one.line.path)]
    for seconds in LEADS_S:
        if onset - begin < seconds * SECOND + max(seconds // 2, LEAST_BEFORE_S) * SECOND:
            continue
        for among in (pages, early):
            found = _stands_out(among, begin, onset, onset - seconds * SECOND)
            if found is not None and (on := _goes_on(found, diagnosis, lives, exhibits)) is not None:
                found = _of_all_requests(found, early) if found.kind == "all" else found
                return _told(found._replace(on=on), diagnosis, exhibits)
    return None


def _reach(log: int, onset: int, lives: Lives) -> int:
    """Microseconds before the onset that are read: of a busy log fewer."""
    reach = LEADS_S[0] * SECOND + AROUND_US
    while reach > LEAST_BEFORE_S * SECOND:
        seen = lives.requests.seen_by(log, onset - reach, onset)
        if seen is None or seen.seen <= MOST_READ:
            break
        reach //= 2
    return reach


def _stands_out(among: Sequence[_Request], begin: int, onset: int, since: int) -> _Found | None:
    """The key whose requests rose most from a moment on, to most of all that is asked for; None: there is none.

    `among`: from `begin` to the onset, in order of time.
    """
    before = [one for one in among if one.time < since]
    within = [one for one in among if one.time >= since]
    share = (onset - since) / max(since - begin, 1)
    best, most = None, 0.0
    for kind, key_of in KEYS.items():
        key, count = _most_common(key_of, within)
        times = [one.time for one in before if key_of(one) == key]
        usual = len(times) * share
        if count < max(LEAST_EXPECTED, MOST * len(within), TIMES_AS_MANY * _most_at_once(times, onset - since)):
            continue
        if count - usual < MOST * len(before) * share:  # hardly more is asked for than before, only other things
            continue
        surprise = count * math.log(count / (usual + 1)) - (count - usual)
        if surprise > most:
            best, most = (kind, key, usual), surprise
    if best is None:
        return None
    kind, key, usual = best
    own = _since_it_rose([one for one in within if KEYS[kind](one) == key], since, onset, usual)
    return _Found(kind, key, own, usual * MINUTE / (onset - since))


def _of_all_requests(found: _Found, early: Sequence[_Request]) -> _Found:
    """The same with files: who reads that all requests rose takes it for all."""
    since = found.own[0].time
    own = [one for one in early if one.time >= since]
    return found._replace(own=own, usual=(len(early) - len(own)) * MINUTE / max(since - early[0].time, MINUTE))


def _most_at_once(times: Sequence[int], length: int) -> int:
    """The most of these moments in one window of a length: what comes in bursts at all times is no surge."""
    return max(Counter(time // length for time in times).values(), default=0)


def _since_it_rose(own: Sequence[_Request], since: int, onset: int, usual: float) -> list[_Request]:
    """Its requests from the moment on after which there were most more of them than before.

    `usual`: how many there would have been. More are those beyond a quarter of the way up, as a surge may begin slowly.
    """
    between = (len(own) + 3 * usual) / 4 / max(onset + TOGETHER_US - since, 1)
    lowest = min(range(len(own)), key=lambda nth: nth - between * (own[nth].time - since))
    return list(own[lowest:])


def _goes_on(found: _Found, diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits) -> list[_Request] | None:
    """Its requests in the outage, and for some minutes after it; None: it was one page with all that belongs to it."""
    seen, incident = diagnosis.incident.requests, diagnosis.incident
    begin, end = incident.onset + TOGETHER_US + 1, incident.over + SOON_US
    counted = lives.requests.seen_by(seen.log, begin, end) if seen is not None else None
    on = []
    if seen is not None and counted is not None and counted.seen <= MOST_READ:
        read = requests_of(seen.log, begin, end, lives, exhibits)
        on = [one for one in read if KEYS[found.kind](one) == found.key]
    last = on[-1].time if on else found.own[-1].time
    return on if last - found.own[0].time >= MINUTE else None


def _most_common(key_of: Callable[[_Request], str], requests: Sequence[_Request]) -> tuple[str, int]:
    """The key that most of these requests have, and how many do; of equally many the last by name."""
    counts = Counter(filter(None, map(key_of, requests)))
    return max(counts.items(), key=lambda item: (item[1], item[0]), default=("", 0))


def _told(found: _Found, diagnosis: Diagnosis, exhibits: Exhibits) -> Trigger:
    """The surge as a trigger, with its first line."""
    first = found.own[0]
    text = (
        f"Requests{_by_whom(found)} rose from {_rate(found.usual)} to {_rate(_busiest(found.own))} a minute "
        f"({_from(found, diagnosis.incident.over)}{len(found.own):,} up to the onset{_went_on(found, diagnosis)})"
    )
    sighting = exhibits.again.sighting(first.line.log, first.line.line, first.line.local, exhibits.tally)
    return Trigger(
        first.time,
        "surge",
        text,
        (sighting,),
        fix=_fix(found, is_at_its_limit=category_of(diagnosis.category).group == LIMIT),
    )


def _rate(a_minute: float) -> str:
    """'0', '0.1', '1.3', '64'."""
    return f"{a_minute:,.0f}" if a_minute >= 10 or not a_minute else f"{max(a_minute, 0.1):.1f}".removesuffix(".0")


def _busiest(requests: Sequence[_Request]) -> int:
    """The most requests of one minute, counted from the first one."""
    return max(Counter((one.time - requests[0].time) // MINUTE for one in requests).values())


def _went_on(found: _Found, diagnosis: Diagnosis) -> str:
    """How many more there were in the outage, where it went on, and when it stopped; empty: it did not go on."""
    incident = diagnosis.incident
    inside = [one for one in found.on if one.time <= incident.over]
    if len(inside) < LEAST_EXPECTED:
        return ""
    text = f", {len(inside):,} more during the outage"
    last = found.on[-1].time
    if incident.recovery is None or last > incident.over + SOON_US // 2:
        return text
    if abs(last - incident.over) <= TOGETHER_US:
        return f"{text}, which ended with them"
    when = "before" if last < incident.over else "after"
    return f"{text}, the last {elapsed(*sorted((last, incident.over)))} {when} its end"


def _by_whom(found: _Found) -> str:
    """What the requests of a surge have in common."""
    shared = _in_common(found)
    said = [""]
    if "page" in shared:
        said.append(f"for {_short(shared['page'])}")
    elif "folder" in shared:
        said.append(f"for what is below {_short(shared['folder'])}")
    if "client" in shared:
        said.append(f"from one client, {shared['client']},")
    elif "network" in shared:
        said.append(f"from the network {_network(shared['network'])}")
    if "agent" in shared:
        said.append(f"with the user agent “{_short(shared['agent'])}”")
    return " ".join(said)


def _from(found: _Found, over: int) -> str:
    """How many addresses they came from until the end of the outage; empty: from one, which is named."""
    clients = {one.client for one in (*found.own, *found.on) if one.time <= over}
    once = ", hardly any of which asked twice" if _is_once_each(found) else ""
    return f"{plural(len(clients), 'address', 'addresses')}{once}; " if len(clients) > 1 else ""


def _short(text: str) -> str:
    """What a client chose; of a page that is read, as most are, without the method."""
    return cut(text.removeprefix("GET "), LONGEST_NAME)


def _in_common(found: _Found) -> dict[str, str]:
    """By kind what nearly all requests of a surge share, in what is named."""
    shared = {found.kind: found.key}
    for kind, key_of in KEYS.items():
        key, count = _most_common(key_of, found.own)
        if count >= MOSTLY * len(found.own):
            shared.setdefault(kind, key)
    return shared


def _is_once_each(found: _Found) -> bool:
    own = [*found.own, *found.on]
    return len({one.client for one in own}) >= MOSTLY * len(own)


def _tries_passwords(found: _Found, shared: Mapping[str, str]) -> bool:
    """Whether it is a program that tries passwords: one agent or network, and far more of a login than users make."""
    every = [*found.own, *found.on]
    is_one = any(kind in shared for kind in ("client", "network", "agent"))
    return (
        is_one
        and LOGIN.fullmatch(shared.get("page", "")) is not None
        and len(every) >= TRIES * len({one.client for one in every})
    )


def _network(network: str) -> str:
    return f"{network}::/64" if ":" in network else f"{network}.0/24"


def _fix(found: _Found, *, is_at_its_limit: bool) -> str:
    """What stops such a surge. No limit for each client holds where each asks only once.

    `is_at_its_limit`: all workers are busy, so that more of them would serve more.
    """
    shared = _in_common(found)
    what = _short(shared.get("page", shared.get("folder", "")))
    if _tries_passwords(found, shared):
        page = shared["page"].removeprefix("POST ")
        clients = {one.client for one in (*found.own, *found.on)}
        whose = "this address" if len(clients) == 1 else f"these {len(clients):,} addresses"
        unused = f", or refuse {cut(page, LONGEST_NAME)} if nobody needs it" if XMLRPC in page else ""
        return (
            f"This rate of POST requests to a login page means password guessing: block {whose} (fail2ban, the "
            f"firewall){unused}; "
            "limit how often one address may request it."
        )
    if "client" in shared:
        return f"Find out who {shared['client']} is; refuse or slow down its requests if they are not wanted."
    if "network" in shared:
        return f"Refuse or slow down the network {_network(shared['network'])} if its requests are not wanted."
    if _is_once_each(found):
        rest = f"requests for {what}" if what else "the pages that take long"
        return (
            f"Limits for each client do not help, as each address asks about once: refuse {rest} of visitors who are "
            "not logged in, answer them from a cache, or let clients prove that they are browsers first."
        )
    if what:
        return (
            f"Find out which page or program asks for {what} so often, and make it call less often, or answer "
            "from a cache."
        )
    more = "; if they are visitors, allow more workers, as far as the memory goes" if is_at_its_limit else ""
    return f"Find out where the additional requests come from; answer what can be answered from a cache{more}."


def requests_of(log: int, begin: int, end: int, lives: Lives, exhibits: Exhibits) -> list[_Request]:
    """The requests of one access log, of all its parts, from one moment to another; in order of time.

    With the connections on which none came: those of a slow client hold workers, too.
    """
    numbers = sorted(lives.requests.parts_of(log))
    if not all(access_formats(exhibits.logs[number].format) for number in numbers):
        return []
    return [_request(one) for one in exhibits.connections(numbers, begin, end)]


def _request(one: AskedAgain) -> _Request:
    network = NETWORK.fullmatch(one.request.client)
    return _Request(
        one.time,
        one.request.client,
        (network[1] or network[2].rstrip(":")) if network else "",
        one.agent,
        f"{one.method} {one.path}" if one.path else "",
        folder[1] if (folder := FOLDER.match(one.path)) else "",
        one,
    )
