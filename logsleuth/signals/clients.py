"""Whose failures they are: the users', or those of one client that meets a fault of its own making.

A scanner, a developer on localhost, a cron job, a balancer's health check, a crawler on dead pages: each is one
client, and its failures are its own. A proxy is one address too, and represents everybody.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from ipaddress import IPv6Address, ip_address
from itertools import pairwise
from typing import TYPE_CHECKING

from logsleuth.lives.requests import REDIRECTED, REFUSED
from logsleuth.signals.tuning import (
    AROUND_US,
    CROWD,
    EVEN,
    LEAST_CLIENTS,
    LEAST_EXPECTED,
    LEAST_MOMENTS,
    MOST,
    TOGETHER_US,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from logsleuth.timeline.model import Moment, Series, Timeline, Traffic


class Clients:
    """Who is seen in a log, and when."""

    def __init__(self, timeline: Timeline) -> None:
        named = {
            series.name: [(moment.time, moment.client) for moment in series.moments if moment.client]
            for series in timeline.series.values()
            if series.name not in {REDIRECTED, *REFUSED}  # who is sent elsewhere, or refused, is not served by that
        }
        self._seen = sorted((time, name, series) for series, seen in named.items() for time, name in seen)
        self._times = [time for time, _, _ in self._seen]
        self._all = Counter(name for _, name, _ in self._seen)
        self._failures = {
            series.name
            for series in timeline.known()
            if series.meaning.is_failure and series.meaning.if_everybody is None
        }
        self._of = {series: Counter(name for _, name in seen) for series, seen in named.items()}
        self.proxies = _proxies(
            name for series, seen in named.items() if not timeline.series[series].meaning.is_failure for _, name in seen
        )
        """The addresses behind which most clients are: of a proxy, or a pair of them."""

    def are_few(self, series: Series, moments: Sequence[Moment]) -> bool:
        """Whether a stretch is the doing of a client or two, while others are served without that fault.

        What is the client's own by nature, such as its certificate, needs no others that show it.
        """
        named = Counter(moment.client for moment in moments)
        named.pop("", None)
        if sum(named.values()) * 2 < len(moments) or not self.proxies.isdisjoint(named):
            return False
        if effective(named.values()) >= LEAST_CLIENTS:
            return False
        if self._others(series, moments, named) < LEAST_CLIENTS and series.meaning.about != "client":
            return False
        return not self._speak_for_most(series, moments, named)

    def are_many(self, moments: Sequence[Moment], least: float = LEAST_CLIENTS) -> bool:
        """Whether a stretch concerns at least this many clients, none of them most."""
        named = Counter(moment.client for moment in moments)
        named.pop("", None)
        return not self.proxies.isdisjoint(named) or effective(named.values()) >= least

    def _others(self, series: Series, moments: Sequence[Moment], named: Iterable[str]) -> int:
        """Clients seen around a stretch that do not have the fault."""
        begin, end = moments[0].time - AROUND_US, moments[-1].last + AROUND_US
        return len(self.seen_elsewhere(series, begin, end).difference(named))

    def _speak_for_most(self, series: Series, moments: Sequence[Moment], named: Collection[str]) -> bool:
        """Whether most lines of other kinds and other times name these clients, too: then they are proxies.

        A client with a fault of its own making writes about that, and while it makes it.
        """
        own = self._of.get(series.name, Counter())
        then = [name for _, name, of in self._between(moments[0].time, moments[-1].last) if of != series.name]
        every = len(self._seen) - own.total() - len(then)
        theirs = sum(self._all[name] - own[name] for name in named) - sum(name in named for name in then)
        return every >= LEAST_EXPECTED and theirs > MOST * every

    def seen_elsewhere(self, series: Series, begin: int, end: int) -> set[str]:
        """The clients that lines of other kinds name from one moment to another, both included (UTC microseconds)."""
        return {name for _, name, other in self._between(begin, end) if other != series.name}

    def get_further(self, names: Collection[str], begin: int, end: int) -> bool:
        """Whether most of these clients meanwhile meet another failure than a refusal: they were let in."""
        others = {name for _, name, other in self._between(begin, end) if other in self._failures}
        return len(others.intersection(names)) >= MOST * len(names)

    def _between(self, begin: int, end: int) -> Sequence[tuple[int, str, str]]:
        return self._seen[bisect_left(self._times, begin) : bisect_right(self._times, end)]


def _proxies(clients: Iterable[str]) -> frozenset[str]:
    """The clients that most of what is no failure comes from, if they are fewer than would have a fault of their own.

    What fails may be a single client's doing.
    """
    every = Counter(clients)
    least, found = MOST * every.total(), list[str]()
    for name, count in every.most_common(int(LEAST_CLIENTS) - 1):
        found.append(name)
        least -= count
        if least < 0:
            return frozenset(found)
    return frozenset()


def are_a_crowd(moments: Sequence[Moment]) -> bool:
    """Whether many clients meet it; where the lines name users as well, whether many of those do.

    One name that is tried from everywhere is an attack, and scanners come a few at a time.
    """
    if len(moments) < CROWD:
        return False
    clients = Counter(moment.client for moment in moments)
    del clients[""]
    if effective(clients.values()) < CROWD:
        return False
    users = Counter(dict(moment.sighting.fields).get("user", "") for moment in moments)
    del users[""]
    return not users or effective(users.values()) >= CROWD


def are_users(traffic: Traffic, moments: Sequence[Moment]) -> bool:
    """Whether most of the clients that some lines name were also served, at whatever time."""
    named = {moment.client for moment in moments}
    known = [one for one in traffic.by_client.kept if one.key in named]
    return sum(one.requests > one.refused + one.failed for one in known) > MOST * len(known)


def effective(counts: Iterable[int]) -> float:
    """The effective number of clients: as many with equal shares would be as varied (inverse Simpson index)."""
    listed = list(counts)
    squares = sum(count * count for count in listed)
    return sum(listed) ** 2 / squares if squares else 0.0


def are_regulars(series: Series, moments: Sequence[Moment]) -> bool:
    """Whether most of these failures are of clients that fail alike at other times, too: scanners, and old software.

    Where no client is named, whether there are more such failures at other times.
    """
    inside = {moment.sighting.place for moment in moments}
    others = [moment for moment in series.moments if moment.sighting.place not in inside]
    named = [moment.client for moment in moments if moment.client]
    if 2 * len(named) < len(moments):
        return len(others) > len(moments)
    elsewhere = {moment.client for moment in others}
    return 2 * sum(name in elsewhere for name in named) > len(named)


def like_clockwork(moments: Sequence[Moment]) -> bool:
    """Whether they come at equal distances, one at a time and for one client at most, as for a probe or a timer."""
    clients = {moment.client for moment in moments} - {""}
    if len(clients) > 1 or len(moments) <= LEAST_MOMENTS or any(moment.count != moments[0].count for moment in moments):
        return False
    gap = (moments[-1].time - moments[0].time) / (len(moments) - 1)
    return gap > TOGETHER_US and is_even([moment.time for moment in moments])


def is_even(times: Sequence[int]) -> bool:
    """Whether the gaps between these times are all alike."""
    gaps = [after - before for before, after in pairwise(times)]
    mean = sum(gaps) / len(gaps) if gaps else 0.0
    return mean > 0 and all(abs(gap - mean) <= EVEN * mean for gap in gaps)


def is_this_machine(name: str) -> bool:
    """Whether a client is the server itself, by an address of its loopback interface or its name."""
    try:
        address = ip_address(name)
    except ValueError:
        return name == "localhost"
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback
