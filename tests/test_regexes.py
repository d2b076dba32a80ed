"""Regexes mean the same in every Python that we run on."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GIVES_NOTHING_BACK = re.compile(r"(?<!\\)(?:\)|[A-Z_]\})(?:[*+?]|\{\d*,?\d*\})\+")
"""`(?:…)*+`, or the same of a constant that holds a group."""


def test_no_group_is_repeated_by_a_possessive_quantifier() -> None:
    """Python 3.11.0 to 3.11.4 match these wrongly (cpython's issue 106052); `(?>(?:…)*)` says the same."""
    sources = [*(ROOT / "logsleuth").rglob("*.py"), *(ROOT / "patterns").rglob("*.toml")]
    assert sources
    wrong = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sources
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if GIVES_NOTHING_BACK.search(line) and "`(?:…)*+`" not in line
    ]
    assert wrong == []
