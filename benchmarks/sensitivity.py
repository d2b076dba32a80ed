"""Find the numbers and detectors that no labelled log notices: python benchmarks/sensitivity.py DIR [DIR…].

DIR is a folder of folders, each with error.log and a truth.json. Each number of signals/tuning.py is halved and
doubled, each detector is switched off, and every log is judged again. One line for each: on how many logs the verdict
(category, confidence, severity, onset, end and what ended it, workers lost, triggers, signals) changes, and the first
of them. What no log notices is listed last: it is to be deleted, or to earn a labelled log.
"""

from __future__ import annotations

import argparse
import ast
import sys
import tempfile
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.cases import Case, cases_in
from logsleuth.engines.read import ThisMachine
from logsleuth.engines.reading import Reading
from logsleuth.library.cards import shipped_cards
from logsleuth.library.load import load_library
from logsleuth.logs.httpd.layout.told import no_layouts
from logsleuth.logs.open.log import open_logs
from logsleuth.scan.window import Window
from logsleuth.signals import detect, tuning
from logsleuth.story import understand
from logsleuth.timeline.clock import Clock, zone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logsleuth.logs.open.log import Log
    from logsleuth.scan.tally import Tally

Verdict = tuple[tuple[object, ...], ...]


@dataclass(frozen=True, slots=True)
class Read:
    """A labelled log, read once."""

    case: Case
    tally: Tally
    logs: list[Log]
    clock: Clock


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--quick", action="store_true", help="stop at the first log that notices: a tenth of the time")
    options = parser.parse_args()
    library, cards = load_library([], examples=False), shipped_cards()
    logs = [read(case, library) for folder in options.folders for case in cases_in(folder)]
    usual = [_verdict(log, library, cards) for log in logs]
    unnoticed = []
    for name, change in _changes():
        noticing = (log.case.name for log, one in zip(logs, usual, strict=True) if _safely(log, library, cards) != one)
        differ = list(islice(noticing, 1 if options.quick else None))
        print(f"{name:44} {len(differ):3}  {' '.join(differ[:6])}", flush=True)
        if not differ:
            unnoticed.append(name)
        change()
    print(f"{len(logs)} logs; noticed by none: {', '.join(unnoticed) or 'nothing'}")


def read(case: Case, library: Any) -> Read:  # noqa: ANN401 - whatever is loaded
    """A labelled log, as its error log alone shows it."""
    clock = Clock(zone(case.zone))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "error.log"
        path.write_text(case.text, errors="surrogateescape")
        logs, _ = open_logs([str(path)], no_layouts)
        tally, _ = ThisMachine(library, 1).read(Reading(logs, Window(), clock.tz))
    return Read(case, tally, logs, clock)


def _verdict(read: Read, library: Any, cards: Any) -> Verdict:  # noqa: ANN401
    story = understand(read.tally, library, cards, read.clock, read.logs)
    return tuple(
        (
            d.category,
            d.confidence,
            d.severity,
            d.incident.onset,
            d.incident.over,
            len(d.workers.lost),
            d.incident.recovery and d.incident.recovery.how,
            len(d.triggers),
            len(d.incident.signals),
        )
        for d in story.diagnoses
    )


def _safely(read: Read, library: Any, cards: Any) -> Verdict:  # noqa: ANN401
    try:
        return _verdict(read, library, cards)
    except (ArithmeticError, ValueError, LookupError) as error:
        return ((type(error).__name__,),)


def _changes() -> Iterator[tuple[str, Any]]:
    """Each change in force while it is yielded, and what takes it back."""
    for name in numbers():
        value = getattr(tuning, name)
        for factor in (0.5, 2):
            changed = tuple(one * factor for one in value) if isinstance(value, tuple) else type(value)(value * factor)
            if changed != value:
                _put(name, changed)
                yield f"{name} x {factor}", lambda name=name, value=value: _put(name, value)
    detectors = detect.DETECTORS
    for detector in detectors:
        detect.DETECTORS = tuple(other for other in detectors if other is not detector)  # type: ignore[assignment]
        yield f"without {detector.__name__}", lambda: setattr(detect, "DETECTORS", detectors)


def numbers() -> list[str]:
    """The names of all numbers of tuning.py, in its order."""
    tree = ast.parse(Path(tuning.__file__).read_text())
    return [
        node.target.id for node in tree.body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    ]


def _put(name: str, value: object) -> None:
    """Set a number in every module that has imported it."""
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith("logsleuth.") and hasattr(module, name):
            setattr(module, name, value)


if __name__ == "__main__":
    main()
