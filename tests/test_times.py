"""Times as people write them: the same in every command."""

from datetime import datetime

import pytest

from logsleuth.errors import LogsleuthError
from logsleuth.times import moment

NOW = datetime(2026, 3, 3, 14, 30)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2h", "2026-03-03 12:30"), ("1d 12h", "2026-03-02 02:30"), ("2 hours ago", "2026-03-03 12:30"), ("90 min", "2026-03-03 13:00"),
        ("1w", "2026-02-24 14:30"), ("now", "2026-03-03 14:30"), ("yesterday", "2026-03-02 00:00"), ("Yesterday 22:00", "2026-03-02 22:00"),
        ("today at 9:15", "2026-03-03 09:15"), ("midnight", "2026-03-03 00:00"), ("14:00", "2026-03-03 14:00"),
        ("2026-02-01", "2026-02-01 00:00"), ("2026-02-01 03:04:05", "2026-02-01 03:04:05"), ("900000d", "1970-01-01 00:00"),
    ],
)  # fmt: skip
def test_a_time_is_read_as_people_mean_it(text: str, expected: str) -> None:
    assert moment(text, "--since", NOW) == datetime.fromisoformat(expected)


def test_a_zone_that_is_written_stays() -> None:
    found = moment("2026-03-03T14:00:00+02:00", "--since", NOW)
    assert found is not None
    assert found.isoformat() == "2026-03-03T14:00:00+02:00"


def test_what_a_time_leaves_out_is_that_of_the_start() -> None:
    assert moment("12:00", "--after", NOW, datetime(2026, 2, 1, 6)) == datetime(2026, 2, 1, 12)


@pytest.mark.parametrize("text", [None, "", "  "])
def test_no_time(text: str | None) -> None:
    assert moment(text, "--since", NOW) is None


@pytest.mark.parametrize("text", ["nonsense", "3 fortnights", "25:99", "2026-13-01", "9" * 5000, "٣h", "yesterday x"])
def test_what_is_not_a_time_is_refused_with_examples(text: str) -> None:
    with pytest.raises(LogsleuthError, match=r"is not a time.*2 hours ago"):
        moment(text, "--since", NOW)
