"""Take away all patterns and cards of the true cause, and see what is told then: python benchmarks/ablation.py DIR.

DIR is a folder of folders, as in metamorphic.py. A fault that the library does not know must be told as unknown, with
its own line shown first or second; never as another root cause at high confidence, and not as no incident at all. A
report that says what failed, and that no line names the root cause, tells it as unknown; so does one that gives the
application's own words, and no kind for them. The right kind, by what the system says in the line, is right. One line
for each incident where it is not so, then the figures. Exits 1 if fewer than --least are well told.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from logsleuth.library.cache import CARDS
from logsleuth.library.cards import shipped_cards
from logsleuth.library.load import load_library

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.cases import Case, Truth, cases_in, tell, utc

if TYPE_CHECKING:
    from logsleuth import Report
    from logsleuth.library.card import Card
    from logsleuth.report.model import IncidentReport

WELL, ALONE, HIGH, MEDIUM, HIDDEN, NONE = (
    "unknown, its line first or second",
    "no incident, its line first or second of what is unknown",
    "another root cause at high confidence",
    "another root cause at medium confidence",
    "its line is not among the first",
    "no incident",
)
FIRST = 2
"""Causes, incidents and unknown messages that a reader looks at."""


def without(case: Case, truth: Truth) -> Report:
    """The report by a library that knows nothing of this incident's kinds."""
    with tempfile.TemporaryDirectory() as folder:
        for number, pattern in enumerate(load_library().patterns):
            if pattern.category in truth.categories:
                Path(folder, f"{number}.toml").write_text(f"id = '{pattern.id}'\ndisabled = true\n")
        codes = Path(folder, CARDS)
        codes.mkdir()
        for number, card in enumerate(shipped_cards().cards()):
            if card.category in truth.categories:
                (codes / f"{number}.toml").write_text(_switched_off(card))
        return tell(case.text, case.zone, [Path(folder)])


def _switched_off(card: Card) -> str:
    """A card file that switches this card off. A list of strings is the same in JSON and in TOML."""
    named = f"codes = {json.dumps(card.codes)}\ntexts = {json.dumps(card.texts)}\n"
    return f"module = '{card.module}'\n[[card]]\n{named}disabled = true\n"


def outcome(report: Report, truth: Truth) -> tuple[str, str]:
    """How the incident is told, and the words."""
    begin = truth.onset[0] - 6 * truth.slack
    near = [incident for incident in report.incidents if begin <= utc(incident.onset) <= truth.last]
    shown = not truth.keys or any(key in text for key in truth.keys for text in _shown(near, report))
    if not near:
        return ALONE if shown and truth.keys else NONE, ""
    named = [one for one in near[:FIRST] if _names_a_root(one) and one.category not in {None, *truth.categories}]
    sure = next((i for i in named if i.confidence == "high"), None)
    if sure is not None:
        return HIGH, f"{sure.category}: {sure.title}"
    if not shown:
        return HIDDEN, near[0].title
    if near[0] in named and near[0].confidence == "medium":
        return MEDIUM, f"{near[0].category}: {near[0].title}"
    return WELL, ""


def _names_a_root(incident: IncidentReport) -> bool:
    """Whether the report names a root cause, rather than only what failed."""
    return any(cause.kind == "root cause" for cause in incident.causes[:1])


def _shown(near: list[IncidentReport], report: Report) -> list[str]:
    """The lines that a reader sees first: of the first causes, and of what is unknown."""
    lines = [message.text for message in report.unknown[:FIRST]]
    for incident in near[:FIRST]:
        evidence = {piece.id: piece.text for piece in incident.evidence}
        lines += [evidence.get(ref, "") for cause in incident.causes[:FIRST] for ref in cause.evidence]
    return lines


def main() -> None:
    """Read the command line, write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="only folders whose name matches this regex")
    parser.add_argument("--least", type=float, default=0.0, help="share that must be well told")
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    for case in cases_in(options.folder, options.only):
        for truth in case.incidents:
            how, words = outcome(without(case, truth), truth)
            counts[how] += 1
            if how != WELL:
                print(f"{case.name}: {how}: {words}".rstrip(": "), flush=True)
    for how in (WELL, ALONE, MEDIUM, HIGH, HIDDEN, NONE):
        print(f"{counts[how]:4} of {counts.total()}: {how}")
    sys.exit(int(counts[WELL] < options.least * counts.total()))


if __name__ == "__main__":
    main()
