"""A store: what is in it, and its objects' bytes by range. fsspec's file systems do the work; these make them alike."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from logsleuth.logs.open.stores.patience import patiently
from logsleuth.logs.open.stores.ranges import RangeStream
from logsleuth.logs.open.stores.schemes import readable_scheme
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import BinaryIO

CHANGED = ("LastModified", "last_modified", "updated", "mtime")
"""Where file systems say when an object was last written."""
MARKS = ("ETag", "etag")
"""Where they say which version of it this is."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An object or a folder in a store."""

    address: str
    size: int | None
    """Bytes; None: it is a stream, of which no range can be read."""
    changed: float | None
    """When it was last written: seconds since 1970, UTC; None: unknown."""
    mark: str = ""
    """Changes when the object is replaced; empty: it may grow, or the store names none."""
    is_folder: bool = False


class Store:
    """A bucket of S3, Google Cloud Storage or Azure. All that its methods raise is OSError, without any secret."""

    def __init__(self, address: str) -> None:
        self._root = root_of(address)
        self._fs = _file_system(address)

    @property
    def fs(self) -> Any:  # noqa: ANN401 - fsspec has no types
        """The file system."""
        return self._fs

    def entry(self, address: str) -> Entry:
        """What is at an address."""
        info = patiently(partial(self.fs.info, self._path(address)))
        return self._entry(address, info)

    def entries(self, folder: str) -> list[Entry]:
        """What is in a folder."""
        path = self._path(folder)
        rows = patiently(partial(self.fs.ls, path, detail=True))
        below = [row for row in rows if row["name"].strip("/") != path.strip("/")]  # S3 may hold the folder's own name
        return [self._entry(self._address(row["name"]), row) for row in below]

    def glob(self, address: str) -> list[Entry]:
        """What a glob means, in order."""
        found = patiently(partial(self.fs.glob, self._path(address), detail=True))
        return [self._entry(self._address(name), info) for name, info in sorted(found.items())]

    def open(self, entry: Entry) -> BinaryIO:
        """An object's bytes, unbuffered."""
        fetch = partial(self._fetch, self._path(entry.address))
        return cast("BinaryIO", RangeStream(fetch, entry.size or 0))

    def _fetch(self, path: str, begin: int, end: int) -> bytes:
        return cast("bytes", patiently(partial(self.fs.cat_file, path, start=begin, end=end)))

    def _path(self, address: str) -> str:
        return cast("str", self.fs._strip_protocol(address))

    def _address(self, name: str) -> str:
        """A file system's name of an object, which begins with the bucket, as an address."""
        return f"{self._root}/{name.partition('/')[2]}"

    def _entry(self, address: str, info: Mapping[str, Any]) -> Entry:
        mark = next((str(info[key]) for key in MARKS if info.get(key)), "")
        return Entry(address, info.get("size") or 0, changed_of(info), mark, info["type"] == "directory")


def _file_system(address: str) -> Any:  # noqa: ANN401 - fsspec has no types
    from fsspec.core import url_to_fs  # noqa: PLC0415 - an extra

    # a listing that was kept would show objects as they were
    return patiently(lambda: url_to_fs(address, use_listings_cache=False)[0], pauses=())


def root_of(address: str) -> str:
    """An address's beginning, up to the path."""
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"


def changed_of(info: Mapping[str, Any]) -> float | None:
    """When an object was last written."""
    found = next((info[key] for key in CHANGED if info.get(key)), None)
    if isinstance(found, str):
        try:
            found = datetime.fromisoformat(found)
        except ValueError:
            found = None
    if isinstance(found, datetime):
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    return float(found) if isinstance(found, (int, float)) else None


def store_of(address: str) -> Store:
    """The store that an address leads to.

    Raises LogsleuthError if it is unknown or its library is not installed, and OSError if it cannot be reached.
    """
    kind = readable_scheme(address).kind
    if kind == "web":
        from logsleuth.logs.open.stores.web import WebStore  # noqa: PLC0415 - each with a library of its own

        return WebStore(address)
    if kind == "ssh":
        from logsleuth.logs.open.stores.ssh import machine  # noqa: PLC0415

        return machine(root_of(address), os.getpid())
    return Store(address)
