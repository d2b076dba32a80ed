from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from distributed import Client

SMALL = 100_000
"""Bytes of a task, so that the samples are cut into many."""


@pytest.fixture(scope="package")
def client() -> Iterator[Client]:
    """A cluster of two workers within this process."""
    distributed = pytest.importorskip("distributed", reason="the extra 'dask' is not installed")
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=False, dashboard_address="127.0.0.1:0"
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as one,
    ):
        yield one


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Logs are cut into many tasks."""
    pieces = pytest.importorskip("logsleuth.engines.cluster.pieces")
    monkeypatch.setattr(pieces, "LARGEST", SMALL)
    monkeypatch.setattr(pieces, "BLOCK", SMALL)
