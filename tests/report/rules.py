"""The rules by which the numbers of a sentence follow from the report's facts: each a phrase and what it must equal.

A number within such a phrase has no other excuse: that it stands somewhere in a cited line does not save it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from logsleuth.report.words import clock
from logsleuth.timeline.clock import zone

if TYPE_CHECKING:
    from collections.abc import Callable

    from logsleuth.report.model import Evidence, IncidentReport, Report, ReportWorker

SECOND = 1_000_000
STEPS = 100
"""A signal with many moments is reported in 400 steps; where more of them than this have lines, they may be steps."""
N = r"(\d[\d,]*)"
RESTARTS = r"(?:graceful |hard )?restarts?(?: \(\d+ graceful\))?"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule may look at."""

    text: str
    cited: tuple[Evidence, ...]
    time: int | None
    incident: IncidentReport
    report: Report


@dataclass(frozen=True, slots=True)
class Rule:
    """A phrase with its numbers as groups."""

    name: str
    phrase: re.Pattern[str]
    holds: Callable[[tuple[int, ...], Facts], bool]


def _signal_counts(facts: Facts) -> set[int]:
    """Counts of the signals that the sentence names by their titles."""
    named = facts.text.lower()
    return {signal.count for signal in facts.incident.signals if signal.title.lower() in named}


def _worker(numbers: tuple[int, ...], facts: Facts) -> bool:
    """A worker that a sentence names is one that a cited line is about."""
    proved = {evidence.pid for evidence in facts.cited}
    inferred = {worker.pid for worker in facts.incident.lost if worker.inferred}
    return numbers[0] in proved | inferred


def _nth_lost(numbers: tuple[int, ...], facts: Facts) -> bool:
    """'3 of 12 lost': the worker of the cited line is the third of twelve."""
    pids = [worker.pid for worker in _served(facts)]
    named = re.search(r"Worker (\d+)", facts.text)
    nth, of_all = numbers
    of_those = named is not None and 0 < nth <= len(pids) and pids[nth - 1] == int(named[1])
    return of_those and _lost((of_all,), facts)


def _served(facts: Facts) -> list[ReportWorker]:
    """The lost workers without the parent, which is listed and no worker."""
    return [worker for worker in facts.incident.lost if worker.pool != "the parent process"]


def _some_of_all(numbers: tuple[int, ...], facts: Facts) -> bool:
    """'4 of 10 workers': the lost ones, of the pool."""
    return _lost(numbers[:1], facts) and numbers[1] == facts.incident.pool


def _lost(numbers: tuple[int, ...], facts: Facts) -> bool:
    """How many workers were lost; of thousands only the first are listed."""
    parents = len(facts.incident.lost) - len(_served(facts))
    return numbers[0] == facts.incident.lost_count - parents


def _inferred(numbers: tuple[int, ...], facts: Facts) -> bool:
    return numbers[0] == sum(worker.inferred for worker in facts.incident.lost)


def _failed(numbers: tuple[int, ...], facts: Facts) -> bool:
    """'177 of 412 requests': as the access log counts them."""
    requests = facts.incident.requests
    return requests is not None and numbers == (requests.failed, requests.seen)


def _seen(facts: Facts) -> tuple[int, ...]:
    """How many requests the access log has of the incident."""
    return (facts.incident.requests.seen,) if facts.incident.requests is not None else ()


def _percent(numbers: tuple[int, ...], facts: Facts) -> bool:
    return facts.incident.requests is not None and numbers[0] == round(_share(facts))


def _share(facts: Facts) -> float:
    """Percent of the requests that failed or were refused, whichever the sentence is on."""
    requests = facts.incident.requests
    if requests is None:
        return 0.0
    part = requests.refused if "refused" in facts.text else requests.failed
    return 100 * part / max(requests.seen, 1)


def _fate(numbers: tuple[int, ...], facts: Facts) -> bool:
    """'115 killed, 3 poisoned': as many workers as were lost in that way."""
    counts = Counter(worker.how for worker in _served(facts))
    return any(count == numbers[0] and f"{count:,} {how}" in facts.text for how, count in counts.items())


def _refused_of(numbers: tuple[int, ...], facts: Facts) -> bool:
    """'1,781 of 1,800 requests were refused', with a server error or without."""
    requests = facts.incident.requests
    return requests is not None and numbers == (requests.refused, requests.seen, requests.failed)[: len(numbers)]


def _peak_minute(numbers: tuple[int, ...], facts: Facts) -> bool:
    """'the worst minute was 12:20, with 12 of 27'."""
    peak = facts.incident.requests.peak if facts.incident.requests else None
    if peak is None:
        return False
    hour, minute = clock(peak[0], zone(facts.report.zone)).split(":")[:2]
    return numbers == (int(hour), int(minute), *peak[1:])


def _refused(numbers: tuple[int, ...], facts: Facts) -> bool:
    return facts.incident.requests is not None and numbers[0] == facts.incident.requests.refused


def _spells(numbers: tuple[int, ...], facts: Facts) -> bool:
    """'2nd of 5 spells': at most as many rows as there were, which may be too many to list."""
    rows = [row for row in facts.incident.timeline if row.kind == "return"]
    listed = [row.text for row in rows].index(facts.text) if facts.text in [row.text for row in rows] else 0
    return listed + 2 <= numbers[0] <= numbers[1] and numbers[1] >= len(rows) + 1


def _vain(numbers: tuple[int, ...], facts: Facts) -> bool:
    """Restarts that did not help: as many as the other sentences on them say."""
    said = " ".join(
        (
            *(r.text for r in facts.incident.timeline),
            *(link.text for link in facts.incident.chain),
            *facts.incident.summary,
        )
    )
    totals = {int(n) for n in re.findall(r"went on \(\d+ of (\d+)\)", said)}
    totals |= {int(n) for n in re.findall(rf"after (\d+) {RESTARTS}", said)}
    return (not totals or totals == {numbers[-1]}) and numbers[0] <= numbers[-1]


def _born(numbers: tuple[int, ...], facts: Facts) -> bool:
    """'12 of the 13 lost workers started after the first failure': those first seen since."""
    since = sum((worker.first_seen or 0) > facts.incident.onset for worker in facts.incident.lost)
    return numbers == (since, facts.incident.lost_count)


def _expected(numbers: tuple[int, ...], facts: Facts) -> bool:
    """'has 5 requests, where at least 489 were to be expected': as the access log counts them, but for the edges."""
    requests = facts.incident.requests
    return requests is not None and numbers[0] <= requests.seen and numbers[1] == requests.expected


def _hit(facts: Facts) -> int:
    """Requests that failed or were refused, whichever the sentence is on."""
    requests = facts.incident.requests
    assert requests is not None, "only what is counted is hit"
    return requests.refused if "refused" in facts.text else requests.failed


def _all_hit(numbers: tuple[int, ...], facts: Facts) -> bool:
    """'All 646 requests below /docs were refused with 403, and none of the 1,917 others'."""
    hit, others = _hit(facts), _seen(facts)[0] - _hit(facts)
    return numbers[0] == hit and numbers[1:] in {(), (others,)} and (len(numbers) > 1 or not others)


RULES = (
    Rule("expected", re.compile(rf"{N} requests?, where at least {N} were"), _expected),
    Rule("none came", re.compile(rf"has none, where at least {N} were"), lambda n, f: _expected((0, *n), f)),
    Rule(
        "kept out",
        re.compile(rf"{N} [\w ]*ed; the access log has {N} requests?"),
        lambda n, f: n[0] in {signal.count for signal in f.incident.signals} and n[1:] == _seen(f),
    ),
    Rule("answered", re.compile(rf"has {N} requests? in that time:"), lambda n, f: n == _seen(f)),
    Rule(
        "refused of all",
        re.compile(
            rf"{N} of {N} requests?(?: were refused(?: with 4\d\d)?| got a client error(?: \(4\d\d\))?)"
            rf"(?:[ ,]+(?:and )?{N} a server)?"
        ),
        _refused_of,
    ),
    Rule("requests failed", re.compile(rf"{N} of {N} requests?"), _failed),
    Rule(
        "all of a part",
        re.compile(
            rf"All {N} requests? (?:below|for|of) \S+ (?:failed|were)(?: refused with 4\d\d)?, and none of the {N}"
        ),
        _all_hit,
    ),
    Rule("all", re.compile(rf"All {N} requests? (?:failed|were refused(?: with 4\d\d)?)"), _all_hit),
    Rule("whole since", re.compile(rf"from [\d:]+ on all {N}(?=\))"), lambda n, f: n[0] < _hit(f)),
    Rule(
        "set aside",
        re.compile(rf"{N} (?:of monitors|of scanners|for pages to which|that only got a login prompt \(401\))"),
        lambda n, _: n[0] > 0,
    ),
    Rule("share", re.compile(rf"\({N} %[);]"), _percent),
    Rule("nearly all", re.compile(rf"\(more than {N} %\)"), lambda n, f: n[0] == 99 < _share(f) < 100),
    Rule("fates", re.compile(rf"[(,] ?{N} (?:crashed|exited|hung|killed|poisoned)\b"), _fate),
    Rule("worst minute", re.compile(rf"worst minute was (\d\d):(\d\d), with {N} of {N}"), _peak_minute),
    Rule("refused", re.compile(rf"and {N} a client error"), _refused),
    Rule("clients", re.compile(rf"(?:at least )?{N} different clients"), lambda n, f: n[0] == f.incident.clients),
    Rule("nth lost", re.compile(rf"\({N} of {N} lost\)"), _nth_lost),
    Rule("born since", re.compile(rf"{N} of the {N} lost workers"), _born),
    Rule("of the pool", re.compile(rf"{N} of {N} workers"), _some_of_all),
    Rule("lost", re.compile(rf"(?:All )?{N} workers?\b(?= of the| went| hung| were| was| crashed| exited)"), _lost),
    Rule("inferred", re.compile(rf"\({N} of them inferred\)"), _inferred),
    Rule("worker", re.compile(rf"\b[Ww]orker {N}"), _worker),
    Rule("first of", re.compile(rf"first of {N} lines"), lambda n, f: n[0] in _signal_counts(f)),
    Rule("logged", re.compile(rf"logged {N} times"), lambda n, f: n[0] in _signal_counts(f)),
    Rule("lines", re.compile(rf"\({N} lines"), lambda n, f: n[0] in _signal_counts(f)),
    Rule("spells", re.compile(rf"\({N}(?:st|nd|rd|th) of {N} spells"), _spells),
    Rule(
        "vain",
        re.compile(rf"went on \({N} of {N}\)|after {N} {RESTARTS}"),
        _vain,
    ),
    Rule("pool", re.compile(rf"The server has {N} workers"), lambda n, f: n[0] == f.incident.pool),
    Rule("before", re.compile(rf"(?:reached|logged|outage:|same message) {N} times"), lambda n, f: n[0] > 0),
    Rule(
        "others", re.compile(rf"\(and {N} others?\)"), lambda n, f: 0 < n[0] < max(c.count for c in f.incident.causes)
    ),
)
