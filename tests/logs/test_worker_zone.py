"""Workers in another time zone than their parent: seen, put right, and told; and nothing is seen where there is none."""

import gzip
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import logsleuth
from benchmarks import changes
from logsleuth.logs.format.sniff import in_its_own_zones, sniff
from logsleuth.logs.httpd.tokenize import tokenize
from logsleuth.logs.zones.workers import WorkerZone, followed, in_one_zone, worker_zone_of
from tests.middle.test_given_differently import gist, tell

SAMPLES = Path("sample_logs")
NAMES = ("stale-egg-24.log", "crash-prefork.log")
HEAD = "[Tue Mar 03 {:02d}:{:02d}:{:02d}.000000 2026] "
PARENTS = HEAD + "[mpm_prefork:notice] [pid 1:tid 1] AH00171: Graceful restart requested, doing restart\n"
WORKERS = HEAD + "[core:error] [pid {}:tid 7] [client 192.0.2.1:40001] AH00037: Symbolic link not allowed\n"


def skew_of(text: bytes) -> int | None:
    zone = worker_zone_of([text], tokenize, default=True)
    return None if zone is None else zone.ahead


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("minutes", [-1500, -420, -60, 60, 105, 345, 780])
def test_what_workers_write_elsewhere_is_put_right(name: str, minutes: int) -> None:
    text = (SAMPLES / name).read_text()
    elsewhere = changes.workers_elsewhere(text, timedelta(minutes=minutes))
    assert elsewhere != text
    zone = worker_zone_of([elsewhere.encode()], tokenize, default=True)
    assert zone is not None
    assert zone.ahead == minutes * 60
    whole = followed(elsewhere.encode().split(b"\n"), zone, tokenize)
    read = in_one_zone(tokenize, whole)
    times = [record.time for line in elsewhere.split("\n") if (record := read(line.encode()))]
    assert times == [tokenize(line.encode()).time for line in text.split("\n")]


@pytest.mark.parametrize("name", NAMES)
def test_it_is_the_same_story_and_the_report_says_so(name: str, tmp_path: Path) -> None:
    text = (SAMPLES / name).read_text()
    before = tell(text, tmp_path)
    after = tell(changes.workers_elsewhere(text), tmp_path)
    assert gist(after) == gist(before)
    assert [note for note in after.notes if "7 h behind" in note]
    assert not [note for note in before.notes if "time zone" in note]
    lines = changes.workers_elsewhere(text).split("\n")
    evidence = [one for one in after.incidents[0].evidence if one.line is not None]
    assert evidence
    assert all(one.text == lines[(one.line or 0) - 1] for one in evidence)


def test_the_first_lines_of_a_process_tell_which_zone_is_the_parents() -> None:
    """Of the parent itself the sample holds nothing."""
    text = "".join(
        WORKERS.format(14 + 2 * (second % 3 > 0), minute, second, 100 + minute * 10 + second // 6)
        for minute in range(10)
        for second in range(0, 60, 2)
    )
    assert skew_of(text.encode()) == 7200


def hourly(shift: int = 0) -> str:
    """A log of which each worker and the parent speak in turn, an hour apart."""
    return "".join(
        (PARENTS if hour % 2 else WORKERS).format(hour, (hour * shift) % 60, 0, 10 + hour) for hour in range(24)
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param((SAMPLES / "quiet-day.log").read_text(), id="a quiet day"),
        pytest.param(hourly(), id="silences of an hour"),
        pytest.param(hourly() + hourly(), id="two days of one name"),
        pytest.param(
            PARENTS.format(2, 59, 58) + WORKERS.format(2, 0, 1, 9) + PARENTS.format(2, 0, 9) + WORKERS.format(3, 0, 9, 9),
            id="the end of daylight saving time",
        ),
        pytest.param("", id="nothing"),
        pytest.param("[Tue Feb 31 14:02:11 2026] [error] no such day\n" * 9, id="no such day"),
    ],
)  # fmt: skip
def test_none_is_seen_where_there_is_none(text: str) -> None:
    assert skew_of(text.encode()) is None


def test_who_reads_lines_as_they_come_reads_them_as_they_are() -> None:
    elsewhere = changes.workers_elsewhere((SAMPLES / NAMES[0]).read_text()).encode()
    form = sniff(elsewhere, complete=True)
    assert form.skew == -7 * 3600
    assert in_its_own_zones(form).workers is None


def test_such_a_log_is_read_by_several_processes_and_packed_alike(tmp_path: Path) -> None:
    elsewhere = changes.workers_elsewhere((SAMPLES / NAMES[0]).read_text()).encode()
    (tmp_path / "error.log").write_bytes(elsewhere)
    (tmp_path / "error.log.gz").write_bytes(gzip.compress(elsewhere))
    told = [
        gist(logsleuth.analyze([tmp_path / name], tz="UTC", jobs=jobs))
        for name, jobs in (("error.log", 1), ("error.log", 2), ("error.log.gz", 1))
    ]
    assert told[0]
    assert told[0] == told[1] == told[2]


@given(
    st.lists(
        st.one_of(
            st.binary(max_size=40),
            st.sampled_from(
                [text.format(hour, 2, 11, 9).encode().strip() for text in (PARENTS, WORKERS) for hour in (0, 9, 23)]
            ),
        )
    ),
    st.integers(-100, 100),
)
def test_whatever_lines_there_are_nothing_but_a_workers_time_changes(lines: list[bytes], quarters: int) -> None:
    data = [line.replace(b"\n", b" ") for line in lines]
    worker_zone_of([b"\n".join(data)], tokenize, default=True)
    read = in_one_zone(tokenize, followed(data, WorkerZone(quarters * 900), tokenize))
    for line in data:
        before, after = tokenize(line), read(line)
        assert after is not None
        if before.time is not None and after.time != before.time:
            assert after.time == before.time - quarters * 900_000_000
            assert b"pid 1:" not in line
            after.time = before.time
        assert after == before


def in_docker(text: str) -> str:
    lines = text.rstrip("\n").split("\n")
    return "".join(
        json.dumps({"log": line + "\n", "stream": "stderr", "time": "2026-03-03T00:00:00Z"}) + "\n" for line in lines
    )


def iso(text: str) -> str:
    """The same log as `ErrorLogFormat "[%{cu}t] [%-m:%l] [pid %P] %M"` has it, with the time behind the level."""
    return re.sub(
        r"\[\w{3} (\w{3} \d\d \d\d:\d\d:\d\d\.\d{6}) (\d{4})\]( \[[\w:]+\])",
        lambda found: f"{datetime.strptime(found[2] + ' ' + found[1], '%Y %b %d %H:%M:%S.%f').isoformat(' ', 'microseconds')}{found[3]}",
        text,
    )  # fmt: skip


@pytest.mark.parametrize("layout", [in_docker, iso], ids=["docker", "ISO times in a format of one's own"])
def test_workers_are_put_right_in_every_layout(layout: Callable[[str], str], tmp_path: Path) -> None:
    text = (SAMPLES / NAMES[0]).read_text()
    formats = ("%{cu}t [%-m:%l] [pid %P:tid %T] %E: [client\\ %a] %M",) if layout is iso else ()
    stories = []
    for number, one in enumerate((text, changes.workers_elsewhere(text))):
        path = tmp_path / f"{number}.log"
        path.write_text(layout(one))
        stories.append(logsleuth.analyze([path], tz="UTC", log_formats=formats))
    plain, elsewhere = stories
    assert gist(elsewhere) == gist(plain)
    assert [note for note in elsewhere.notes if "7 h behind" in note]


BOOTED = [
    WORKERS.format(10, 0, 0, 7), PARENTS.format(10, 5, 0),
    PARENTS.format(12, 6, 0), WORKERS.format(12, 6, 1, 8), WORKERS.format(12, 6, 2, 9),
    WORKERS.format(10, 7, 0, 8), WORKERS.format(10, 7, 30, 9), WORKERS.format(10, 8, 0, 10),
]  # fmt: skip
"""The clock is two hours ahead from the boot until it is set."""


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(BOOTED, id="a clock that is set once after the boot"),
        pytest.param(BOOTED[2:], id="of which the log holds nothing before"),
        pytest.param([*BOOTED, PARENTS.format(10, 9, 0), *BOOTED[2:]], id="and once more"),
        pytest.param(BOOTED[:1] + BOOTED[2:], id="and nothing of the stop"),
    ],
)
def test_a_clock_that_is_set_is_no_zone(lines: list[str], tmp_path: Path) -> None:
    text = "".join(lines)
    assert skew_of(text.encode()) is None
    (tmp_path / "error.log").write_text(text)
    report = logsleuth.analyze([tmp_path / "error.log"], tz="UTC")
    assert [note for note in report.notes if "the time goes back" in note]
    assert not [note for note in report.notes if "another time zone" in note]
