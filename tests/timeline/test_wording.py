"""The words of messages of one shape: what all have in common stays as it stands."""

import pytest

from logsleuth.library.meaning import at_a_word
from logsleuth.timeline.wording import wording


@pytest.mark.parametrize(
    ("messages", "shown"),
    [
        (["till 7 is jammed at 9.1.1"] * 2, "till 7 is jammed at 9.1.1"),
        (["till 7 is jammed", "till 8 is jammed"], "till … is jammed"),
        (["no coin 'crown' in till 7", "no coin 'crown' in till 8"], "no coin 'crown' in till …"),
        (["coin id=7,till=3 lost", "coin id=7,till=4 lost"], "coin … lost"),  # half a word is no name of anything
        (
            ["Can't open '/srv/a' for till's sake", "Can't open '/srv/b' for till's sake"],
            "Can't open … for till's sake",
        ),
        (["AH00052: child pid 7 exit", "AH00052: child pid 8 exit"], "AH00052: child pid … exit"),
        (["[1040] no coin: ask 'x' of 7", "[1040] no coin: go", "[1040] no coin: ask 'y' of 8"], "[1040] no coin: …"),
        (["till /srv/anna/7 and /srv/anna/8"], "till /srv/anna/7 and /srv/anna/8"),
    ],
)
def test_what_differs_is_one_plain_placeholder(messages: list[str], shown: str) -> None:
    assert wording(messages) == shown


def test_a_long_one_is_cut_between_words() -> None:
    assert at_a_word("the till is jammed, and a coin is lost", 21) == "the till is jammed…"
    assert at_a_word("the till is jammed", 18) == "the till is jammed"
    assert at_a_word("x" * 30, 10) == "x" * 10 + "…"
