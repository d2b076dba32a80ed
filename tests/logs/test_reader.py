"""No line ends a run: what a reader stumbles over is an unparsed line."""

from datetime import date

import pytest

from logsleuth.logs.format.reader import reader_of
from logsleuth.logs.format.sniff import Format
from logsleuth.logs.wrappers.wrapped import WRAPPERS
from logsleuth.logs.wrappers.wrapper import Wrapper

DEEP = (
    b'{"MESSAGE": "[Tue Mar 03 14:02:11 2020] [error] x", "__REALTIME_TIMESTAMP": "1583244131000000", "_PID": '
    + b"[" * 990
    + b"]" * 990
    + b"}"
)


@pytest.mark.parametrize("wrapper", WRAPPERS)
@pytest.mark.parametrize(
    "line", [DEEP, b"[" * 100_000, b"{" * 5000, b'{"log":' + b"9" * 5000 + b"}", b"\xff" * 5000, b"9" * 5000, b""]
)
def test_a_line_in_a_wrapper_is_read_or_passed_over(wrapper: str, line: bytes) -> None:
    read = reader_of(Format("httpd", "httpd", "", wrapper=Wrapper(wrapper)), date(2020, 3, 3))
    assert read is not None
    record = read(line)
    assert record is None or record.kind in {"bare", "unparsed", "continuation"}


def test_what_a_reader_stumbles_over_counts_as_unparsed(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: object) -> None:
        raise OverflowError

    monkeypatch.setitem(WRAPPERS, "syslog", stumble)
    read = reader_of(Format("httpd", "httpd", "", wrapper=Wrapper("syslog")), date(2020, 3, 3))
    assert read is not None
    record = read(b"Mar  3 14:02:11 web1 httpd[1]: [error] \xff")
    assert record is not None
    assert (record.kind, record.message) == ("unparsed", "Mar  3 14:02:11 web1 httpd[1]: [error] \\xff")
