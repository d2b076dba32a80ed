"""Find the numbers and detectors that no labelled log notices: python benchmarks/sensitivity.py DIR [DIR…].

DIR is a folder of folders, each with error.log and a truth.json, or one of small logs as TOML (see `labelled.py`).
Each number of signals/tuning.py is halved and doubled, each detector is switched off, and every log is judged again.
One line for each change: on how many logs the verdict changes (category, confidence, severity, onset, end and what
ended it, workers lost, triggers, signals), or the answer is no longer that of the label, and the first of them. What no
log notices is listed last: it is to be deleted, or to earn a labelled log. Exits 1 if there is any.
"""

from __future__ import annotations

import argparse
import ast
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.cases import Case, cases_in
from benchmarks.labelled import labelled_in, read_labelled, what_is_wrong
from logsleuth.engines.read import ThisMachine
from logsleuth.engines.reading import Reading
from logsleuth.library.cards import shipped_cards
from logsleuth.library.load import load_library
from logsleuth.logs.httpd.layout.given import no_layouts
from logsleuth.logs.open.log import open_logs
from logsleuth.scan.window import Window
from logsleuth.signals import detect, tuning
from logsleuth.story import understand
from logsleuth.timeline.clock import Clock, zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.labelled import Labelled
    from benchmarks.labelled import Read as ReadLabelled
    from logsleuth.logs.open.log import Log
    from logsleuth.scan.tally import Tally

Verdict = tuple[tuple[object, ...], ...]
FACTORS = {"halved": 0.5, "doubled": 2.0}


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
    library, cards = load_library([]), shipped_cards()
    asked = [ask for folder in options.folders for ask in questions(folder, library, cards)]
    usual = [_safely(ask) for _, ask in asked]
    unnoticed = []
    for change in changes():
        with change.made():
            noticing = (name for (name, ask), one in zip(asked, usual, strict=True) if _safely(ask) != one)
            differ = list(islice(noticing, 1 if options.quick else None))
        print(f"{change.name:32} {len(differ):3}  {' '.join(differ[:4])}", flush=True)
        if not differ:
            unnoticed.append(change.name)
    print(f"{len(asked)} logs; {len(numbers())} numbers; noticed by none: {', '.join(unnoticed) or 'nothing'}")
    sys.exit(1 if unnoticed else 0)


def questions(folder: Path, library: Any, cards: Any) -> Iterator[tuple[str, Callable[[], object]]]:  # noqa: ANN401
    """(name of a log, what judges it) of all labelled logs of a folder, each read once."""
    for case in cases_in(folder):
        yield case.name, partial(_verdict, read(case, library), library, cards)
    for one in labelled_in(folder):
        yield f"{one.of}:{one.wrong_when}", partial(_answer, one, read_labelled(one, library), library, cards)


def _answer(one: Labelled, found: ReadLabelled, library: Any, cards: Any) -> str:  # noqa: ANN401
    return what_is_wrong(one, understand(found.tally, library, cards, found.clock, found.logs))


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


def _safely(ask: Callable[[], object]) -> object:
    try:
        return ask()
    except (ArithmeticError, ValueError, LookupError) as error:
        return type(error).__name__


@dataclass(frozen=True, slots=True)
class Change:
    """One number halved or doubled, or one detector switched off."""

    name: str
    number: str = ""
    factor: float = 1.0
    without: object = None

    @contextmanager
    def made(self) -> Iterator[None]:
        """The change is in force within."""
        before = (detect.DETECTORS, {name: getattr(tuning, name) for name in (*numbers(), *derived())})
        if self.number:
            put(self.number, changed(before[1][self.number], self.factor))
            for name, formula in derived().items():
                put(name, eval(formula, vars(tuning)))
        else:
            detect.DETECTORS = tuple(one for one in before[0] if one is not self.without)  # type: ignore[assignment]
        try:
            yield
        finally:
            detect.DETECTORS = before[0]
            for name, value in before[1].items():
                put(name, value)


def changes() -> Iterator[Change]:
    """All changes: each number halved and doubled, each detector switched off."""
    for name in numbers():
        for word, factor in FACTORS.items():
            yield Change(f"{name} {word}", name, factor)
    for detector in detect.DETECTORS:
        yield Change(f"without {detector.__name__}", without=detector)


def changed(value: Any, factor: float) -> Any:  # noqa: ANN401 - a number, or several
    """The number times the factor, of its own type."""
    return tuple(one * factor for one in value) if isinstance(value, tuple) else type(value)(value * factor)


def numbers() -> list[str]:
    """The names of all numbers of tuning.py, in its order, without those that follow from others."""
    return [name for name in _formulas() if name not in derived()]


def derived() -> dict[str, str]:
    """The numbers that follow from others, each with its formula."""
    found = _formulas()
    return {name: formula for name, formula in found.items() if any(other in formula for other in found)}


def _formulas() -> dict[str, str]:
    tree = ast.parse(Path(tuning.__file__).read_text())
    return {
        node.target.id: ast.unparse(node.value)
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None
    }


def put(name: str, value: object) -> None:
    """Set a number of tuning.py in every module that has imported it."""
    before = getattr(tuning, name)
    for module in list(sys.modules.values()):
        ours = getattr(module, "__name__", "").startswith("logsleuth.")
        if ours and getattr(module, name, None) is before:
            setattr(module, name, value)


if __name__ == "__main__":
    main()
