"""Which engine is meant."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from logsleuth.engines.read import ThisMachine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from distributed import Client

    from logsleuth.engines.reading import Engine
    from logsleuth.library.pattern import Library

LOCAL = "local"


@contextmanager
def engine_of(
    wanted: str | Client, library: Library, jobs: int, progress: Callable[[int], None] | None = None
) -> Iterator[Engine]:
    """The engine that is named, or that of a client. Raises LogsleuthError if it is not to be had."""
    if wanted == LOCAL:
        yield ThisMachine(library, jobs, progress)
        return
    if not isinstance(wanted, str):
        yield _cluster(wanted, library, progress)
        return
    from logsleuth.engines.cluster.connect import connected  # noqa: PLC0415 - few runs have a cluster

    with connected(wanted, jobs) as client:
        yield _cluster(client, library, progress)


def _cluster(client: Client, library: Library, progress: Callable[[int], None] | None) -> Engine:
    from logsleuth.engines.cluster.engine import Cluster  # noqa: PLC0415 - the same

    return Cluster(client, library, progress)
