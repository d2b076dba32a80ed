"""Workers that are killed in the middle, on a cluster of processes that read from a real S3 server on loopback."""

from __future__ import annotations

import logging
import os
import signal
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

import logsleuth
from logsleuth.report.render import render
from tests.fleet.fleets import THREE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from distributed import Client

distributed = pytest.importorskip("distributed", reason="the extra 'dask' is not installed")
moto = pytest.importorskip("moto.server", reason="there is no S3 server to read from")
pytest.importorskip("s3fs")
import dask  # noqa: E402
from distributed.utils import get_mp_context  # noqa: E402

NEEDED = ["distributed", "s3fs", "logsleuth.engines.cluster.tasks", "logsleuth.logs.open.stores.store"]
HOSTS = 8
TASKS_BEFORE = 3
"""Tasks that are done when workers are killed: most are not."""


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a few MB of logs of hosts."""
    import boto3

    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://{}:{}".format(*server.get_host_and_port()))
    for name, value in (("ACCESS_KEY_ID", "id"), ("SECRET_ACCESS_KEY", "key"), ("DEFAULT_REGION", "us-east-1")):
        monkeypatch.setenv(f"AWS_{name}", value)
    client = boto3.client("s3")
    client.create_bucket(Bucket="logs")
    samples = list(THREE.values())
    for number in range(HOSTS):
        body = samples[number % len(samples)].read_bytes()
        client.put_object(Bucket="logs", Key=f"web{number:02}/error.log", Body=body)
    yield "s3://logs/"
    server.stop()


@pytest.fixture
def processes(bucket: str) -> Iterator[Client]:
    """Four workers, each a process of its own, forked off a server that has imported what they need."""
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    found = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    with ExitStack() as stack:
        stack.enter_context(dask.config.set({"distributed.worker.multiprocessing-method": "forkserver"}))
        get_mp_context().set_forkserver_preload(NEEDED)
        cluster = distributed.LocalCluster(
            n_workers=4, threads_per_worker=1, dashboard_address="127.0.0.1:0", env=found
        )
        yield stack.enter_context(distributed.Client(stack.enter_context(cluster), set_as_default=False))


@pytest.mark.usefixtures("small")
def test_two_of_four_workers_killed_in_the_middle_change_nothing(processes: Client, bucket: str) -> None:
    victims = list(processes.run(os.getpid).values())[:2]
    done: list[int] = []

    def progress(size: int) -> None:
        done.append(size)
        if len(done) == TASKS_BEFORE:
            for pid in victims:
                os.kill(pid, signal.SIGKILL)

    there = render(logsleuth.analyze([bucket], tz="UTC", engine=processes, progress=progress), "json")
    assert there == render(logsleuth.analyze([bucket], tz="UTC", jobs=1), "json")
    assert len(done) > 3 * TASKS_BEFORE
