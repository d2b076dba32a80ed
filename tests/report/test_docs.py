"""docs/reports.md names what there is."""

import re
from pathlib import Path

from logsleuth.report.formats import FORMATS

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "reports.md"


def test_every_link_and_picture_is_there() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", PAGE.read_text()):
        assert (PAGE.parent / target).exists(), target


def test_every_format_is_told() -> None:
    text = PAGE.read_text()
    for name, kind in FORMATS.items():
        assert name in text.lower()
        assert not kind.suffixes or any(suffix in text for suffix in kind.suffixes) or name == "text"
