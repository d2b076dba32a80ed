"""A real httpd writes its log in many ErrorLogFormats, and each line is read back right.

One server with a virtual host for each format, all with the same content: the same requests to each give the same
messages. What the default format's reader makes of the first host's log is what the others are held against.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from logsleuth.logs.httpd.layout.reader import layout_reader
from logsleuth.logs.httpd.tokenize import tokenize
from tests.real.site import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logsleuth.logs.httpd.record import Record

BINARY = next(
    (
        path
        for name in ("apache2", "httpd")
        if (path := shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin"))
    ),
    None,
)
MODULES = next(
    (
        Path(p)
        for p in ("/usr/lib/apache2/modules", "/usr/lib64/httpd/modules", "/usr/lib/httpd/modules")
        if Path(p).is_dir()
    ),
    None,
)
pytestmark = pytest.mark.skipif(BINARY is None or MODULES is None, reason="no apache2 here (apt install apache2)")
NEEDED = ("mpm_event", "authz_core", "authz_host", "authn_core", "authn_file", "auth_basic", "authz_user", "dir", "autoindex",
          "mime", "env", "rewrite", "proxy", "proxy_http", "cgid", "alias", "setenvif", "unixd")  # fmt: skip

FORMATS = [
    r'"[%{u}t] [%-m:%l] [pid %P:tid %T] %7F: %E: [client\ %a] %M% ,\ referer\ %{Referer}i"',
    r'"[%t] [%l] %7F: %E: [client\ %a] %M% ,\ referer\ %{Referer}i"',
    '"[%{uc}t] [%-m:%-l] [R:%L] [C:%{C}L] %7F: %E: %M"',
    '"%{cuz}t %l %m %P %E| %M"',
    '"%{uz}t %V %v %a %A <%{User-Agent}i> <%{Referer}i> %m:%l %E %M"',
    r'"{\"time\":\"%{%Y-%m-%dT%H:%M:%S%z}t\",\"level\":\"%-l\",\"module\":\"%-m\",\"client\":\"%-a\",\"errno\":\"%-E\",\"msg\":\"%M\"}"',
    '"%M"',
    '"%t %M"',
    '"[%{%d/%b/%Y:%H:%M:%S %z}t] [%l] %M"',
    r'"time=%{%s}t\ level=%l\ module=%m\ pid=%P% \ file=%F% \ errno=%E% \ client=%a% \ msg=%M"',
    '"%{c}t|%l|%-m|%P|%-T|%-F|%-E|%-a|%-{Referer}i|%M"',
    '"<%l>%M <%m> %E"',
    '"%{cu}t %{c}a %k %{X-Nothing}i %{SITE}e= %l: %M"',
    '"%-L %-{c}L %{g}T %{u}t [%m] [%l] %M"',
    '"%% %{u}t %%%l%% %M%%"',
    r'"%{%F}t %{%T}t\t%l\t%m\t%M"',
    r'"[%{u}t] [%l] [pid %P] %F: %E: [client %a] %M"',
    r'"%v:%m:%l:%P:%M% \ (from\ %{Referer}i)"',
    '"%4a %7{User-Agent}i %{u}t [%l] [%m] %M"',
    r'''"[%{u}t] [%l]   %M% ;\ %E% ;\ for\ %{Referer}i% ;\ by\ %a"''',
]
ONCE = {
    2: ['request "[%{uc}t] [R:%L] Request %k on C:%{c}L pid:%P tid:%T"', "request \"[%{uc}t] [R:%L] UA:'%+{User-Agent}i'\"",
        r'connection "[%{uc}t] [C:%{c}L] local\ %A remote\ %a"'],
}  # fmt: skip
"""By the number of a format: what is said once for each connection and request."""

REQUESTS = [
    ("/missing.html", "http://shop.example/a?b=1,2"),
    ("/denied/x", None),
    ("/folder/", "http://shop.example/, referer: forged"),
    ("/" + "long" * 100, None),
    ("/loop/a", "x y"),
    ("/gone/", "http://shop.example/"),
    ("/cgi/silent.sh", None),
    ("/cgi/loud.sh", 'http://shop.example/"quoted"'),
    ("/secret/", "http://shop.example/é\\n"),
    ("/secret/?wrong", None),
    ("/broken/", None),
    ("/cgi/nothing.sh", None),
    ("/page.html/more", "-"),
]


@dataclass
class Server:
    root: Path
    port: int

    def log(self, number: int | str) -> list[bytes]:
        return (self.root / f"log.{number}").read_bytes().splitlines()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    root = Path(tempfile.mkdtemp(prefix="logsleuth-apache-"))
    root.chmod(0o755)
    port = free_port()
    _content(root)
    (root / "httpd.conf").write_text(_configuration(root, port))
    assert BINARY is not None
    process = subprocess.Popen([BINARY, "-f", str(root / "httpd.conf"), "-DFOREGROUND"], stderr=subprocess.PIPE)
    try:
        _wait_for(root, port, process)
        for number in range(-1, len(FORMATS)):
            for path, referer in REQUESTS:
                _ask(port, f"host{number}.example", path, referer)
        time.sleep(0.2)
        yield Server(root, port)
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(root, ignore_errors=True)


def _content(root: Path) -> None:
    for folder in ("denied", "folder", "loop", "cgi", "secret", "broken"):
        (root / "htdocs" / folder).mkdir(parents=True)
    (root / "htdocs/page.html").write_text("hello")
    (root / "htdocs/broken/.htaccess").write_text("Nonsense on\n")
    (root / "users").write_text("joe:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=\n")
    for name, script in (("silent", "exit 0"), ("loud", r"printf 'oh\tno \\ é\n' >&2; exit 1")):
        path = root / f"htdocs/cgi/{name}.sh"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
    for path in root.rglob("*"):
        path.chmod(path.stat().st_mode | 0o755 if path.is_dir() else path.stat().st_mode | 0o644)


def _configuration(root: Path, port: int) -> str:
    loads = "\n".join(
        f"LoadModule {name}_module {MODULES}/mod_{name}.so"
        for name in NEEDED
        if (MODULES or Path()).joinpath(f"mod_{name}.so").exists()
    )
    user = "User www-data\nGroup www-data\n" if os.geteuid() == 0 else ""
    hosts = "".join(_host(root, port, number) for number in range(-1, len(FORMATS)))
    return f"""
ServerRoot {root}
{loads}
{user}
PidFile {root}/pid
DefaultRuntimeDir {root}
TypesConfig /dev/null
ScriptSock {root}/cgisock
Listen 127.0.0.1:{port}
ServerName main.example
ErrorLog {root}/log.main
LogLevel info
StartServers 1
DocumentRoot {root}/htdocs
<Directory {root}/htdocs>
  Options ExecCGI FollowSymLinks
  AllowOverride All
  AddHandler cgi-script .sh
</Directory>
<Location /denied>
  Require all denied
</Location>
<Location /secret>
  AuthType Basic
  AuthName secret
  AuthUserFile {root}/users
  Require valid-user
</Location>
SetEnv SITE a\\b
{hosts}
"""


def _host(root: Path, port: int, number: int) -> str:
    formats = [] if number < 0 else [FORMATS[number], *ONCE.get(number, [])]
    lines = "\n".join(f"  ErrorLogFormat {one}" for one in formats)
    return f"""
<VirtualHost 127.0.0.1:{port}>
  ServerName host{number}.example
  ErrorLog {root}/log.{number}
{lines}
  RewriteEngine on
  RewriteRule ^/loop/(.*)$ /loop/$1$1 [PT]
  RewriteOptions Inherit
  ProxyPass /gone http://127.0.0.1:1/
</VirtualHost>
"""


def _wait_for(root: Path, port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            said = (process.stderr.read() if process.stderr else b"").decode()
            logged = "".join(log.read_text() for log in root.glob("log.*"))
            pytest.fail(f"apache2 did not start: {said}{logged}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    pytest.fail("apache2 does not answer")


def _ask(port: int, host: str, path: str, referer: str | None) -> None:
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}", "User-Agent: probe/1 (a; b)", "Connection: close"]
    if referer is not None:
        lines.append(f"Referer: {referer}")
    if path.startswith("/secret"):
        lines.append("Authorization: Basic " + ("am9lOnB3" if "wrong" in path else "ZXZlOng="))
    with socket.create_connection(("127.0.0.1", port), 5) as connection:
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        while connection.recv(65536):
            pass


def messages(records: list[Record]) -> list[tuple[str | None, str]]:
    return [(record.code, record.message) for record in records]


def test_the_default_format_tells_a_dozen_different_messages(server: Server) -> None:
    records = [tokenize(line) for line in server.log(-1)]
    assert {record.kind for record in records} == {"record"}
    assert len(set(messages(records))) >= 12
    assert {str(record.errno) for record in records if record.errno} >= {
        "(36)File name too long",
        "(111)Connection refused",
    }
    assert all(record.client == "127.0.0.1" for record in records if record.module != "proxy")


@pytest.mark.parametrize("number", range(len(FORMATS)))
def test_every_line_of_every_format_is_read_back_right(server: Server, number: int) -> None:
    truth = [tokenize(line) for line in server.log(-1)]
    formats = [FORMATS[number], *ONCE.get(number, [])]
    read = layout_reader(formats)
    records = [record for line in server.log(number) if (record := read(line)) is not None]
    told = [record for record in records if "line" not in record.extra]
    assert messages(told) == messages(truth)
    for record, real in zip(told, truth, strict=True):
        for name, item in (("level", "l"), ("module", "m"), ("errno", "E"), ("client", "a")):
            if any(f"%{modifier}{item}" in formats[0] for modifier in ("", "-")):
                assert getattr(record, name) == getattr(real, name)
        if "{Referer}i" in formats[0]:
            assert record.referer == (None if real.referer == "-" and "%-{Referer}" in formats[0] else real.referer)
        if "t" in re.findall(r"%[-\d]*(?:\{[^}]*\})?([A-Za-z])", formats[0]) and "%s" not in formats[0]:
            assert record.time is not None
            assert real.time is not None
            assert abs(record.time - real.time) < 60_000_000
    if number in ONCE:
        assert len(records) - len(told) >= 2 * len(REQUESTS)
