"""The exception that no pattern knows, beside the consequence that one knows."""

from pathlib import Path

import logsleuth
from tests.middle.shop import BROWSE, HOUR, JAMMED, QUEUE, STUCK, Log, day, told

TRACEBACK = ("Traceback (most recent call last):", '  File "/srv/shop/app.wsgi", line 2, in <module>')
LOADING = ("mod_wsgi (pid={pid}): Failed to exec Python script file '/srv/shop/app.wsgi'.",)
ROOT = "shop.stock.LedgerLocked: ledger 4711 is locked by audit"
CHAIN = (
    *TRACEBACK,
    ROOT,
    "",
    "The above exception was the direct cause of the following exception:",
    "",
    *TRACEBACK,
    "django.core.exceptions.ImproperlyConfigured: 'shop.db' isn't an available database backend",
)


def outage(*lines: str) -> Log:
    """Sixteen hours, and a minute in which each request ends with these lines."""
    log = Log().every(97, 0, 16 * HOUR, BROWSE)
    for second in range(60):
        client, pid = f"203.0.113.{second}", 200 + second % 8
        for nth, text in enumerate(lines):
            when = 9 * HOUR + second + nth / 10_000
            log.add(text, when, module="wsgi", client=client, pid=pid)
    return log


def told_of(log: Log, folder: Path) -> tuple[str, str, list[str]]:
    """Category, why, and the root cause's link."""
    (folder / "error.log").write_text(log.text())
    (incident,) = logsleuth.analyze([folder / "error.log"], tz="UTC").incidents
    return (
        incident.category or "",
        incident.summary[1],
        [link.text for link in incident.chain if link.role == "root cause"],
    )


def test_what_stopped_a_script_from_loading_is_quoted(tmp_path: Path) -> None:
    category, why, root = told_of(outage(*LOADING, *TRACEBACK, "shop.vault.SealedError: the vault is sealed"), tmp_path)
    assert category == "wsgi-load-failure"
    assert why.endswith("It comes with “shop.vault.SealedError: the vault is sealed”.")
    assert root == [
        "Perhaps “shop.vault.SealedError: the vault is sealed”; it comes with “The WSGI script could not be loaded”."
    ]


def test_of_chained_exceptions_the_first_is_the_reason(tmp_path: Path) -> None:
    category, why, root = told_of(outage(*CHAIN), tmp_path)
    assert category == "app-misconfigured"
    assert f"“{ROOT}”" in why
    assert root[0].startswith(f"Perhaps “{ROOT}”")


def test_one_known_exception_alone_has_no_other_reason(tmp_path: Path) -> None:
    category, why, _ = told_of(outage(*TRACEBACK, CHAIN[-1]), tmp_path)
    assert category == "app-misconfigured"
    assert "It comes with" not in why


def test_a_message_of_several_lines_is_one_event_and_quoted_whole(tmp_path: Path) -> None:
    flask = "[2026-03-03 15:00:00,123] ERROR in app: Exception on /till [GET]"
    message = ("RuntimeError: the till was made for another coin:", "Coin version: 9.2.0", "Till version: 9.1.1")
    (tmp_path / "error.log").write_text(outage(flask, *TRACEBACK, *message).text())
    (incident,) = logsleuth.analyze([tmp_path / "error.log"], tz="UTC").incidents
    assert incident.title == f"“{message[0]}”"
    assert f"“{message[0]}”, “{message[1]}” and “{message[2]}”." in incident.summary[1]
    said = [link.text for link in incident.chain] + [row.text for row in incident.timeline]
    assert not any("no known link" in text or "Unknown message" in text for text in said)
    assert any("Flask answered" in link.text for link in incident.chain if link.role == "symptom")


def test_a_fault_of_its_own_at_the_same_time_is_told_beside(tmp_path: Path) -> None:
    busy = day().every(0.4, 9 * HOUR, 9 * HOUR + 60, BROWSE)
    both = busy.every(1.3, 9 * HOUR, 9 * HOUR + 60, JAMMED).every(1.7, 9 * HOUR + 10, 9 * HOUR + 60, STUCK)
    (incident,) = told(both, tmp_path).incidents
    assert incident.summary[1].endswith(" At the same time: a lift is stuck.")
    known = day().every(1, 9 * HOUR, 9 * HOUR + 60, JAMMED).every(2, 9 * HOUR + 10, 9 * HOUR + 60, QUEUE)
    (incident,) = told(known, tmp_path).incidents
    assert "At the same time" not in incident.summary[1]
