"""A request that was only asked for a user name, and a login that failed."""

import pytest

from logsleuth.report.compose.requests.challenges import Challenge, challenges_among
from logsleuth.units import SECOND


def rows(*asked: tuple[str, int, bool]) -> tuple[list[int], list[int], list[int]]:
    """`asked`: (key, second, whether it asks for a user name) of each request, numbered from 0."""
    found = challenges_among(
        Challenge(number, key, second * SECOND, asks) for number, (key, second, asks) in enumerate(asked)
    )
    return sorted(found.prompts), sorted(found.failed), sorted(found.done)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ([("a", 0, True), ("a", 0, False)], ([0], [], [1])),  # Basic and Negotiate
        ([("a", 0, True), ("a", 0, True), ("a", 1, False)], ([0, 1], [], [2])),  # NTLM asks twice
        ([("a", 0, True), ("a", 0, True)], ([0], [1], [])),
        ([("a", 0, True), ("b", 0, True), ("a", 1, True), ("b", 1, False)], ([0, 1], [2], [3])),
        ([("a", 0, True)], ([0], [], [])),  # whoever has no login
        ([("a", 0, True), ("a", 60, True)], ([0, 1], [], [])),  # comes again, without one
        ([("a", 0, True), ("a", 60, False)], ([0], [], [])),
        ([("a", 0, False), ("a", 0, False)], ([], [], [])),
        ([("a", 0, True), ("a", 0, True), ("a", 1, True), ("a", 1, True)], ([0, 2], [1, 3], [])),
    ],
)  # fmt: skip
def test_every_second_refusal_in_a_row_is_a_login_that_failed(
    asked: list[tuple[str, int, bool]], expected: tuple[list[int], list[int], list[int]]
) -> None:
    assert rows(*asked) == expected
