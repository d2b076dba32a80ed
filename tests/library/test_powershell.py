"""Commands for Windows: said in PowerShell, with no value that is more than one argument."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logsleuth.library.commands import Command
from logsleuth.library.load import shipped_library
from logsleuth.library.platforms import Platform, as_there, commands
from logsleuth.library.powershell import command, translated, word

WINDOWS = Platform("windows")
ARGUMENT = re.compile("(?:[^'\u2018\u2019\u201a\u201b]|(['\u2018\u2019\u201a\u201b])\\1)*")
"""What may stand between single quotes: a quote only doubled (about_Quoting_Rules)."""


@pytest.mark.parametrize(
    ("unix", "windows"),
    [
        ("tail -20 {log}", "Get-Content {log} -Tail 20"),
        ("grep 'exit signal' {log} | tail", "Select-String -Path {log} -Pattern 'exit signal' | Select-Object -Last 10"),
        ("grep -c 'is off' {log}", "(Select-String -Path {log} -Pattern 'is off').Count"),
        ("ls -lZ {path}", "icacls {path}"),
        ("apachectl configtest", "httpd -t"),
        ("apachectl -M | grep -iE \"wsgi|python\"", "httpd -M | Select-String 'wsgi|python'"),
        ("nc -vz -w 3 {host} {port}", "Test-NetConnection {host} -Port {port}"),
        ("curl -sv http://{backend}/ -o /dev/null", "curl.exe -sv http://{backend}/ -o NUL"),
        ("php -m", "php -m"),
        ("netstat -ano | findstr LISTENING", "netstat -ano | findstr LISTENING"),
        ("dmesg -T | grep -i segfault", None),
        ("ls -l /proc/$(pgrep -o apache2)/fd", None),
        ("journalctl -u apache2 -n 30", None),
    ],
)  # fmt: skip
def test_a_command_is_translated_or_left_out(unix: str, windows: str | None) -> None:
    assert translated(unix) == windows


def test_nothing_of_unix_is_left_in_the_commands_of_any_pattern_on_windows() -> None:
    foreign = re.compile(
        r"/dev/null|/proc/|/var/|/etc/|\b(?:sudo|systemctl|grep|dmesg|awk|xargs|apachectl|journalctl)\b"
    )
    templates = [t for pattern in shipped_library().patterns for t in pattern.explain.confirm]
    there = [said for template in templates if (said := as_there(template, WINDOWS)) is not None]
    assert len(there) > 100
    assert not [said for said in there if foreign.search(said)]


def test_nothing_of_windows_is_shown_on_linux() -> None:
    assert as_there("netstat -ano | findstr LISTENING", Platform("debian")) is None
    assert as_there("(Get-NetTCPConnection -State TimeWait).Count", Platform("red-hat")) is None


def test_the_port_and_the_log_are_those_of_the_log() -> None:
    made = commands(
        ['ss -ltnp "sport = :{port}"', "tail -5 error.log"], {"port": "80"}, r"C:\Apache 24\error.log", WINDOWS
    )
    assert made == (
        "Get-NetTCPConnection -State Listen -LocalPort 80 | Format-Table LocalAddress, LocalPort, OwningProcess",
        r"Get-Content 'C:\Apache 24\error.log' -Tail 5",
    )  # fmt: skip


@given(st.text(max_size=40))
def test_a_value_is_one_argument_or_left_out(value: str) -> None:
    shown = command("icacls {path}", {"path": value}).removeprefix("icacls ")
    if shown == "PATH" or re.fullmatch(r"(?!-)[A-Za-z0-9_:./\\-]+", shown):
        return
    assert shown[0] == shown[-1] == "'"
    assert ARGUMENT.fullmatch(shown[1:-1])
    assert '"' not in shown
    assert shown.isprintable()


@pytest.mark.parametrize("value", ["a;b", "$(calc)", "a`b", "x | y", "a,b", "@x", "a&b", "é"])
def test_signs_of_powershell_are_quoted(value: str) -> None:
    assert command("icacls {path}", {"path": value}) == f"icacls '{value}'"


def test_a_value_within_another_word_is_filled_in_only_where_it_is_plain() -> None:
    assert command("curl.exe http://{backend}/", {"backend": "10.0.0.1:8080"}) == "curl.exe http://10.0.0.1:8080/"
    assert command("curl.exe http://{backend}/", {"backend": "x;calc"}) == "curl.exe http://BACKEND/"


def test_a_value_that_looks_like_an_option_is_none() -> None:
    assert command("icacls {path}", {"path": "-x"}) == "icacls ./-x"


def test_typographic_quotes_are_quotes_as_well() -> None:
    assert word("a\u2019b") == "'a\u2019\u2019b'"


def test_a_redacted_command_stays_one_of_powershell() -> None:
    made = Command("icacls {path}", (("path", r"C:\a"),), "powershell")
    assert made.with_values(lambda _: "b c") == "icacls 'b c'"


@pytest.mark.parametrize(
    ("template", "there"),
    [
        ("(Get-NetTCPConnection -State TimeWait).Count", 'netstat -ano | find /c "TIME_WAIT"'),
        ("ss -ltnp", "netstat -ano | findstr LISTENING"),
        ('ss -ltnp "sport = :{port}"', "netstat -ano | findstr :{port}"),
        ("free -m", "systeminfo | findstr /C:Memory"),
        ("getent hosts {host}", "nslookup {host}"),
        ("tail -50 {log}", None),
        ("httpd -t", "httpd -t"),
    ],
)
def test_a_windows_of_an_old_httpd_has_no_newer_cmdlets(template: str, there: str | None) -> None:
    assert as_there(template, Platform("windows", is_old=True)) == there
