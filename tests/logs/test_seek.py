"""Seeking by time: the stretch that is read holds every line that is asked for, and little else."""

from __future__ import annotations

import io
import random
from datetime import UTC, datetime, timedelta

import pytest

from logsleuth.logs.httpd.tokenize import tokenize
from logsleuth.logs.open import seek
from logsleuth.logs.open.seek import Stretch, find_stretch

START = datetime(2020, 3, 3, tzinfo=UTC)
LINE = "[{:%a %b %d %H:%M:%S.%f %Y}] [core:error] [pid 7:tid 7] AH01630: client denied {}\n"
STEP = 5
"""Seconds between two lines."""


def second(line: int) -> int:
    return int(START.timestamp()) + line * STEP


def log_of(count: int, when: dict[int, int]) -> bytes:
    """A log of `count` lines; `when` says how many seconds some of them are off."""
    times = (START + timedelta(seconds=i * STEP + when.get(i, 0)) for i in range(count))
    return "".join(LINE.format(time, "x" * (i % 50)) for i, time in enumerate(times)).encode()


def lines_within(data: bytes, since: int | None, until: int | None) -> list[bytes]:
    def inside(line: bytes) -> bool:
        time = tokenize(line).time
        assert time is not None
        return (since is None or time // 1_000_000 >= since) and (until is None or time // 1_000_000 < until)

    return [line for line in data.splitlines() if inside(line)]


def jumbled(rng: random.Random) -> dict[int, int]:
    return {i: rng.randrange(-90, 1) for i in rng.sample(range(20_000), 3000)}


def in_two_zones(rng: random.Random) -> dict[int, int]:
    """Workers whose TIME_ZONE is five hours off write between the parent's lines, all day long."""
    return {i: -5 * 3600 for i in range(20_000) if rng.random() < 0.3}


def set_back(rng: random.Random) -> dict[int, int]:
    """The clock is set back by an hour in the middle."""
    return dict.fromkeys(range(rng.randrange(8000, 12000), 20000), -3600)


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seek, "FINE", 32 * 1024)
    monkeypatch.setattr(seek, "PROBED", 2 * 1024)


@pytest.mark.parametrize("disorder", [jumbled, in_two_zones, set_back, lambda _: {}])
@pytest.mark.parametrize("window", [(9000, 9500), (None, 300), (19_800, None), (0, 1), (25_000, 26_000), (-500, -400)])
def test_every_line_that_is_asked_for_is_in_the_stretch(
    disorder: object, window: tuple[int | None, int | None]
) -> None:
    assert callable(disorder)
    data = log_of(20_000, disorder(random.Random(1)))
    since, until = (None if line is None else second(line) for line in window)
    found = find_stretch(io.BytesIO(data), len(data), tokenize, since, until)
    inside = data[found.begin : found.end].split(b"\n")
    assert set(lines_within(data, since, until)) <= set(inside)


def test_little_else_is_read() -> None:
    data = log_of(20_000, {})
    found = find_stretch(io.BytesIO(data), len(data), tokenize, second(10_000), second(10_100))
    assert found.end - found.begin < 0.05 * len(data)


@pytest.mark.parametrize("data", [b"", b"x\n" * 50_000, b"x" * 100_000])
def test_a_log_without_times_is_read_whole(data: bytes) -> None:
    assert find_stretch(io.BytesIO(data), len(data), tokenize, 0, 1) == Stretch(0, len(data))
