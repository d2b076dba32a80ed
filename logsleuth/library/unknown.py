"""What is true of a message that neither a pattern nor a card knows: its level, module and time say something.

httpd's levels are those of syslog (include/http_log.h): `emerg` is for what the server can't go on with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.values import NamedTuple

if TYPE_CHECKING:
    from logsleuth.library.pattern import About, Phase, Severity

SEVERITY: dict[str, Severity] = {
    "emerg": "critical", "alert": "critical", "crit": "major", "error": "minor", "": "minor", "warn": "minor",
}  # fmt: skip
"""The most that a message of a level can mean; the rest is information."""


class Unknown(NamedTuple):
    """What is true of a message whatever it says."""

    about: About
    phase: Phase
    severity: Severity
    meaning: str


def describe(module: str, level: str, *, has_client: bool, is_up: bool | None) -> Unknown:
    """What is true of a message of this module and level.

    `module`: '' if the line names none. `has_client`: the line names a client. `is_up`: whether the server had
    reported that it serves ("configured -- resuming normal operations"); None if that can't be known.
    """
    about: About = "request" if has_client else "server"
    phase: Phase = "serving" if has_client or is_up else "start"
    if is_up is None and level not in ("emerg", "alert"):
        phase = "serving"
    return Unknown(about, phase, SEVERITY.get(level, "info"), _meaning(module, level, about, is_up=is_up))


def _meaning(module: str, level: str, about: About, *, is_up: bool | None) -> str:
    who = f"The module {module}" if module else "httpd or one of its modules"
    if about == "request":
        return (
            f"{who} reports this about one client's request, at level {level or 'error'}; nothing more is known of it."
        )
    if level == "emerg" and is_up is False:
        return f"{who} reports an emergency before the server is up: the server did not start."
    if level == "emerg":
        return f"{who} reports an emergency: the server cannot start, or cannot go on."
    if level in ("alert", "crit"):
        where = " before the server is up" if is_up is False else ""
        return f"{who} reports a condition that needs action{where}; nothing more is known of it."
    if level in ("error", "warn", ""):
        return f"{who} reports a problem of the server, not of a request; nothing more is known of it."
    return f"{who} reports this for information; it is no failure."
