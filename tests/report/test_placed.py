"""Where a log is that was given by its bare name."""

import pytest

from logsleuth.library.platforms import Platform
from logsleuth.report.compose.probe.placed import placed
from logsleuth.report.compose.probe.probe import Watched

XAMPP = r"AH00094: Command line: 'C:\\xampp\\apache\\bin\\httpd.exe -d C:/xampp/apache'"
SPACES = r"AH00094: Command line: 'c:\\httpd.exe -d C:\\Program Files\\Apache24 -f conf\\httpd.conf'"
TRACE = "exception at /var/www/shop/vendor/laravel/framework/src/Illuminate/Database/Connection.php:829"
RELEASED = TRACE.replace("shop/", "shop/releases/20240829135744/")


@pytest.mark.parametrize(
    ("path", "lines", "place"),
    [
        ("error.log", [XAMPP, XAMPP], r"C:\xampp\apache\logs\error.log"),
        ("access.log", [SPACES], r"C:\Program Files\Apache24\logs\access.log"),
        ("error.log", [XAMPP, SPACES], "error.log"),  # of two servers
        ("logs/error.log", [XAMPP], "logs/error.log"),
        ("shop.log", [XAMPP], "shop.log"),
        ("laravel.log", ["x", TRACE], "/var/www/shop/storage/logs/laravel.log"),
        ("laravel-2024-02-06.log", [RELEASED], "/var/www/shop/current/storage/logs/laravel-2024-02-06.log"),
        ("laravel.log", [TRACE, TRACE.replace("shop", "blog")], "laravel.log"),
        ("laravel.log", [], "laravel.log"),
        ("error.log", ["AH00094: Command line: '/usr/sbin/httpd -d /etc/httpd'"], "error.log"),
    ],
)
def test_lines_name_the_folder(path: str, lines: list[str], place: str) -> None:
    assert placed(path, lines) == place


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (r"D:\logs\apache\error.log", r"D:\logs\apache\error.log"),
        ("error.log", r"C:\path\to\error.log"),
        (r"C:\Users\anna\error.log", r"C:\path\to\error.log"),
        (r"C:\x\$(calc)\error.log", r"C:\path\to\error.log"),
    ],
)
def test_on_windows_a_path_stays_that_was_given(path: str, place: str) -> None:
    assert Watched(path).place(Platform("windows")) == place
