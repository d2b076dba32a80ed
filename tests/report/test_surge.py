"""A surge of requests before an outage, read again from its access log: what stands out, and what does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import logsleuth

if TYPE_CHECKING:
    from pathlib import Path

NOON = 12 * 60
FLOOD = "198.51.100.{}"


def access(
    second: int, path: str, client: str, status: int = 200, agent: str = "Mozilla/5.0", method: str = "GET"
) -> tuple[int, str]:
    """A line of an access log, this many seconds after noon (or before)."""
    at = NOON * 60 + second
    clock = f"{at // 3600:02}:{at // 60 % 60:02}:{at % 60:02}"
    return second, f'{client} - - [03/Mar/2026:{clock} +0000] "{method} {path} HTTP/1.1" {status} 9 "-" "{agent}"\n'


def visitors() -> list[tuple[int, str]]:
    """A page every five seconds, by many, from two hours before noon on."""
    return [access(second, f"/page/{second % 7}", f"192.0.2.{second % 97 + 1}") for second in range(-7200, 900, 5)]


def flood(
    first: int,
    *,
    clients: int = 1,
    path: str = "/xmlrpc.php",
    step: int = 1,
    of: str = FLOOD,
    agents: int = 1,
    method: str = "GET",
) -> list[tuple[int, str]]:
    """Requests in each second, or every few, until five minutes after noon, by clients in turn."""
    clients = 250 if of == "198.51.{}.7" else clients
    return [
        access(
            second,
            path.format(second + 9000),
            of.format(second % clients + 1),
            200,
            f"bot/{second % agents + 1}",
            method,
        )
        for second in range(first, 300, step)
    ]


def burst(begin: int) -> list[tuple[int, str]]:
    """What one client asks for at once, every now and then; the last burst ends at noon."""
    return [access(second, "/feed", FLOOD.format(1)) for second in range(begin, begin + 700, 10)]


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
    return [one.split(" (")[0] for one in report.incidents[0].triggers]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (
            flood(-200),
            "Requests for /xmlrpc.php from one client, 198.51.100.1, with the user agent “bot/1” rose from 0 to 60 a minute",
        ),
        (
            flood(-200, clients=9),
            "Requests for /xmlrpc.php from the network 198.51.100.0/24 with the user agent “bot/1” rose from 0 to 60 a minute",
        ),
        (
            flood(-25),
            "Requests for /xmlrpc.php from one client, 198.51.100.1, with the user agent “bot/1” rose from 0 to 28 a minute",
        ),
        (
            flood(-1500, path="/news?{}", step=2, of="198.51.{}.7"),
            "Requests for /news with the user agent “bot/1” rose from 0 to 30 a minute",
        ),
        (
            flood(-500, path="/wiki/p{}", of="198.51.{}.7", agents=40),
            "Requests for what is below /wiki/ rose from 0 to 60 a minute",
        ),
        (flood(-500, path="/{}", of="198.51.{}.7", agents=40), "Requests rose from 12 to 72 a minute"),
        (
            flood(-500, path="/{}", clients=200, of="198.51.100.{}"),
            "Requests from the network 198.51.100.0/24 with the user agent “bot/1” rose from 0 to 60 a minute",
        ),
        (
            flood(-500, path="/{}", clients=200, of="2001:db8:7:1:a::{}"),
            "Requests from the network 2001:db8:7:1::/64 with the user agent “bot/1” rose from 0 to 60 a minute",
        ),
    ],
    ids=["a client", "a network", "just before", "a page", "a folder", "everything", "many pages", "IPv6"],
)
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
        [one for begin in range(-7000, 0, 900) for one in burst(begin)],
    ],
    ids=["always there", "one page with all that belongs to it", "few", "after the onset", "comes in bursts"],
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


@pytest.mark.parametrize(
    ("lines", "told", "advice"),
    [
        (
            flood(-500, path="/wiki?{}", of="2001:db8::{0:x}", clients=9999, agents=40),
            "(799 addresses, hardly any of which asked twice; 503 up to the onset, 296 more during the outage, which ended with them)",
            "Limits for each client do not help, as each address asks about once: refuse requests for /wiki of visitors",
        ),
        (
            flood(-500, path="/ticker", of="192.0.{}.7", clients=40, agents=40),
            "(40 addresses; 503 up to the onset, 296 more during the outage, which ended with them)",
            "Find out which page or program asks for /ticker so often",
        ),
        (
            flood(-500),
            "(503 up to the onset, ",
            "Find out who 198.51.100.1 is; refuse or slow down its requests",
        ),
        (
            flood(-500, of="192.0.{}.7", clients=14, method="POST"),
            "(14 addresses; 503 up to the onset, ",
            "This rate of POST requests to a login page means password guessing: block these 14 addresses (fail2ban, the firewall), or refuse /xmlrpc.php if nobody needs it; limit",
        ),
        (
            flood(-500, path="/account/login", method="POST"),
            "(503 up to the onset, ",
            "This rate of POST requests to a login page means password guessing: block this address (fail2ban, the firewall); limit",
        ),
        (  # of many, a few each
            flood(-500, path="/account/login", of="192.0.{}.7", clients=200, method="POST"),
            "(200 addresses; 503 up to the onset, ",
            "Find out which page or program asks for POST /account/login so often",
        ),
    ],
    ids=["once each", "often", "one client", "passwords", "passwords of one", "logins"],
)
def test_advice_fits_how_often_each_client_asks(
    tmp_path: Path, lines: list[tuple[int, str]], told: str, advice: str
) -> None:
    triggers(tmp_path, [*visitors(), *lines])
    report = logsleuth.analyze([str(tmp_path / "error.log"), str(tmp_path / "access.log")], tz="UTC")
    incident = report.incidents[0]
    assert told in incident.triggers[0]
    assert any(text.startswith(advice) for text in (*incident.actions.now, *incident.actions.again))
