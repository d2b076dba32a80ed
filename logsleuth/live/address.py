"""`--metrics [HOST]:PORT`: where a watch listens."""

from __future__ import annotations

import re

from logsleuth.errors import LogsleuthError
from logsleuth.values import dataclass

LOCAL = "127.0.0.1"
"""The figures name logs and causes: who wants to show them to others says so."""
WRITTEN = re.compile(r"(?:(?:\[(?P<six>[0-9a-fA-F:.]+(?:%\w+)?)\]|(?P<host>[\w.-]+))?:)?(?P<port>\d{1,5})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen."""

    host: str
    port: int
    """0: any that is free."""

    @classmethod
    def of(cls, written: str) -> Address:
        """The address that '9108', ':9108', 'host:9108' or '[::1]:9108' means. Raises LogsleuthError (exit code 2)."""
        found = WRITTEN.fullmatch(written)
        if found is None or int(found["port"]) > 65535:
            raise LogsleuthError(f"not an address to listen on: '{written}'", "write it as :9108 or 127.0.0.1:9108")
        return cls(found["six"] or found["host"] or LOCAL, int(found["port"]))

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
