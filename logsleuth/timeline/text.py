"""The words of a kept line: without its head, and with what varies masked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.logs.httpd.tokenize import CLIENT as CLIENT_FIELD
from logsleuth.regexes import regex
from logsleuth.scan.templates import mask
from logsleuth.scan.text import address_of, message_of

if TYPE_CHECKING:
    from logsleuth.scan.sighting import Sighting

PLAIN_CLIENT = regex(r"(\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5})?", re.ASCII)
"""An address of IPv4: nearly all are."""
CLIENT = regex(rb"^\[(?:client|remote) [^\]]*\] ")
PLACE_IN_CODE = regex(
    r"(?P<file>[A-Za-z_][\w.\-]{0,80}\.(?:rb|py|php|phtml|inc|p[lm]|js|ts|java|lua|erb|go|cc?|cpp))"
    r"(?:[:(](?P<line>\d{1,6})\b|[\"']?,? (?:on )?line (?P<number>\d{1,6})\b)",
    re.ASCII,
)
"""A file of code with the number of a line, as programs write it in errors and traces."""
HEAD_FIELDS = 4
"""Bracketed fields before the message, at the most: time, module and level, pid, client."""


def message(sighting: Sighting) -> str:
    """A line's text without its head."""
    raw = sighting.words.encode("utf-8", "replace")
    if sighting.dated and not sighting.inner:
        for _ in range(HEAD_FIELDS):
            if not raw.startswith(b"["):
                break
            close = raw.find(b"]")
            if close < 0:
                break
            raw = raw[close + 1 :].lstrip(b" ")
    raw = CLIENT.sub(b"", raw)  # the only field of a head in another format, or the last of one that names its host
    return message_of(raw).decode("utf-8", "replace")


def masked(sighting: Sighting) -> str:
    """A line's text without its head, with what varies masked."""
    return mask(message(sighting))


def masked_but_code(sighting: Sighting) -> str:
    """The same, with the name and line number of the first file of code that the line names: what a programmer needs.

    Without its folders, which may name a user or a customer.
    """
    text = message(sighting)
    short, place = mask(text), PLACE_IN_CODE.search(text)
    if place is None:
        return short
    named = f"{place['file']}:{place['line'] or place['number']}"
    return short if named in short else f"{short} (first at {named})"


def client_of(text: str) -> str:
    """The address of the client that a line names, without its port; '' if it names none."""
    found = CLIENT_FIELD.search(text)
    if found is None:
        return ""
    client = found["client"]
    if plain := PLAIN_CLIENT.fullmatch(client):
        return plain[1]
    return address_of(client.encode("utf-8", "replace"), ported="[pid " in text)
