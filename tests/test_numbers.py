"""Each number and detector by which logsleuth decides is earned: small labelled logs get the right answer by it.

The labels are in tests/labelled, in httpd's own words. A number that may as well be half or twice as large is deleted.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.labelled import Labelled, labelled_in, read_labelled, what_is_wrong
from benchmarks.sensitivity import Change, changes
from logsleuth.library.cards import shipped_cards
from logsleuth.library.load import load_library
from logsleuth.story import understand

LOGS = labelled_in(Path(__file__).resolve().parent / "labelled")
CHANGES = {change.name: change for change in changes()}


def named(one: Labelled) -> str:
    """The change that makes the answer wrong."""
    return f"without {one.of}" if one.wrong_when == "without" else f"{one.of} {one.wrong_when}"


@pytest.mark.parametrize("one", LOGS, ids=[one.name.replace(" ", "-") for one in LOGS])
def test_the_answer_is_right_and_hangs_on_its_number_or_detector(one: Labelled) -> None:
    library, cards = load_library([]), shipped_cards()
    found = read_labelled(one, library)

    def wrong() -> str:
        return what_is_wrong(one, understand(found.tally, library, cards, found.clock, found.logs))

    change: Change = CHANGES[named(one)]
    assert wrong() == ""
    with change.made():
        assert wrong() != "", "nothing notices"
    assert wrong() == "", "the change was not taken back"


def test_each_number_is_noticed_on_either_side_and_each_detector_is_missed() -> None:
    assert sorted(map(named, LOGS)) == sorted(CHANGES)
