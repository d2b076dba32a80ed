"""docs/reliability.md names tests and modules that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "docs" / "reliability.md").read_text()


def test_what_the_page_names_exists() -> None:
    named = set(re.findall(r"`((?:tests|cli|live|library|report)/[\w./]+|\w+\.py)`", TEXT))
    assert len(named) > 15
    missing = [
        name
        for name in named - {"tests/fuzz/found/"}
        if not (ROOT / name).exists() and not (ROOT / "logsleuth" / name).exists()
    ]
    assert missing == []


def test_the_number_of_targets_is_told() -> None:
    from tests.fuzz.targets import TARGETS

    assert len(TARGETS) == 16
    assert "sixteen targets" in TEXT
