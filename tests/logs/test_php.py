"""PHP's own error_log: a zone on each line, and traces on lines of their own."""

import io

import pytest

from logsleuth.logs.others.php import joined_traces, offset_in, read

NOON = 1_590_408_000
"""2020-05-25 12:00, as seconds since 1970 of a local clock."""
TRACE = b"""[25-May-2025 20:06:59 UTC] PHP Fatal error:  Uncaught Error: x in /srv/x.php:7
Stack trace:
#0 /srv/x.php(7): f()
#1 {main}
  thrown in /srv/x.php on line 7
[25-May-2025 20:07:59 UTC] PHP Warning:  y in /srv/x.php on line 9
a line of a script
#0 of something else
"""


@pytest.mark.parametrize(
    ("zone", "hours"),
    [("UTC", 0), ("Europe/Berlin", 2), ("America/New_York", -4), ("Nowhere/Land", None), ("..", None)],
)
def test_the_offset_of_a_zone_at_a_time(zone: str, hours: int | None) -> None:
    assert offset_in(zone, NOON) == (None if hours is None else hours * 3600)


def test_a_zone_that_no_machine_knows_is_kept_as_text() -> None:
    record = read("[25-May-2025 20:06:59 Nowhere/Land] PHP Notice:  x")
    assert record is not None
    assert (record.offset, record.extra) == (None, {"zone": "Nowhere/Land"})


@pytest.mark.parametrize(
    "text", ["[15-Feb-2021 08:31:49] NOTICE: fpm is running", "[99-Feb-2021 08:31:49] PHP Notice:  x", ""]
)
def test_other_lines_are_not_php_s(text: str) -> None:
    assert read(text) is None


def test_a_trace_is_put_on_the_line_of_its_error() -> None:
    lines = list(joined_traces(io.BytesIO(TRACE)))
    assert len(lines) == TRACE.count(b"\n"), "lines keep their numbers"
    first, *rest = [line for line in lines if line]
    assert first.endswith(rb"x.php:7\nStack trace:\n#0 /srv/x.php(7): f()\n#1 {main}\n  thrown in /srv/x.php on line 7")
    assert rest == TRACE.splitlines()[5:]
