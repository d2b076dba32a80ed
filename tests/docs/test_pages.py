"""Every output that the documentation shows is what its command prints, and every link leads somewhere.

The site itself is built by `mkdocs build --strict`, in CI.
"""

import re
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


def test_every_page_is_in_the_navigation() -> None:
    listed = set(re.findall(r"[\w./-]+\.md", (ROOT / "mkdocs.yml").read_text()))
    assert listed == {str(page.relative_to(DOCS)) for page in WRITTEN} | {"catalogue/README.md"}
