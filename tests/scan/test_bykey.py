"""Counts by key: exact for the keys that are kept, whatever the order; their number told from those."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logsleuth.scan.bykey import Answers, AnswersByKey, KeyCounts, key_hash

if TYPE_CHECKING:
    import random

KEYS = st.sampled_from([f"192.0.2.{n}" for n in range(12)])


@given(st.lists(st.dictionaries(KEYS, st.integers(1, 9))), st.integers(1, 14), st.randoms(use_true_random=False))
def test_counts_do_not_depend_on_the_order_of_pieces(
    pieces: list[dict[str, int]], cap: int, rng: random.Random
) -> None:
    in_turn = KeyCounts(cap)
    for piece in pieces:
        in_turn.add(piece)
    left = [KeyCounts(cap)]
    for piece in pieces:
        left.append(KeyCounts(cap))
        left[-1].add(piece)
    while len(left) > 1:
        one = left.pop(rng.randrange(len(left)))
        left[0 if len(left) == 1 else rng.randrange(len(left))].merge(one)
    assert left[0] == in_turn
    every: dict[str, int] = {}
    for piece in pieces:
        for key, count in piece.items():
            every[key] = every.get(key, 0) + count
    assert in_turn.total == sum(every.values())
    assert in_turn.kept == {key: every[key] for key in sorted(every, key=key_hash)[:cap]}
    assert in_turn.others == in_turn.total - sum(in_turn.kept.values())


@given(st.lists(st.dictionaries(KEYS, st.builds(Answers, *[st.integers(0, 9)] * 3)), max_size=5), st.integers(1, 14))
def test_answers_add_up_whatever_is_kept(pieces: list[dict[str, Answers]], cap: int) -> None:
    halves = AnswersByKey(cap), AnswersByKey(cap)
    whole = AnswersByKey(cap)
    for nth, piece in enumerate(pieces):
        halves[nth % 2].add(piece)
        whole.add(piece)
    halves[0].merge(halves[1])
    assert halves[0] == whole
    assert whole.total.requests == sum(one.requests for piece in pieces for one in piece.values())
    assert whole.others.failed >= 0


@pytest.mark.parametrize("number", [1, 100, 255, 2000, 50_000])
def test_the_number_of_keys_is_told_from_the_sample(number: int) -> None:
    counts = KeyCounts(256)
    counts.add({f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}": 1 for n in range(number)})
    assert counts.distinct == number if number < 256 else 0.8 * number < counts.distinct < 1.25 * number
