"""mod_evasive refuses addresses: a scanner's is its own trouble, a balancer's is everybody's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

import logsleuth

if TYPE_CHECKING:
    from pathlib import Path

START = datetime(2026, 3, 3, 9, 0, 0)
BLOCK = range(3600, 4500)
"""Seconds in which the address is refused."""
BALANCER, ATTACKER = "10.0.0.5", "203.0.113.9"


def logs(folder: Path, blocked: str, others: int) -> list[Path]:
    """An error log and an access log of two hours: `blocked` asks every 2 s, and so do `others` that are served."""
    errors = [
        f"[{_clock(0)}] [mpm_event:notice] [pid 900:tid 900] AH00489: Apache/2.4.62 (Debian) configured -- resuming normal operations"
    ]
    served = []
    for second in range(0, 7200, 2):
        for client in [blocked, *(f"198.51.100.{nth}" for nth in range(1, others + 1))]:
            refused = client == blocked and second in BLOCK
            served.append(_access(second, client, 403 if refused else 200))
            if refused:
                errors.append(
                    _error(second, client, "evasive20:error", "client denied by server configuration: /srv/www/")
                )
        if second % 100 == 0:
            errors.append(
                _error(second, blocked, "php:warn", "PHP Warning:  Undefined variable $x in /srv/www/x.php on line 3")
            )
    (folder / "error.log").write_text("\n".join(errors) + "\n")
    (folder / "access.log").write_text("\n".join(served) + "\n")
    return [folder / "error.log", folder / "access.log"]


def _clock(second: int) -> str:
    return (START + timedelta(seconds=second)).strftime("%a %b %d %H:%M:%S.000000 %Y")


def _error(second: int, client: str, module: str, text: str) -> str:
    return f"[{_clock(second)}] [{module}] [pid 901:tid 901] [client {client}:{40000 + second}] {text}"


def _access(second: int, client: str, status: int) -> str:
    time = (START + timedelta(seconds=second)).strftime("%d/%b/%Y:%H:%M:%S +0000")
    return f'{client} - - [{time}] "GET / HTTP/1.1" {status} 512 "-" "Mozilla/5.0"'


@pytest.mark.parametrize("given", [1, 2], ids=["error log alone", "with the access log"])
def test_a_balancer_that_is_refused_is_an_outage(tmp_path: Path, given: int) -> None:
    (incident,) = logsleuth.analyze(logs(tmp_path, BALANCER, 0)[:given], tz="UTC").incidents
    assert (incident.category, incident.causes[0].pattern) == ("permission-denied", "evasive.denied")
    assert incident.onset // 1_000_000 - int((START - datetime(1970, 1, 1)).total_seconds()) == BLOCK.start


def test_a_private_address_that_is_refused_while_others_are_served_is_its_own_trouble(tmp_path: Path) -> None:
    assert logsleuth.analyze(logs(tmp_path, BALANCER, 9), tz="UTC").incidents == ()


@pytest.mark.parametrize("given", [1, 2], ids=["error log alone", "with the access log"])
def test_an_attacker_that_is_refused_is_no_outage(tmp_path: Path, given: int) -> None:
    assert logsleuth.analyze(logs(tmp_path, ATTACKER, 9)[:given], tz="UTC").incidents == ()
