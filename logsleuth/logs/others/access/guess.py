"""The LogFormats of an access log whose lines end with how long the request took, inferred from the lines.

What stands behind the usual items is a matter of each site; a number at the very end is nearly always a duration: %D,
%T or %{ms}T, or nginx's $request_time. A pid or a number of bytes may stand beside it. No line says which of them it
is, or which unit it has, but lines are written when requests end and dated when they begin: in the right unit, they
end in the order in which they stand.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from logsleuth.logs.others.access.layout import KNOWN, TOOK, UNITS, VHOST_COMMON
from logsleuth.logs.others.access.reader import access_reader
from logsleuth.regexes import regex
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_LINES = 1000
FIRST_LINES = 20
"""Lines by which formats are chosen that the others are tried in."""
QUOTED = (0, 2, 1, 3)
"""How many items in quotes stand before it: none in the common format, referer and agent in the combined one, and a
forwarded client or a host besides. The more usual ones come first."""
ALONE = "%D"
ENDS = (ALONE, "%D %{x}n", "%{x}n %D")
"""What may stand at the end."""
LABEL = regex(rb" ((?:rt|rtime|request_time|response_time|resp_time|duration|elapsed|took|time)[=:])\d+(?:\.\d+)?\Z")
"""What a site may write before a duration at the end: nginx has no usual place for its $request_time."""
LEAST_LATE = 3
"""Lines that must stand after such as began later, to tell a duration from another number beside it."""
ITEMS = {"%D": TOOK["D"], "%{ms}T": UNITS["ms"], "%T": TOOK["T"]}
"""Microseconds of a unit."""
NEARLY_ALL = 0.95
"""Share of the lines that must end with a duration."""
SHORTEST = 20
"""Microseconds: httpd answers no request in less."""
JITTER = SECOND + SECOND // 2
"""Microseconds: times are cut to the second."""

SITE_FIRST = regex(
    rb"(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24} (?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f:.]{2,45}) "
    rb"\S+ [^\[\]]{1,99} \[\d\d/"
)
"""A line that begins with the name of a site, and has the client's address behind it."""

Asked = tuple[int, int]
"""When a request began, in microseconds, and what its line says it took, in units."""


def layouts_of(lines: Sequence[bytes]) -> tuple[str, ...]:
    """The LogFormats of lines that end with a duration, or begin with the name of a site; empty: they do neither."""
    filled = [line for line in lines[:MOST_LINES] if line.strip()]
    first = filled[:FIRST_LINES]
    has_site = bool(filled) and sum(map(bool, map(SITE_FIRST.match, filled))) >= NEARLY_ALL * len(filled)
    sure = _certain_end(first)
    possible = ENDS if sure == ALONE else (sure,)
    for layout in _layouts((VHOST_COMMON,) if has_site else KNOWN):
        ends = [end for end in possible if _fits(first, _asked(first, f"{layout} {end}"))]
        asked = {end: _asked(filled, f"{layout} {end}") for end in ends}
        fitting = [end for end in ends if filled and _fits(filled, asked[end])]
        shown = [end for end in fitting if end == sure or _puts_in_order(filled, asked[end])]
        if shown:
            end = min(shown, key=lambda one: _disorder(filled, asked[one]))
            return (f"{layout} {end.replace('%D', _item(filled, asked[end]))}", *KNOWN)
    return (VHOST_COMMON, *KNOWN) if has_site else ()


def _certain_end(lines: Sequence[bytes]) -> str:
    """The end that is a duration whatever the order of the requests: a number alone, or after a label."""
    label = LABEL.search(lines[0]) if lines else None
    return ALONE if label is None else label[1].decode("ascii") + ALONE


def _fits(lines: Sequence[bytes], asked: Sequence[Asked]) -> bool:
    return len(asked) >= NEARLY_ALL * len(lines)


def _disorder(lines: Sequence[bytes], asked: Sequence[Asked]) -> int:
    """How many lines are out of order if these are durations."""
    return _out_of_order(asked, ITEMS[_item(lines, asked)])


def _puts_in_order(lines: Sequence[bytes], asked: Sequence[Asked]) -> bool:
    """Whether lines that are out of order by their begins are in order by these durations; no bytes do that."""
    begun = _out_of_order(asked, 0)
    return begun >= LEAST_LATE and _disorder(lines, asked) <= (1 - NEARLY_ALL) * begun


def _layouts(usuals: Sequence[str]) -> Iterator[str]:
    for usual in usuals:
        for count in QUOTED:
            yield usual + r" \"%{x}n\"" * count


def _asked(lines: Sequence[bytes], layout: str) -> list[Asked]:
    read = access_reader((layout,))
    records = (read(line.removesuffix(b"\r")) for line in lines)
    return [(one.time, one.took) for one in records if one and one.time is not None and one.took is not None]


def _item(lines: Sequence[bytes], asked: Sequence[Asked]) -> str:
    """The item that prints such durations; of several that may, the one of the shortest unit."""
    if 2 * sum(b"." in line.rpartition(b" ")[2] for line in lines) > len(lines):
        return "%T"  # nginx prints seconds with their thousandths
    too_short = sum(took < SHORTEST for _, took in asked) > (1 - NEARLY_ALL) * len(asked)
    return min(list(ITEMS)[too_short:], key=lambda item: _out_of_order(asked, ITEMS[item]))


def _out_of_order(asked: Sequence[Asked], unit: int) -> int:
    """How many requests would have ended before the one whose line stands before theirs."""
    ends = [begin + took * unit for begin, took in asked]
    return sum(end < before - JITTER for before, end in pairwise(ends))
