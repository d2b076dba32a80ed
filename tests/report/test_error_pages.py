"""Error pages with status 200, told by the one size that pages have only in an outage."""

import pytest

from logsleuth.report.compose.requests.error_pages import size_of_error_pages

PAGES = [(f"/page{number % 7}.php", 9000 + 13 * number) for number in range(300)]
"""Pages of which hardly two have one size."""
AROUND = [(path, size + 1) for path, size in PAGES]


def broken(number: int, size: int = 512) -> list[tuple[str, int]]:
    return [(f"/page{nth % 7}.php", size) for nth in range(number)]


@pytest.mark.parametrize(
    ("within", "around", "lines", "size"),
    [
        ([*PAGES, *broken(90)], AROUND, 90, 512),
        ([*PAGES, *broken(90)], AROUND, 180, 512),
        ([*PAGES, *broken(90)], AROUND, 40, 0),
        ([*PAGES, *broken(90)], AROUND, 5000, 0),
        ([*PAGES, *broken(90)], [*AROUND, *broken(1)], 90, 0),
        ([*PAGES, *broken(9)], AROUND, 9, 0),
        ([*PAGES, *[("/new.html", 512)] * 90], AROUND, 90, 0),
        ([], AROUND, 90, 0),
    ],
    ids=[
        "as many as lines", "two lines each", "fewer lines", "far more lines", "a page of that size before", "too few",
        "a new page", "no answers",
    ],
)  # fmt: skip
def test_error_pages_are_as_many_as_failures_and_have_one_size_that_no_page_had_before(
    within: list[tuple[str, int]], around: list[tuple[str, int]], lines: int, size: int
) -> None:
    assert size_of_error_pages(within, around, lines) == size
