"""Which candidates are about one and the same thing, though no mechanism is written down that leads between them.

A backend that answers too slowly, breaks connections off and then refuses them is one fault seen in three ways; so is
an exception that quotes the error which another line reports in full. What they share is told; which of them comes
first is not known from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.regexes import regex
from logsleuth.signals.tuning import MOST
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Mapping

    from logsleuth.signals.model import Signal
    from logsleuth.timeline.model import Moment

THINGS: Final[Mapping[str, str]] = {
    "backend": "the backend", "address": "the address", "socket": "the socket", "url": "the address",
    "worker": "the worker", "path": "the path", "file": "the file", "unit": "the unit", "server": "the server",
    "host": "the host",
}  # fmt: skip
"""What a pattern's captures of these names stand for: a thing that several kinds of messages may be about."""
CATEGORY_OF_ERROR: Final[Mapping[int, str]] = {
    11: "process-limit", 12: "memory-exhausted", 13: "permission-denied", 23: "fd-exhaustion", 24: "fd-exhaustion",
    28: "disk-full", 104: "backend-reset", 110: "backend-timeout", 111: "backend-down",
}  # fmt: skip
"""What an error of Linux's errno.h means; those whose number is another error elsewhere are left out."""
QUOTED: Final = regex(
    r"(?i:\berrno[: =]{1,2}|\berror (?:code |number |no\. ?)?|\bgot error )(?P<number>\d{1,3})\b"
    r"|: [A-Z][a-z][\w ,/'\-]{3,60} \((?P<inside>\d{1,3})\)"
)
"""How applications quote an error: `[Errno 28]`, `Got error 28 from storage engine`, `…: No space left (28)`."""
SCHEME: Final = regex(r"\A[a-z+]{2,12}://")
LONGEST: Final = 60
"""Characters of a name that are shown."""
LINES: Final = 200
"""Moments of a signal that are looked at."""
WITHIN_US: Final = SECOND
"""Microseconds between two lines of one process that report the same event."""


def shared(one: Signal, other: Signal) -> str | None:
    """What binds two kinds of messages, as a clause; None: nothing is known. Log text may be in it."""
    return _same_thing(one, other) or _same_error(one, other) or _same_process(one, other)


def _same_thing(one: Signal, other: Signal) -> str | None:
    """A backend, file or unit that most lines of both name."""
    mine, theirs = _named(one), _named(other)
    for name, what in mine.items():
        if name in theirs:
            return f"both name {what} {name[:LONGEST]}"
    return None


def _named(signal: Signal) -> dict[str, str]:
    """The things that most of its lines name, with what each is."""
    found: dict[str, tuple[str, int]] = {}
    moments = signal.moments[:LINES]
    for moment in moments:
        for field, value in moment.sighting.fields:
            if field in THINGS and (name := _plain(value)):
                found[name] = (THINGS[field], found.get(name, ("", 0))[1] + 1)
    return {name: what for name, (what, lines) in sorted(found.items()) if lines >= MOST * len(moments)}


def _plain(value: str) -> str:
    """The name of a thing without what only some messages write around it."""
    name = SCHEME.sub("", value.strip()).rstrip("/:.,").split(" ", 1)[0]
    return name if any(char.isalnum() for char in name) and name not in {"localhost", "*"} else ""


def _same_error(one: Signal, other: Signal) -> str | None:
    """The error that one of them quotes, and that the other is, or quotes as well."""
    for quoting, named in ((one, other), (other, one)):
        numbers = _numbers(quoting)
        number = next((n for n in numbers if CATEGORY_OF_ERROR.get(n) == named.category), None)
        if number is not None:
            return f"the lines of “{quoting.title}” quote error {number}, which the other reports"
    return None


def _numbers(signal: Signal) -> list[int]:
    """The numbers of errors that most of its lines quote."""
    counts: dict[int, int] = {}
    moments = signal.moments[:LINES]
    for moment in moments:
        quoted = {int(found["number"] or found["inside"]) for found in QUOTED.finditer(moment.sighting.words)}
        for number in quoted:
            counts[number] = counts.get(number, 0) + 1
    return sorted(number for number, lines in counts.items() if lines >= MOST * len(moments))


def _same_process(one: Signal, other: Signal) -> str | None:
    """Whether most lines of the rarer one come from a process that wrote one of the other's within a second."""
    few, many = sorted((one, other), key=lambda signal: len(signal.moments))
    written: dict[tuple[int, str], list[int]] = {}
    for moment in many.moments:
        written.setdefault(_writer(moment), []).append(moment.time)
    moments = few.moments[:LINES]
    near = 0
    for moment in moments:
        times = written.get(_writer(moment), ()) if _writer(moment)[0] else ()
        near += any(abs(time - moment.time) <= WITHIN_US for time in times)
    if near < MOST * len(moments) or near == 0:
        return None
    return "the same processes wrote both within a second"


def _writer(moment: Moment) -> tuple[int, str]:
    """The process that a line is about or from, and whom it serves: with threads it serves several clients at once."""
    named = dict(moment.sighting.fields).get("pid", "")
    pid = int(named) if named.isdecimal() else moment.sighting.subject or moment.sighting.reporter
    return pid, moment.client
