"""How many failures would be usual is a question of the sites that were asked for, and not of all together."""

import pytest

from logsleuth.report.compose.requests.earlier import Before

BEFORE = Before(40, 1000, 1, by_host={"shop": (40, 200), "blog": (0, 800)})


@pytest.mark.parametrize(
    ("asked", "usual"),
    [
        ({"shop": 200, "blog": 800}, 40),
        ({"blog": 1000}, 0),  # the site whose requests always fail was hardly asked for
        ({"shop": 1000}, 200),
        ({"shop": 10, "new": 500}, 2),
        ({}, 0),
    ],
)
def test_what_is_usual_goes_by_site(asked: dict[str, int], usual: int) -> None:
    assert BEFORE.usual_among(asked) == usual
