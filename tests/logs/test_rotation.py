"""Rotated sets are read in the order in which they were written, and no part of them twice."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from logsleuth import analyze
from logsleuth.errors import LogsleuthError
from logsleuth.logs.open.log import Log, open_logs
from logsleuth.logs.open.rotation import family


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("error.log", "error.log"),
        ("error.log.1", "error.log"),
        ("/var/log/error.log.12.gz", "/var/log/error.log"),
        ("error_log-20200303", "error_log"),
        ("error_log-20200303.xz", "error_log"),
        ("error_log-20200303-1583193600.gz", "error_log"),
        ("error.log.2020-03-03", "error.log"),
        ("error.log.2020-03-03-14_05", "error.log"),
        ("error.log.1583193600", "error.log"),
        ("error.log.old", "error.log"),
        ("shop-error.log", "shop-error.log"),
        ("shop2-error.log", "shop2-error.log"),
        ("web-7.error.log", "web-7.error.log"),
    ],
)
def test_the_name_of_a_set_is_what_rotation_leaves_of_it(path: str, name: str) -> None:
    assert family(path) == name


def lines(day: int, count: int = 3, who: str = "core") -> bytes:
    begin = datetime(2020, 3, day, tzinfo=UTC)
    times = (begin + timedelta(seconds=i) for i in range(count))
    return "".join(f"[{t:%a %b %d %H:%M:%S.%f %Y}] [{who}:error] [pid 7] day {day}\n" for t in times).encode()


def names(folder: Path, *chosen: str) -> list[str]:
    return [Path(log.path).name for log in open_logs([str(folder / name) for name in chosen])[0]]


def test_a_set_is_ordered_by_the_times_inside_whatever_it_is_called(tmp_path: Path) -> None:
    (tmp_path / "error.log").write_bytes(lines(3))
    (tmp_path / "error.log.1").write_bytes(lines(1))  # moved about by hand
    (tmp_path / "error.log.2.gz").write_bytes(gzip.compress(lines(2)))
    (tmp_path / "shop_error.log").write_bytes(lines(1, who="cgi"))
    for order in permutations(["error.log", "error.log.1", "error.log.2.gz"]):
        assert names(tmp_path, "shop_error.log", *order) == [
            "shop_error.log", "error.log.1", "error.log.2.gz", "error.log",
        ]  # fmt: skip


def test_a_copy_is_left_out_with_a_word(tmp_path: Path) -> None:
    (tmp_path / "error.log").write_bytes(lines(1, 500))
    (tmp_path / "error.log.bak").write_bytes(lines(1, 400))
    (tmp_path / "error.log.1.gz").write_bytes(gzip.compress(lines(1, 500)))
    (tmp_path / "error.log.2").write_bytes(lines(2, 500))
    logs, left_out = open_logs([str(path) for path in tmp_path.iterdir()])
    assert [Path(log.path).name for log in logs] == ["error.log", "error.log.2"]
    assert [reason.replace(f"{tmp_path}/", "") for reason in left_out] == [
        "error.log.1.gz: a copy of error.log", "error.log.bak: a copy of error.log",
    ]  # fmt: skip


def test_the_order_in_which_the_parts_are_named_does_not_matter(tmp_path: Path) -> None:
    whole = Path("sample_logs/stale-egg-2009.log").read_bytes().splitlines(keepends=True)
    third = len(whole) // 3
    for number, part in enumerate((whole[: 2 * third], whole[2 * third :])):
        (tmp_path / f"error.log.{number + 7}").write_bytes(b"".join(part))
    paths = [str(tmp_path / f"error.log.{number}") for number in (7, 8)]
    one, other = analyze(paths, tz="UTC"), analyze(paths[::-1], tz="UTC")
    assert one == other
    assert one.incidents[0].category == "stale-egg"


def test_a_log_that_is_rotated_away_while_it_is_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "error.log"
    path.write_bytes(lines(1, 500))

    def rotated(found: list[Log]) -> list[Log]:
        path.rename(tmp_path / "error.log.1")
        path.write_bytes(lines(2, 500))
        return found

    monkeypatch.setattr("logsleuth.logs.open.log.in_order", rotated)
    with pytest.raises(LogsleuthError, match="rotated while it was being read"):
        analyze([str(path)], tz="UTC")


def test_a_log_that_is_truncated_while_it_is_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "error.log"
    path.write_bytes(lines(1, 500))

    def truncated(found: list[Log]) -> list[Log]:
        path.write_bytes(lines(1, 10))
        return found

    monkeypatch.setattr("logsleuth.logs.open.log.in_order", truncated)
    assert any("shrank while it was being read" in note for note in analyze([str(path)], tz="UTC").notes)
