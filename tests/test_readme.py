"""The README shows the real report, and its commands are the ones that are run."""

import re
from pathlib import Path

import pytest

import logsleuth
from logsleuth.report.render import render

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
BLOCK = re.compile(r"(<!-- report: begin[^\n]*-->\n).*?(<!-- report: end -->)", re.DOTALL)
SECTIONS = "Workers lost"
"""The README shows the report up to this section."""


def test_the_readme_shows_the_real_report(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    text = render(logsleuth.analyze(["sample_logs/stale-egg-2009.log"], tz="UTC"), "text", width=100)
    head = text[: text.index(SECTIONS)].rstrip()
    shown = BLOCK.sub(lambda found: f"{found[1]}```text\n{head}\n …\n```\n{found[2]}", README.read_text())
    if request.config.getoption("--update-golden"):
        README.write_text(shown)
    assert README.read_text() == shown, "run pytest --update-golden, and review the difference"


def test_ci_runs_the_test_line_of_the_readme() -> None:
    line = "python3 -m venv .venv && .venv/bin/pip install -q -e '.[dev]' && .venv/bin/python -m tests"
    assert line in README.read_text()
    assert line in (ROOT / ".ci" / "run").read_text()
