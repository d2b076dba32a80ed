"""The zone of an error log's times, where something names it.

That may be the lines themselves, what they are wrapped in, or an access log or another log beside it, of the same host.
httpd writes its error log in the host's own zone and does not say which; only `%{z}t` does. An access log's `%t` names
its zone on each line (mod_log_config), but workers whose application has called tzset() name that of the application.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from logsleuth.logs.format.reader import reader_of
from logsleuth.logs.format.rewrite import rewritten
from logsleuth.logs.httpd.tokenize import tokenize
from logsleuth.logs.open.block import stream_read
from logsleuth.regexes import regex
from logsleuth.units import is_near
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.logs.httpd.record import Reader, Record
    from logsleuth.logs.open.log import Log

SAMPLE = 384 * 1024
"""Bytes that are looked at, at the start of a log and at its end."""
HEADS = 16 * 1024
"""Bytes in which heads are looked at."""
MICRO = 1_000_000
HOUR = 3600
DAY = 86_400
WEEKEND = (0, 5, 6)
"""Sunday, Friday and Saturday, counted from Sunday."""
QUARTER = 900
"""Seconds: zones differ by whole quarters of an hour."""
LATE = 120
"""Seconds by which a wrapper may be later than the line."""
NEAR = 3
"""Seconds between a request's access line and what the error log says of it, for the two to be one."""
LEAST_MATCHES = 3
"""Requests that must be in both logs."""
CLEAR = 3
"""A zone must be that many times as likely as the next."""
LEAST_ELSEWHERE = 5
"""Requests, each of another client, that must be in both logs in a zone that the access log itself does not name.

Chance puts three into one of the hundred offsets that are looked at in a log of a thousand lines.
"""
REAL = (*range(-12, 15), -9.5, -4.5, -3.5, -2.5, 3.5, 4.5, 5.5, 5.75, 6.5, 8.5, 8.75, 9.5, 10.5, 11.5, 12.75, 13.75)
"""Hours east of UTC of the zones that have been in use since 1995 (tz database), summer times among them."""
LEAST_SHARE = 0.8
"""Share of the lines dated by a wrapper that must be in the zone."""
MOST_CLIENTS_LINES = 50
"""Lines of one client that are compared."""
MOST_LINES = 1500
"""Lines of an error log that are compared."""
MOST_FITTING = 4
"""Zones in which a line has a request of its own: in more of them it tells nothing, its client asks all the time."""
FARTHEST = 14 * 3600
"""Seconds east or west of UTC."""
_UNIT = r"(?:The Apache|apache2|httpd)"
BESIDE = {
    "died": regex(r"\b(?:apache2|httpd)\[(\d+)\]: segfault|\b[Pp]rocess (\d+) \((?:apache2|httpd)\)"),
    "started": regex(rf"^Started {_UNIT}"),
    "stopped": regex(rf"^Stopp(?:ed|ing) {_UNIT}"),
}
"""What systemd and the kernel say of a server: the process, where they name one."""
OWN = {
    "died": regex(r"child pid (\d+) exit signal"),
    "started": regex(r"resuming normal operations"),
    "stopped": regex(r"caught SIGTERM"),
}
"""The same in httpd's words."""
OFFSETS = range(-14 * 3600, 14 * 3600 + 1, QUARTER)
OWN_OFFSET = regex(rb"^\[[^\]\n]{19,32} ([+-])(\d\d):?(\d\d)\] ", re.MULTILINE, needs=(b" +", b" -"))
"""A head whose time names its zone."""


@dataclass(frozen=True, slots=True)
class NamedZone:
    """The zone of the error log's times, and what names it."""

    offset: int
    """Seconds east of UTC."""
    source: str
    """The log that names it."""
    how: str
    """'lines', 'wrapper', 'requests', 'elsewhere' (the same requests, in a zone that the log does not name),
    'access' (the access log's own) or 'neighbour'."""
    others: tuple[int, ...] = ()
    """Other offsets that the same log names."""
    later: tuple[int, int] | None = None
    """Since when (seconds since 1970, UTC) and which offset is another one: daylight saving time began or ended."""

    @property
    def name(self) -> str:
        """As --tz takes it: 'UTC+01:00', or 'UTC+01:00, UTC+02:00 from 2026-03-29T01:00Z'."""
        if self.later is None:
            return offset_name(self.offset)
        at, offset = self.later
        since = datetime.fromtimestamp(at, UTC)
        return f"{offset_name(self.offset)}, {offset_name(offset)} from {since:%Y-%m-%dT%H:%MZ}"

    def offset_at(self, local: int) -> int:
        """The offset of a local time in seconds."""
        return self.offset if self.later is None or local < self.later[0] + self.offset else self.later[1]

    def sentence(self, given: str | None) -> str:
        """How it was found, in a sentence; `given`: the name of the zone that the user gave."""
        if given is not None:
            return f"Times are read in {given}, as --tz says, though {self.source} names {self.name}."
        why = {
            "lines": f"the zone that the lines of {self.source} name",
            "wrapper": f"the zone in which the lines of {self.source} agree with the times around them",
            "requests": f"the zone in which the error log agrees with {self.source}",
            "elsewhere": f"the zone in which the same requests are in the error log and in {self.source}",
            "access": f"the zone that {self.source} names",
            "neighbour": f"the zone that {self.source} names",
        }[self.how]
        text = f"Times are read in {self.name}, {why}; --tz names another."
        if self.how == "elsewhere":
            text += f" {self.source} is in {' and '.join(map(offset_name, self.others))} itself."
        elif self.others:
            text += (
                f" {self.source} names {' and '.join(map(offset_name, self.others))} too: those lines were written by "
                "workers whose application has set another zone."
            )
        return text


@dataclass(frozen=True, slots=True)
class _Sample:
    """What a log's sampled lines say."""

    path: str
    records: list[Record]
    offsets: frozenset[int | None]

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last time as written, in microseconds."""
        times = [record.time for record in self.records if record.time is not None]
        return min(times), max(times)


def offset_name(offset: int) -> str:
    """'UTC+01:00', of seconds east of UTC; 'UTC' of none."""
    sign = "-" if offset < 0 else "+"
    return f"UTC{sign}{abs(offset) // 3600:02}:{abs(offset) // 60 % 60:02}" if offset else "UTC"


def named_zone(logs: Sequence[Log]) -> NamedZone | None:
    """The zone of the error logs among these; None: nothing names it, or several things name several."""
    errors = [log for log in logs if log.format.kind == "httpd"]
    beside = [log for log in logs if log.format.kind != "httpd" and log.format.source is not None]
    if not errors:
        return _of_other_logs_alone(beside)
    for log in errors:
        if (found := _of_the_heads(log)) is not None:
            return found
    if not beside and all(_is_plain_httpd(log) for log in errors):
        return None  # nothing but their heads could name it
    own = [sample for log in errors if (sample := _sample(log)) is not None]
    if not own:  # then every time of the report is from the others
        others = [sample for log in beside if (sample := _sample(log)) is not None]
        return _of_the_lines(others) if others else None
    found = _of_the_lines(own) or _of_the_wrapper(own)
    return found if found is not None or not beside else _of_the_logs_beside(errors, own, beside)


def _of_other_logs_alone(logs: Sequence[Log]) -> NamedZone | None:
    """The one zone that logs without any error log among them name, such as an access log alone."""
    samples = [sample for log in logs if (sample := _sample(log)) is not None]
    offsets = {(offset, sample.path) for sample in samples for offset in sample.offsets if offset is not None}
    if len({offset for offset, _ in offsets}) != 1:
        return None
    offset, path = min(offsets)
    return NamedZone(offset, path, "lines")


def _is_plain_httpd(log: Log) -> bool:
    """Whether a log is in httpd's default formats, which name no zone, and in no wrapper."""
    form = log.format
    return form.wrapper is None and not form.layouts and not form.pasted


def _of_the_heads(log: Log) -> NamedZone | None:
    """The zone that the heads of httpd's default formats name where `%{z}t` is added to them."""
    if log.stream is not None or not _is_plain_httpd(log) or log.format.rewrite is not None:
        return None
    named = Counter(_seconds(*found) for found in OWN_OFFSET.findall(_head(log, HEADS)))
    return NamedZone(next(iter(named)), log.path, "lines") if len(named) == 1 else None


def _of_the_lines(own: Sequence[_Sample]) -> NamedZone | None:
    """The zone that all lines of the error logs name themselves."""
    offsets = [offset for sample in own for offset in sample.offsets]
    if None in offsets:
        return None
    counts = Counter(record.offset for sample in own for record in sample.records if record.offset is not None)
    first, *others = (offset for offset, _ in counts.most_common())
    return NamedZone(first, own[0].path, "lines", tuple(sorted(others)))


def _of_the_logs_beside(errors: Sequence[Log], own: Sequence[_Sample], beside: Sequence[Log]) -> NamedZone | None:
    """The zone that an access log names, or another log of the same time."""
    access = [sample for log in beside if log.format.source == "access" and (sample := _sample(log)) is not None]
    found = _of_the_seasons(own, access) or _of_the_requests(own, access) or _of_the_workers(errors, access)
    found = found or _of_the_only_offset(own, access, "access")
    if found is not None:
        return found
    rest = [sample for log in beside if log.format.source != "access" and (sample := _sample(log)) is not None]
    return _of_the_events(own, rest) or _of_the_only_offset(own, rest, "neighbour")


def _seconds(sign: bytes, hours: bytes, minutes: bytes) -> int:
    return (-1 if sign == b"-" else 1) * (int(hours) * 3600 + int(minutes) * 60)


def _of_the_wrapper(own: Sequence[_Sample]) -> NamedZone | None:
    """The zone in which the lines' own times agree with those of what they are wrapped in, which are in UTC.

    A wrapper is written soon after the line, or by a shipper that was behind: then only some lines agree, and nothing
    is known.
    """
    for sample in own:
        ahead = [
            record.time // MICRO - record.logged // MICRO
            for record in sample.records
            if record.time is not None and record.logged is not None and record.offset is None
        ]
        quarters = Counter(_quarter(seconds) for seconds in ahead)
        for offset, count in quarters.most_common(1):
            if offset is not None and count >= LEAST_SHARE * len(ahead):
                return NamedZone(offset, sample.path, "wrapper")
    return None


def _quarter(ahead: int) -> int | None:
    """The offset of a local time that is so many seconds ahead of a time in UTC, which is up to LATE later; or None."""
    offset = -(-ahead // QUARTER) * QUARTER
    return offset if offset - ahead <= LATE and abs(offset) <= 14 * 3600 else None


def _of_the_requests(own: Sequence[_Sample], others: Sequence[_Sample]) -> NamedZone | None:
    """The zone in which the same clients are in both logs at the same time.

    One that the access log does not name itself takes more: a real zone, and several clients.
    """
    for sample in others:
        asked = defaultdict[str, list[int]](list)
        for record in sample.records:
            if record.client is not None and record.time is not None and record.offset is not None:
                asked[record.client].append(record.time // MICRO - record.offset)
        found = [pair for one in own for pair in _matches(one.records, asked)]
        named = {offset for offset in sample.offsets if offset is not None}
        votes = Counter(offset for offset, _ in found)
        # zones that chance alone makes fit have a line or two each: the next one shows how many that are
        best = sorted(votes.items(), key=lambda vote: (-vote[1], vote[0] not in named))[:2]
        if not best or best[0][1] < LEAST_MATCHES or (len(best) == 2 and best[0][1] < CLEAR * best[1][1]):
            continue
        offset = best[0][0]
        if offset in named:
            return NamedZone(offset, sample.path, "requests", tuple(sorted(named - {offset})))
        clients = {client for one, client in found if one == offset}
        if offset / HOUR in REAL and len(clients) >= LEAST_ELSEWHERE:
            return NamedZone(offset, sample.path, "elsewhere", tuple(sorted(named)))
    return None


def _of_the_seasons(own: Sequence[_Sample], others: Sequence[_Sample]) -> NamedZone | None:
    """The two zones, an hour apart, that an access log names one after the other, as clocks were put on or back."""
    for sample in others:
        stamps = sorted(
            (record.time // MICRO - record.offset, record.offset)
            for record in sample.records
            if record.time is not None and record.offset is not None
        )
        changes = [pair for pair in pairwise(stamps) if pair[0][1] != pair[1][1]]
        if len(changes) != 1 or not any(_overlap(sample.span, one.span) for one in own):
            continue
        (last, before), (first, after) = changes[0]
        change = _change_between(last, first)
        if abs(after - before) == HOUR and first - last <= DAY and change is not None:
            return NamedZone(before, sample.path, "requests", later=(change, after))
    return None


def _change_between(last: int, first: int) -> int | None:
    """When clocks were changed between two instants; None: not at any hour at which countries do that.

    That is a whole hour of a weekend; in Europe one o'clock on a Sunday in UTC.
    """
    hours = [hour for hour in range(-(-last // HOUR) * HOUR, first + 1, HOUR) if (hour // DAY + 4) % 7 in WEEKEND]
    sundays = [hour for hour in hours if (hour // DAY + 4) % 7 == 0 and hour % DAY == HOUR]
    return sundays[0] if sundays else hours[-1] if hours else None


def _of_the_workers(logs: Sequence[Log], others: Sequence[_Sample]) -> NamedZone | None:
    """Of two zones in an access log the one that workers leave, where the error log shows how far they go."""
    for log in logs:
        ahead = log.format.skew
        for sample in others if ahead is not None else ():
            named = {offset for offset in sample.offsets if offset is not None}
            parents = [offset for offset in named if offset + (ahead or 0) in named]
            if len(parents) == 1:
                return NamedZone(parents[0], sample.path, "requests", tuple(sorted(named - {*parents})))
    return None


def _matches(records: Iterable[Record], asked: dict[str, list[int]]) -> Iterable[tuple[int, str]]:
    """The offsets in which a client's line and a request of its fit, each once for a line, and the client."""
    for times in asked.values():
        times.sort()
    seen: Counter[str] = Counter()
    for record in records:
        asked_at = asked.get(record.client or "")
        if asked_at is None or record.time is None or record.offset is not None or record.client is None:
            continue
        seen[record.client] += 1
        if seen[record.client] <= MOST_CLIENTS_LINES and seen.total() <= MOST_LINES:
            fitting = [offset for offset in OFFSETS if is_near(asked_at, record.time // MICRO - offset, NEAR)]
            if len(fitting) <= MOST_FITTING:
                yield from ((offset, record.client) for offset in fitting)


def _of_the_events(own: Sequence[_Sample], others: Sequence[_Sample]) -> NamedZone | None:
    """The zone in which the server's starts, stops and dead children are in a journal or the kernel's log as well."""
    for sample in others:
        votes: Counter[int] = Counter()
        seen = [
            (key, record.time // MICRO - record.offset)
            for record in sample.records
            if record.time is not None and record.offset is not None and (key := _event(record.message, BESIDE))
        ]
        for local, key in ((r.time, _event(r.message, OWN)) for one in own for r in one.records if r.offset is None):
            for other, utc in seen if key is not None and local is not None else ():
                ahead = (local or 0) // MICRO - utc
                offset = round(ahead / QUARTER) * QUARTER
                if other == key and abs(ahead - offset) <= NEAR and abs(offset) <= FARTHEST:
                    votes[offset] += 2 if key[1:] else 1
        best = votes.most_common(2)
        if best and best[0][1] >= 2 and (len(best) == 1 or best[0][1] >= CLEAR * best[1][1]):
            return NamedZone(best[0][0], sample.path, "requests")
    return None


def _event(message: str, patterns: dict[str, re.Pattern[str]]) -> tuple[str, ...] | None:
    """What happened to the server, and to which of its processes; None: nothing that two logs would both report."""
    for name, pattern in patterns.items():
        if found := pattern.search(message):
            return (name, *(group for group in found.groups() if group))
    return None


def _of_the_only_offset(own: Sequence[_Sample], others: Sequence[_Sample], how: str) -> NamedZone | None:
    """The one offset that logs of the same time name, though no line of one is found in the other."""
    offsets = {offset for sample in others for offset in sample.offsets if offset is not None}
    if how == "neighbour":
        offsets -= {0}  # what is kept in UTC says nothing of the host's zone
    if len(offsets) != 1:
        return None
    (offset,) = offsets
    for sample in others:
        if offset in sample.offsets and any(_overlap(sample.span, one.span) for one in own):
            return NamedZone(offset, sample.path, how)
    return None


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _sample(log: Log) -> _Sample | None:
    """The records with a time of a log's start and end, and of where the zone changes between; None: there are none."""
    read = _reader(log)
    if log.stream is not None:
        head = log.head if log.format.rewrite is None else rewritten(log.format.rewrite, log.head)
        records = _records(read, head.split(b"\n"))
    else:
        first, last = _records(read, _head(log).split(b"\n")), _records(read, _tail(log).split(b"\n")[1:])
        records = [*first, *_where_it_changes(log, read, first, last), *last]
    if not records:
        return None
    return _Sample(log.path, records, frozenset(record.offset for record in records))


def _records(read: Reader, lines: Iterable[bytes]) -> list[Record]:
    """The lines that have a time, as records."""
    found = (read(line) for line in lines)
    return [record for record in found if record is not None and record.time is not None and _is_dated(record)]


def _where_it_changes(log: Log, read: Reader, first: Sequence[Record], last: Sequence[Record]) -> Iterable[Record]:
    """The records about the place from which on lines name the zone of the last ones, found by halving."""
    if not first or not last or first[-1].offset == last[0].offset:
        return ()
    low, high = SAMPLE, (log.size or 0) - SAMPLE
    while high - low > HEADS:
        middle = (low + high) // 2
        here = _records(read, _part(log, middle, HEADS).split(b"\n")[1:])
        if not here:
            break
        low, high = (low, middle) if here[0].offset == last[0].offset else (middle, high)
    return _records(read, _part(log, low, 3 * HEADS).split(b"\n")[1:-1])


def _is_dated(record: Record) -> bool:
    """Whether a line has a head with its time, or is dated by what it is wrapped in."""
    return record.kind in ("record", "foreign") or (record.kind == "bare" and record.offset is not None)


def _reader(log: Log) -> Reader:
    if log.format.kind == "access":
        from logsleuth.logs.others.access.layout import KNOWN  # noqa: PLC0415 - most runs read error logs alone
        from logsleuth.logs.others.access.reader import access_reader  # noqa: PLC0415

        return access_reader(log.format.layouts or KNOWN, whole=True)
    return reader_of(log.format, log.newest) or partial(tokenize, vhost=log.format.vhost)


def _head(log: Log, size: int = SAMPLE) -> bytes:
    """The first bytes; empty if the log can no longer be read, which is reported when it is scanned."""
    try:
        with log.open() as stream:
            return stream_read(stream, size)
    except OSError:
        return b""


def _tail(log: Log) -> bytes:
    """The last bytes of a plain file that is longer than its head."""
    if not log.is_plain or not log.size or log.size <= SAMPLE:
        return b""
    return _part(log, max(log.size - SAMPLE, SAMPLE), SAMPLE)


def _part(log: Log, begin: int, size: int) -> bytes:
    """Some bytes of a plain file; empty if it can no longer be read."""
    try:
        with log.open() as stream:
            stream.seek(begin)
            return stream_read(stream, size)
    except OSError:
        return b""
