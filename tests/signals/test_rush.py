"""A rush of visitors that an error log alone shows: the limit of workers is reported once, and they are all busy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path  # noqa: TC003 - pytest reads the annotations
from typing import TYPE_CHECKING

import pytest

import logsleuth
from logsleuth.signals.rush import rushed_until
from logsleuth.timeline.model import Counts
from logsleuth.units import MINUTE, SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable

HOUR = 3600
RUSH = range(2 * HOUR, 2 * HOUR + 2700, 10)
QUIET = [*range(0, 2 * HOUR, 120), *range(2 * HOUR + 2700, 5 * HOUR, 90)]
AT = 2 * HOUR + 240
START = datetime(2026, 3, 3, tzinfo=UTC)


def until(seconds: Iterable[int], at: int = AT, end: int = 5 * HOUR) -> int | None:
    ordered = sorted(seconds)
    trace = Counts(SECOND, [(second * SECOND, 1) for second in ordered])
    found = rushed_until(trace, at * SECOND, ordered[0] * SECOND, end * SECOND)
    return found if found is None else (found - at * SECOND) // MINUTE


def test_a_rush_lasts_while_at_least_half_as_much_is_logged() -> None:
    assert until([*QUIET, *RUSH]) == 40


@pytest.mark.parametrize(
    ("seconds", "at", "end"),
    [
        (range(0, 5 * HOUR, 10), AT, 5 * HOUR),
        ([*QUIET, *RUSH, *range(4 * HOUR, 4 * HOUR + 600, 20)], AT, 5 * HOUR),
        ([*QUIET, *range(2 * HOUR, 2 * HOUR + 60)], AT, 5 * HOUR),
        ([*QUIET, *RUSH], HOUR, 5 * HOUR),
        ([second for second in (*QUIET, *RUSH) if second > 2 * HOUR - 600], AT, 3 * HOUR),
        (range(2 * HOUR, 2 * HOUR + 2700, 150), AT, 5 * HOUR),
    ],
    ids=["always", "again-later", "a-minute-of-it", "before-it", "less-than-an-hour-of-others", "too-few-lines"],
)
def test_what_is_logged_as_often_at_other_times_or_too_rarely_is_no_rush(
    seconds: Iterable[int], at: int, end: int
) -> None:
    assert until(seconds, at, end) is None


@pytest.mark.parametrize(("clients", "found"), [(60, ["worker-exhaustion"]), (2, [])])
def test_a_limit_that_is_reached_in_a_rush_of_many_clients_is_an_outage(
    tmp_path: Path, clients: int, found: list[str]
) -> None:
    notice = (
        "[php7:notice] [pid 20] [client 198.51.100.{}:40000] PHP Notice:  Undefined offset: 1 in /srv/a.php on line 2"
    )
    rows = [(second, notice.format(nth % clients)) for nth, second in enumerate([*QUIET, *RUSH])]
    limit = "AH00161: server reached MaxRequestWorkers setting, consider raising the MaxRequestWorkers setting"
    rows.append((AT, f"[mpm_prefork:error] [pid 1] {limit}"))
    path = tmp_path / "error.log"
    path.write_text(
        "".join(
            f"[{START + timedelta(seconds=second):%a %b %d %H:%M:%S.%f %Y}] {text}\n" for second, text in sorted(rows)
        )
    )
    assert [one.category for one in logsleuth.analyze([str(path)], tz="UTC").incidents] == found
