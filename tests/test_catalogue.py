"""docs/catalogue is as the library is now."""

from pathlib import Path

from logsleuth.authoring.catalogue import stale
from logsleuth.library.cards import shipped_cards
from logsleuth.library.load import shipped_library


def test_the_published_catalogue_is_fresh() -> None:
    folder = Path(__file__).resolve().parent.parent / "docs" / "catalogue"
    assert not stale(shipped_library(), shipped_cards().cards(), folder), "run: logsleuth patterns catalogue"
