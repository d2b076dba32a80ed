"""Where the scripts of PHP-FPM stood that took too long: its slow log has the stack of each.

Where most of them wait in one function, called from one place of the site's own code, that is what the outage waited
for. A tally keeps no stacks, so the log is read once more.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from logsleuth.causes.model import ONLY_TOLD, Ground, Reason
from logsleuth.library.own_code import is_of_the_core
from logsleuth.library.pattern import Explain
from logsleuth.regexes import regex
from logsleuth.report.compose.log.dated import STEP, DatedLog
from logsleuth.signals.tuning import JOIN_US, LEAST_MOMENTS, MOST
from logsleuth.values import NamedTuple, replace

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator

    from logsleuth.causes.model import Diagnosis
    from logsleuth.lives.live import Lives
    from logsleuth.report.compose.story.exhibits import Exhibits

OF_FPM: Final = frozenset({"fpm"})
"""The kind of the logs of FPM, of which the slow log is one."""
WAITING: Final = frozenset({"backend-timeout", "backend-overloaded", "worker-exhaustion", "php-timeout"})
"""Kinds of outages in which scripts take too long."""
WAITS: Final[tuple[tuple[re.Pattern[str], Explain], ...]] = (
    (
        regex(r"curl_(?:multi_)?(?:exec|select)"),
        Explain(
            fix="See whether the service answers that PLACE asks over HTTP, and give that call a time limit "
            "(CURLOPT_CONNECTTIMEOUT, CURLOPT_TIMEOUT). A restart of FPM frees the pool only until the cause returns.",
            prevent="A time limit on each request that a page makes itself, and an answer for the case that it runs "
            "out.",
        ),
    ),
    (
        regex(r"(?:mysqli?|pg|oci|sqlsrv|odbc|ibase)_\w+|query|execute|exec|prepare|fetch(?:All)?|real_connect"),
        Explain(
            fix="See what the database does with the queries of PLACE: locks, running queries, its log of slow "
            "queries. A restart of FPM frees the pool only until the cause returns.",
            prevent="Time limits of the database's own on queries and locks, shorter than that of the proxy.",
        ),
    ),
    (
        regex(r"session_start|flock|sem_acquire|msg_receive"),
        Explain(
            fix="See which requests hold the lock that PLACE waits for: that of a session is held until the script "
            "that opened it ends. A restart of FPM frees the pool only until the cause returns.",
            prevent="session_write_close() in each script before what takes long.",
        ),
    ),
)
"""By the function in which scripts stand: what they wait for, and what to do about it."""
ANY_WAIT: Final = Explain(
    fix="See what PLACE waits for, and give it a time limit. A restart of FPM frees the pool only until the cause "
    "returns.",
    prevent="Time limits on every outgoing call, and request_terminate_timeout shorter than the time limit of the "
    "proxy.",
)
STACK: Final = regex(
    rb"(?m)^\[[^\]\n]{10,40}\] +\[pool [^\]\n]{1,100}\] pid \d{1,10}\r?\n"
    rb"script_filename = [^\n]{0,1000}\n(?P<frames>(?:\[0x[0-9a-fA-F]{1,16}\] [^\n]{0,2000}\n)+)",
)
"""A stack: sapi/fpm/fpm/fpm_php_trace.c, fpm_php_trace_dump."""
FRAME: Final = regex(r"\[0x[0-9a-fA-F]{1,16}\] (?P<function>\S{1,200}\(\)) (?P<file>\S{1,1000}:\d{1,9})")


class Place(NamedTuple):
    """Where a script stands."""

    function: str
    """That it waits in: the innermost one, such as `curl_exec()`."""
    file: str
    """File and line of the site's own code from which that was called."""

    def __str__(self) -> str:
        return f"{self.function}, called from {self.file}"


def of_stacks(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits) -> Reason | None:
    """The place in which most scripts of an outage stood that took too long; None: there is none, or no slow log."""
    if diagnosis.category not in WAITING:
        return None
    incident = diagnosis.incident
    for log in DatedLog.each(lives, exhibits, OF_FPM):
        if b"script_filename = " not in log.data:
            continue
        first, last = incident.onset - JOIN_US, incident.over + JOIN_US
        begin, end = log.place_of(first), log.place_of(last) + STEP
        heads = {one.line.offset: one for one in log.lines(begin, end) if first <= one.time <= last}
        stacks = [(at, place) for at, place in stacks_in(log.data, begin, end) if at in heads]
        place, number = commonest(place for _, place in stacks)
        if place is None:
            continue
        head = heads[next(at for at, one in stacks if one == place)]
        how_many = f"all {number:,}" if number == len(stacks) else f"{number:,} of {len(stacks):,}"
        text = f"{how_many} stacks that {log.name} has of that time stand in {place}"
        line = (log.sighting(head),)
        return Reason(head.time, text[:1].upper() + text[1:], line, "medium", explain=waits_for(place))
    return None


def waits_for(place: Place) -> Explain:
    """What to do about scripts that stand in such a place."""
    name = place.function.removesuffix("()").rpartition("::")[2].rpartition("->")[2]
    known = next((one for functions, one in WAITS if functions.fullmatch(name)), ANY_WAIT)
    return replace(known, fix=known.fix.replace("PLACE", place.file))


def as_ground(found: Reason) -> Ground:
    """The same beside a reason that is known otherwise."""
    return Ground("stacks", ONLY_TOLD, f"{found.text}.")


def stacks_in(data: bytes, begin: int, end: int) -> Iterator[tuple[int, Place]]:
    """The stacks that begin between two places of a log: where each does, and where its script stood."""
    for found in STACK.finditer(data, begin):
        if found.start() >= end:
            return
        frames = [frame.groups() for frame in FRAME.finditer(found["frames"].decode("utf-8", "backslashreplace"))]
        if frames:
            own = next((file for _, file in frames if not is_of_the_core(file)), frames[0][1])
            yield found.start(), Place(frames[0][0], own)


def commonest(places: Iterable[Place]) -> tuple[Place | None, int]:
    """Where most scripts stood, and how many; None: nowhere did most, or they were few."""
    every = Counter(places)
    ((place, number),) = every.most_common(1) or ((None, 0),)
    return (place, number) if number >= max(LEAST_MOMENTS, MOST * every.total()) else (None, 0)
