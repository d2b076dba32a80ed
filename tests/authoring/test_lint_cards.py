"""What the lint finds about cards that can be read, and that the shipped ones are clean."""

from dataclasses import asdict, replace
from typing import Any

import pytest

from logsleuth.authoring.lint.cards import MOST_USED, lint_cards
from logsleuth.authoring.lint.run import summary
from logsleuth.library.card import Card, build_card
from logsleuth.library.card_index import CardIndex, index_of
from logsleuth.library.card_parse import read_cards
from logsleuth.library.cards import shipped_cards
from tests.library.test_card_parse import CARD, HEAD

GOOD = build_card(read_cards(HEAD + CARD)[0])


def index(*cards: Card) -> CardIndex:
    import json

    data = [asdict(card) for card in cards]
    return CardIndex([json.dumps(each).encode() for each in data], *index_of(data))


def found(*cards: Card) -> list[str]:
    return [each.rule for each in lint_cards(index(*cards), cards)]


def test_the_shipped_cards_are_clean() -> None:
    cards = shipped_cards()
    findings = list(lint_cards(cards, cards.cards()))
    assert not findings, summary(findings)


def test_a_good_card_is_clean() -> None:
    assert found(GOOD) == []


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"source": "the manual"}, "sources"),
        ({"meaning": "The drawer does not open at all"}, "sentences"),
        ({"meaning": "The drawer does not open. Nobody can pay there."}, "sentences"),
        ({"action": "Pull it out. Then restart."}, "sentences"),
        ({"meaning": "It fails."}, "sentences"),
        ({"texts": ("could not open drawer lock because broken",), "meaning": "The drawer lock could not open because broken."},
         "copies"),
        ({"levels": ("emerg",)}, "graveness"),
        ({"levels": ("error", "crit")}, "graveness"),
        ({"role": "noise"}, "graveness"),
        ({"codes": (), "texts": ("%s: %s",)}, "findable"),
        ({"codes": (), "module": "core", "texts": ("File does not exist: %s is jammed",)}, "forged"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found(change: dict[str, Any], rule: str) -> None:
    assert found(replace(GOOD, **change)) == [rule]


@pytest.mark.parametrize(
    "change",
    [
        {"levels": ("emerg",), "category": "config-error"},
        {"levels": ("emerg",), "severity": "info"},
        {"levels": ("alert",), "meaning": "The till was counted twice, which does no harm."},
        {"codes": (), "texts": ("%s: jammed %s",)},
        {"meaning": "The drawer does not open, e.g. Monday mornings, so nobody can pay."},
    ],
)
def test_what_is_right_is_not(change: dict[str, Any]) -> None:
    assert found(replace(GOOD, **change)) == []


def test_two_cards_for_one_message_are_found_unless_a_higher_layer_overrides() -> None:
    again = replace(GOOD, meaning="The till is stuck for good, so that nobody pays.")
    assert found(GOOD, again) == ["doubles", "doubles"]
    assert found(GOOD, replace(again, origin="/home/x/codes/till.toml")) == []
    bare = [replace(each, codes=(), texts=(text,)) for each, text in ((GOOD, "till %d jams"), (again, "till %s jams"))]
    assert found(*bare) == ["doubles", "doubles"]
    assert found(bare[0], replace(bare[1], module="other")) == []


def test_a_meaning_that_stands_for_many_messages_is_found() -> None:
    many = [replace(GOOD, codes=(f"TL{n:03}",)) for n in range(MOST_USED + 1)]
    assert set(found(*many)) == {"reused"}
    assert found(*many[:-1]) == []
