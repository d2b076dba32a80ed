"""The metrics' server: a watch's latest snapshot in Prometheus' format, and a page for health checks."""

from __future__ import annotations

import errno
import socket
import threading
import time
from contextlib import suppress
from socketserver import TCPServer
from typing import TYPE_CHECKING, Any, Self, cast
from wsgiref.simple_server import WSGIRequestHandler

from prometheus_client import CollectorRegistry, make_wsgi_app
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import ThreadingWSGIServer
from prometheus_client.registry import Collector

from logsleuth.errors import LogsleuthError
from logsleuth.live.snapshot import Snapshot
from logsleuth.report.escape import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from wsgiref.types import StartResponse, WSGIEnvironment

    from prometheus_client import Metric

    from logsleuth.live.address import Address

SHOWN = 100
"""Incidents that have series of their own: each new label is kept forever by who scrapes it."""
LABEL = 200
"""Characters of a cause: it may be a line of a log."""
NOTICED = 0.2
"""Seconds until the watch's end is noticed."""
SILENCE = 10.0
"""Seconds after which a client that says nothing is left…"""
LONGEST = 15.0
"""…and one that says little."""
MOST_CLIENTS = 32
"""Clients at a time: Prometheus, a probe or two, and somebody with a browser."""


class Exposition:
    """Serves the latest snapshot, in threads of its own, between `with` and its end."""

    def __init__(self, address: Address, limit: float, now: Callable[[], float] = time.time) -> None:
        self._figures = Figures()
        self._limit = limit
        self._now = now
        registry = CollectorRegistry(auto_describe=False)
        registry.register(self._figures)
        self._metrics = make_wsgi_app(registry)
        self._server = _listen(address)
        self._server.set_app(self._answer)
        self._thread = threading.Thread(target=self._serve, name="logsleuth --metrics", daemon=True)
        self.url = f"http://{type(address)(address.host, self._server.server_port)}"
        """Where it is, with the port that was chosen."""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def show(self, snapshot: Snapshot) -> None:
        """Serve this snapshot from now on."""
        self._figures.snapshot = snapshot

    def healthy(self) -> bool:
        """Whether each log was looked at with success within the limit."""
        read = self._figures.snapshot.last_read.values()
        return bool(read) and self._now() - min(read) <= self._limit

    def _serve(self) -> None:
        self._server.serve_forever(NOTICED)

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "/")
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return _page("405 Method Not Allowed", "only GET", start_response)
        if path == "/metrics":
            return cast("Iterable[bytes]", self._metrics(environ, start_response))
        if path == "/healthz":
            well = self.healthy()
            return _page("200 OK" if well else "503 Service Unavailable", "ok" if well else "stale", start_response)
        return _page("404 Not Found", "/metrics and /healthz are here", start_response)


class Figures(Collector):
    """A snapshot as metrics; a new one takes its place as a whole."""

    def __init__(self) -> None:
        self.snapshot = Snapshot()

    def collect(self) -> Iterator[Metric]:
        """All metrics of the snapshot."""
        now = self.snapshot
        yield _gauge("verdict", "0 fine, 1 warning, 2 critical, 3 nothing is known", now.verdict)
        yield _gauge("workers_lost", "Workers that no longer serve", now.workers_lost)
        if now.workers_known is not None:
            yield _gauge("workers_known", "Workers there are, as far as the log shows", now.workers_known)
        yield _gauge("restart_advised", "1 if a restart would help and the guard allows it", int(now.restart_advised))
        yield _incidents(now)
        yield _counter("incidents", "Incidents seen", ("category",), _alone(now.incidents_total))
        yield _counter("lines", "Lines read", ("log",), _alone(now.lines_total))
        by_level = now.error_lines_total.items()
        yield _counter("error_lines", "Lines read with level error or worse", ("log", "level"), by_level)
        read = GaugeMetricFamily(
            "logsleuth_last_read_timestamp_seconds", "When the log was last looked at", labels=("log",)
        )
        for log, seconds in now.last_read.items():
            read.add_metric(_labels(log), seconds)
        yield read


def _incidents(snapshot: Snapshot) -> Metric:
    """Each cause once: 1 while an incident that it made lasts. Of many the active and the latest are shown."""
    latest: dict[tuple[str, str, str], bool] = {}
    latest_first = snapshot.incidents[::-1]
    for seen in sorted(latest_first, key=lambda seen: not seen.active)[:SHOWN]:
        category, cause, confidence = _labels(seen.category, seen.cause[:LABEL], seen.confidence)
        latest.setdefault((category, cause, confidence), seen.active)
    family = GaugeMetricFamily(
        "logsleuth_incident_active", "1 while an incident lasts", labels=("category", "cause", "confidence")
    )
    for labels, active in latest.items():
        family.add_metric(labels, int(active))
    return family


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(f"logsleuth_{name}", meaning, value=value)


def _counter(name: str, meaning: str, names: tuple[str, ...], values: Iterable[tuple[tuple[str, ...], int]]) -> Metric:
    family = CounterMetricFamily(f"logsleuth_{name}", meaning, labels=names)
    for labels, value in values:
        family.add_metric(_labels(*labels), value)
    return family


def _alone(values: Mapping[str, int]) -> list[tuple[tuple[str, ...], int]]:
    """Values by the one label that they have."""
    return [((label,), value) for label, value in values.items()]


def _labels(*texts: str) -> list[str]:
    return [visible(text) for text in texts]


def _page(status: str, text: str, start_response: StartResponse) -> list[bytes]:
    start_response(status, [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")])
    return [f"{text}\n".encode()]


class _Server(ThreadingWSGIServer):
    """Few clients at a time, and none for long: one that sends a byte a second would keep a thread forever."""

    daemon_threads = True

    def server_bind(self) -> None:
        """As HTTPServer's, without the question for the host's name: a broken DNS would keep us waiting."""
        TCPServer.server_bind(self)
        host, self.server_port = self.server_address[:2]
        self.server_name = str(host)
        self.setup_environ()
        self._places = threading.BoundedSemaphore(MOST_CLIENTS)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as socketserver has them
        """Answer in a thread, or hang up if too many are being answered."""
        if self._places.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """Answer, and hang up when it takes too long."""
        deadline = threading.Timer(LONGEST, _hang_up, (request,))
        deadline.daemon = True
        deadline.start()
        try:
            super().process_request_thread(request, client_address)
        finally:
            deadline.cancel()
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """Nothing: what a client does is no news of the server's."""


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


class _Handler(WSGIRequestHandler):
    timeout = SILENCE

    def log_message(self, *_: object) -> None:
        """Nothing: the terminal is the watch's."""


def _listen(address: Address) -> _Server:
    """A server that listens. Raises LogsleuthError as `metrics.exposition` tells."""
    try:
        family, *_, place = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError):
        raise LogsleuthError(f"no such host to listen on: {address.host}", "leave it out for this host only") from None
    server_class = type("_Server", (_Server,), {"address_family": family})
    try:
        return server_class(place, _Handler)  # type: ignore[no-any-return]
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        why = "another program listens there" if taken else error.strerror or str(error)
        raise LogsleuthError(f"cannot listen on {address}: {why}", "choose another port", exit_code=3) from None
