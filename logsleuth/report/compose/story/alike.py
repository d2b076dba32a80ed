"""Which lines with the message of an incident are of the same thing: script, backend, file, or client.

An outage of one script is not the other script's that logs the same message. Each series is looked through once for all
incidents of a run.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING

from logsleuth.timeline.model import TIME

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logsleuth.signals.model import Signal
    from logsleuth.timeline.model import Moment

Field = tuple[str, str]
"""A capture, and what it holds."""


def things_of(moment: Moment) -> tuple[Field, ...]:
    """What a line names that has a name of its own: paths, hosts, addresses. Counts and words vary by nature."""
    return tuple(field for field in moment.sighting.fields if any(char in field[1] for char in "/.:\\"))


class Named:
    """What the lines of a signal within an incident name."""

    def __init__(self, signal: Signal) -> None:
        self.things = {thing for one in signal.moments for thing in things_of(one)}
        self.clients = {one.client for one in signal.moments} - {""}

    def is_another(self, moment: Moment) -> bool:
        """Whether a line outside the incident, with the same message, is of another script, backend or file.

        Where its lines name none, those of a client that the incident never names are another's.
        """
        things = things_of(moment)
        if things:
            return not self.things.issuperset(things)
        return bool(moment.client and self.clients) and moment.client not in self.clients


class Alike:
    """The lines of a run's series by what they name."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Sequence[Moment], _ByName]] = {}

    def before(self, signal: Signal, time: int) -> tuple[int, Moment | None]:
        """How many lines of a signal's series, of the same thing, were logged before a moment, and the first of them.

        Without those of the signal itself. `time`: UTC microseconds.
        """
        every = signal.series.moments
        own = {moment for moment in signal.moments if moment.time < time}
        until = bisect_left(every, time, key=TIME)
        count, firsts = -sum(moment.count for moment in own), []
        for alike in self._by_name(every).of(Named(signal)):
            early = bisect_left(alike.places, until)
            count += alike.sums[early]
            firsts += [next((place for place in alike.places[:early] if every[place] not in own), until)]
        first = min(firsts, default=until)
        return count, every[first] if first < until else None

    def _by_name(self, moments: Sequence[Moment]) -> _ByName:
        """Those of a series, known by where its moments are in memory: they are kept, so that no others come there."""
        if id(moments) not in self._known:
            self._known[id(moments)] = moments, _ByName(moments)
        return self._known[id(moments)][1]


class _Lines:
    """Those lines of a series that name the same."""

    __slots__ = ("places", "sums")

    def __init__(self, moments: Sequence[Moment], places: list[int]) -> None:
        self.places = places
        """Their numbers in the series, in order."""
        self.sums = [0, *accumulate(moments[place].count for place in places)]
        """How many lines they are, up to each."""


class _ByName:
    """The lines of one series by what they name."""

    def __init__(self, moments: Sequence[Moment]) -> None:
        by_things: dict[tuple[Field, ...], list[int]] = {}
        by_client: dict[str, list[int]] = {}
        for place, moment in enumerate(moments):
            things = things_of(moment)
            if things:
                by_things.setdefault(things, []).append(place)
            else:
                by_client.setdefault(moment.client, []).append(place)
        self._by_things = {things: _Lines(moments, places) for things, places in by_things.items()}
        self._by_client = {client: _Lines(moments, places) for client, places in by_client.items()}
        self._first_of: dict[Field, list[tuple[Field, ...]]] = {}
        """All that is named together, by the first of it."""
        for things in by_things:
            self._first_of.setdefault(things[0], []).append(things)

    def of(self, named: Named) -> Iterator[_Lines]:
        """Those of nothing else than what is named."""
        for thing in named.things:
            for things in self._first_of.get(thing, ()):
                if named.things.issuperset(things):
                    yield self._by_things[things]
        for client in {*named.clients, ""} if named.clients else self._by_client:
            if client in self._by_client:
                yield self._by_client[client]
