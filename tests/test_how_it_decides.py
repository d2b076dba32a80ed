"""The page on how it decides is made from the code: its detectors, tables and numbers are those that run."""

import ast
import inspect
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.labelled import labelled_in
from logsleuth.causes.confidence import HIGH, MEDIUM
from logsleuth.causes.evidence import EVIDENCE
from logsleuth.library.category import CATEGORIES
from logsleuth.lives.workers.rules import RULES, reason
from logsleuth.signals import tuning
from logsleuth.signals.detect import DETECTORS
from logsleuth.units import SECOND, duration

PAGE = Path(__file__).resolve().parent.parent / "docs" / "how-it-decides.md"
LOGS = {(one.of, one.wrong_when): one.name for one in labelled_in(Path(__file__).resolve().parent / "labelled")}
"""(number, change) to the labelled log that then gets a wrong answer."""
BLOCK = re.compile(r"(<!-- code: begin[^\n]*-->\n).*?(<!-- code: end -->)", re.DOTALL)


def summary(function: object) -> str:
    """The first sentence of a docstring."""
    return (inspect.getdoc(function) or "").split("\n\n")[0].replace("\n", " ")


def generated() -> Iterator[str]:
    yield "### Detectors\n"
    yield "Each example is a small labelled log that gets a wrong verdict without the detector.\n"
    for detector in DETECTORS:
        module = inspect.getmodule(detector)
        without = LOGS[detector.__name__, "without"]
        yield f"* `{detector.__name__}`: {summary(module)} {summary(detector)} Example: {without}."
    yield "\n### Evidence\n"
    yield f"`high` means that the cause should be right {HIGH:.0%} of the time, `medium` {MEDIUM:.0%}.\n"
    yield "| evidence | decibans if true | if false | why |\n|---|---|---|---|"
    for row in EVIDENCE:
        against = f"{row.if_false:+g}" if row.if_false else ""
        yield f"| {row.rule} | {row.if_true:+g} | {against} | {summary(row.holds)} |"
    yield "\n### How ends of workers are known\n"
    for rule in RULES:
        yield f"* `{rule.__name__}`: {reason(rule.__name__)}"
    yield "\n### Kinds of outages\n"
    yield "| category | what it is | a restart |\n|---|---|---|"
    for category in CATEGORIES:
        yield f"| `{category.slug}` | {category.title} | {category.restart.replace('-', ' ')} |"
    yield "\n### Numbers\n"
    yield "| number | value | why | wrong verdict if halved | wrong verdict if doubled |\n|---|---|---|---|---|"
    yield from numbers()


def numbers() -> Iterator[str]:
    """Each number of signals/tuning.py with its docstring."""
    body = ast.parse(Path(tuning.__file__).read_text()).body
    for node, after in pairwise(body):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            assert isinstance(after, ast.Expr), f"{node.target.id} has no reason"
            assert isinstance(after.value, ast.Constant), f"{node.target.id} has no reason"
            why = str(after.value.value).replace("\n", " ")
            value = getattr(tuning, node.target.id)
            shown = ", ".join(map(str, value)) if isinstance(value, tuple) else f"{value:.3g}"
            if node.target.id.endswith("_US"):
                shown = duration(value / SECOND)
            sides = " | ".join(LOGS.get((node.target.id, word), "") for word in ("halved", "doubled"))
            yield f"| `{node.target.id}` | {shown} | {why} | {sides} |"


def test_the_page_is_made_from_the_code(request: pytest.FixtureRequest) -> None:
    text = "\n".join(generated())
    shown = BLOCK.sub(lambda found: f"{found[1]}{text}\n{found[2]}", PAGE.read_text())
    if request.config.getoption("--update-golden"):
        PAGE.write_text(shown)
    assert PAGE.read_text() == shown, "run pytest tests/test_how_it_decides.py --update-golden"


def test_there_are_few_numbers() -> None:
    assert len(list(numbers())) <= 20
