"""Request Tracker's lines, which are in UTC whatever zone the server is in."""

from datetime import date

from logsleuth.logs.console.reader import read_line
from logsleuth.logs.others.rt import read


def test_a_line_of_rt_names_its_process_and_is_in_utc() -> None:
    record = read("[1290] [Fri Mar  3 07:58:34 2017] [critical]: Connect Failed (/opt/rt4/lib/RT.pm:390)")
    assert record is not None
    assert (record.pid, record.level, record.offset, record.time) == (1290, "crit", 0, 1_488_527_914_000_000)
    assert record.message == "Connect Failed (/opt/rt4/lib/RT.pm:390)"


def test_it_is_known_among_httpds_own_lines() -> None:
    reading = read_line("[1290] [Fri Mar  3 07:58:34 2017] [error]: FAILED LOGIN for root", date(2017, 3, 4))
    assert reading.source == "httpd"
    assert reading.record is not None
    assert (reading.record.pid, reading.record.offset) == (1290, 0)


def test_httpds_own_line_is_none() -> None:
    assert read("[Fri Mar 03 08:58:34 2017] [error] [client 192.0.2.7] File does not exist: /srv") is None
