"""The words of a kept line: its client."""

import pytest

from logsleuth.timeline.text import client_of

OLD, NEW = "[Fri Sep 04 14:30:04 2009] [error] ", "[Tue Mar 03 14:02:11.120001 2026] [core:error] [pid 7:tid 7] "


@pytest.mark.parametrize(
    ("line", "client"),
    [
        (OLD + "[client 192.0.2.7] boom", "192.0.2.7"),
        (OLD + "[client 2001:db8::7] boom", "2001:db8::7"),
        (OLD + "[client 2001:db8:0:0:0:0:0:7] boom", "2001:db8:0:0:0:0:0:7"),
        (NEW + "[client 192.0.2.7:40112] boom", "192.0.2.7"),
        (NEW + "[client 2001:db8::7:40112] boom", "2001:db8::7"),
        (NEW + "[client 2001:db8::7] boom", "2001:db8::7"),
        (NEW + "[remote [2001:db8::7]:40112] boom", "2001:db8::7"),
        (NEW + "[client ] boom", ""),
        (NEW + "[client 192.0.2.7", ""),
        (NEW + "boom", ""),
    ],
)
def test_the_client_of_a_line_has_no_port_and_loses_nothing_else(line: str, client: str) -> None:
    assert client_of(line) == client
