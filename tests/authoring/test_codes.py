"""Codes as people type them, and codes that may have been meant."""

import pytest

from logsleuth.authoring.codes import near_codes, whole_code

KNOWN = ["AH00161", "AH00162", "AH02565", "AH02566", "AH10011", "WSGI0174"]


@pytest.mark.parametrize(
    ("word", "code"), [("ah161", "AH00161"), ("AH10011", "AH10011"), ("wsgi174", "WSGI0174"), ("AH002565", "AH02565")]
)
def test_a_code_is_completed(word: str, code: str) -> None:
    assert whole_code(word) == code


@pytest.mark.parametrize(
    ("asked", "meant"),
    [("AH05265", "AH02565"), ("AH02575", "AH02565"), ("AH00160", "AH00161"), ("WSGI1074", "WSGI0174")],
)
def test_a_slip_of_the_pen_is_understood(asked: str, meant: str) -> None:
    assert meant in near_codes(KNOWN, asked)


def test_only_codes_of_the_same_letters_are_near() -> None:
    assert near_codes(KNOWN, "WSGI0002") == ["WSGI0174"]
    assert near_codes([], "AH00001") == []
