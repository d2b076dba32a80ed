"""Clients that hold a full pool with requests that they never finish, by an access log alone."""

import random
from pathlib import Path

import pytest

import logsleuth
from logsleuth.report.compose.findings.slow_clients import Held, slow_clients
from logsleuth.units import SECOND

ONSET, OVER = 1000 * SECOND, 1300 * SECOND


def held(client: str, begin: int, took: float = 120.0, status: str = "408") -> Held:
    return Held(client, begin * SECOND, int(took * SECOND), status)


ATTACK = [held(f"198.51.100.{n % 3}", 995 + n // 5, status="400" if n % 4 == 3 else "408") for n in range(60)]
PAGES = [held(f"192.0.2.{n % 90}", 1000 + n, 0.4, "200") for n in range(250)]


def test_a_few_clients_that_held_most_of_the_time_are_the_reason() -> None:
    found = slow_clients([*ATTACK, *PAGES], ONSET, OVER)
    assert found is not None
    assert sorted(found.clients) == ["198.51.100.0", "198.51.100.1", "198.51.100.2"]
    assert (len(found.requests), found.at_once) == (60, 60)


@pytest.mark.parametrize(
    "asked",
    [
        PAGES,
        [*ATTACK[:15], *PAGES],  # a phone in a tunnel
        [*ATTACK, *(held("192.0.2.1", 1000 + n, 90.0, "200") for n in range(200))],  # pages are slow
        [held(f"192.0.2.{n}", 1000, 120.0) for n in range(60)],  # everybody: the network, no attack
        [held(f"198.51.100.{n % 3}", 100 + n) for n in range(60)],  # long before
        [held(f"198.51.100.{n % 3}", 1000 + n, 120.0, "400") for n in range(60)],  # no time limit ended them
    ],
)
def test_other_full_pools_have_another_reason(asked: list[Held]) -> None:
    assert slow_clients(asked, ONSET, OVER) is None


FULL = (
    "[Tue Mar 03 14:{:02}:{:02}.500000 2020] [mpm_worker:error] [pid 9:tid 9] AH00286: server reached MaxRequestWorkers "
    "setting, consider raising the MaxRequestWorkers setting"
)
STARTED = "[Tue Mar 03 13:00:00.500000 2020] [mpm_worker:notice] [pid 9:tid 9] AH00292: Apache/2.4.41 (Ubuntu) configured -- resuming normal operations"


def test_the_report_names_them_though_only_late_lines_tell_which_number_is_a_duration(tmp_path: Path) -> None:
    chance = random.Random(1)
    rows = [(n, n, f"192.0.2.{n % 200}", 200, chance.randrange(300, 900)) for n in range(3600)]
    rows += [(3000 + n // 5, 3120 + n // 5, f"198.51.100.{n % 3}", 408, 120_000_000 + n) for n in range(75)]
    rows = [row for row in rows if not 3020 <= row[0] < 3120 or row[3] == 408]
    lines = [
        f'{client} - - [03/Mar/2020:13:{begin // 60:02}:{begin % 60:02} +0000] "GET /?{begin} HTTP/1.1" {status} 1 "-" '
        f'"a" {took} {chance.randrange(1100, 1104)}'
        for begin, _, client, status, took in sorted(rows, key=lambda row: row[1])
    ]
    (tmp_path / "access.log").write_text("\n".join([*lines, ""]))
    (tmp_path / "error.log").write_text("\n".join([STARTED, FULL.format(50, 15).replace("14:50", "13:50"), ""]))
    (incident,) = logsleuth.analyze(sorted(tmp_path.iterdir())).incidents
    why = incident.summary[1]
    assert "held up to 75 workers at a time" in why
    assert all(f"198.51.100.{n}" in why for n in range(3))
    assert "75 ended with 408 after 2 min" in why
    assert any(link.role == "root cause" and "Slowloris" in link.text for link in incident.chain)
    assert all("None found" not in link.text for link in incident.chain)
