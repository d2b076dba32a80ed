"""Whether the library knows any line of a text that nothing else is known of."""

import pytest

from logsleuth import load_patterns
from logsleuth.library.known import knowing

KNOWN = knowing(load_patterns(), ())


@pytest.mark.parametrize(
    "text",
    [
        "child pid 4720 exit signal Segmentation fault (11)",  # a pattern's
        "cgid daemon failed to initialize",  # a card's
    ],
)
def test_a_message_without_its_head_is_known(text: str) -> None:
    assert KNOWN(["milk", text, "bread"]) == 1


@pytest.mark.parametrize("text", ["", "milk and bread", "could not create", "It was a dark and stormy night."])
def test_prose_is_not(text: str) -> None:
    assert KNOWN([text]) == 0
