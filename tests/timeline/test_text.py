"""The words of a kept line: its client."""

import pytest

from logsleuth.scan.sighting import Sighting
from logsleuth.timeline.text import client_of, masked, masked_but_code

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


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("/srv/anna/config/shop.rb:7:in `<main>'", "(first at shop.rb:7)"),
        ("#0 /home/anna/cart.php(17): add()", "(first at cart.php:17)"),
        ('File "/srv/till.py", line 41, in pay', "(first at till.py:41)"),
        ("failed to open stream in /srv/a.inc on line 3", "(first at a.inc:3)"),
        ("till 7 of example.org:8080 is jammed", ""),  # a host and a port are no file of code
    ],
)
def test_the_place_in_the_code_survives_the_mask_without_its_folders(words: str, shown: str) -> None:
    line = Sighting(0, 0, 0, 0, 0, "", "error", 1, 0, 0, f"[Tue Mar 03 14:02:11 2009] [error] {words}")
    found = masked_but_code(line)
    assert found == (f"{masked(line)} {shown}" if shown else masked(line))
    assert "anna" not in found
