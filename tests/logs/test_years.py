"""Lines that name no year are of the year that the other logs of the run name."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import logsleuth
from logsleuth.logs.open.log import open_logs

ERROR = "[{:%a %b %d %H:%M:%S.%f %Y}] [mpm_prefork:notice] [pid 100:tid 100] AH00169: caught SIGTERM, shutting down\n"
KERNEL = "{:%b %e %H:%M:%S} web01 kernel: [123.456789] Out of memory: Killed process 501 (apache2) total-vm:1kB\n"
COPIED = datetime(2026, 11, 29, tzinfo=UTC)


def begins(folder: Path, **logs: tuple[str, datetime]) -> list[datetime]:
    """When each of these logs starts; all of them were copied on the same day."""
    for name, (text, when) in logs.items():
        (folder / f"{name}.log").write_text(text.format(when))
        os.utime(folder / f"{name}.log", (COPIED.timestamp(),) * 2)
    opened, _ = open_logs([str(folder / f"{name}.log") for name in logs])
    times = {Path(log.path).stem: log.begins for log in opened}
    return [datetime.fromtimestamp((times[name] or 0) / 1_000_000, UTC) for name in logs]


@pytest.mark.parametrize(
    ("error", "kernel"),
    [
        (datetime(2024, 3, 3, 6, tzinfo=UTC), datetime(2024, 3, 3, 9, tzinfo=UTC)),
        (datetime(2024, 12, 31, 6, tzinfo=UTC), datetime(2025, 1, 1, 9, tzinfo=UTC)),
        (datetime(2025, 1, 1, 6, tzinfo=UTC), datetime(2024, 12, 31, 9, tzinfo=UTC)),
        (datetime(2026, 11, 28, 6, tzinfo=UTC), datetime(2026, 11, 28, 9, tzinfo=UTC)),
    ],
    ids=["two years ago", "over New Year", "from before New Year", "this year"],
)
def test_a_log_without_years_is_of_the_year_of_the_others(error: datetime, kernel: datetime, tmp_path: Path) -> None:
    assert begins(tmp_path, error=(ERROR, error), kern=(KERNEL, kernel)) == [error, kernel]


LONG = ERROR.replace("{:", "{0:") + ERROR.replace("{:", "{1:")


@pytest.mark.parametrize(
    "kernel",
    [datetime(2018, 12, 31, 9, tzinfo=UTC), datetime(2019, 1, 1, 9, tzinfo=UTC), datetime(2018, 2, 27, 9, tzinfo=UTC)],
    ids=["months after its start", "in its second year", "just before its start"],
)
def test_it_is_of_the_year_in_which_a_log_of_many_months_was_written(kernel: datetime, tmp_path: Path) -> None:
    first, last = datetime(2018, 3, 1, 6, tzinfo=UTC), datetime(2019, 2, 1, 6, tzinfo=UTC)
    text = LONG.format(first, last)
    assert begins(tmp_path, error=(text, first), kern=(KERNEL, kernel)) == [first, kernel]


def test_alone_it_is_of_the_year_of_the_files_last_change(tmp_path: Path) -> None:
    found = begins(tmp_path, kern=(KERNEL, datetime(2024, 3, 3, 9, tzinfo=UTC)))
    assert found == [datetime(2026, 3, 3, 9, tzinfo=UTC)]


JOB = "{:%b %e %H:%M:%S} web01 CRON[{}]: (root) CMD (/srv/jobs/count.sh > /dev/null)\n"
RELOAD = "{:%b %e %H:%M:%S} web01 apache2[23203]: Reloading web server: apache2.\n"


def test_what_a_syslog_says_of_httpd_is_of_the_year_of_its_other_lines(tmp_path: Path) -> None:
    begin = datetime(2015, 5, 25, 6, 26, tzinfo=UTC)
    lines = [JOB.format(begin + timedelta(minutes=nth), 5000 + nth) for nth in range(1400)]
    syslog = tmp_path / "syslog.1"
    syslog.write_text("".join([*lines, RELOAD.format(begin + timedelta(minutes=1400))]))
    error = tmp_path / "error.log"
    error.write_text(ERROR.format(datetime(2015, 5, 26, 19, tzinfo=UTC)))
    for path in (syslog, error):
        os.utime(path, (COPIED.timestamp(),) * 2)
    report = logsleuth.analyze([str(error), str(syslog)], tz="UTC")
    read = [
        datetime.fromtimestamp(time / 1_000_000, UTC) for log in report.logs for time in (log.first, log.last) if time
    ]
    assert {time.year for time in read} == {2015}
