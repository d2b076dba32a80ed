"""Whether no backend stands out: then what ails them is something that they share."""

from __future__ import annotations

import pytest

from logsleuth.causes.alike import failed_alike
from tests.causes.test_same_object import REFUSES, line, signal

ONE, OTHER = "192.0.2.1:8080", "192.0.2.2:8080"


@pytest.mark.parametrize(
    ("backends", "alike"),
    [
        ([ONE, OTHER] * 5, ("192.0.2.1", "192.0.2.2")),
        ([f"http://{ONE}/app", "[2001:db8::1]:80"] * 5, ("192.0.2.1", "2001:db8::1")),
        ([ONE, ONE, OTHER] * 5, ("192.0.2.1", "192.0.2.2")),  # half as often is as often
        ([ONE, ONE, ONE, OTHER] * 5, ()),  # a third is not
        ([ONE] * 5 + [OTHER] * 5, ()),  # first the one, then the other
        ([ONE, OTHER] * 2, ()),  # too few lines
        ([ONE, "192.0.2.1:8081"] * 5, ()),  # one machine
        ([ONE, ""] * 5, ()),
    ],
)
def test_backends_failed_alike_if_each_did_as_often_as_any_and_all_the_time(
    backends: list[str], alike: tuple[str, ...]
) -> None:
    lines = [line(nth, backend=backend) for nth, backend in enumerate(backends)]
    assert failed_alike(signal(REFUSES, *lines)) == alike
