"""The words of a kept line: without its head, and with what varies masked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.regexes import regex
from logsleuth.scan.templates import mask
from logsleuth.scan.text import message_of

if TYPE_CHECKING:
    from logsleuth.scan.sighting import Sighting

CLIENT = regex(rb"^\[(?:client|remote) [^\]]*\] ")
HEAD_FIELDS = 4
"""Bracketed fields before the message, at the most: time, module and level, pid, client."""


def message(sighting: Sighting) -> str:
    """A line's text without its head."""
    raw = sighting.words.encode("utf-8", "replace")
    if sighting.inner:
        raw = CLIENT.sub(b"", raw)
    elif sighting.dated:
        for _ in range(HEAD_FIELDS):
            if not raw.startswith(b"["):
                break
            close = raw.find(b"]")
            if close < 0:
                break
            raw = raw[close + 1 :].lstrip(b" ")
    return message_of(raw).decode("utf-8", "replace")


def masked(sighting: Sighting) -> str:
    """A line's text without its head, with what varies masked."""
    return mask(message(sighting))


def client_of(text: str) -> str:
    """The client that a line names, without its port; empty: none."""
    at = max(text.find("[client "), text.find("[remote "))
    if at < 0:
        return ""
    named = text[at + 8 : text.find("]", at)]
    return named.rsplit(":", 1)[0] if ":" in named else named
