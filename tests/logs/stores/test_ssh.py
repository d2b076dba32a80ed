"""Logs of another machine over SFTP, from a real SSH server on loopback: only known hosts, and only by range."""

from __future__ import annotations

import contextlib
import socket
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from logsleuth.errors import LogsleuthError
from logsleuth.logs.open.log import look_at
from tests.fleet.fleets import THREE, in_folders

if TYPE_CHECKING:
    from collections.abc import Iterator


paramiko = pytest.importorskip("paramiko")
pytest.importorskip("fsspec")


class Doorman(paramiko.ServerInterface):  # type: ignore[misc, name-defined]
    """Lets in who knows the password."""

    def check_auth_password(self, username: str, password: str) -> int:
        known = (username, password) == ("ops", "SECRET")
        return int(paramiko.AUTH_SUCCESSFUL if known else paramiko.AUTH_FAILED)

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return int(paramiko.OPEN_SUCCEEDED)


class Files(paramiko.SFTPServerInterface):  # type: ignore[misc, name-defined]
    """What is on this machine, to be read."""

    def list_folder(self, path: str) -> object:
        return [self._attributes(one, one.name) for one in sorted(Path(path).iterdir())]

    def stat(self, path: str) -> object:
        try:
            return self._attributes(Path(path), "")
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)

    lstat = stat

    def open(self, path: str, flags: int, attr: object) -> object:
        handle = paramiko.SFTPHandle(flags)
        handle.readfile = Path(path).open("rb")  # noqa: SIM115 - the handle closes it
        return handle

    def _attributes(self, path: Path, name: str) -> object:
        return paramiko.SFTPAttributes.from_stat(path.stat(), name)


class Server:
    """One SSH server, a thread for each connection."""

    def __init__(self) -> None:
        self.key = paramiko.ECDSAKey.generate()
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.transports: list[Any] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):  # it is closed
            while True:
                transport = paramiko.Transport(self.socket.accept()[0])
                transport.add_server_key(self.key)
                transport.set_subsystem_handler("sftp", paramiko.SFTPServer, Files)
                self.transports.append(transport)
                transport.start_server(event=threading.Event(), server=Doorman())

    def close(self) -> None:
        self.socket.close()
        for transport in self.transports:
            transport.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server, whose key is known to a user with a home of their own."""
    with pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("home")
        (home / ".ssh").mkdir()
        patch.setenv("HOME", str(home))
        patch.delenv("SSH_AUTH_SOCK", raising=False)
        server = Server()
        known = f"[127.0.0.1]:{server.port} {server.key.get_name()} {server.key.get_base64()}\n"
        (home / ".ssh" / "known_hosts").write_text(known)
        (home / ".ssh" / "config").write_text(f"Host web01\n  HostName 127.0.0.1\n  Port {server.port}\n  User ops\n")
        yield server
        server.close()


def test_a_folder_of_another_machine(server: Server, tmp_path: Path) -> None:
    in_folders(tmp_path)
    logs = list(look_at([f"sftp://ops:SECRET@127.0.0.1:{server.port}{tmp_path}/"]))
    assert [log.host for log in logs] == list(THREE)
    assert logs[0].path == f"sftp://127.0.0.1:{server.port}{tmp_path}/web01/error.log"
    for log in logs:
        with log.open() as stream:
            stream.seek(100)
            assert stream.read(1000) == THREE[log.host or ""].read_bytes()[100:1100]
    assert len(server.transports) == 1


def test_a_glob_and_the_user_s_own_configuration(server: Server, tmp_path: Path) -> None:
    in_folders(tmp_path)
    found = look_at([f"sftp://:SECRET@web01{tmp_path}/web*/error.log"])
    assert [log.host for log in found] == list(THREE)


def test_a_wrong_password_is_an_error_that_does_not_show_it(server: Server) -> None:
    with pytest.raises(LogsleuthError, match="no permission to read sftp://127") as raised:
        list(look_at([f"sftp://ops:WRONG-SECRET@127.0.0.1:{server.port}/error.log"]))
    assert "SECRET" not in str(raised.value)


def test_a_host_whose_key_is_not_known_is_not_trusted(server: Server) -> None:
    with pytest.raises(LogsleuthError, match="is not in known_hosts") as raised:
        list(look_at([f"sftp://ops:SECRET@localhost:{server.port}/error.log"]))
    assert "`ssh HOST` must work" in raised.value.hint
