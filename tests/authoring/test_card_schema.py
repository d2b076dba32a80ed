"""The published schema of card files is fresh, and says yes and no where their reader does."""

import tomllib
from pathlib import Path

import jsonschema
import pytest

from logsleuth.authoring.card_schema import PLACE, WORDS, as_text, schema
from logsleuth.library.card_parse import CARD_KEYS, FILE_KEYS, read_cards
from logsleuth.library.load import card_files, packaged_folder
from logsleuth.library.mistakes import Mistakes
from tests.library.test_card_parse import CARD, HEAD, changed

ROOT = Path(__file__).resolve().parents[2]


def test_the_published_schema_is_fresh() -> None:
    hint = f"run: logsleuth patterns schema --cards > {PLACE}"
    assert (ROOT / PLACE).read_text() == as_text(), hint


def test_every_key_is_explained_and_nothing_else() -> None:
    assert set(WORDS) == {*FILE_KEYS, *CARD_KEYS}


def test_every_packaged_card_file_is_valid() -> None:
    validator = jsonschema.Draft7Validator(schema())
    for path in card_files(packaged_folder()):
        errors = [error.message for error in validator.iter_errors(tomllib.loads(path.read_text()))]
        assert not errors, path


@pytest.mark.parametrize(
    "text",
    [
        HEAD + CARD,
        CARD,
        HEAD,
        "module = 'no module'" + CARD,
        HEAD + "aliases = ['tills']" + CARD,
        HEAD + "aliases = 'tills'" + CARD,
        "modul = 'x'\n" + HEAD + CARD,
        changed("code", ""),
        changed("code", "codes = ['TL007', 'TL008']"),
        changed("code", "codes = ['tl7']"),
        changed("x", "codes = ['TL007']"),
        changed("text", "texts = ['a', 'b']"),
        changed("text", "texts = []"),
        changed("text", ""),
        changed("level", "levels = ['warn', 'error']"),
        changed("level", "levels = ['loud']"),
        changed("about", "about = 'nobody'"),
        changed("x", "category = 'segfault'"),
        changed("x", "category = 'unknown'"),
        changed("meaning", "meaning = ''"),
        changed("source", ""),
        changed("x", "disabled = true"),
        changed("x", "disabled = false"),
        changed("x", "disabled = 'yes'"),
        HEAD + "[[card]]\ncode = 'TL007'\ndisabled = true",
        HEAD + "[[card]]\ntexts = ['till %d is jammed']\ndisabled = true",
        HEAD + "[[card]]\ncode = 'TL007'\ndisabled = false",
        HEAD + "[[card]]\nlevel = 'error'\ndisabled = true",
    ],
)
def test_the_schema_and_the_reader_agree(text: str) -> None:
    try:
        read_cards(text)
        right = True
    except Mistakes:
        right = False
    assert jsonschema.Draft7Validator(schema()).is_valid(tomllib.loads(text)) == right
