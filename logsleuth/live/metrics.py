"""The metrics' server, where its library is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.errors import LogsleuthError

if TYPE_CHECKING:
    from logsleuth.live.address import Address
    from logsleuth.live.exposition import Exposition


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
            "--metrics needs the package prometheus_client", "pip install 'logsleuth-httpd[metrics]'"
        ) from None
    return Exposition(address, limit)
