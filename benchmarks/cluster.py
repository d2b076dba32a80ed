"""Hosts' logs on an S3 server, scanned by a Dask cluster whose workers are killed: python benchmarks/cluster.py.

The server (moto) and four workers are processes of their own on this machine. Two workers are killed by SIGKILL, the
first when a third of the bytes are scanned, the second at half. The report is compared byte for byte with that of one
process that reads the same objects. Exits with 1 if they differ, or if no worker was killed in time.

Of each log, every host has its own client addresses; in four logs of nine an outage is planted at the same time.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import logsleuth
from benchmarks.make_log import SHAPES, in_bytes, write
from logsleuth.report.render import render

if TYPE_CHECKING:
    from collections.abc import Iterator

BUCKET = "logs"
WORKERS = 4
PLANTED = 4
"""Of the shapes: those whose hosts have the outage."""
KILLED_AT = (1 / 3, 1 / 2)
"""Shares of all bytes that are scanned when a worker is killed."""
STARTING = 30
"""Seconds for the server to start."""
SECRETS = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "key", "AWS_DEFAULT_REGION": "us-east-1"}


@dataclass(slots=True)
class Killer:
    """Told of the bytes of each task that is done; kills workers when it is their time."""

    pids: list[int]
    total: int
    scanned: int = 0
    killed: list[float] = field(default_factory=list)
    """The share that was scanned when each was killed."""

    def __call__(self, size: int) -> None:
        """A task of this many bytes is done."""
        self.scanned += size
        share = self.scanned / self.total
        if len(self.killed) < len(KILLED_AT) and share >= KILLED_AT[len(self.killed)]:
            os.kill(self.pids[len(self.killed)], signal.SIGKILL)
            self.killed.append(share)


def main() -> None:
    """Fill the server, scan on the cluster and here, and print what it took and whether the reports are the same."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=200)
    parser.add_argument("--size", default="10M", help="bytes of each host's log, with K, M or G")
    chosen = parser.parse_args()
    with ExitStack() as stack:
        server = stack.enter_context(s3_server())
        total = fill(chosen.hosts, in_bytes(chosen.size))
        client = stack.enter_context(workers())
        killer = Killer(list(client.run(os.getpid).values()), total)
        began, before = time.perf_counter(), time.process_time()
        there = report(client, killer)
        wall, here = time.perf_counter() - began, time.process_time() - before
        peaks = sorted(client.run(peak).values())
        most = peak()
        began = time.process_time()
        alone = report("local")
        serial = time.process_time() - began
        of_server = peak(server.pid)
    killed = " and ".join(f"{share:.0%}" for share in killer.killed)
    print(f"{chosen.hosts} hosts, {total / 1e6:.0f} MB; workers killed at {killed}")
    print(f"{WORKERS} worker processes: {wall:.1f} s, of which this process worked {here:.1f} s", end="; ")
    print(f"one process alone: {serial:.1f} s of CPU")
    print(f"peak memory: this process {most:.0f} MB, a worker {peaks[-1]:.0f} MB, the S3 server {of_server:.0f} MB")
    same = there == alone
    print(f"reports of {len(alone) / 1e6:.1f} MB: {'the same bytes' if same else 'DIFFERENT'}")
    sys.exit(int(not same or len(killer.killed) < len(KILLED_AT)))


def report(engine: Any, progress: Any = None) -> str:  # noqa: ANN401 - a name, or a client of Dask's
    """The fleet's report as JSON."""
    found = logsleuth.analyze([f"s3://{BUCKET}/"], tz="UTC", jobs=1, engine=engine, progress=progress)
    return render(found, "json")


@contextmanager
def s3_server() -> Iterator[subprocess.Popen[bytes]]:
    """An S3 server on a free port of this machine; what looks for one by the environment finds it.

    It keeps objects beyond 5 MB in temporary files.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    os.environ.update(SECRETS, AWS_ENDPOINT_URL=f"http://127.0.0.1:{port}")
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + STARTING
        while not listens(port):
            if server.poll() is not None or time.monotonic() > until:
                sys.exit("the S3 server does not start: pip install 'moto[s3,server]' boto3")
            time.sleep(0.1)
        yield server
    finally:
        server.terminate()
        server.wait()


def listens(port: int) -> bool:
    """Whether something answers at a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def fill(hosts: int, size: int) -> int:
    """Put a log of each host into the bucket; the bytes of all."""
    import boto3

    client = boto3.client("s3")
    client.create_bucket(Bucket=BUCKET)
    total = 0
    with tempfile.TemporaryDirectory() as folder:
        for nth, shape in enumerate(SHAPES):
            path = Path(folder) / "error.log"
            with path.open("wb") as out:
                write(out, size, shape, "2.4", random.Random(nth + 1), plant=nth < PLANTED)
            log = path.read_bytes()
            for host in range(nth, hosts, len(SHAPES)):
                body = log.replace(b"client 198.51.100.", f"client 198.18.{host % 256}.".encode())
                client.put_object(Bucket=BUCKET, Key=f"web{host:04}/error.log", Body=body)
                total += len(body)
    return total


@contextmanager
def workers() -> Iterator[Any]:
    """A client of a cluster of processes, one thread each."""
    import distributed

    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # importing it sets its level
    with (
        distributed.LocalCluster(
            n_workers=WORKERS, threads_per_worker=1, dashboard_address="127.0.0.1:0",
            env={name: value for name, value in os.environ.items() if name.startswith("AWS_")},
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):  # fmt: skip
        yield client


def peak(pid: int | None = None) -> float:
    """MB that a process, or this one, has held at most."""
    status = Path(f"/proc/{pid or 'self'}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) * 1024 / 1e6


if __name__ == "__main__":
    main()
