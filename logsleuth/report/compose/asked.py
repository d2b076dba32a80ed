"""The requests of an outage's own time, read once more from an access log that can be read twice.

A tally counts paths over the whole log, and by their first segment: what was asked for in the outage, and which pages
of a site failed while others did not, only the lines of that time say.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain, islice
from math import sqrt
from typing import TYPE_CHECKING, Final

from logsleuth.regexes import regex
from logsleuth.timeline.model import NEVER, Asked, AskedBy
from logsleuth.units import MINUTE
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from logsleuth.lives.requests import Requests, Seen
    from logsleuth.report.compose.again import AskedAgain
    from logsleuth.report.compose.exhibits import Exhibits
    from logsleuth.timeline.model import Counts

MOST: Final = 20_000
"""Requests of one outage that are read again at most: half a second."""
DEEPEST: Final = 3
"""Segments of a path that are told apart."""
MOSTLY, HARDLY = 0.9, 0.1
"""Shares of requests that fail, by which pages below one folder differ."""
LEAST: Final = 2
"""Requests for a page that show whether it failed; one may be chance."""
CHANCE: Final = 2.0
"""Standard deviations by which pages must differ more than chance makes them, where each fails now and then."""
LEAST_OF_SITE: Final = 5
"""Requests from which on the share of a site's that failed is more than chance."""
REFERER: Final = regex(r"https?://([A-Za-z0-9.-]{1,253})(?=[:/]|\Z)")
FILE: Final = regex(r"\.(?:css|js|png|jpe?g|gif|svg|ico|webp|woff2?)\Z")
"""What a page of the same site asks for."""
USER: Final = regex(rb'\A(?:[^\s\["]+ ){2,3}(?!- )[^\s\["]+ \[[^\]"]{1,40}\] "')
"""A line in httpd's usual formats that names a user."""
READS: Final = frozenset({"GET", "HEAD"})
NOT_LOGGED_IN: Final = regex(rb' - \[[^\]"]{1,40}\] "[^"]*" 401 ')
"""A line in httpd's usual formats that names no user and has the status of a request that needs one."""
AROUND: Final = 30 * MINUTE
"""Of the time before and after an outage at least this much is read, and at least as much as it lasted itself."""


@dataclass(frozen=True, slots=True)
class AskedThen:
    """What was asked for while an outage lasted."""

    paths: AskedBy
    """By the shortest part of the path that tells pages that failed from those that did not."""
    clients: AskedBy
    vhosts: AskedBy
    """By virtual host; where the log names none, by the site whose page led to it, if only some sites failed."""
    asked_who: int = 0
    """Further requests, in none of these: they were only asked for a user name, which is no failure."""
    always: Asked = NEVER
    """Further requests, in none of these: for pages that fail before and after the outage as well."""
    named_users: bool = False
    """Nearly all requests that failed had a user name."""
    by_referer: bool = False
    """Sites are told apart by the page that led to a request: those of the others are not counted for any."""


def asked_then(seen: Seen, requests: Requests, exhibits: Exhibits) -> AskedThen | None:
    """The requests that `seen` counts; None: the log cannot be read again, or is not what was counted."""
    traffic = requests.logs[seen.log]
    numbers = sorted(traffic.parts or {seen.log})
    if seen.seen > MOST:
        return None
    margin = traffic.all.width
    begin, end = seen.stretches[0][0] - margin, seen.stretches[-1][1] + margin
    read = [one for number in numbers for one in exhibits.again.requests(number, exhibits.clock, begin, end)]
    failed = [one for one in read if one.level == "error" and _is_counted(one, traffic.failed, seen.stretches)]
    refused = [one for one in read if one.level == "warn" and _is_counted(one, traffic.refused, seen.stretches)]
    every = [one for one in read if _is_counted(one, traffic.all, seen.stretches)]
    if (len(every), len(failed), len(refused)) != (seen.seen, seen.failed, seen.refused):
        return None
    served = [one for one in every if one.level == "info"]
    everything = [one for one in (*served, *refused, *failed) if not is_asked_who(one)]
    always = _fail_at_other_times({one.path for one in (*refused, *failed)}, numbers, exhibits, begin, end)
    found = [one for one in everything if one.path not in always]
    aside = Counter(one.level for one in everything if one.path in always)
    pages = Counter((one.path, one.level) for one in found if one.path)
    by_referer = not any(one.request.vhost for one in found)
    site_of = _by_referer(found) if by_referer else {id(one): one.request.vhost for one in found}
    return AskedThen(
        _by(_told_apart(pages)),
        _by(Counter((one.request.client, one.level) for one in found if one.request.client)),
        _by(Counter((site_of[id(one)], one.level) for one in found if site_of.get(id(one)))),
        len(served) + len(refused) + len(failed) - len(everything),
        Asked("", aside.total(), aside["warn"], aside["error"]),
        named_users=bool(failed) and sum(map(_names_a_user, failed)) >= MOSTLY * len(failed),
        by_referer=by_referer,
    )


def _fail_at_other_times(
    paths: Collection[str], numbers: Iterable[int], exhibits: Exhibits, begin: int, end: int
) -> frozenset[str]:
    """Of some pages those that fail before and after an outage as well: what is not there, and what nobody may see.

    `begin`, `end`: of the outage, in UTC microseconds.
    """
    length = max(end - begin, AROUND)
    around = chain.from_iterable(
        chain(
            exhibits.again.requests(number, exhibits.clock, begin - length, begin - 1),
            exhibits.again.requests(number, exhibits.clock, end + 1, end + length),
        )
        for number in numbers
    )
    asked: Counter[str] = Counter()
    fails: Counter[str] = Counter()
    for one in islice(around, MOST):
        if one.path in paths:
            asked[one.path] += 1
            fails[one.path] += one.level != "info" and not is_asked_who(one)
    return frozenset(path for path, number in asked.items() if number >= LEAST and fails[path] >= MOSTLY * number)


def _names_a_user(one: AskedAgain) -> bool:
    return USER.search(one.line.text) is not None


def _by_referer(asked: Sequence[AskedAgain]) -> Mapping[int, str]:
    """By a request's identity: the site whose page led to it, where some sites failed and the others did not.

    A site is known by its pages' own files: another's page leads to a page, not to its pictures.
    """
    hosts = [(one, found[1].lower()) for one in asked if (found := REFERER.match(one.referer))]
    own = {host for one, host in hosts if FILE.search(one.path)}
    led = [(one, host) for one, host in hosts if host in own]
    counted: dict[str, Counter[str]] = {}
    for one, host in led:
        counted.setdefault(host, Counter())[one.level] += 1
    shares = [1 - levels["info"] / levels.total() for levels in counted.values() if levels.total() >= LEAST_OF_SITE]
    are_told_apart = (
        any(share >= MOSTLY for share in shares)
        and any(share <= HARDLY for share in shares)
        and all(share >= MOSTLY or share <= HARDLY for share in shares)
    )
    return {id(one): host for one, host in led} if are_told_apart else {}


def is_asked_who(one: AskedAgain) -> bool:
    """It came without a user name and was answered that it takes one (401), as the first request of every login is."""
    return NOT_LOGGED_IN.search(one.line.text) is not None


def _is_counted(one: AskedAgain, counts: Counts, stretches: Sequence[tuple[int, int]]) -> bool:
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
    """Whether of these nearly all requests of one failed, and hardly any of another, more than chance makes it so."""
    counted = []
    for part in parts:
        total = sum(part.values())
        failed = sum(count for (_, level), count in part.items() if level != "info")
        if total >= LEAST:
            counted.append((failed, total))
    shares = [failed / total for failed, total in counted]
    return bool(shares) and max(shares) >= MOSTLY and min(shares) <= HARDLY and _is_more_than_chance(counted)


def _is_more_than_chance(counted: Sequence[tuple[int, int]]) -> bool:
    """Whether shares vary more than those of throws of one coin (the chi-squared test of homogeneity)."""
    share = sum(failed for failed, _ in counted) / sum(total for _, total in counted)
    varies = sum((failed - total * share) ** 2 / (total * share * (1 - share)) for failed, total in counted)
    expected = len(counted) - 1
    return varies > expected + CHANCE * sqrt(2 * expected)
