"""From what a user names to a client of a Dask cluster."""

from __future__ import annotations

import logging
import re
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from logsleuth.errors import LogsleuthError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from distributed import Client

_SCHEDULER = re.compile(r"dask://(?P<address>[^/\s]+:\d{1,5})/?")
NO_PORT = "127.0.0.1:0"
"""Of the dashboard, which nobody asked for: any that is free, on this machine alone."""
ANSWER = 10
"""Seconds for the scheduler to answer."""


@contextmanager
def connected(engine: str, jobs: int) -> Iterator[Client]:
    """A client of the cluster that is meant: 'dask' or 'dask://SCHEDULER:8786'. Raises LogsleuthError.

    'dask' is a cluster within this process, of `jobs` threads; it needs no port and leaves no process behind.
    """
    named = _SCHEDULER.fullmatch(engine)
    if named is None and engine != "dask":
        raise LogsleuthError(f"there is no engine '{engine}'", "there are local, dask and dask://SCHEDULER:8786")
    try:
        from distributed import Client, LocalCluster  # noqa: PLC0415 - an extra
    except ImportError:
        raise LogsleuthError("Dask is not installed", "pip install 'logsleuth-httpd[dask]'") from None
    with _quiet(), ExitStack() as stack:
        if named is None:
            cluster = LocalCluster(n_workers=1, threads_per_worker=jobs, processes=False, dashboard_address=NO_PORT)
            yield stack.enter_context(Client(stack.enter_context(cluster), set_as_default=False))
        else:
            yield stack.enter_context(_client(Client, named["address"]))


@contextmanager
def _quiet() -> Iterator[None]:
    """Nothing of Dask's own on standard error: what goes wrong there is dealt with here."""
    logger = logging.getLogger("distributed")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


def _client(make: type[Client], address: str) -> Client:
    try:
        return make(address, timeout=ANSWER, set_as_default=False)
    except (OSError, ValueError) as error:
        raise LogsleuthError(
            f"no Dask scheduler answers at {address}: {error}", "start one with `dask scheduler`, or leave --engine out"
        ) from None
