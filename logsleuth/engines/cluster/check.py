"""Whether all workers can do their part, before anything is submitted: one line that names the way out, if not."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from logsleuth._version import __version__
from logsleuth.engines.cluster.pieces import MADE, portable
from logsleuth.engines.cluster.tasks import Fitness, fitness
from logsleuth.errors import LogsleuthError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from distributed import Client

    from logsleuth.logs.open.log import Log

PACKAGE = "logsleuth-httpd"
LOGS_TRIED = 20
"""Logs that each worker tries to read, evenly chosen: a folder or a bucket that is out of reach is noticed by few."""
WAIT = 10.0
"""Seconds for a first worker to appear."""
HERE_INSTEAD = "or leave --engine out"


def check_workers(client: Client, patterns: bytes, digest: str, logs: Sequence[Log]) -> int:
    """Ask each worker; the number of their threads. Raises LogsleuthError if one is not fit, or if there is none."""
    _check_versions(client)
    tried = [portable(log) for log in logs[:: max(len(logs) // LOGS_TRIED, 1)]]
    for worker, answer in sorted(client.run(fitness, patterns, tried, on_error="return").items()):
        if (error := unfit(worker, answer, digest)) is not None:
            raise error
    return sum(client.nthreads().values())


def unfit(worker: str, answer: object, digest: str) -> LogsleuthError | None:
    """Why a worker that gave this answer, or raised it, cannot do its part; None: it can."""
    if not isinstance(answer, Fitness) or answer.made != MADE or answer.digest != digest:
        return _another_version(worker, __version__)
    for path, why in answer.unreadable:
        return LogsleuthError(
            f"worker {worker} cannot read {path}: {why}",
            f"mount it there under the same path, name it by an address such as s3://, {HERE_INSTEAD}",
        )
    return None


def _check_versions(client: Client) -> None:
    """Ask for what is installed before any code of ours is asked for. Raises LogsleuthError."""
    try:
        client.wait_for_workers(1, timeout=WAIT)
    except TimeoutError:
        raise LogsleuthError(
            "the Dask scheduler has no workers", f"start some with `dask worker SCHEDULER:8786`, {HERE_INSTEAD}"
        ) from None
    for worker, found in sorted(client.run(version, PACKAGE, on_error="return").items()):
        if (error := unlike(worker, found, version(PACKAGE))) is not None:
            raise error


def unlike(worker: str, found: object, here: str) -> LogsleuthError | None:
    """Why a worker on which this version is installed cannot do its part. An error: none is installed."""
    if isinstance(found, BaseException):
        return LogsleuthError(
            f"worker {worker} has no logsleuth", f"install {PACKAGE}=={__version__} on all workers, {HERE_INSTEAD}"
        )
    return None if found == here else _another_version(worker, str(found))


def _another_version(worker: str, found: str) -> LogsleuthError:
    what = f"version {found}" if found != __version__ else "another build"
    return LogsleuthError(
        f"worker {worker} has {what} of logsleuth, and this is {__version__}",
        f"install the same on all workers and restart them, {HERE_INSTEAD}",
    )
