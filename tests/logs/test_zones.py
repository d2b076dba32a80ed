"""The zone that an access log names is that of the error log beside it."""

from __future__ import annotations

from datetime import timedelta, timezone
from pathlib import Path  # noqa: TC003 - pytest reads the annotations

import pytest

import logsleuth
from logsleuth.errors import LogsleuthError
from logsleuth.logs.log import open_logs
from logsleuth.logs.zones import named_zone
from logsleuth.story.clock import zone

ERROR = "[Tue Mar 03 {:02d}:{:02d}:00.000000 2026] [core:error] [pid 61] [client 192.0.2.9:4000] AH00128: File does not exist: /x\n"
ACCESS = '192.0.2.9 - - [03/Mar/2026:{:02d}:{:02d}:00 {}] "GET /x HTTP/1.1" 404 196 "-" "curl/7.88.1"\n'


def logs_of(folder: Path, hour: int, *offsets: str) -> list[str]:
    """An error log of two hours from nine on, and access logs that begin at this hour."""
    paths = [folder / "error.log"]
    paths[0].write_text("".join(ERROR.format(9 + n // 60, n % 60) for n in range(120)))
    for offset in offsets:
        paths.append(folder / f"access{offset}.log")
        paths[-1].write_text("".join(ACCESS.format(hour + n // 60, n % 60, offset) for n in range(120)))
    return [str(path) for path in paths]


def test_it_is_read_from_there_and_told(tmp_path: Path) -> None:
    paths = logs_of(tmp_path, 9, "-0630")
    named = named_zone(open_logs(paths)[0])
    assert named is not None
    assert (named.zone, named.path) == (timezone(-timedelta(hours=6, minutes=30)), paths[1])
    report = logsleuth.analyze(paths)
    assert report.zone == "UTC-06:30"
    assert len({log.first for log in report.logs}) == 1
    assert any(note.startswith("Times are read in UTC-06:30, the zone that ") for note in report.notes)


def test_who_names_a_zone_is_obeyed_and_warned(tmp_path: Path) -> None:
    report = logsleuth.analyze(logs_of(tmp_path, 9, "-0630"), tz="Europe/Berlin")
    assert report.zone == "Europe/Berlin"
    assert any(note.startswith("Times are read in Europe/Berlin, as --tz says, though ") for note in report.notes)


@pytest.mark.parametrize(("hour", "offsets"), [(20, ["+0530"]), (9, ["+0530", "-0600"]), (9, [])])
def test_logs_of_another_time_or_of_several_zones_tell_nothing(tmp_path: Path, hour: int, offsets: list[str]) -> None:
    assert named_zone(open_logs(logs_of(tmp_path, hour, *offsets))[0]) is None


def test_zones_by_their_offset() -> None:
    assert zone("UTC-06:00") == zone("-0600") == timezone(timedelta(hours=-6))
    assert zone("+05:45") == timezone(timedelta(hours=5, minutes=45))
    for wrong in ("+25:00", "-6", "UTC+"):
        with pytest.raises(LogsleuthError, match="unknown time zone"):
            zone(wrong)
