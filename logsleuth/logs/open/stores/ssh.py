"""Logs on another machine, over SFTP: as `ssh` would go there, with its configuration, keys and known hosts."""

from __future__ import annotations

import threading
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote, urlsplit

import paramiko
from fsspec.implementations.sftp import SFTPFileSystem

from logsleuth.logs.open.stores.patience import patiently
from logsleuth.logs.open.stores.ranges import RangeStream
from logsleuth.logs.open.stores.store import Entry, Store

if TYPE_CHECKING:
    from typing import BinaryIO

WAIT = 15.0
"""Seconds for a connection, and for its greeting."""


class Refuse(paramiko.MissingHostKeyPolicy):  # type: ignore[misc]
    """Another machine may pose as one whose key is not known."""

    def missing_host_key(self, client: object, hostname: str, key: object) -> None:
        """Raises PermissionError."""
        raise PermissionError(f"the key of {hostname} is not in known_hosts")


class KnownHosts(SFTPFileSystem):  # type: ignore[misc]
    """fsspec's file system, which alone would trust any host; one request at a time, as its one channel takes them."""

    def _connect(self) -> None:
        self._turn = threading.Lock()
        self.client = paramiko.SSHClient()
        self.client.load_system_host_keys()
        self.client.set_missing_host_key_policy(Refuse())
        self.client.connect(self.host, timeout=WAIT, banner_timeout=WAIT, **self.ssh_kwargs)
        self.ftp = self.client.open_sftp()

    def info(self, path: str, **options: Any) -> Any:  # noqa: ANN401
        """What is at a path."""
        with self._turn:
            return super().info(path, **options)

    def ls(self, path: str, detail: bool = False, **options: Any) -> Any:  # noqa: ANN401
        """What is in a folder."""
        with self._turn:
            return super().ls(path, detail=detail, **options)


@cache
def machine(root: str, process: int) -> SshStore:
    """The one store for an address's machine and user. A process that was forked cannot use its parent's."""
    return SshStore(root)


class SshStore(Store):
    """What one machine has, over one connection, which is made when it is first needed."""

    def __init__(self, root: str) -> None:
        """`root`: an address's beginning, up to the path."""
        self._root = root
        self._turn = threading.Lock()
        self._connected: Any = None

    @property
    def fs(self) -> Any:  # noqa: ANN401 - fsspec has no types
        """Its file system; a connection that was cut, as idle ones are, is made again. Raises OSError."""
        with self._turn:
            if self._connected is None or not self._connected.client.get_transport().is_active():
                way = _way(self._root)
                self._connected = patiently(lambda: KnownHosts(**way, skip_instance_cache=True), pauses=())
            return self._connected

    def open(self, entry: Entry) -> BinaryIO:
        """A file's bytes, unbuffered, by a channel of its own: several may be read at once."""
        channel = patiently(self.fs.client.open_sftp)
        file = patiently(partial(channel.open, self._path(entry.address), "rb"))

        def fetch(begin: int, end: int) -> bytes:
            # readv asks for all pieces at once; read would wait for each of 32 KB
            return patiently(lambda: b"".join(file.readv([(begin, end - begin)])), pauses=())

        return cast("BinaryIO", RangeStream(fetch, entry.size or 0, channel.close))

    def _address(self, name: str) -> str:
        return self._root + name


def _way(address: str) -> dict[str, Any]:
    """How to get there: what the address says goes before ~/.ssh/config."""
    parts = urlsplit(address)
    file = Path("~/.ssh/config").expanduser()
    config = paramiko.SSHConfig.from_path(str(file)).lookup(parts.hostname) if file.is_file() else {}
    way = {
        "host": config.get("hostname", parts.hostname),
        "port": parts.port or int(config.get("port", 22)),
        "username": unquote(parts.username) if parts.username else config.get("user"),
        "password": unquote(parts.password) if parts.password else None,
        "key_filename": config.get("identityfile"),
    }
    return {name: value for name, value in way.items() if value is not None}
