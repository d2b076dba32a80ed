"""The values of the timeline: every kind of message over time, and what requests and workers left as traces."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import accumulate, takewhile
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING

from logsleuth.scan.series import class_of, shortest_of
from logsleuth.units import SECOND
from logsleuth.values import NamedTuple, dataclass, field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from logsleuth.library.meaning import Meaning
    from logsleuth.library.pattern import Explain
    from logsleuth.scan.sighting import Sighting


@dataclass(frozen=True, slots=True)
class Moment:
    """Matches of one series within a second (or more, where there are very many)."""

    time: int
    """UTC microseconds of the first."""
    last: int
    count: int
    sighting: Sighting
    client: str = ""
    """The client that the line names, without its port; empty: none."""


TIME = attrgetter("time")
"""The key by which moments are in order. Looked up thousands of times for each log, so not a function of our own."""
LAST: Callable[[Moment], int] = attrgetter("last")
COUNT: Callable[[Moment], int] = attrgetter("count")
"""These of many moments are added up, or compared, for each signal of each incident."""


@dataclass(frozen=True, slots=True)
class OfPid:
    """What one series says of one process."""

    count: int
    first: Moment
    last: Moment


@dataclass(frozen=True, slots=True)
class EveryClient:
    """All clients that a number of lines name, though not every line is kept."""

    names: frozenset[str]
    lines: int


@dataclass(frozen=True, slots=True)
class Series:
    """All matches of one pattern or card, or of one shape that nothing knows, over time."""

    meaning: Meaning
    moments: tuple[Moment, ...]
    """In order of time."""
    by_pid: dict[int, OfPid] = field(default_factory=dict)
    undated: Moment | None = None
    """Those of its lines that have no time, and no neighbour with one; its times mean nothing."""
    clients: EveryClient | None = None
    """Of all its lines in the log, whatever part of them this is; None: not all are known."""
    aside: int = 0
    """Moments that are left out of it, because a timer brings them about."""

    @property
    def name(self) -> str:
        """The id of what knows it, or the masked message."""
        return self.meaning.id

    @property
    def title(self) -> str:
        """What it says, in a few words; log text may be in it."""
        return self.meaning.title

    @property
    def explain(self) -> Explain:
        """What explains its lines."""
        moments = self.moments or (self._undated,)
        return self.meaning.explain.of(dict(moment.sighting.fields) for moment in moments)

    @property
    def count(self) -> int:
        """All matches, with a time or without."""
        return sum(map(COUNT, self.moments)) + (self.undated.count if self.undated else 0)

    def moments_of(self, pid: int) -> tuple[Moment, ...]:
        """When it was said of a process: the first and the last time, and those between of which a line is kept."""
        found = self.by_pid[pid]
        if found.first == found.last:
            return (found.first,)
        if found.count == 2:
            return (found.first, found.last)
        within = between(self.moments, found.first.time + 1, found.last.time - 1)
        return (found.first, *(moment for moment in within if moment.sighting.subject == pid), found.last)

    @property
    def first_sighting(self) -> Sighting:
        """Its first line."""
        return self.moments[0].sighting if self.moments else self._undated.sighting

    @property
    def _undated(self) -> Moment:
        assert self.undated is not None, "a series has a line"
        return self.undated


def between(moments: Sequence[Moment], begin: int, end: int) -> Sequence[Moment]:
    """Those of some moments, which are in order, from one time to another, both included (UTC microseconds)."""
    first = bisect_left(moments, begin, key=TIME)
    return moments[first : bisect_right(moments, end, first, key=TIME)]


def is_any_between(moments: Sequence[Moment], begin: int, end: int) -> bool:
    """Whether there is one of them."""
    first = bisect_left(moments, begin, key=TIME)
    return first < len(moments) and moments[first].time <= end


@dataclass(slots=True)
class Sign:
    """When one process wrote within one stretch of time. Not frozen, because tens of thousands are made in a run."""

    first: int
    """UTC microseconds."""
    last: int
    count: int


FIRST = attrgetter("first")
"""The key by which signs of one process are in order."""
_FIRST = itemgetter(0)
"""The key by which signs of all processes are in order: when they begin."""


class Signs:
    """When each process wrote, by pid and by time."""

    def __init__(self, by_pid: dict[int, tuple[Sign, ...]]) -> None:
        """`by_pid`: signs in order of time, by pid in order."""
        self._by_pid = by_pid

    def get(self, pid: int, default: tuple[Sign, ...] = ()) -> tuple[Sign, ...]:
        """The signs of one process, in order."""
        return self._by_pid.get(pid, default)

    def items(self) -> Iterable[tuple[int, tuple[Sign, ...]]]:
        """(pid, its signs)."""
        return self._by_pid.items()

    def written_between(self, begin: int, end: int) -> dict[int, int]:
        """By pid, lines of the stretches that touch those from one moment to another (UTC microseconds)."""
        firsts, signs, longest = self._in_time
        written: dict[int, int] = {}
        for nth in range(bisect_left(firsts, begin - longest), bisect_right(firsts, end)):
            pid, sign = signs[nth]
            if sign.last >= begin:
                written[pid] = written.get(pid, 0) + sign.count
        return written

    def within(self, begin: int, end: int) -> Iterable[int]:
        """The pid of each sign that lies between two moments, both included (UTC microseconds)."""
        firsts, signs, _ = self._in_time
        around = signs[bisect_left(firsts, begin) : bisect_right(firsts, end)]
        return (pid for pid, sign in around if sign.last <= end)

    def last_before(self, time: int) -> int | None:
        """UTC microseconds of the last sign that ended before a moment; None: there is none."""
        place = bisect_left(self._lasts, time)
        return self._lasts[place - 1] if place else None

    @cached_property
    def _in_time(self) -> tuple[list[int], list[tuple[int, Sign]], int]:
        ordered = [(sign.first, (pid, sign)) for pid, signs in self._by_pid.items() for sign in signs]
        ordered.sort(key=_FIRST)
        longest = max([sign.last - first for first, (_, sign) in ordered], default=0)
        return [first for first, _ in ordered], [sign for _, sign in ordered], longest

    @cached_property
    def _lasts(self) -> list[int]:
        return sorted(sign.last for signs in self._by_pid.values() for sign in signs)


class Counts:
    """How many, over time. Asking for a stretch takes the time of two look-ups."""

    __slots__ = ("begins", "counts", "sums", "width")

    def __init__(self, width: int, items: Iterable[tuple[int, int]]) -> None:
        """`width`: microseconds for each count; `items`: (UTC microseconds at which it begins, count), in order."""
        ordered = list(items)
        self.width = width
        self.begins = [begin for begin, _ in ordered]
        self.counts = [count for _, count in ordered]
        self.sums = [0, *accumulate(self.counts)]

    def __bool__(self) -> bool:
        return bool(self.begins)

    @property
    def total(self) -> int:
        """All."""
        return self.sums[-1]

    def between(self, begin: int, end: int) -> int:
        """Those of the stretches that touch `begin` to `end`, both included (UTC microseconds)."""
        return self.sums[bisect_right(self.begins, end)] - self.sums[bisect_right(self.begins, begin - self.width)]

    def up_to(self, end: int) -> int:
        """Those of the stretches that begin at a moment or before it (UTC microseconds)."""
        return self.sums[bisect_right(self.begins, end)]

    def items_between(self, begin: int, end: int) -> Iterable[tuple[int, int]]:
        """(begin, count) of the stretches that touch `begin` to `end`, in order of time."""
        within = slice(bisect_right(self.begins, begin - self.width), bisect_right(self.begins, end))
        return zip(self.begins[within], self.counts[within], strict=True)

    def next(self, after: int) -> int | None:
        """UTC microseconds at which the first count after this moment begins; None: there is none."""
        place = bisect_right(self.begins, after)
        return self.begins[place] if place < len(self.begins) else None

    def last(self, before: int) -> int | None:
        """UTC microseconds at which the last count before this moment begins; None: there is none."""
        place = bisect_left(self.begins, before)
        return self.begins[place - 1] if place else None

    def items(self) -> Iterable[tuple[int, int]]:
        """(begin, count) in order of time."""
        return zip(self.begins, self.counts, strict=True)


class Durations:
    """How long requests took, by when they began."""

    __slots__ = ("begins", "counts", "width")

    def __init__(self, width: int, items: Iterable[tuple[int, dict[int, int]]]) -> None:
        """`width`: microseconds of each stretch; `items`: (when it begins, count by class), in order."""
        ordered = list(items)
        self.width = width
        self.begins = [begin for begin, _ in ordered]
        self.counts = [counts for _, counts in ordered]

    def __bool__(self) -> bool:
        return bool(self.begins)

    def between(self, begin: int, end: int) -> Spread:
        """Those of the requests that began in the stretches that touch `begin` to `end`, both included."""
        first, last = bisect_right(self.begins, begin - self.width), bisect_right(self.begins, end)
        return together(map(Spread, self.counts[first:last]))

    def items(self) -> Iterable[tuple[int, dict[int, int]]]:
        """(begin, count by class) in order of time."""
        return zip(self.begins, self.counts, strict=True)


@dataclass(frozen=True, slots=True)
class Spread:
    """How long a number of requests took."""

    by_class: dict[int, int]

    @property
    def count(self) -> int:
        """All of them."""
        return sum(self.by_class.values())

    def quantile(self, share: float) -> int:
        """Microseconds within which this share of them were answered, as good as classes tell; 0: there are none."""
        left = share * self.count
        for kind, count in sorted(self.by_class.items()):
            if left <= count:
                shortest = shortest_of(kind)
                return round(shortest + (shortest_of(kind + 1) - shortest) * left / count)
            left -= count
        return 0

    def parted(self, micros: int) -> tuple[Spread, Spread]:
        """Those that took no longer, with those of its own class, and those that did."""
        own = class_of(micros)
        shorter = {kind: count for kind, count in self.by_class.items() if kind <= own}
        return Spread(shorter), Spread({kind: count for kind, count in self.by_class.items() if kind > own})

    def longer_than(self, micros: int) -> int:
        """How many took longer, those of its own class left out."""
        own = class_of(micros)
        return sum(count for kind, count in self.by_class.items() if kind > own)


def together(spreads: Iterable[Spread]) -> Spread:
    """All of these requests."""
    found: dict[int, int] = {}
    for spread in spreads:
        for kind, count in spread.by_class.items():
            found[kind] = found.get(kind, 0) + count
    return Spread(found)


@dataclass(frozen=True, slots=True)
class Asked:
    """The requests of one client, for one virtual host or below one path, in the whole of an access log."""

    key: str
    """As a client sent it: hostile."""
    requests: int
    refused: int
    failed: int
    redirected: int = 0


NEVER = Asked("", 0, 0, 0)
"""No requests at all."""


@dataclass(frozen=True, slots=True)
class AskedBy:
    """The requests of a whole access log by client, virtual host or first segment of the path."""

    kept: tuple[Asked, ...] = ()
    """By key; a fair sample where there are more keys than a tally keeps."""
    distinct: int = 0
    """About how many keys there are; exact where all are kept."""

    @property
    def is_complete(self) -> bool:
        """Whether every key is kept."""
        return self.distinct <= len(self.kept)


NO_COUNTS = Counts(SECOND, ())
NO_DURATIONS = Durations(SECOND, ())


@dataclass(frozen=True, slots=True)
class Traffic:
    """The requests of one access log over time, of all its parts if it was rotated."""

    all: Counts
    failed: Counts
    """Those answered with a status of 500 or more."""
    refused: Counts
    """Those answered with a status from 400 to 499."""
    by_vhost: AskedBy = AskedBy()
    """By virtual host, where the format of the log names it."""
    by_path: AskedBy = AskedBy()
    """By the first segment of the path, such as '/shop'."""
    by_client: AskedBy = AskedBy()
    parts: frozenset[int] = frozenset()
    """The numbers of the files."""
    redirected: Counts = NO_COUNTS
    """Those answered with a redirect."""
    took: Durations = NO_DURATIONS
    """How long they took, where the log says it."""


class Opening(NamedTuple):
    """The first line with a time of one log."""

    kind: str
    """Logs of one kind are parts of one story: httpd's error logs, its access logs; of others, each its own."""
    time: int
    """UTC microseconds."""
    line: tuple[int, int]
    """Where it stands: log and offset."""


def _is_known(series: Series) -> bool:
    return series.meaning.known_by != "level"


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything that was read, in time."""

    start: int
    """UTC microseconds of the first line with a time; 0 where none has one."""
    end: int
    series: dict[str, Series]
    """Everything known, by pattern id or card name; then what nothing knows, gravest level first."""
    signs: Signs
    """Signs of life by pid."""
    served: Counts
    """Lines of the error logs that name a client: the trace that requests leave."""
    offsets: dict[int, int]
    """Number of a neighbour's log to the microseconds by which its clock is ahead; its times are corrected by it."""
    levels: dict[str, int]
    """Lines by level."""
    traffic: dict[int, Traffic] = field(default_factory=dict)
    """Number of an access log to its requests."""
    neighbours: dict[int, int] = field(default_factory=dict)
    """Number of another program's log to the UTC microseconds of its first line."""
    openings: dict[int, Opening] = field(default_factory=dict)
    """Number of a log to its first line with a time."""
    _known: tuple[Series, ...] = field(default=(), init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Find out what is known, which is asked for in each incident."""
        object.__setattr__(self, "_known", tuple(takewhile(_is_known, self.series.values())))

    @property
    def span(self) -> int:
        """Microseconds from the first line with a time to the last; at least a second."""
        return max(self.end - self.start, SECOND)

    @property
    def dated(self) -> bool:
        """Whether any line has a time."""
        return self.end > 0

    def known(self) -> Sequence[Series]:
        """What a pattern or a card knows: it comes before the thousands of kinds that nothing may know."""
        return self._known

    def unknown(self) -> Iterable[Series]:
        """What nothing knows, the gravest level first, then the most frequent."""
        return (series for series in self.series.values() if series.meaning.known_by == "level")
