"""Which candidates are about one and the same thing, though no mechanism is written down that leads between them.

A backend that answers too slowly, breaks connections off and then refuses them is one fault seen in three ways; so is
an exception that quotes the error which another line reports in full. What they share is told; which of them comes
first is not known from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.library.system_words import CATEGORY_OF_ERROR, CATEGORY_OF_WINDOWS, OF_ERRORS, WORDS_OF
from logsleuth.regexes import regex
from logsleuth.signals.tuning import MOST
from logsleuth.timeline.text import message
from logsleuth.units import SECOND, is_near

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from logsleuth.signals.model import Signal
    from logsleuth.timeline.model import Moment

THINGS: Final[Mapping[str, str]] = {
    "backend": "the backend", "address": "the address", "socket": "the socket", "url": "the address",
    "worker": "the worker", "path": "the path", "file": "the file", "unit": "the unit", "server": "the server",
    "host": "the host",
}  # fmt: skip
"""What a pattern's captures of these names stand for: a thing that several kinds of messages may be about."""
OWN: Final = regex(r"\A\((?P<windows>OS )?(?P<number>\d{1,5})\)")
"""The system's error with which a line of httpd's begins."""
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
    near = written_at_once(many, few.moments[:LINES])
    return "the same processes wrote both within a second" if sum(near) >= MOST * len(near) else None


def written_at_once(signal: Signal, moments: Sequence[Moment]) -> list[bool]:
    """Of each of some moments whether the process that wrote it wrote a line of a signal within a second."""
    written: dict[tuple[int, int, str], list[int]] = {}
    for moment in signal.moments:
        written.setdefault(_writer(moment), []).append(moment.time)
    writers = [(_writer(moment), moment.time) for moment in moments]
    return [writer[0] != 0 and is_near(written.get(writer, ()), time, WITHIN_US) for writer, time in writers]


def _writer(moment: Moment) -> tuple[int, int, str]:
    """The process that a line is about or from, and its thread, or whom it serves: it may serve several at once."""
    named = dict(moment.sighting.fields).get("pid", "")
    pid = int(named) if named.isdecimal() else moment.sighting.subject or moment.sighting.reporter
    return pid, 0 if moment.client else moment.sighting.tid, moment.client


def is_its_error(signal: Signal) -> bool:
    """Whether it is what the system's own error means with which its lines begin: `(28)No space left on device: …`."""
    if signal.category not in OF_ERRORS:
        return False
    moments = signal.moments[:LINES]
    means = [_category_of(message(moment.sighting)) for moment in moments]
    return means.count(signal.category) >= MOST * len(moments)


def is_the_same_shortage(text: str, signal: Signal) -> bool:
    """Whether another program's line reports that it lacks the same as a signal says: both have one reason."""
    return any(words in text for words in WORDS_OF.get(signal.category or "", ()))


def _category_of(text: str) -> str | None:
    """What the error means with which a line begins; None: it begins with none, or with one that is not known."""
    found = OWN.match(text)
    if found is None:
        return None
    return (CATEGORY_OF_WINDOWS if found["windows"] else CATEGORY_OF_ERROR).get(int(found["number"]))
