"""Other outages of a real Apache, told while they happen; and a quiet run, in which nothing is."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from datetime import UTC
from pathlib import Path  # noqa: TC003 - pytest reads the annotations

import pytest

from logsleuth.live import saved
from logsleuth.live.ledger import Ledger
from logsleuth.logs.httpd.layout.given import no_layouts
from tests.live.fed import MATCHER
from tests.real.site import Site, end, free_port, need, program, until
from tests.real.watched import Watched, check, incidents

PREFORK = "StartServers 3\nMinSpareServers 2\nMaxSpareServers 4\nServerLimit 4\nMaxRequestWorkers 4"
EVENT = (
    "StartServers 2\nServerLimit 2\nThreadsPerChild 8\nMaxRequestWorkers 16\nMinSpareThreads 4\nMaxSpareThreads 16\n"
    "MaxConnectionsPerChild 40"
)
CRASHING = """
import os, signal

def application(environ, start_response):
    if os.path.exists("FOLDER/crash"):
        os.kill(os.getpid(), signal.SIGSEGV)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"ok"]
"""
SLOW = """
import os, time

def application(environ, start_response):
    if os.path.exists("FOLDER/slow"):
        time.sleep(4)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"ok"]
"""
LOGROTATE = """
"FOLDER/error.log" {
  HOW
  rotate 9
}
"""


def wsgi(folder: Path, text: str) -> str:
    """The configuration of an application."""
    (folder / "app.wsgi").write_text(text.replace("FOLDER", str(folder)))
    return f"WSGIScriptAlias /app {folder}/app.wsgi\nWSGIApplicationGroup %{{GLOBAL}}"


def test_a_crash_storm(folder: Path) -> None:
    need("apache2", "mod_wsgi", "mod_mpm_prefork")
    with Site(folder, "prefork", ["wsgi"], wsgi(folder, CRASHING), PREFORK) as site:
        watched = Watched(site)
        site.visit("/", "/app", "/nothing")
        time.sleep(2)
        assert watched.events() == []
        (folder / "crash").touch()
        until(lambda: watched.has("onset", "segfault"), "watch tells of it")
        until(lambda: check(site)[0] == 2, "check calls it critical")
        time.sleep(2)  # children that die within a second of the stop might as well have died of it
        (folder / "crash").unlink()
        site.stop()
        site.start()
        until(lambda: watched.has("end", "segfault"), "watch tells the end")
    (incident,) = incidents(site)
    assert (incident["category"], incident["confidence"]) == ("segfault", "high")
    crashed = {
        line.split("child pid ")[1].split()[0] for line in site.text().splitlines() if "exit signal Segm" in line
    }
    assert {str(worker["pid"]) for worker in incident["workers"]["lost"]} == crashed


def test_all_workers_busy(folder: Path) -> None:
    need("apache2", "mod_wsgi", "mod_mpm_prefork")
    with Site(folder, "prefork", ["wsgi"], wsgi(folder, SLOW), PREFORK) as site:
        watched = Watched(site)
        site.visit("/app", "/nothing", clients=10)
        time.sleep(2)
        (folder / "slow").touch()
        until(lambda: watched.has("onset", "worker-exhaustion"), "watch tells of it", 30)
        (folder / "slow").unlink()
    assert [incident["category"] for incident in incidents(site)] == ["worker-exhaustion"]


def test_a_backend_that_dies_and_comes_back(folder: Path) -> None:
    need("apache2", "mod_proxy", "mod_proxy_http", "mod_mpm_event")
    port = free_port()
    backend = [
        sys.executable,
        "-m",
        "http.server",
        str(port),
        "--bind",
        "127.0.0.1",
        "--directory",
        str(folder / "htdocs"),
    ]
    conf = f"ProxyPass /app http://127.0.0.1:{port}/ retry=0"
    with Site(folder, "event", ["proxy", "proxy_http"], conf, EVENT) as site:
        running = site.run(*backend)
        until(lambda: site.get("/app") == 200, "the backend answers")
        watched = Watched(site, "--grace", "2s")
        site.visit("/", "/app", "/nothing")
        time.sleep(2)
        assert watched.events() == []
        end(running)
        until(lambda: watched.has("onset", "backend-down", "no"), "watch tells of it, and that no restart helps")
        status, line = check(site, "--restart-only")
        assert (status, "a restart does not fix this" in line) == (1, True)
        assert check(site)[0] == 2
        site.run(*backend)
        until(lambda: watched.has("end", "backend-down"), "watch tells the end", 40)
        assert check(site, "--grace", "2s")[0] == 0
    (incident,) = incidents(site)
    assert (incident["category"], incident["confidence"]) == ("backend-down", "high")


@pytest.mark.parametrize("how", ["create", "create\n  compress", "copytruncate"])
def test_a_real_logrotate_in_the_middle(folder: Path, how: str) -> None:
    """Each line that is in one of the files in the end was read once."""
    need("apache2", "mod_mpm_event", "logrotate")
    configuration = folder / "logrotate.conf"
    configuration.write_text(LOGROTATE.replace("FOLDER", str(folder)).replace("HOW", how))
    configuration.chmod(0o600)
    rotate = [program("logrotate"), "--force", "--state", str(folder / "logrotate.state"), str(configuration)]
    with Site(folder, "event", [], "", EVENT) as site:
        watched = Watched(site)
        site.visit("/nothing", clients=4, pause=0.01)
        for _ in range(3):
            time.sleep(1)
            check(site)
            # what is written while gzip packs the file, or while it is copied and cut, is lost to everybody
            with contextlib.nullcontext() if how == "create" else site.without_clients():
                subprocess.run(rotate, check=True, timeout=30, capture_output=True)
                if how != "copytruncate":
                    # as Debian's own configuration does: the old children finish, and write to the old file meanwhile
                    site.apachectl("graceful")
                    until(lambda: "resuming normal operations" in site.text(), "Apache opens its new log")
        time.sleep(1)
        assert check(site)[0] == 0
    assert watched.events() == []
    check(site)
    for name in ("check.state", "watch.state"):
        state, note = saved.load(folder / name)
        assert not note
        assert state.lost == []
    state, _ = saved.load(folder / "check.state")
    tally = Ledger(state, MATCHER, UTC, no_layouts, None).tally()
    assert sum(log.lines for log in tally.logs.values()) == sum(map(lines_of, folder.glob("error.log*")))


def lines_of(path: Path) -> int:
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = subprocess.run(["gzip", "-dc", str(path)], check=True, capture_output=True).stdout
    return data.count(b"\n")


def test_a_quiet_run(folder: Path) -> None:
    """Recycling, a graceful restart, missing files: all of it is routine."""
    need("apache2", "mod_mpm_event")
    with Site(folder, "event", [], "", EVENT) as site:
        watched = Watched(site)
        site.visit("/", "/nothing", "/", clients=4)
        time.sleep(3)
        site.apachectl("graceful")
        time.sleep(3)
        status, line = check(site)
        assert (status, line.startswith("LOGSLEUTH OK - no ")) == (0, True)
    assert watched.events() == []
    assert check(site)[0] == 0
    assert incidents(site) == []
