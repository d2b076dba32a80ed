"""docs/catalogue is as the library is now."""

from pathlib import Path

from logsleuth.authoring.catalogue import stale
from logsleuth.library.load import shipped_library


def test_the_published_catalogue_is_fresh() -> None:
    folder = Path(__file__).resolve().parent.parent / "docs" / "catalogue"
    assert not stale(shipped_library(), folder), "run: logsleuth patterns catalogue"
