"""A web site of one's own: real Apache, real nginx, on ports of this machine only; all of it ends with the test."""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import shutil
import signal
import socket
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

SBIN = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
MODULES = (Path("/usr/lib/apache2/modules"), Path("/usr/lib64/httpd/modules"))
BASE = ("authz_core", "authz_host", "dir", "mime", "alias", "env", "setenvif", "reqtimeout")
PATIENCE = 20.0
"""Seconds for what should come at once: a machine that runs many tests is slow."""


def need(*names: str) -> None:
    """Skip the test, loudly, where one of these programs or Apache modules is missing."""
    missing = [name for name in names if not (module(name) if name.startswith("mod_") else program(name))]
    if missing:
        pytest.skip(f"NOT TESTED WITH A REAL APACHE: {', '.join(missing)} missing; see CONTRIBUTING.md")


def program(name: str) -> str:
    """The path of a program; empty: it is not here."""
    return shutil.which(name, path=SBIN) or ""


def module(name: str) -> Path | None:
    """The file of an Apache module such as 'mod_wsgi'."""
    return next((path for folder in MODULES if (path := folder / f"{name}.so").exists()), None)


def free_port() -> int:
    """A port of this machine that nobody uses at the moment.

    Below those that systems hand out by themselves: one of these may be a connection's before the server listens.
    """
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)
        with contextlib.suppress(OSError), socket.socket() as listener:
            listener.bind(("127.0.0.1", port))
            return port


def until(condition: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Wait until something is so, or fail."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited {seconds:g} s in vain: {what}"
        time.sleep(0.05)


@dataclass
class Answers:
    """What clients got, with the time of each answer in seconds since 1970."""

    given: list[tuple[float, int]] = field(default_factory=list)
    """Status; 0: none came."""

    def failed(self) -> list[float]:
        """When requests failed."""
        return [at for at, status in self.given if not 200 <= status < 500]

    def lately(self, seconds: float) -> list[int]:
        """The statuses of the last seconds."""
        return [status for at, status in self.given if at > time.time() - seconds]


class Site:
    """Apache under a folder, in the foreground; `conf` is what its configuration holds besides, `env` its environment."""

    def __init__(
        self,
        folder: Path,
        mpm: str,
        modules: Sequence[str] = (),
        conf: str = "",
        workers: str = "",
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.port = free_port()
        self.log = folder / "error.log"
        self.env = env or {}
        self.answers = Answers()
        self._load: list[threading.Thread] = []
        self._turns: list[threading.Lock] = []
        self._ending = threading.Event()
        self._running: list[subprocess.Popen[bytes]] = []
        folder.chmod(0o755)
        for name in ("htdocs", "run"):
            (folder / name).mkdir()
        (folder / "htdocs" / "index.html").write_text("hello")
        self.conf = folder / "httpd.conf"
        self.conf.write_text(self._configuration(mpm, modules, conf, workers))

    def _configuration(self, mpm: str, modules: Sequence[str], conf: str, workers: str) -> str:
        loaded = [f"mpm_{mpm}", *BASE, *modules]
        load = [f"LoadModule {name}_module {module(f'mod_{name}')}" for name in loaded]
        user = ["User www-data", "Group www-data"] if os.geteuid() == 0 else []
        return "\n".join([
            f"ServerRoot {self.folder}", f"Listen 127.0.0.1:{self.port}", "ServerName www.example.org",
            f"PidFile {self.folder}/run/pid", f"Mutex file:{self.folder}/run default",
            f"DefaultRuntimeDir {self.folder}/run", f"ScoreBoardFile {self.folder}/run/scoreboard", *user, *load,
            "TypesConfig /dev/null", f"ErrorLog {self.log}", "LogLevel info", f"DocumentRoot {self.folder}/htdocs", "Timeout 10", workers,
            f"<Directory {self.folder}>", "Require all granted", "</Directory>",
            conf.replace("FOLDER", str(self.folder)), "",
        ])  # fmt: skip

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        for thread in self._load:
            thread.join(PATIENCE)
        with contextlib.suppress(Exception):
            self.stop()
        for process in reversed(self._running):
            end(process)
        subprocess.run(["pkill", "-KILL", "-f", str(self.conf)], check=False)

    def apachectl(self, order: str) -> None:
        """Give httpd one of its orders: start, stop, graceful."""
        command = [program("apache2"), "-f", str(self.conf), "-k", order]
        subprocess.run(command, check=True, timeout=PATIENCE, env={**os.environ, **self.env})

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.apachectl("start")
        until(lambda: self.get("/") == 200, f"Apache answers; its log: {self.log.read_text()[-2000:]}")

    def stop(self) -> None:
        """Stop it, and wait until it is gone: the pid file goes a moment before the socket does."""
        self.apachectl("stop")
        until(lambda: not (self.folder / "run" / "pid").exists() and not self._listens(), "Apache stops")

    def _listens(self) -> bool:
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0

    def run(self, *command: str) -> subprocess.Popen[bytes]:
        """Start another program, which ends with the site; what it says goes to a file named after it."""
        with (self.folder / f"{Path(command[0]).name}.out").open("ab") as out:
            process = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True, cwd=self.folder)
        self._running.append(process)
        return process

    def get(self, path: str, port: int = 0, timeout: float = 5) -> int:
        """The status of one request; 0: there was no answer."""
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=timeout)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def visit(self, *paths: str, port: int = 0, clients: int = 3, pause: float = 0.05) -> None:
        """Let clients come, until the site ends."""

        def client(number: int, turn: threading.Lock) -> None:
            chance = random.Random(number)
            while not self._ending.is_set():
                with turn:
                    status = self.get(chance.choice(paths), port)
                self.answers.given.append((time.time(), status))
                self._ending.wait(pause * chance.uniform(0.5, 1.5))

        for number in range(clients):
            self._turns.append(threading.Lock())
            self._load.append(threading.Thread(target=client, args=(number, self._turns[-1]), daemon=True))
            self._load[-1].start()

    @contextlib.contextmanager
    def without_clients(self) -> Iterator[None]:
        """Let no client come meanwhile, once those who are there have their answers."""
        with contextlib.ExitStack() as stack:
            for turn in self._turns:
                stack.enter_context(turn)
            yield

    def text(self) -> str:
        """The error log as it is now."""
        return self.log.read_text(errors="replace")


def end(process: subprocess.Popen[bytes]) -> None:
    """End a program and all that it started."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(3)
            return
