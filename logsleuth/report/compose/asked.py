"""The requests of an outage's own time, read once more from an access log that can be read twice.

A tally counts paths over the whole log, and by their first segment: what was asked for in the outage, and which pages
of a site failed while others did not, only the lines of that time say.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from logsleuth.logs.format.reader import access_formats
from logsleuth.logs.others.access.reader import access_reader
from logsleuth.regexes import regex
from logsleuth.timeline.model import Asked, AskedBy
from logsleuth.units import MINUTE, SECOND
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from logsleuth.lives.requests import Requests, Seen
    from logsleuth.logs.open.log import Log
    from logsleuth.report.compose.again import Again
    from logsleuth.report.compose.exhibits import Exhibits
    from logsleuth.timeline.clock import Clock
    from logsleuth.timeline.model import Counts

MOST: Final = 20_000
"""Requests of one outage that are read again at most: half a second."""
DEEPEST: Final = 3
"""Segments of a path that are told apart."""
MOSTLY, HARDLY = 0.9, 0.1
"""Shares of requests that fail, by which pages below one folder differ."""
LEAST: Final = 2
"""Requests for a page that show whether it failed; one may be chance."""
PATH: Final = regex(rb'"(?P<method>[A-Za-z-]+) (?:[a-z]+://[^/ "]*)?(?P<path>/[^?#; "]*)')
"""The path that a line's request asks for, without what was sent to it."""
READS: Final = frozenset({b"GET", b"HEAD"})
NOT_LOGGED_IN: Final = regex(rb' - \[[^\]"]{1,40}\] "[^"]*" 401 ')
"""A line in httpd's usual formats that names no user and has the status of a request that needs one."""


class _Request(NamedTuple):
    """One line."""

    time: int
    """UTC microseconds."""
    path: str
    client: str
    vhost: str
    level: str
    """error: it failed; warn: it was refused; info: it was served."""
    is_read: bool
    """It asked to read a page, as a probe does (GET, HEAD)."""
    is_asked_who: bool
    """It came without a user name and was answered that it takes one (401), as the first request of every login is."""


@dataclass(frozen=True, slots=True)
class AskedThen:
    """What was asked for while an outage lasted."""

    paths: AskedBy
    """By the shortest part of the path that tells pages that failed from those that did not."""
    clients: AskedBy
    vhosts: AskedBy
    pages: AskedBy
    """By the whole path; only what asked to read a page."""
    asked_who: int = 0
    """Further requests, in none of these: they were only asked for a user name, which is no failure."""


def asked_then(seen: Seen, requests: Requests, exhibits: Exhibits) -> AskedThen | None:
    """The requests that `seen` counts; None: the log cannot be read again, or is not what was counted."""
    logs = {number: exhibits.logs[number] for number in sorted(requests.logs[seen.log].parts or {seen.log})}
    if not all(access_formats(log.format) for log in logs.values()) or seen.seen > MOST:
        return None
    traffic = requests.logs[seen.log]
    read = [
        one
        for number, log in logs.items()
        for one in _read(number, log, seen.stretches, traffic.all.width, exhibits.again, exhibits.clock)
    ]
    failed = [one for one in read if one.level == "error" and _is_counted(one, traffic.failed, seen.stretches)]
    refused = [one for one in read if one.level == "warn" and _is_counted(one, traffic.refused, seen.stretches)]
    every = [one for one in read if _is_counted(one, traffic.all, seen.stretches)]
    if (len(every), len(failed), len(refused)) != (seen.seen, seen.failed, seen.refused):
        return None
    served = [one for one in every if one.level == "info"]
    asked_who = sum(one.is_asked_who for one in refused)
    found = [one for one in (*served, *refused, *failed) if not one.is_asked_who]
    pages = Counter((one.path, one.level) for one in found if one.path)
    return AskedThen(
        _by(_told_apart(pages)),
        _by(Counter((one.client, one.level) for one in found if one.client)),
        _by(Counter((one.vhost, one.level) for one in found if one.vhost)),
        _by(Counter((one.path, one.level) for one in found if one.path and one.is_read)),
        asked_who,
    )


def _read(
    number: int, log: Log, stretches: Sequence[tuple[int, int]], margin: int, again: Again, clock: Clock
) -> Iterator[_Request]:
    """The requests of one log within some stretches of time, and `margin` microseconds around them."""
    reader = access_reader(access_formats(log.format))
    for line in again.between(number, (stretches[0][0] - margin) // MINUTE, (stretches[-1][1] + margin) // MINUTE):
        record = reader(line.text)
        if record is None or record.time is None or record.request is None:
            continue
        time = clock.utc(record.time) if record.offset is None else record.time - record.offset * SECOND
        if any(begin - margin <= time <= end + margin for begin, end in stretches):
            asked = PATH.search(line.text)
            path = asked["path"].decode("utf-8", "backslashreplace") if asked else ""
            yield _Request(
                time, path, record.request.client, record.request.vhost, record.level or "info",
                asked is not None and asked["method"] in READS, NOT_LOGGED_IN.search(line.text) is not None,
            )  # fmt: skip


def _is_counted(one: _Request, counts: Counts, stretches: Sequence[tuple[int, int]]) -> bool:
    """Whether a request is among those that the counts have of some stretches, whole stretches each."""
    if not counts:
        return False
    first, width = counts.begins[0], counts.width
    begins = first + (one.time - first) // width * width
    return any(begin - width < begins <= end for begin, end in stretches)


def _by(counted: Mapping[tuple[str, str], int]) -> AskedBy:
    """Requests by their key."""
    keys = sorted({key for key, _ in counted})
    kept = []
    for key in keys:
        failed, refused = counted.get((key, "error"), 0), counted.get((key, "warn"), 0)
        kept.append(Asked(key, failed + refused + counted.get((key, "info"), 0), refused, failed))
    return AskedBy(tuple(kept), len(kept))


def _told_apart(pages: Mapping[tuple[str, str], int]) -> Counter[tuple[str, str]]:
    """Requests by as many segments of their path as it takes to tell what failed from what did not."""
    told: Counter[tuple[str, str]] = Counter()
    groups = [(1, part) for part in _parts(pages, 1).values()]
    while groups:
        depth, part = groups.pop()
        deeper = _parts(part, depth + 1)
        if depth < DEEPEST and _differ(deeper.values()):
            groups += [(depth + 1, one) for one in deeper.values()]
            continue
        key = _folder(next(iter(part))[0], depth)
        for (_, level), count in part.items():
            told[key, level] += count
    return told


def _parts(pages: Mapping[tuple[str, str], int], depth: int) -> dict[str, dict[tuple[str, str], int]]:
    """The same requests, by the first segments of their path."""
    parts: dict[str, dict[tuple[str, str], int]] = {}
    for (path, level), count in pages.items():
        parts.setdefault(_folder(path, depth), {})[path, level] = count
    return parts


def _folder(path: str, depth: int) -> str:
    return "/".join(path.split("/")[: depth + 1])


def _differ(parts: Iterable[Mapping[tuple[str, str], int]]) -> bool:
    """Whether of these nearly all requests of one failed, and hardly any of another."""
    shares = []
    for part in parts:
        total = sum(part.values())
        failed = sum(count for (_, level), count in part.items() if level != "info")
        if total >= LEAST:
            shares.append(failed / total)
    return bool(shares) and max(shares) >= MOSTLY and min(shares) <= HARDLY
