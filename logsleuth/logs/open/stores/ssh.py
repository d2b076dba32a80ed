"""Logs on another machine, over SFTP: as `ssh` would go there, with its configuration, keys and known hosts."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote, urlsplit

from logsleuth.logs.open.stores.patience import patiently
from logsleuth.logs.open.stores.ranges import RangeStream
from logsleuth.logs.open.stores.store import Entry, Store

if TYPE_CHECKING:
    from typing import BinaryIO

WAIT = 15.0
"""Seconds for a connection, and for its greeting."""


class SshStore(Store):
    """What one machine has. Its host key must be known; fsspec alone would trust any."""

    def __init__(self, address: str) -> None:
        """Raises OSError if there is no way in."""
        self.fs = patiently(partial(_connected, address), pauses=())
        scheme, _, rest = address.partition("://")
        self._root = f"{scheme}://{rest.partition('/')[0]}"

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


def _connected(address: str) -> Any:  # noqa: ANN401 - fsspec has no types
    """A file system that is connected, one for each machine and user."""
    import paramiko  # noqa: PLC0415 - an extra
    from fsspec.implementations.sftp import SFTPFileSystem  # noqa: PLC0415

    class KnownHosts(SFTPFileSystem):  # type: ignore[misc]
        """Goes only to hosts whose keys are known; one request at a time, as its one channel takes them."""

        def _connect(self) -> None:
            self._turn = threading.Lock()
            self.client = paramiko.SSHClient()
            self.client.load_system_host_keys()
            self.client.connect(self.host, timeout=WAIT, banner_timeout=WAIT, **self.ssh_kwargs)
            self.ftp = self.client.open_sftp()

        def info(self, path: str, **options: Any) -> Any:  # noqa: ANN401
            with self._turn:
                return super().info(path, **options)

        def ls(self, path: str, detail: bool = False, **options: Any) -> Any:  # noqa: ANN401
            with self._turn:
                return super().ls(path, detail=detail, **options)

    return KnownHosts(**_way(address, paramiko.SSHConfig))


def _way(address: str, config: Any) -> dict[str, Any]:  # noqa: ANN401 - paramiko's class
    """How to get there: what the address says goes before ~/.ssh/config."""
    parts = urlsplit(address)
    file = Path("~/.ssh/config").expanduser()
    told = config.from_path(str(file)).lookup(parts.hostname) if file.is_file() else {}
    way = {
        "host": told.get("hostname", parts.hostname),
        "port": parts.port or int(told.get("port", 22)),
        "username": unquote(parts.username) if parts.username else told.get("user"),
        "password": unquote(parts.password) if parts.password else None,
        "key_filename": told.get("identityfile"),
    }
    return {name: value for name, value in way.items() if value is not None}
