"""--metrics: what Prometheus reads there, and whether the watch still lives."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.client import HTTPConnection

import pytest
from prometheus_client.parser import text_string_to_metric_families

from logsleuth.errors import LogsleuthError
from logsleuth.live.address import Address
from logsleuth.live.exposition import MOST_CLIENTS, SHOWN, Exposition, Figures
from logsleuth.live.metrics import exposition
from logsleuth.live.snapshot import Seen, Snapshot

LOG = "/var/log/apache2/error.log"
FULL = Snapshot(
    verdict=2,
    workers_lost=3,
    workers_known=10,
    restart_advised=True,
    incidents=(Seen("stale-egg", "Zipped egg replaced", "high", active=True),),
    incidents_total={"stale-egg": 1},
    lines_total={LOG: 1000},
    error_lines_total={(LOG, "error"): 40, (LOG, "crit"): 1},
    last_read={LOG: 1000.0},
)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def served(clock: Clock) -> Iterator[Exposition]:
    with Exposition(Address("127.0.0.1", 0), 30, clock) as server:
        yield server


def get(server: Exposition, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(server.url + path, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def samples(text: str) -> dict[tuple[str, str], float]:
    return {
        (sample.name, ",".join(f"{k}={v}" for k, v in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_all_that_a_watch_knows_is_there(served: Exposition) -> None:
    served.show(FULL)
    status, text = get(served, "/metrics")
    assert status == 200
    assert samples(text) == {
        ("logsleuth_verdict", ""): 2,
        ("logsleuth_workers_lost", ""): 3,
        ("logsleuth_workers_known", ""): 10,
        ("logsleuth_restart_advised", ""): 1,
        ("logsleuth_incident_active", "category=stale-egg,cause=Zipped egg replaced,confidence=high"): 1,
        ("logsleuth_incidents_total", "category=stale-egg"): 1,
        ("logsleuth_lines_total", f"log={LOG}"): 1000,
        ("logsleuth_error_lines_total", f"level=error,log={LOG}"): 40,
        ("logsleuth_error_lines_total", f"level=crit,log={LOG}"): 1,
        ("logsleuth_last_read_timestamp_seconds", f"log={LOG}"): 1000,
    }


@pytest.mark.skipif(shutil.which("promtool") is None, reason="Prometheus' own promtool is not here")
def test_prometheus_itself_finds_nothing_to_mend(served: Exposition) -> None:
    served.show(FULL)
    done = subprocess.run(
        ["promtool", "check", "metrics"], input=get(served, "/metrics")[1], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_before_the_first_reading_nothing_is_known(served: Exposition) -> None:
    found = samples(get(served, "/metrics")[1])
    assert found[("logsleuth_verdict", "")] == 3
    assert ("logsleuth_workers_known", "") not in found
    assert get(served, "/healthz") == (503, "stale\n")


def test_it_is_healthy_while_all_logs_are_read(served: Exposition, clock: Clock) -> None:
    served.show(FULL)
    clock.now = 1030
    assert get(served, "/healthz") == (200, "ok\n")
    clock.now = 1031
    assert get(served, "/healthz") == (503, "stale\n")
    served.show(Snapshot(last_read={LOG: 1000.0, "other.log": 1031.0}))
    assert get(served, "/healthz")[0] == 503


def test_other_pages_and_other_methods_are_refused(served: Exposition) -> None:
    assert get(served, "/")[0] == 404
    connection = HTTPConnection(served.url.removeprefix("http://"), timeout=30)
    connection.request("POST", "/metrics", b"x")
    assert connection.getresponse().status == 405
    connection.close()


def test_text_of_a_log_makes_no_metrics_of_its_own(served: Exposition) -> None:
    hostile = 'x"} 1\nlogsleuth_verdict 0\n\x1b[31m\udc80\\' + "y" * 1000
    served.show(Snapshot(incidents=(Seen("unknown", hostile, "low", active=True),), last_read={hostile: 1.0}))
    found = samples(get(served, "/metrics")[1])
    assert found[("logsleuth_verdict", "")] == 3
    assert all(len(labels) < 300 for name, labels in found if name == "logsleuth_incident_active")


def test_of_many_incidents_the_active_and_the_latest_are_shown() -> None:
    figures = Figures()
    old = (Seen("unknown", "still there", "low", active=True),)
    figures.snapshot = Snapshot(
        incidents=(*old, *(Seen("unknown", str(number), "low", active=False) for number in range(500)))
    )
    (family,) = [family for family in figures.collect() if family.name == "logsleuth_incident_active"]
    shown = [sample.labels["cause"] for sample in family.samples]
    assert len(shown) == SHOWN
    assert {"still there", "499"} <= set(shown)
    assert "0" not in shown


def test_a_cause_that_ended_and_came_back_is_shown_once_as_active() -> None:
    figures = Figures()
    figures.snapshot = Snapshot(incidents=tuple(Seen("x", "y", "high", active=on) for on in (False, True, False)))
    (family,) = [family for family in figures.collect() if family.name == "logsleuth_incident_active"]
    assert [sample.value for sample in family.samples] == [1]


@pytest.mark.parametrize(
    ("written", "host", "port"),
    [
        (":9108", "127.0.0.1", 9108), ("9108", "127.0.0.1", 9108), ("0.0.0.0:1", "0.0.0.0", 1),
        ("localhost:0", "localhost", 0), ("[::1]:9108", "::1", 9108),
    ],
)  # fmt: skip
def test_an_address_is_read_as_it_is_written(written: str, host: str, port: int) -> None:
    assert Address.of(written) == Address(host, port)


@pytest.mark.parametrize("written", ["", ":", "host:", "::1:9108", ":65536", "a b:1", "http://x:1", ":１", ":-1"])
def test_what_is_no_address_is_told_in_one_line(written: str) -> None:
    with pytest.raises(LogsleuthError, match=":9108") as told:
        Address.of(written)
    assert told.value.exit_code == 2


def test_a_port_that_is_taken_is_told() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(LogsleuthError, match="another program listens there") as told:
            exposition(Address("127.0.0.1", other.getsockname()[1]), 30)
    assert told.value.exit_code == 3


def test_without_the_library_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    monkeypatch.delitem(sys.modules, "logsleuth.live.exposition")
    with pytest.raises(LogsleuthError, match=r"pip install 'logsleuth-httpd\[metrics\]'") as told:
        exposition(Address("127.0.0.1", 0), 30)
    assert told.value.exit_code == 2


def test_clients_that_drip_are_left_and_keep_nobody_else_waiting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("logsleuth.live.exposition.LONGEST", 0.5)
    with exposition(Address("127.0.0.1", 0), 1e9) as server:
        place = urllib.parse.urlsplit(server.url)
        drips = [socket.create_connection((place.hostname, place.port)) for _ in range(MOST_CLIENTS - 2)]
        for drip in drips:
            drip.sendall(b"GET /metrics HTTP/1.1\r\nX: ")
        with urllib.request.urlopen(f"{server.url}/metrics", timeout=30) as answer:
            assert answer.status == 200
        assert all(is_left(drip) for drip in drips)
    assert capsys.readouterr().err == ""


def is_left(connection: socket.socket) -> bool:
    """Whether the server hangs up, though a byte comes now and then."""
    connection.settimeout(10)
    try:
        for _ in range(100):
            connection.sendall(b"x")
            time.sleep(0.02)
        return connection.recv(1) == b""
    except OSError:
        return True
    finally:
        connection.close()


def test_too_many_clients_at_a_time_are_not_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("logsleuth.live.exposition.MOST_CLIENTS", 1)
    with exposition(Address("127.0.0.1", 0), 1e9) as server:
        place = urllib.parse.urlsplit(server.url)
        with socket.create_connection((place.hostname, place.port)) as first:
            first.sendall(b"GET ")
            time.sleep(0.3)
            with socket.create_connection((place.hostname, place.port)) as second:
                second.settimeout(10)
                assert second.recv(1) == b""
