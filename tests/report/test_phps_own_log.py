"""Where PHP's own log is all that was read: it does not tell of starts and stops of httpd."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import logsleuth

if TYPE_CHECKING:
    from pathlib import Path

FATAL = "PHP Fatal error:  Uncaught Error: Call to undefined function price_of() in /srv/shop/cart.php:{line}"
OF_PHP = "[{day:02}-Mar-2020 14:{minute:02}:{second:02} UTC] "
OF_HTTPD = (
    "[Tue Mar {day:02} 14:{minute:02}:{second:02}.000000 2020] [php7:error] [pid 31] [client 192.0.2.{second}:4000] "
)


@pytest.mark.parametrize(
    ("head", "ended", "sought"),
    [
        (OF_PHP, "It cleared (PHP's own log does not tell of restarts of httpd)", "for reported changes."),
        (OF_HTTPD, "It cleared without a restart of httpd", "for restarts and reported changes."),
    ],
    ids=["PHP's own log", "a log of httpd's"],
)
def test_it_is_not_said_that_httpd_was_not_restarted(head: str, ended: str, sought: str, tmp_path: Path) -> None:
    times = [(1, 0, 0), *((3, nth // 6, nth % 6 * 10 + nth * 7 % 5) for nth in range(60)), (5, 0, 0)]
    lines = [
        f"{head.format(day=day, minute=minute, second=second)}"
        + (
            FATAL.format(line=second + 1)
            if day == 3
            else "PHP Notice:  Undefined index: size in /srv/shop/cart.php on line 9"
        )
        for day, minute, second in times
    ]
    (tmp_path / "error_log").write_text("".join(f"{line}\n" for line in lines))
    (incident,) = logsleuth.analyze([str(tmp_path / "error_log")], tz="UTC").incidents
    assert incident.summary[2].startswith(ended)
    assert sought in incident.chain[0].text
