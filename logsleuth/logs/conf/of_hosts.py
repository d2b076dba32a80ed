"""The configuration of each host: one file for all, or a copy of each host's own, found by the host's name."""

from __future__ import annotations

import glob
from pathlib import Path
from typing import TYPE_CHECKING

from logsleuth.errors import LogsleuthError
from logsleuth.logs.conf.settings import ServerSettings, settings_of

if TYPE_CHECKING:
    from os import PathLike

    from logsleuth.logs.conf.configuration import Configuration

HOST = "{host}"
"""Replaced by the host's name in the path of its configuration."""


class Configurations:
    """Configurations by host, each read when it is first asked for."""

    def __init__(self, named: str | PathLike[str] | None) -> None:
        """`named`: a file, or a path with `{host}` in it; None: nothing is known of any host.

        Raises LogsleuthError if the file cannot be read, or if the path is of no file whatever the host.
        """
        self._named = "" if named is None else str(named)
        self._is_one = HOST not in self._named
        self._read: dict[str, Configuration | None] = {}
        self.missing: list[str] = []
        """Hosts that have no such file."""
        self.trouble: list[str] = []
        """A sentence on each configuration that is there and cannot be read."""
        if self._named and self._is_one:
            self._read[""] = _read(self._named)
        elif self._named and not any(glob.iglob(glob.escape(self._named).replace(HOST, "*"))):  # noqa: PTH207
            raise LogsleuthError(
                f"no configuration file is at {self._named}", "write {host} where the name of a host is, such as web01"
            )

    def formats_of(self, path: str, host: str) -> tuple[str, ...]:
        """The ErrorLogFormats of a log of a host."""
        conf = self._of(host)
        return () if conf is None else conf.formats_of(path)

    def settings(self, host: str) -> ServerSettings | None:
        """What a host's configuration says of its server; None: it is not known."""
        return settings_of(self._of(host))

    def _of(self, host: str) -> Configuration | None:
        if not self._named:
            return None
        key = "" if self._is_one else host
        if key not in self._read:
            self._read[key] = self._copy(host)
        return self._read[key]

    def _copy(self, host: str) -> Configuration | None:
        """The copy of a host's configuration. A line of a log may name a host that leads elsewhere."""
        if not host or host.startswith(".") or "/" in host or "\\" in host or "\0" in host:
            return None
        path = self._named.replace(HOST, host)
        if not Path(path).is_file():
            self.missing.append(host)
            return None
        try:
            return _read(path, name=self._named)
        except LogsleuthError as error:
            self.trouble.append(f"The configuration of {host} was not read: {error.message}.")
            return None


def _read(path: str, name: str = "") -> Configuration:
    """See `read_configuration`."""
    from logsleuth.logs.conf.configuration import read_configuration  # noqa: PLC0415 - few runs name one

    return read_configuration(path, name=name)
