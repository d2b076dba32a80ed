"""Which rules of ModSecurity matched the requests that were denied for their score, and what they have in common.

The line that denies a request names only the rule that adds up: those that gave the points have a line each, with the
same unique_id. No tally keeps these lines, as they are routine: so the log is looked through once more.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from logsleuth.causes.model import ONLY_TOLD, Ground
from logsleuth.regexes import regex
from logsleuth.report.words import joined, plural
from logsleuth.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from logsleuth.causes.model import Diagnosis
    from logsleuth.report.compose.story.exhibits import Exhibits

BY_SCORE: Final = "modsecurity.denied-by-score"
"""The pattern of the lines that deny."""
NOTE: Final = regex(rb"ModSecurity: (Access denied|Warning\.)[^\n]{1,8000}")
ADDS_UP: Final = regex(rb"(?i)anomaly_score")
TARGET: Final = regex(rb"(?: at |against variable [`'])([A-Z_]{3,40}(?::[\w.\[\]/*-]{0,79}[\w\]*])?)(?=[. '`\[]|\Z)")
"""What of a request a rule looked at: of ModSecurity 2 and of libmodsecurity."""
VALUE: Final = regex(rb'\[(id|uri|unique_id|tag|ver) "([^"\n]{1,300})"\]')
LEVEL: Final = b"paranoia-level/"
"""How the tag begins by which the rules of the Core Rule Set name their paranoia level."""
LEAST_SHARE: Final = 0.1
"""Share of the denied requests for a page that a rule must have matched to be named: others matched by the way."""
LEAST_ELSEWHERE: Final = 20
"""Matches at other times that show what is usual."""
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
    target: str = ""
    """What of the request it matched, such as `ARGS:note`; empty: the line does not say."""
    version: str = ""
    """Of the rule set; empty: the line names none."""


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
            is_denial, target = found[1] == b"Access denied", TARGET.search(found[0])
            on = target[1].decode("ascii", "replace") if target is not None and not is_denial else ""
            level, version = levels[-1] if levels else "", values.get(b"ver", "")
            yield Note(line, is_denial, asked, rule, place, level, on, version)


def _adds_up(line: bytes) -> bool:
    """Whether a rule looked at the score alone, which names no reason."""
    return ADDS_UP.search(line, 0, 200) is not None


def what_matched(notes: Sequence[Note], begin: int, end: int, places: Iterable[str]) -> Iterator[str]:
    """Sentences on the rules that matched requests that were denied, at some places and from one offset to another."""
    denied = {note.request: note.place for note in notes if note.is_denial and begin <= note.offset <= end}
    wanted = set(places)
    new = [note for note in _new_ones(notes, begin, end) if note.request in denied]
    own = new or [note for note in notes if not note.is_denial and denied.get(note.request) in wanted]
    if not own:
        return
    yield from _told_as_new(new) if new else _told_by_place(own, Counter(filter(wanted.__contains__, denied.values())))
    yield from _of_another_version(own, notes)
    levels = {note.level for note in own}
    if len(levels) == 1 and (level := next(iter(levels))) not in {"", "1"}:
        before = [note.level for note in notes if note.offset < min(note.offset for note in own)]
        if before and level not in before:
            yield (
                f"All of them are of paranoia level {level}, of which no line before names a rule: the level was "
                "probably raised (tx.paranoia_level, which crs-setup.conf sets)."
            )


def _new_ones(notes: Sequence[Note], begin: int, end: int) -> list[Note]:
    """The matches from one offset to another of rules that hardly ever matched elsewhere, in a log that shows that."""
    matches = [note for note in notes if not note.is_denial]
    outside = sum(not begin <= note.offset <= end for note in matches)
    if outside < LEAST_ELSEWHERE:
        return []
    inside = [note for note in matches if begin <= note.offset <= end]
    usual = Counter(note.rule for note in matches if not begin <= note.offset <= end)
    own = Counter(note.rule for note in inside)
    # a part of the log that holds few notes shows little of what is usual
    most = LEAST_SHARE * min(outside / max(len(inside), 1), 1)
    return [note for note in inside if usual[note.rule] <= most * own[note.rule]]


def _told_as_new(new: Sequence[Note]) -> Iterator[str]:
    """The rules that matched in this time alone: what of a request, how many, for which pages."""
    requests = {(note.rule, note.target): set[str]() for note in new}
    for note in new:
        requests[note.rule, note.target].add(note.request)
    often = sorted(requests.items(), key=lambda item: (-len(item[1]), item[0]))[:MOST_RULES]
    told = [
        f"{rule}{f' at {target}' if target else ''} ({plural(len(asked), 'request')})"
        for (rule, target), asked in often
    ]
    places = [place for place, _ in Counter(note.place for note in new).most_common(MOST_PLACES)]
    yield f"Rules that matched in this time, and hardly ever at others: {joined(told)}, for {joined(places)}."


def _told_by_place(own: Sequence[Note], asked: Counter[str]) -> Iterator[str]:
    told = [
        f"{joined(rules)} for {place}"
        for place, number in asked.most_common(MOST_PLACES)
        if (rules := _rules_of([note for note in own if note.place == place], number))
    ]
    if told:
        yield f"The rules that matched: {'; '.join(told)}."


def _of_another_version(own: Sequence[Note], notes: Sequence[Note]) -> Iterator[str]:
    """Whether the matches are of another version of the rule set than those before: some may lie between the two."""
    first = min(note.offset for note in own)
    versions = {note.version for note in own} - {""}
    earlier = {note.version for note in notes if note.offset < first} - versions - {""}
    later = {note.version for note in notes if note.offset >= first}
    if len(versions) == len(earlier) == 1 and earlier.isdisjoint(later):
        yield f"The rule set was changed: its lines named {min(earlier)} before, and {min(versions)} in this time."


def _rules_of(notes: Sequence[Note], requests: int) -> list[str]:
    """The ids of the rules that matched at least some share of a number of requests, the most frequent first."""
    counts = Counter(rule for rule, _ in {(note.rule, note.request) for note in notes})
    often = sorted(counts, key=lambda rule: (-counts[rule], rule))
    return [rule for rule in often if counts[rule] >= LEAST_SHARE * requests][:MOST_RULES]
