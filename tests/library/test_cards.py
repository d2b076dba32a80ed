"""Cards of all layers, kept between runs."""

from pathlib import Path

import pytest

from logsleuth.errors import LogsleuthError
from logsleuth.library import cache
from logsleuth.library.cards import load_cards
from logsleuth.library.load import load_library
from tests.library.test_card_parse import CARD, HEAD


def written(root: Path, text: str = HEAD + CARD, name: str = "till.toml") -> Path:
    (root / "codes").mkdir(parents=True, exist_ok=True)
    (root / "codes" / name).write_text(text)
    return root


def meaning(root: Path) -> str:
    found = load_cards([root]).find("till", "error", "TL007: till 3 is jammed (drawer)")
    assert found is not None
    return found.meaning


def test_cards_are_found_in_folders_named_codes_and_are_no_patterns(tmp_path: Path) -> None:
    root = written(tmp_path / "mine")
    assert meaning(root).startswith("The drawer does not open")
    assert load_library([root]).patterns == load_library().patterns


def test_a_pack_may_bring_cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    pack = tmp_path / "logsleuth" / "packs" / "shop"
    written(pack / "patterns")
    (pack / "pack.toml").write_text("name = 'shop'\nversion = '1'\n")
    assert load_cards().by_code("TL007") is not None


@pytest.mark.parametrize("named", ["code = 'TL007'", "text = 'till %d is jammed (%s)'"])
def test_a_later_layer_switches_a_card_off_in_all_its_wordings(named: str, tmp_path: Path) -> None:
    two = CARD.replace("text = 'till %d is jammed (%s)'", "texts = ['till %d is jammed (%s)', 'drawer %d is stuck']")
    below, above = written(tmp_path / "below", HEAD + two), tmp_path / "above"
    written(above, f"{HEAD}[[card]]\n{named}\ndisabled = true\n")
    for message in ("TL007: till 3 is jammed (drawer)", "till 3 is jammed (drawer)", "drawer 3 is stuck"):
        assert load_cards([below]).find("till", "error", message) is not None
        assert load_cards([below, above]).find("till", "error", message) is None
        assert load_cards([above, below]).find("till", "error", message) is not None, (
            "a lower layer switches nothing off"
        )


def test_what_is_kept_gives_the_same_cards_and_a_change_is_seen(tmp_path: Path) -> None:
    root = written(tmp_path)
    assert meaning(root) == meaning(root)
    written(root, HEAD + CARD.replace("The drawer does not open", "The drawer is stuck for good"))
    assert meaning(root).startswith("The drawer is stuck for good")


def test_a_damaged_store_is_made_again(tmp_path: Path) -> None:
    root = written(tmp_path)
    before = meaning(root)
    for kept in cache.folder().glob("cards-*"):
        kept.write_bytes(kept.read_bytes()[:-20].rsplit(b"\n", 1)[0])
    assert meaning(root) == before


def test_mistakes_of_all_files_are_reported_with_their_places(tmp_path: Path) -> None:
    written(tmp_path, HEAD + CARD.replace("'cause'", "'caus'"))
    written(tmp_path, "card = [", "bad.toml")
    with pytest.raises(LogsleuthError) as caught:
        load_cards([tmp_path])
    assert "2 mistakes in card files" in str(caught.value)
    assert "till.toml: in card 1 (TL007): 'role' 'caus' is unknown: did you mean 'cause'?" in str(caught.value)
    assert "docs/card-format.md" in str(caught.value)
