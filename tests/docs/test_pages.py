"""Every output that the documentation shows is what its command prints, and every link leads somewhere.

The site itself is built where mkdocs is installed, as in CI: `pip install -e '.[docs]'`.
"""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.sessions import DOCS, ROOT, pages, played


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(DOCS)))
def test_every_session_goes_as_shown(
    page: Path, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "samples").symlink_to(DOCS / "samples")
    (tmp_path / "sample_logs").symlink_to(ROOT / "sample_logs")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / ".config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / ".state"))
    monkeypatch.chdir(tmp_path)
    written = page.read_text()
    shown = played(written)
    if request.config.getoption("--update-golden"):
        page.write_text(shown)
        return
    assert written == shown, "run pytest tests/docs --update-golden, and review the difference"


LINK = re.compile(r"\]\((?!https?:|#|urn:)([^)#\s]+)")
WRITTEN = [page for page in sorted(DOCS.rglob("*.md")) if "catalogue" not in page.parts]


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: str(page.relative_to(DOCS)))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert [target for target in LINK.findall(page.read_text()) if not (page.parent / target).exists()] == []


ANCHORED = re.compile(r"\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)")


def anchors(page: Path) -> set[str]:
    """The names of a page's headings, as python-markdown and GitHub make them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower()) for heading in headings}


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: str(page.relative_to(DOCS)))
def test_every_link_to_a_heading_leads_to_one(page: Path) -> None:
    for target, name in ANCHORED.findall(page.read_text()):
        there = page.parent / target if target else page
        assert there.suffix != ".md" or name in anchors(there), f"{target}#{name}"


@pytest.mark.skipif(importlib.util.find_spec("mkdocs") is None, reason="mkdocs is missing")
def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-d", str(tmp_path / "site")]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_every_page_is_in_the_navigation() -> None:
    listed = set(re.findall(r"[\w./-]+\.md", (ROOT / "mkdocs.yml").read_text()))
    assert listed == {str(page.relative_to(DOCS)) for page in WRITTEN} | {"catalogue/README.md"}
