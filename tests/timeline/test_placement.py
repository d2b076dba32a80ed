"""Which clocks are put right: that of `dmesg -T` drifts, that of syslog is the host's own."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

import logsleuth

NOISE = "[Sat Jan 31 {}.000000 2026] [core:error] [pid {}:tid {}] [client 203.0.113.7:4711] AH00126: Invalid URI in request\n"
KILLED = "Out of memory: Killed process {} (apache2) total-vm:301232kB, anon-rss:88120kB, file-rss:0kB, shmem-rss:0kB\n"
DMESG, SYSLOG = "[Sat Jan 31 {} 2026] ", "Jan 31 {} vps kernel: [819736.1] "
WORKERS = (4101, 4102, 4103, 4104)


@pytest.mark.parametrize(("head", "onset"), [(DMESG, "20:02:20"), (SYSLOG, "20:03:00")], ids=["dmesg", "syslog"])
def test_only_the_clock_of_dmesg_is_put_right_by_the_last_words_of_the_dead(
    tmp_path: Path, head: str, onset: str
) -> None:
    error, kernel = tmp_path / "error.log", tmp_path / "kern.log"
    lines = [NOISE.format("19:30:00", 4001, 4001)]
    lines += [NOISE.format(f"20:02:{20 + n}", pid, pid) for n, pid in enumerate(WORKERS)]
    lines += [NOISE.format(f"20:{minute}:00", 4001, 4001) for minute in range(10, 59)]
    error.write_text("".join(lines))
    kernel.write_text("".join(head.format(f"20:03:0{n}") + KILLED.format(pid) for n, pid in enumerate(WORKERS)))
    report = logsleuth.analyze([error, kernel], tz="UTC")
    assert [incident.category for incident in report.incidents] == ["oom-kill"]
    begin = datetime.fromtimestamp(report.incidents[0].onset / 1_000_000, UTC)
    assert f"{begin:%H:%M:%S}" == onset
