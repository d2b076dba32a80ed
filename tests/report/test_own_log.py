"""Commands name the log that showed the fault, quoted; a packed log or a stream keeps the usual path."""

import pytest

from logsleuth.report.compose.detection import monit
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


@pytest.mark.parametrize(
    ("log", "shown"),
    [
        ("/var/log/httpd/error_log", "ps -C httpd; grep -rn Listen /etc/httpd; systemctl restart httpd"),
        ("/var/log/apache2/error.log", "ps -C apache2; grep -rn Listen /etc/apache2; systemctl restart apache2"),
        ("error.log", "ps -C apache2; grep -rn Listen /etc/apache2 /etc/httpd; systemctl restart apache2"),
    ],
)
def test_a_command_has_the_names_of_the_logs_distribution(log: str, shown: str) -> None:
    template = "ps -C apache2; grep -rn Listen /etc/apache2 /etc/httpd; systemctl restart apache2"
    (command,) = commands([template], {}, log)
    assert str(command) == shown


def test_the_probe_names_the_service_of_the_logs_distribution() -> None:
    there = monit("/var/log/httpd/error_log")
    assert "apache2" not in there
    assert "systemctl restart httpd" in there
    assert "httpd" not in monit("/var/log/apache2/error.log").replace("logsleuth", "")
