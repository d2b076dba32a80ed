"""The library's own advice is nobody's secret: redaction leaves it as it is, so that its commands still run."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from logsleuth.redaction.pseudonyms import Pseudonyms

PATTERNS = Path(__file__).resolve().parents[2] / "patterns"
WORDS = ("title", "summary", "cause", "confirm", "fix", "prevent", "meaning", "action")


def _texts(path: Path) -> Iterator[str]:
    data = tomllib.loads(path.read_text())
    for entry in [data, data.get("explain", {}), *data.get("card", [])]:
        for word in WORDS:
            value = entry.get(word, [])
            yield from [value] if isinstance(value, str) else value


@pytest.mark.parametrize("folder", sorted(path.name for path in PATTERNS.iterdir() if path.is_dir()))
def test_redaction_leaves_the_words_of_patterns_and_cards(folder: str) -> None:
    files = sorted((PATTERNS / folder).rglob("*.toml"))
    texts = [text for path in files for text in _texts(path)]
    assert texts
    assert [Pseudonyms().text(text, ours=True) for text in texts] == texts
