"""The journal's `-o json`: one object a line (systemd.journal-fields(7))."""

from __future__ import annotations

from logsleuth.bounded import json_object, number
from logsleuth.logs.wrappers.peeled import Peeled


def peel_journal(line: str) -> Peeled | None:
    """`journalctl -o json`; None: the line is none such."""
    outer = json_object(line)
    if outer is None:
        return None
    inner, time = _text(outer.get("MESSAGE")), outer.get("__REALTIME_TIMESTAMP")
    micros = number(time, 17) if isinstance(time, str) else None
    if inner is None or micros is None:
        return None
    pid = outer.get("SYSLOG_PID") or outer.get("_PID")
    program = outer.get("SYSLOG_IDENTIFIER") or outer.get("_COMM")
    host = outer.get("_HOSTNAME")
    return Peeled(
        inner, micros, 0, 6, program=program if isinstance(program, str) else None,
        pid=number(pid, 10) if isinstance(pid, str) else None,
        host=host if isinstance(host, str) else None,
    )  # fmt: skip


def _text(message: object) -> str | None:
    """A message; one that is not UTF-8 is an array of its bytes."""
    if isinstance(message, str):
        return message
    if isinstance(message, list) and all(isinstance(byte, int) and 0 <= byte < 256 for byte in message):
        return bytes(message).decode("utf-8", "backslashreplace")
    return None
