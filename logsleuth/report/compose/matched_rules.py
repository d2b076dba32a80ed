"""Which rules of ModSecurity matched the requests that were denied for their score, and what they have in common.

The line that denies a request names only the rule that adds up: those that gave the points have a line each, with the
same unique_id. No tally keeps these lines, as they are routine: so the log is looked through once more.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from logsleuth.causes.model import ONLY_TOLD, Ground
from logsleuth.regexes import regex
from logsleuth.report.words import joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from logsleuth.causes.model import Diagnosis
    from logsleuth.report.compose.exhibits import Exhibits

BY_SCORE: Final = "modsecurity.denied-by-score"
"""The pattern of the lines that deny."""
NOTE: Final = regex(rb"ModSecurity: (Access denied|Warning\.)[^\n]{1,8000}")
ADDS_UP: Final = regex(rb"(?i)anomaly_score")
VALUE: Final = regex(rb'\[(id|uri|unique_id|tag) "([^"\n]{1,300})"\]')
LEVEL: Final = b"paranoia-level/"
"""How the tag begins by which the rules of the Core Rule Set name their paranoia level."""
LEAST_SHARE: Final = 0.1
"""Share of the denied requests for a page that a rule must have matched to be named: others matched by the way."""
MOST_RULES, MOST_PLACES = 8, 3


class Note(NamedTuple):
    """A line of ModSecurity on one rule that matched."""

    offset: int
    """Where the line begins."""
    is_denial: bool
    request: str
    """Its unique_id."""
    rule: str
    place: str
    """The path of the request."""
    level: str
    """The paranoia level that the rule needs; empty: the line names none."""


def of_rules(diagnosis: Diagnosis, exhibits: Exhibits) -> tuple[Ground, ...]:
    """What the lines say of the rules that brought about the denials; empty: nothing."""
    first = diagnosis.first
    if first is None or first.name != BY_SCORE:
        return ()
    begin, end = first.moments[0].sighting, first.moments[-1].sighting
    places = {dict(moment.sighting.fields).get("path", "") for moment in first.moments}
    notes = list(notes_in(exhibits.again.data(begin.log)))
    said = what_matched(notes, begin.offset, end.offset if end.log == begin.log else notes[-1].offset, places - {""})
    return tuple(Ground("matched-rules", ONLY_TOLD, text) for text in said)


def notes_in(text: bytes) -> Iterator[Note]:
    """The lines of ModSecurity in a log."""
    for found in NOTE.finditer(text):
        values = {name: value.decode("utf-8", "backslashreplace") for name, value in VALUE.findall(found[0])}
        levels = [value[len(LEVEL) :].decode("ascii", "replace") for name, value in VALUE.findall(found[0])
                  if name == b"tag" and value.startswith(LEVEL)]  # fmt: skip
        if {b"id", b"uri", b"unique_id"} <= values.keys() and (found[1] != b"Warning." or not _adds_up(found[0])):
            line = text.rfind(b"\n", 0, found.start()) + 1
            asked, rule, place = (values[name] for name in (b"unique_id", b"id", b"uri"))
            yield Note(line, found[1] == b"Access denied", asked, rule, place, levels[-1] if levels else "")


def _adds_up(line: bytes) -> bool:
    """Whether a rule looked at the score alone, which names no reason."""
    return ADDS_UP.search(line, 0, 200) is not None


def what_matched(notes: Sequence[Note], begin: int, end: int, places: Iterable[str]) -> Iterator[str]:
    """Sentences on the rules that matched requests that were denied, at some places and from one offset to another."""
    denied = {note.request: note.place for note in notes if note.is_denial and begin <= note.offset <= end}
    wanted = set(places)
    own = [note for note in notes if not note.is_denial and denied.get(note.request) in wanted]
    if not own:
        return
    asked = Counter(place for place in denied.values() if place in wanted)
    told = [
        f"{joined(rules)} for {place}"
        for place, number in asked.most_common(MOST_PLACES)
        if (rules := _rules_of([note for note in own if note.place == place], number))
    ]
    if told:
        yield f"The rules that matched: {'; '.join(told)}."
    levels = {note.level for note in own}
    if len(levels) == 1 and (level := next(iter(levels))) not in {"", "1"}:
        before = [note.level for note in notes if note.offset < min(note.offset for note in own)]
        if before and level not in before:
            yield (
                f"All of them are of paranoia level {level}, of which no line before names a rule: the level was "
                "probably raised (tx.paranoia_level, which crs-setup.conf sets)."
            )


def _rules_of(notes: Sequence[Note], requests: int) -> list[str]:
    """The ids of the rules that matched at least some share of a number of requests, the most frequent first."""
    counts = Counter(rule for rule, _ in {(note.rule, note.request) for note in notes})
    often = sorted(counts, key=lambda rule: (-counts[rule], rule))
    return [rule for rule in often if counts[rule] >= LEAST_SHARE * requests][:MOST_RULES]
