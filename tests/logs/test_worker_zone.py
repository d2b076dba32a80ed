"""Workers in another time zone than their parent: seen, put right, and told; and nothing is seen where there is none."""

import gzip
import io
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import logsleuth
from benchmarks import changes
from logsleuth.logs.sniff import in_its_own_zones, sniff
from logsleuth.logs.worker_zone import put_right, skew_of
from tests.story.test_given_differently import gist, tell

SAMPLES = Path("sample_logs")
NAMES = ("stale-egg-24.log", "crash-prefork.log")
HEAD = "[Tue Mar 03 {:02d}:{:02d}:{:02d}.000000 2026] "
PARENTS = HEAD + "[mpm_prefork:notice] [pid 1:tid 1] AH00171: Graceful restart requested, doing restart\n"
WORKERS = HEAD + "[core:error] [pid {}:tid 7] [client 192.0.2.1:40001] AH00037: Symbolic link not allowed\n"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("minutes", [-1500, -420, -60, 60, 105, 345, 780])
def test_what_workers_write_elsewhere_is_put_right(name: str, minutes: int) -> None:
    text = (SAMPLES / name).read_text()
    elsewhere = changes.workers_elsewhere(text, timedelta(minutes=minutes)).encode()
    assert elsewhere != text.encode()
    skew = skew_of([elsewhere])
    assert skew == minutes * 60
    assert b"".join(line + b"\n" for line in put_right(io.BytesIO(elsewhere), skew)) == text.encode()


@pytest.mark.parametrize("name", NAMES)
def test_it_is_the_same_story_and_the_report_says_so(name: str, tmp_path: Path) -> None:
    text = (SAMPLES / name).read_text()
    before = tell(text, tmp_path)
    after = tell(changes.workers_elsewhere(text), tmp_path)
    assert gist(after) == gist(before)
    assert [note for note in after.notes if "7 h behind" in note]
    assert not [note for note in before.notes if "time zone" in note]
    one, other = (report.incidents[0].evidence[0] for report in (before, after))
    assert (one.line, one.text) == (other.line, other.text)


def test_the_first_lines_of_a_process_tell_which_zone_is_the_parents() -> None:
    """Of the parent itself the sample holds nothing."""
    text = "".join(
        WORKERS.format(14 + 2 * (second % 3 > 0), minute, second, 100 + minute * 10 + second // 6)
        for minute in range(10)
        for second in range(0, 60, 2)
    )
    assert skew_of([text.encode()]) == 7200


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
    assert skew_of([text.encode()]) is None


def test_who_reads_lines_as_they_come_reads_them_as_they_are() -> None:
    elsewhere = changes.workers_elsewhere((SAMPLES / NAMES[0]).read_text()).encode()
    form = sniff(elsewhere, complete=True)
    assert form.skew == -7 * 3600
    assert in_its_own_zones(form).rewrite is None


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


@pytest.mark.parametrize("skew", [-7200, 7200])
@pytest.mark.parametrize("year", ["0000", "0001", "1969", "9999"])
@pytest.mark.parametrize("of_day", ["Jan 01 00:10:00", "Dec 31 23:50:00"])
def test_damaged_dates_are_no_harm(year: str, of_day: str, skew: int) -> None:
    line = f"[Tue {of_day} {year}] [core:error] [pid 9] AH00037: x".encode()
    (after,) = put_right(io.BytesIO(line + b"\n"), skew)
    assert len(after) == len(line)


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
def test_lines_are_as_many_and_as_long_as_before(lines: list[bytes], quarters: int) -> None:
    data = b"".join(line.replace(b"\n", b" ") + b"\n" for line in lines)
    skew_of([data])
    after = [len(line) for line in put_right(io.BytesIO(data), quarters * 900)]
    assert after == [len(line) for line in data.split(b"\n")[:-1]]
