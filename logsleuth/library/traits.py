"""What a pattern says of itself by its other keys, where its file does not state its traits.

A file states what these defaults would get wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logsleuth.library.category import category_of
from logsleuth.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from logsleuth.library.category import Restart
    from logsleuth.library.pattern import About, Lasts, Names, Phase, Proof

BY_CATEGORY: dict[str, About] = {
    **dict.fromkeys(
        ("backend-down", "backend-timeout", "backend-reset", "backend-overloaded", "database-down"), "backend"
    ),
    **dict.fromkeys(("slow-client", "tls-handshake"), "client"),
    **dict.fromkeys(
        ("stale-egg", "segfault", "abort", "oom-kill", "wsgi-load-failure", "wsgi-daemon-crash", "wsgi-daemon-timeout"),
        "worker",
    ),
    **dict.fromkeys(
        (
            "config-error", "port-in-use", "parent-killed", "worker-exhaustion", "scoreboard-full", "fd-exhaustion",
            "thread-exhaustion", "process-limit", "memory-exhausted", "disk-full", "lock-failure", "log-pipe-failure",
            "tls-config", "dns-failure",
        ),
        "server",
    ),
}  # fmt: skip
"""Whose trouble a category is; the rest is a request's."""
BY_ROLE: dict[str, About] = {
    "noise": "client", "death": "worker", "spawn": "worker",
    **dict.fromkeys(("capacity", "restart", "shutdown", "recovery", "trigger"), "server"),
}  # fmt: skip
ENDS = frozenset({"cause", "shutdown"})
"""Roles of what ended the server, where one line proves it."""


class Traits(NamedTuple):
    """The six keys."""

    about: About
    proof: Proof
    lasts: Lasts
    phase: Phase
    names: Names
    restart: Restart


def traits_of(data: Mapping[str, Any]) -> Traits:
    """The traits of a pattern file's data: those it states, and what follows from its other keys for the rest."""
    defaults = Traits(
        _about(data), _proof(data), _lasts(data), _phase(data), names_of(data.get("role")), _restart(data)
    )
    return Traits(*(data.get(name, value) for name, value in defaults._asdict().items()))


def _about(data: Mapping[str, Any]) -> About:
    if "worker" in data or data.get("role") == "death":
        return "worker"
    if data.get("role") in BY_ROLE:
        return BY_ROLE[data["role"]]
    return "server" if data.get("alone") else BY_CATEGORY.get(data.get("category", ""), "request")


def _proof(data: Mapping[str, Any]) -> Proof:
    return "single" if data.get("alone") else "repeated"


def _lasts(data: Mapping[str, Any]) -> Lasts:
    if data.get("alone") and data.get("role") in ENDS:
        return "until-restart"
    return "until-exit" if data.get("worker", {}).get("state") in ("poisoned", "hung") else "event"


def _phase(data: Mapping[str, Any]) -> Phase:
    if data.get("role") == "shutdown" and not data.get("alone"):
        return "stop"
    return "start" if data.get("alone") or data.get("role") == "recovery" else "serving"


def _restart(data: Mapping[str, Any]) -> Restart:
    """What is said to be behind httpd is not restarted with it."""
    return "does-not-help" if data.get("about") == "backend" else category_of(data.get("category")).restart


def names_of(role: str | None) -> Names:
    """What a message of some role names, unless its own words only say what failed."""
    return "fault" if role == "cause" else "failure"
