"""Lines of a real log made fit to be published: names and addresses become those set aside for documentation."""

from __future__ import annotations

import ipaddress
import re

from logsleuth.authoring.lint.addresses import real_names
from logsleuth.redaction.pseudonyms import Pseudonyms

PSEUDONYM = re.compile(r"\b(host|mail|user|secret)-(\d+)\b")


class StandIns:
    """The same stand-in for the same name, in all the texts that it is given.

    It knows the addresses, hosts, users and secrets that the report's redaction knows. Paths and an application's
    own words stay: their author should look through them.
    """

    def __init__(self) -> None:
        self._names = Pseudonyms()
        self._hosts: dict[str, str] = {}

    def text(self, text: str) -> str:
        """A text with stand-ins."""
        text = self._names.text(text)
        given = self._names.given
        text = PSEUDONYM.sub(lambda found: _stand_in(found, given.get(found[0], "")), text)
        for name in sorted(real_names(text), key=len, reverse=True):
            text = text.replace(name, self._hosts.setdefault(name, f"host{len(self._hosts) + 1}.example.net"))
        return text


def _stand_in(found: re.Match[str], value: str) -> str:
    """A pseudonym in the shape of what it replaces."""
    kind, number = found[1], int(found[2])
    if kind == "mail":
        return f"user{number}@example.org"
    if kind != "host":
        return found[0]
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return f"host{number}.example.org"
    return f"192.0.2.{number % 255}" if address.version == 4 else f"2001:db8::{number:x}"
