"""Card files: what is read, and how each mistake is reported with its place and how to fix it."""

import pytest

from logsleuth.library.card import build_card
from logsleuth.library.card_parse import read_cards
from logsleuth.library.mistakes import Mistakes
from logsleuth.values import replace

HEAD = "module = 'till'\n"
CARD = """
[[card]]
code = 'TL007'
text = 'till %d is jammed (%s)'
level = 'error'
about = 'server'
phase = 'serving'
role = 'cause'
severity = 'major'
source = 'modules/till/mod_till.c'
meaning = 'The drawer does not open, so nobody can pay there.'
action = 'Pull the drawer out by hand.'
"""


def mistakes(text: str) -> list[str]:
    with pytest.raises(Mistakes) as caught:
        read_cards(text)
    return caught.value.sentences


def changed(key: str, line: str) -> str:
    kept = [each for each in CARD.split("\n") if not each.startswith(f"{key} =")]
    return HEAD + "\n".join([*kept, line])


def test_a_card_is_read_with_lists_where_one_string_was_given() -> None:
    (card,) = read_cards(HEAD + CARD)
    assert card["module"] == "till"
    assert (card["codes"], card["texts"], card["levels"]) == (["TL007"], ["till %d is jammed (%s)"], ["error"])
    assert not {"code", "text", "level"} & card.keys()


def test_a_card_may_have_several_wordings_and_no_code() -> None:
    text = changed("text", "texts = ['till %d is jammed', 'the till is jammed']").replace("code = 'TL007'\n", "")
    (card,) = read_cards(text)
    assert card["codes"] == []
    assert card["texts"] == ["till %d is jammed", "the till is jammed"]


@pytest.mark.parametrize("key", ["about", "phase", "role", "severity", "source", "meaning", "action", "text", "level"])
def test_a_key_that_is_missing_is_named_with_the_card(key: str) -> None:
    assert mistakes(changed(key, "")) == [f"in card 1 (TL007): '{key}' is missing"]


@pytest.mark.parametrize(
    ("key", "line", "sentence"),
    [
        ("about", "about = 'sever'", "'about' 'sever' is unknown: did you mean 'server'?"),
        ("phase", "phase = 'startup'", "'phase' 'startup' is unknown: did you mean 'start'?"),
        ("role", "role = 'caus'", "'role' 'caus' is unknown: did you mean 'cause'?"),
        ("severity", "severity = 'majr'", "'severity' 'majr' is unknown: did you mean 'major'?"),
        ("level", "level = 'eror'", "'level' 'eror' is unknown: did you mean 'error'?"),
        ("category", "category = 'segfaults'", "'category' 'segfaults' is unknown: did you mean 'segfault'?"),
        ("meaning", "meaning = 3", "'meaning' must be a string, not 3"),
        ("levels", "levels = ['warn']", "'level' and 'levels' are both given: keep 'levels'"),
        ("x", "meanin = 'x'", "unknown key 'meanin': did you mean 'meaning'?"),
    ],
)
def test_a_mistake_is_reported_with_how_to_fix_it(key: str, line: str, sentence: str) -> None:
    assert mistakes(changed(key, line)) == [f"in card 1 (TL007): {sentence}"]


def test_a_code_that_is_none_is_shown_what_one_looks_like() -> None:
    (sentence,) = mistakes(changed("code", "code = 'tl-7'"))
    assert sentence.endswith("must be capital letters and a number, such as 'AH02565'")


def test_all_mistakes_of_a_file_are_reported_at_once() -> None:
    assert len(mistakes("modul = 'x'\n" + changed("role", "role = 'x'").removeprefix(HEAD) + CARD + "extra = 1")) == 4


def test_a_card_that_switches_off_needs_only_the_name_of_another() -> None:
    (card,) = read_cards(HEAD + "[[card]]\ncode = 'TL007'\ndisabled = true")
    assert (card["module"], card["codes"], card["texts"], card["disabled"]) == ("till", ["TL007"], [], True)
    assert mistakes(HEAD + "[[card]]\nlevel = 'error'\ndisabled = true") == [
        "in card 1: 'code' or 'text' is missing: which message's card is disabled?"
    ]
    assert mistakes(changed("x", "disabled = 'yes'")) == [
        "in card 1 (TL007): 'disabled' must be true or false, not 'yes'"
    ]


def test_a_file_without_cards_and_one_that_is_not_toml_are_refused() -> None:
    assert mistakes(HEAD) == ["there is no [[card]]"]
    assert mistakes("card = [").pop().startswith("not valid TOML")


@pytest.mark.parametrize(
    ("meaning", "title"),
    [
        (
            "The till is open, but the drawer in use (oak) cannot be locked; it stays so.",
            "The till is open, but the drawer in use (oak) cannot be locked",
        ),
        (
            "The key of the till could not be found (it hangs behind the door), and nobody sells.",
            "The key of the till could not be found",
        ),
        (
            "The key of the till could not be found (it hangs behind the door).",
            "The key of the till could not be found",
        ),
    ],
    ids=["within the clause", "at its end", "at the end of all"],
)
def test_brackets_end_a_title_only_at_the_end_of_its_clause(meaning: str, title: str) -> None:
    assert replace(build_card(read_cards(HEAD + CARD)[0]), meaning=meaning).title == title
