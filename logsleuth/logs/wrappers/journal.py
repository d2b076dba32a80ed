"""The journal's `-o json`: one object a line (systemd.journal-fields(7))."""

from __future__ import annotations

import json
from typing import Any

from logsleuth.logs.wrappers.peeled import Peeled


def peel_journal(line: str) -> Peeled | None:
    """`journalctl -o json`; None: the line is none such."""
    if not line.startswith("{"):
        return None
    try:
        outer = json.loads(line)
    except ValueError:
        return None
    inner, time = _text(outer.get("MESSAGE")), outer.get("__REALTIME_TIMESTAMP")
    if inner is None or not isinstance(time, str) or not time.isdecimal() or len(time) > 17:
        return None
    pid = outer.get("SYSLOG_PID") or outer.get("_PID")
    program = outer.get("SYSLOG_IDENTIFIER") or outer.get("_COMM")
    host = outer.get("_HOSTNAME")
    return Peeled(
        inner, int(time), 0, 6, program=program if isinstance(program, str) else None,
        pid=int(pid) if isinstance(pid, str) and pid.isdecimal() and len(pid) <= 10 else None,
        extra={"host": host} if isinstance(host, str) else {},
    )  # fmt: skip


def _text(message: Any) -> str | None:  # noqa: ANN401 - any JSON
    """A message; one that is not UTF-8 is an array of its bytes."""
    if isinstance(message, str):
        return message
    if isinstance(message, list) and all(isinstance(byte, int) and 0 <= byte < 256 for byte in message):
        return bytes(message).decode("utf-8", "backslashreplace")
    return None
