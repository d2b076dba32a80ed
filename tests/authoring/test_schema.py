"""The published schema is fresh, and says yes and no where the reader of pattern files does."""

import tomllib
from pathlib import Path

import jsonschema
import pytest

from logsleuth.authoring.schema import PLACE, WORDS, as_text, schema
from logsleuth.library.load import packaged_folder, pattern_files
from logsleuth.library.mistakes import Mistakes
from logsleuth.library.parse import KEYS, read_pattern

ROOT = Path(__file__).resolve().parents[2]
LEAST = "id = 'a.b'\ntitle = 'x'\nrole = 'noise'\n[[match]]\ncontains = 'jammed'\n"


def test_the_published_schema_is_fresh() -> None:
    hint = f"run: logsleuth patterns schema > {PLACE}"
    assert (ROOT / PLACE).read_text() == as_text(), hint


def test_every_key_is_explained_and_nothing_else() -> None:
    assert set(WORDS) == {(table, key) for table, keys in KEYS.items() for key in keys}


def test_every_packaged_pattern_is_valid() -> None:
    validator = jsonschema.Draft7Validator(schema())
    for path in pattern_files(packaged_folder()):
        errors = [error.message for error in validator.iter_errors(tomllib.loads(path.read_text()))]
        assert not errors, path


@pytest.mark.parametrize(
    "text",
    [
        LEAST,
        "id = 'a.b'\ndisabled = true",
        LEAST + "[worker]\nstate = 'crashed'",
        LEAST + "[[example]]\nlog = 'x'\nfields = { n = '1' }",
        LEAST.replace("a.b", "A"),
        LEAST.replace("noise", "noisy"),
        LEAST.replace("jammed", "jam"),
        LEAST.replace("contains", "holds"),
        LEAST.replace("title", "titel"),
        LEAST + "[worker]\nstate = 'dead'",
        LEAST + "[worker]\nsubject = 'reporter'",
        LEAST + "[scope]\nsources = ['apache']",
        LEAST + "[[example]]\nfields = {}",
        "groups = 'a'\n" + LEAST,
        "alone = 'yes'\n" + LEAST,
    ],
)
def test_the_schema_and_the_reader_agree(text: str) -> None:
    try:
        read_pattern(text)
        right = True
    except Mistakes:
        right = False
    assert jsonschema.Draft7Validator(schema()).is_valid(tomllib.loads(text)) == right
