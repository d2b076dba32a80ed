"""Logs on a web server: by range where it serves ranges, else as a stream; a list of a folder is searched."""

from __future__ import annotations

import base64
import gzip
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, cast

import pytest

from logsleuth.errors import LogsleuthError
from logsleuth.logs.open.log import look_at
from logsleuth.pipeline import analyze
from tests.fleet.fleets import THREE

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.importorskip("fsspec")
pytest.importorskip("aiohttp")

LOG = THREE["web01"].read_bytes()


@dataclass
class Site:
    """What a web server has, and how it behaves."""

    files: dict[str, bytes] = field(default_factory=dict)
    has_ranges: bool = True
    busy: int = 0
    """Requests that are first answered with 503."""
    password: str = ""
    asked: list[str] = field(default_factory=list)
    """The Range of each request, with its query."""
    address: str = ""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        site = cast("Server", self.server).site
        path, _, query = self.path.partition("?")
        site.asked.append(self.headers.get("Range", "") + query)
        wanted = "Basic " + base64.b64encode(f"ops:{site.password}".encode()).decode()
        if site.busy:
            site.busy -= 1
            self.answer(503)
        elif site.password and self.headers.get("Authorization") != wanted:
            self.answer(401)
        elif path in site.files:
            self.serve(site.files[path], has_ranges=site.has_ranges)
        else:
            self.answer(404)

    def serve(self, data: bytes, *, has_ranges: bool) -> None:
        asked = self.headers.get("Range")
        if asked is None or not has_ranges:
            self.answer(200, data)
            return
        begin, end = (int(part) for part in asked.removeprefix("bytes=").split("-"))
        if begin >= len(data):
            self.answer(416, b"", f"bytes */{len(data)}")
            return
        end = min(end, len(data) - 1)
        self.answer(206, data[begin : end + 1], f"bytes {begin}-{end}/{len(data)}")

    def answer(self, status: int, data: bytes = b"", content_range: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Content-Type", "text/html" if data.startswith(b"<") else "text/plain")
        if content_range:
            self.send_header("Content-Range", content_range)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Be silent."""


class Server(ThreadingHTTPServer):
    site = Site()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.shutdown()


@pytest.fixture
def site(server: Server, monkeypatch: pytest.MonkeyPatch) -> Site:
    """An empty site; nobody waits between two tries."""
    monkeypatch.setattr("logsleuth.logs.open.stores.patience.time.sleep", lambda _: None)
    server.site = Site(address=f"http://127.0.0.1:{server.server_port}")
    return server.site


def read(address: str) -> bytes:
    (log,) = look_at([address])
    with log.open() as stream:
        return b"".join(iter(lambda: stream.read(50_000), b""))


def test_a_log_is_read_by_ranges(site: Site) -> None:
    site.files["/web01/error.log"] = LOG
    (log,) = look_at([f"{site.address}/web01/error.log"])
    assert (log.host, log.size, log.is_plain) == ("web01", len(LOG), True)
    with log.open() as stream:
        stream.seek(100)
        assert stream.read(10) == LOG[100:110]
    assert all(asked.startswith("bytes=") for asked in site.asked)


def test_without_ranges_it_is_read_as_a_stream(site: Site) -> None:
    site.files["/error.log"] = LOG * 30
    site.has_ranges = False
    (log,) = look_at([f"{site.address}/error.log"])
    assert (log.size, log.is_plain) == (None, False)
    with log.open() as stream:
        assert b"".join(iter(lambda: stream.read(50_000), b"")) == LOG * 30


def test_a_compressed_log_stays_compressed_on_its_way(site: Site) -> None:
    site.files["/error.log.gz"] = gzip.compress(LOG)
    assert read(f"{site.address}/error.log.gz") == LOG


def test_an_empty_log_is_empty(site: Site) -> None:
    site.files["/error.log"] = b""
    (log,) = look_at([f"{site.address}/error.log"])
    assert (log.size, log.format.kind) == (0, "httpd")


def test_a_folder_s_list_is_searched_below_that_folder_alone(site: Site) -> None:
    site.files["/fleet/"] = (
        b'<a href="?C=N">Name</a> <a href="/">up</a> <a href="../">up</a> <a href="web01/">web01/</a>'
        b'<a href="http://169.254.169.254/error.log">x</a> <a href="/other/error.log">y</a>'
    )
    site.files["/fleet/web01/"] = b'<a href="error.log">error.log</a> <a href="access.log">access.log</a>'
    site.files["/fleet/web01/error.log"] = site.files["/other/error.log"] = LOG
    assert [log.path for log in look_at([f"{site.address}/fleet/"])] == [f"{site.address}/fleet/web01/error.log"]
    assert [log.path for log in look_at([f"{site.address}/fleet/web*/error.log"])] == [
        f"{site.address}/fleet/web01/error.log"
    ]


def test_a_busy_server_is_asked_again(site: Site) -> None:
    site.files["/error.log"] = LOG
    site.busy = 3
    assert read(f"{site.address}/error.log") == LOG


def test_what_is_signed_is_read_and_shown_without_its_signature(site: Site) -> None:
    site.files["/error.log"] = LOG
    report = analyze([f"{site.address}/error.log?path=a%2Fb%2B&sig=SECRET", f"{site.address}/error.log?sig=SECRET2"])
    assert "SECRET" not in repr(report)
    assert report.logs[0].path == f"{site.address}/error.log"
    assert report.left_out == (f"{site.address}/error.log (2): a copy of {site.address}/error.log",)
    assert any("path=a%2Fb%2B&sig=SECRET" in asked for asked in site.asked)


def test_a_password_in_the_address_is_used_and_not_shown(site: Site) -> None:
    site.files["/error.log"] = LOG
    site.password = "SECRET"
    assert read(site.address.replace("//", "//ops:SECRET@") + "/error.log") == LOG
    with pytest.raises(LogsleuthError, match="no permission to read") as raised:
        read(site.address.replace("//", "//ops:SECRET-2@") + "/error.log")
    assert "SECRET" not in str(raised.value)
    assert "~/.netrc" in raised.value.hint


def test_what_is_not_there_is_one_clear_line(site: Site) -> None:
    with pytest.raises(LogsleuthError) as raised:
        analyze([f"{site.address}/error.log"])
    assert str(raised.value) == (
        f"{site.address}/error.log does not exist; check the address; a folder's ends with /, a glob has *"
    )


def test_a_server_that_is_not_there_is_one_clear_line(site: Site) -> None:
    with pytest.raises(LogsleuthError, match=r"cannot read http://127.0.0.1:1/error.log: .*check the address"):
        analyze(["http://127.0.0.1:1/error.log"])
