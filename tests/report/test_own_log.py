"""Commands name the log that showed the fault, quoted; a packed log or a stream keeps the usual path."""

import pytest

from logsleuth.report.compose.own_log import commands

TEMPLATE = "grep -c {name} /var/log/apache2/error.log"


@pytest.mark.parametrize(
    ("log", "shown"),
    [
        ("/var/log/httpd/error_log", "grep -c shop /var/log/httpd/error_log"),
        ("my log; reboot", "grep -c shop 'my log; reboot'"),
        ("error.log.1.gz", "grep -c shop /var/log/apache2/error.log"),
        ("-", "grep -c shop /var/log/apache2/error.log"),
    ],
)
def test_a_command_reads_the_log_of_its_line(log: str, shown: str) -> None:
    (command,) = commands([TEMPLATE], {"name": "shop"}, log)
    assert str(command) == shown
