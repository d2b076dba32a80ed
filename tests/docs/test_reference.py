"""The reference is what the code says now."""

import pytest

from tests.docs.reference import DOCS, PAGES, page


@pytest.mark.parametrize("name", PAGES)
def test_the_reference_is_made_from_the_code(name: str, request: pytest.FixtureRequest) -> None:
    path = DOCS / "reference" / name
    made = page(name)
    if request.config.getoption("--update-golden"):
        path.write_text(made)
    assert path.read_text() == made, "run pytest tests/docs --update-golden, and review the difference"
