"""Which rules of ModSecurity matched the requests that were denied for their score, and what they have in common.

The line that denies a request names only the rule that adds up: those that gave the points have a line each, with the
same unique_id. No tally keeps these lines, as they are routine: so the log is looked through once more.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from logsleuth.causes.model import ONLY_TOLD, Ground, Reason
from logsleuth.regexes import regex
from logsleuth.report.compose.log.again import RawLine
from logsleuth.report.words import cut, joined, plural
from logsleuth.signals.tuning import MOST
from logsleuth.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from logsleuth.causes.model import Confidence, Diagnosis
    from logsleuth.report.compose.story.exhibits import Exhibits

BY_SCORE: Final = "modsecurity.denied-by-score"
"""The pattern of the lines that deny."""
NOTE: Final = regex(rb"ModSecurity: (Access denied|Warning\.)[^\n]{1,8000}")
ADDS_UP: Final = regex(rb"(?i)anomaly_score")
TARGET: Final = regex(rb"(?: at |against variable [`'])([A-Z_]{3,40}(?::[\w.\[\]/*-]{0,79}[\w\]*])?)(?=[. '`\[]|\Z)")
"""What of a request a rule looked at: of ModSecurity 2 and of libmodsecurity."""
VALUE: Final = regex(rb'\[(id|uri|unique_id|tag|ver|msg) "([^"\n]{1,300})"\]')
LEVEL: Final = b"paranoia-level/"
"""How the tag begins by which the rules of the Core Rule Set name their paranoia level."""
LEAST_SHARE: Final = 0.1
"""Share of the denied requests for a page that a rule must have matched to be named: others matched by the way."""
LEAST_ELSEWHERE: Final = 20
"""Matches at other times that show what is usual."""
MOST_RULES, MOST_PLACES = 8, 3
LONGEST: Final = 80
"""Characters of what a rule says."""


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
    says: str = ""
    """What the rule says of what it found; empty: the line does not tell. Log text."""


class Rules(NamedTuple):
    """What the lines say of the rules that brought about the denials."""

    reason: Reason | None
    """The rules that hardly ever match otherwise; None: nothing shows which these are."""
    grounds: tuple[Ground, ...]
    """What else is told of the rules."""


def of_rules(diagnosis: Diagnosis, exhibits: Exhibits) -> Rules:
    """What the lines say of the rules that brought about the denials."""
    first = diagnosis.first
    if first is None or first.name != BY_SCORE:
        return Rules(None, ())
    begin, end = first.moments[0].sighting, first.moments[-1].sighting
    places = {dict(moment.sighting.fields).get("path", "") for moment in first.moments}
    data = exhibits.again.data(begin.log)
    notes = list(notes_in(data))
    found = what_matched(notes, begin.offset, end.offset if end.log == begin.log else notes[-1].offset, places - {""})
    grounds = tuple(Ground("matched-rules", ONLY_TOLD, text) for text in found.told)
    if not found.new:
        return Rules(None, grounds)
    at = found.new[0].offset
    line = RawLine(at, data[at : data.find(b"\n", at)])
    shown = exhibits.again.sighting(begin.log, line, begin.time, exhibits.tally)
    is_most = len({note.request for note in found.new}) >= MOST * sum(moment.count for moment in first.moments)
    sure: Confidence = "high" if is_most else "medium"
    return Rules(Reason(first.begin, told_as_new(found.new), (shown,), sure), grounds)


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
            says = "" if is_denial else values.get(b"msg", "")
            yield Note(line, is_denial, asked, rule, place, level, on, version, says)


def _adds_up(line: bytes) -> bool:
    """Whether a rule looked at the score alone, which names no reason."""
    return ADDS_UP.search(line, 0, 200) is not None


class Matched(NamedTuple):
    """Which rules matched requests that were denied."""

    new: Sequence[Note]
    """The matches of rules that hardly ever matched elsewhere, in order; empty: the log does not show that."""
    told: tuple[str, ...]
    """Sentences on what else is known of the matches."""


def what_matched(notes: Sequence[Note], begin: int, end: int, places: Iterable[str]) -> Matched:
    """The rules that matched requests that were denied, at some places and from one offset to another."""
    denied = {note.request: note.place for note in notes if note.is_denial and begin <= note.offset <= end}
    wanted = set(places)
    new = _new_ones(notes, denied)
    own = new or [note for note in notes if not note.is_denial and denied.get(note.request) in wanted]
    by_place = () if new else _told_by_place(own, Counter(filter(wanted.__contains__, denied.values())))
    return Matched(new, (*by_place, *_of_another_version(own, notes), *_of_a_higher_level(own, notes)))


def _new_ones(notes: Sequence[Note], denied: Container[str]) -> list[Note]:
    """The matches of requests that were denied, of rules that hardly ever matched elsewhere, if the log shows that."""
    matches = [note for note in notes if not note.is_denial]
    inside = [note for note in matches if note.request in denied]
    outside = len(matches) - len(inside)
    if outside < LEAST_ELSEWHERE:
        return []
    usual = Counter(note.rule for note in matches if note.request not in denied)
    own = Counter(note.rule for note in inside)
    # a part of the log that holds few notes shows little of what is usual
    most = LEAST_SHARE * min(outside / max(len(inside), 1), 1)
    return [note for note in inside if usual[note.rule] <= most * own[note.rule]]


def told_as_new(new: Sequence[Note]) -> str:
    """The rules that matched in this time alone: what of a request, how many, for which pages. A sentence."""
    requests = {(note.rule, note.target): set[str]() for note in new}
    for note in new:
        requests[note.rule, note.target].add(note.request)
    says = {note.rule: f", “{cut(note.says, LONGEST)}”" for note in reversed(new) if note.says}
    often = sorted(requests.items(), key=lambda item: (-len(item[1]), item[0]))[:MOST_RULES]
    told = [
        f"{rule}{f' at {target}' if target else ''}{says.get(rule, '')} ({plural(len(asked), 'request')})"
        for (rule, target), asked in often
    ]
    places = [place for place, _ in Counter(note.place for note in new).most_common(MOST_PLACES)]
    one = len(told) == 1
    which = "a rule of ModSecurity that hardly ever matches" if one else "rules of ModSecurity that hardly ever match"
    return f"Requests matched {which} at other times: {joined(told)}, for {joined(places)}"


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
    if not own:
        return
    first, last = own[0].offset, own[-1].offset
    versions = {note.version for note in own} - {""}
    earlier = {note.version for note in notes if note.offset < first} - versions - {""}
    within = {note.version for note in notes if first <= note.offset <= last}
    if len(versions) == len(earlier) == 1 and earlier.isdisjoint(within):
        after = {note.version for note in notes if note.offset > last}
        old, new = min(earlier), min(versions)
        again = f"; after it, {old} again" if old in after else ""
        yield f"The rule set was changed: its lines named {old} before, and {new} in this time{again}."


def _of_a_higher_level(own: Sequence[Note], notes: Sequence[Note]) -> Iterator[str]:
    """Whether all matches are of rules of a paranoia level that no line named before."""
    levels = {note.level for note in own}
    if len(levels) == 1 and (level := next(iter(levels))) not in {"", "1"}:
        before = [note.level for note in notes if note.offset < own[0].offset]
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
