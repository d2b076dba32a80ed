"""What the sentences and commands of a pattern may name: values of its lines, and counts of the incident."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.regexes import regex
from logsleuth.report.compose.log.named import named_most
from logsleuth.report.words import plural

if TYPE_CHECKING:
    from logsleuth.causes.model import Diagnosis
    from logsleuth.scan.sighting import Sighting
    from logsleuth.signals.model import Signal

NEW_LINE = regex(r"(?<!\\)\\n")
"""A line break, as httpd writes it."""
CUT = regex(r"(?:\w[./_\\-]?|[./_\\-])\w")
"""The last character of a value and what follows it, where it ends in the middle of a word, a path or a name."""
LEAST_CUT = 40
"""Characters from which on a value may be only the first part of a message: a number ends before its unit."""
LONGEST_NAME = 60
"""Characters of a path or an address that are shown."""


def values_of(signal: Signal, diagnosis: Diagnosis, *, as_prose: bool = True) -> dict[str, str]:
    """What a pattern's sentences may name: its captures, and the counts of the incident.

    `as_prose`: where the lines name several (backends, files), a sentence says so; a command takes the first.
    """
    values = named_most(signal)
    if as_prose:
        values = {
            slot: f"{_unescaped(_marked(signal, slot, value))}{_others(signal, slot, value)}"
            for slot, value in values.items()
        }
    if lost := _lost_as(signal, diagnosis):  # a sentence on "0 workers" would be false: the title is shown in its place
        values["workers"] = f"{lost:,}"
    values["pool"] = str(diagnosis.workers.pool) if diagnosis.workers.pool else "an unknown number of"
    values["count"] = f"{signal.count:,}"
    return values


def _unescaped(value: str) -> str:
    """The first line of a value, without httpd's escapes, which are for its log (ap_escape_logitem)."""
    first = NEW_LINE.split(value, maxsplit=1)[0]
    return first.replace("\\\\", "\\") + (" […]" if first != value else "")


def marked(value: str, line: Sighting) -> str:
    """A value of a line, with '…' where the pattern takes so much and no more, in the middle of a word."""
    if len(value) < LEAST_CUT:
        return value
    _, found, rest = line.text.partition(value)
    return f"{value}…" if found and CUT.match(f"{value[-1]}{rest[:2]}") else value


def _marked(signal: Signal, slot: str, value: str) -> str:
    line = next((one.sighting for one in signal.moments if (slot, value) in one.sighting.fields), None)
    return value if line is None else marked(value, line)


def _others(signal: Signal, slot: str, value: str) -> str:
    """' (also B)' or ' (and 2 others)', where the kept lines of a signal name further values in the same place.

    Of a second only the first line is kept: there may be more.
    """
    named = dict.fromkeys(dict(moment.sighting.fields).get(slot, value) for moment in signal.moments)
    others = [other for other in named if other != value]
    of_names = any(char in value for char in "/.:\\")  # paths, hosts and addresses; counts and words vary by nature
    if not others or not of_names:
        return ""
    if len(others) == 1 and len(others[0]) <= LONGEST_NAME:
        return f" (also {_unescaped(others[0])})"
    least = "" if all(moment.count == 1 for moment in signal.moments) else "at least "
    return f" (and {least}{plural(len(others), 'other')})"


def _lost_as(signal: Signal, diagnosis: Diagnosis) -> int:
    """Workers that were lost in the way that the message reports: others may have crashed meanwhile."""
    reported = signal.meaning.worker
    return sum(reported is None or worker.how == reported.state for worker in diagnosis.workers.lost)
