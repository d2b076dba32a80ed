"""Hold the table of evidence, and the words for confidence, against labelled logs.

Usage: python benchmarks/calibrate.py DIR [DIR…].

DIR is a folder of folders, each with error.log and a truth.json. Every candidate cause of every incident is an
example: right if its kind of outage is the true one, else wrong. The first table shows, for each row of
causes/evidence.py, its weights beside those that these examples suggest: ten times the decimal logarithm of how much
more often the row holds for right candidates than for wrong ones. Half an example is added to each count, so that few
examples suggest little. Rows are fitted one by one, as if they were independent, which they are not: a row whose sign
differs is a mistake, one that is off by a few decibans is not.

The second table shows how often each word for confidence was right. These logs were at hand when the rules were made,
so its figures are an upper bound; the figures at first sight are in docs/how-it-decides.md.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.cases import cases_in, utc
from benchmarks.sensitivity import read
from logsleuth.causes.evidence import EVIDENCE, Case
from logsleuth.causes.explain import candidates_of
from logsleuth.library.cards import shipped_cards
from logsleuth.library.load import load_library
from logsleuth.library.mechanisms import mechanisms
from logsleuth.story import understand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.cases import Truth
    from benchmarks.sensitivity import Read
    from logsleuth.causes.model import Diagnosis

CERTAINTY = 1.96
"""Standard deviations of a 95 % interval."""
Answers = Counter[tuple[str, bool, bool]]
"""(row, whether it holds, whether the candidate is right) to the number of candidates; unanswered ones are left out."""


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    options = parser.parse_args()
    library, cards = load_library([]), shipped_cards()
    answers: Answers = Counter()
    words: Counter[tuple[str, bool]] = Counter()
    candidates = 0
    for folder in options.folders:
        for case in cases_in(folder):
            log = read(case, library)
            graph = mechanisms(library, log.tally.patterns)
            story = understand(log.tally, library, cards, log.clock, log.logs)
            for truth, diagnosis in _matched(log, story.diagnoses):
                words[diagnosis.confidence, diagnosis.category in truth.categories] += 1
                candidates += _ask(diagnosis, truth, graph, answers)
    print(f"{candidates} candidates of {words.total()} incidents\n")
    print("\n".join(_rows(answers)))
    print("\n".join(_words(words)))


def _matched(log: Read, diagnoses: tuple[Diagnosis, ...]) -> Iterator[tuple[Truth, Diagnosis]]:
    """Each true incident with the one that is reported of its time; what is reported of no true one is an alarm."""
    for truth in log.case.incidents:
        early, late = truth.onset[0] - 6 * truth.slack, truth.last + truth.slack
        found = next((one for one in diagnoses if early <= utc(one.incident.onset) <= late), None)
        if found is not None:
            yield truth, found


def _ask(diagnosis: Diagnosis, truth: Truth, graph: Any, answers: Answers) -> int:  # noqa: ANN401
    """Ask each row of the table about each candidate; the number of candidates."""
    candidates = candidates_of(diagnosis.incident)
    case = Case(diagnosis.incident, candidates, diagnosis.workers, graph, {})
    for signal in candidates:
        for row in EVIDENCE:
            holds = row.holds(signal, case)
            answers[row.rule, bool(holds), signal.category in truth.categories] += 1
    return len(candidates)


def decibans(right: int, of_right: int, wrong: int, of_wrong: int) -> float:
    """What it weighs that something is seen with `right` of all right examples, and `wrong` of all wrong ones."""
    likely, unlikely = (right + 0.5) / (of_right + 1), (wrong + 0.5) / (of_wrong + 1)
    return 10 * math.log10(likely / unlikely)


def at_least(right: int, total: int) -> float:
    """The share that is right with 95 % certainty, at the least: Wilson's lower bound; 0 without examples."""
    if not total:
        return 0.0
    share, z = right / total, CERTAINTY**2 / total
    return (share + z / 2 - math.sqrt(share * (1 - share) * z + z * z / 4)) / (1 + z)


def _rows(answers: Answers) -> Iterator[str]:
    columns = ("holds, right", "holds, wrong", "if so", "fitted", "if not", "fitted")
    yield f"{'evidence':24} " + " ".join(f"{name:>{14 if nth < 2 else 8}}" for nth, name in enumerate(columns))
    for row in EVIDENCE:
        held, of_right = answers[row.rule, True, True], answers[row.rule, False, True]
        erred, of_wrong = answers[row.rule, True, False], answers[row.rule, False, False]
        right, wrong = held + of_right, erred + of_wrong
        counted = f"{row.rule:24} {held:7} of {right:3} {erred:7} of {wrong:3} {row.if_true:+8.0f}"
        if not held + erred:
            yield f"{counted}   no example"
            continue
        if_true = decibans(held, right, erred, wrong)
        if_false = decibans(of_right, right, of_wrong, wrong)
        yield f"{counted} {if_true:+8.1f} {row.if_false:+8.0f} {if_false:+8.1f}"


def _words(words: Counter[tuple[str, bool]]) -> Iterator[str]:
    yield "\nconfidence   right"
    for word in ("high", "medium", "low"):
        right, total = words[word, True], words[word, True] + words[word, False]
        yield f"{word:12} {right} of {total}, at least {at_least(right, total):.0%}"


if __name__ == "__main__":
    main()
