"""A value of which a pattern takes only the first part is shown as such."""

import pytest

from logsleuth.report.compose.story.filled import marked
from tests.lives.build import line

LONG = "Call to a member function rows() on a non-object in /srv/shop/classes"


@pytest.mark.parametrize(
    ("value", "rest", "shown"),
    [
        (LONG[:-4], "sses/Basket.php on line 9", f"{LONG[:-4]}…"),
        (f"{LONG}.", "old/x.php", f"{LONG}.…"),
        (LONG, " on line 9", LONG),
        (LONG, ". The end", LONG),
        (LONG, "", LONG),
        ("30", "ms", "30"),
        ("", "none", ""),
    ],
    ids=[
        "within a word",
        "after a dot within a name",
        "a whole word",
        "a sentence",
        "the whole line",
        "a number and its unit",
        "nothing",
    ],
)
def test_what_is_cut_within_a_word_has_a_mark(value: str, rest: str, shown: str) -> None:
    assert marked(value, line()._replace(text=f"failed: {value}{rest}")) == shown
