"""`--metrics [HOST]:PORT`: where a watch shows its figures to Prometheus, and whether it still reads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from logsleuth.errors import LogsleuthError

if TYPE_CHECKING:
    from logsleuth.live.exposition import Exposition

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


def exposition(address: Address, limit: float) -> Exposition:
    """The metrics at an address, served from when it is entered; healthy while all logs were read `limit` seconds ago.

    Raises LogsleuthError: exit code 2 if the library is missing or there is no such host, 3 if the port is taken.
    """
    try:
        from logsleuth.live.exposition import Exposition  # noqa: PLC0415 - an extra, that few need
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] != "prometheus_client":
            raise
        raise LogsleuthError(
            "--metrics needs the package prometheus_client", "pip install 'logsleuth[metrics]'"
        ) from None
    return Exposition(address, limit)
