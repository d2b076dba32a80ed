"""A surge of requests before an outage, read again from its access log: what stands out, and what does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import logsleuth

if TYPE_CHECKING:
    from pathlib import Path

NOON = 12 * 60
FLOOD = "198.51.100.{}"


def access(second: int, path: str, client: str, status: int = 200, agent: str = "Mozilla/5.0") -> tuple[int, str]:
    """A line of an access log, this many seconds after noon (or before)."""
    at = NOON * 60 + second
    clock = f"{at // 3600:02}:{at // 60 % 60:02}:{at % 60:02}"
    return second, f'{client} - - [03/Mar/2026:{clock} +0000] "GET {path} HTTP/1.1" {status} 9 "-" "{agent}"\n'


def visitors() -> list[tuple[int, str]]:
    """A page every five seconds, by many, from two hours before noon on."""
    return [access(second, f"/page/{second % 7}", f"192.0.2.{second % 97 + 1}") for second in range(-7200, 900, 5)]


def flood(first: int, *, clients: int = 1, path: str = "/xmlrpc.php", step: int = 1) -> list[tuple[int, str]]:
    return [
        access(second, path, FLOOD.format(second % clients + 1), agent="bot/1") for second in range(first, 300, step)
    ]


def triggers(folder: Path, lines: list[tuple[int, str]]) -> list[str]:
    """What the report names as triggers of all workers being busy at noon, until a restart 15 minutes later."""
    full = "[Tue Mar 03 12:00:00.000000 2026] [mpm_prefork:error] [pid 77] AH00161: server reached MaxRequestWorkers setting, consider raising the MaxRequestWorkers setting\n"
    up = "[Tue Mar 03 {}:00.000000 2026] [mpm_prefork:notice] [pid 77] AH00163: Apache/2.4.57 (Debian) configured -- resuming normal operations\n"
    (folder / "error.log").write_text(up.format("09:00") + full)
    failed = [access(second, f"/page/{second % 7}", f"192.0.2.{second % 97 + 1}", 503) for second in range(10, 300, 3)]
    every = sorted([*lines, *failed])
    (folder / "access.log").write_text("".join(line for _, line in every))
    report = logsleuth.analyze([str(folder / "error.log"), str(folder / "access.log")], tz="UTC")
    assert len(report.incidents) == 1
    return [one.split(": ")[0] for one in report.incidents[0].triggers]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (flood(-200), "A surge of requests for GET /xmlrpc.php from one client, 198.51.100.1 with the user agent “bot/1”"),
        (flood(-200, clients=9), "A surge of requests for GET /xmlrpc.php from 9 clients of the network 198.51.100.0/24 with the user agent “bot/1”"),
        (flood(-25), "A surge of requests for GET /xmlrpc.php from one client, 198.51.100.1 with the user agent “bot/1”"),
    ],
    ids=["a client", "a network", "just before"],
)  # fmt: skip
def test_what_most_requests_have_in_common_and_hardly_any_had_before_is_told(
    tmp_path: Path, lines: list[tuple[int, str]], told: str
) -> None:
    assert triggers(tmp_path, [*visitors(), *lines]) == [told]


@pytest.mark.parametrize(
    "lines",
    [
        flood(-7200),
        [access(second, "/page/1", FLOOD.format(1)) for second in range(-20, 0)],
        flood(-200, step=40),
        flood(20),
    ],
    ids=["always there", "one page with all that belongs to it", "few", "after the onset"],
)
def test_what_is_no_surge_is_not_told(tmp_path: Path, lines: list[tuple[int, str]]) -> None:
    assert triggers(tmp_path, [*visitors(), *lines]) == []


def test_the_line_is_cited_by_its_number(tmp_path: Path) -> None:
    triggers(tmp_path, [*visitors(), *flood(-200)])
    report = logsleuth.analyze([str(tmp_path / "error.log"), str(tmp_path / "access.log")], tz="UTC")
    cited = next(one for one in report.incidents[0].evidence if "xmlrpc.php" in one.text)
    lines = (tmp_path / "access.log").read_text().split("\n")
    assert cited.line is not None
    assert lines[cited.line - 1] == cited.text
