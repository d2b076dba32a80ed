"""Logs on a web server: read by range where it serves ranges, else as a stream."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from fnmatch import fnmatchcase
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from fsspec.asyn import sync
from fsspec.implementations.http import HTTPFileSystem
from yarl import URL

from logsleuth.logs.open.stores.patience import as_oserror, patiently
from logsleuth.logs.open.stores.ranges import RangeStream
from logsleuth.logs.open.stores.store import Entry, Store

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import BinaryIO

PARTIAL = 206
NOT_SATISFIABLE = 416
RANGE = re.compile(r"bytes (?:\d+-\d+|\*)/(\d+)\Z")
"""Content-Range (RFC 9110, 14.4)."""
CLIENT = {"auto_decompress": False, "trust_env": True, "headers": {"Accept-Encoding": "identity"}}
"""The bytes as they are stored; proxies of the environment and ~/.netrc are used."""


class WebStore(Store):
    """What one web server serves. A signed address may allow GET and nothing else, so HEAD is never asked."""

    def __init__(self, address: str) -> None:
        self._fs: Any = HTTPFileSystem(client_kwargs=CLIENT, use_listings_cache=False)

    def entry(self, address: str) -> Entry:
        """What is at an address: the first byte is asked for, to see whether ranges are served."""
        if address.endswith("/"):
            return Entry(address, 0, None, is_folder=True)
        status, headers = patiently(partial(self._run, self._first_byte, address))
        found = RANGE.match(headers.get("Content-Range", "")) if status in (PARTIAL, NOT_SATISFIABLE) else None
        return Entry(address, int(found[1]) if found else None, _changed(headers))

    def entries(self, folder: str) -> list[Entry]:
        """What a server's own list of a folder links to, below that folder."""
        rows = patiently(partial(self.fs.ls, folder, detail=False))
        below = sorted({name for name in rows if name.startswith(folder) and "?" not in name and ".." not in name})
        return [Entry(name, None, None, is_folder=name.endswith("/")) for name in below if name != folder]

    def glob(self, address: str) -> list[Entry]:
        """What a glob means, as far as the server's lists of folders go."""
        parts = address.partition("?")[0].split("/")
        first = next(number for number, part in enumerate(parts) if "*" in part)
        folders = ["/".join(parts[:first]) + "/"]
        for part in parts[first:-1]:
            folders = [one.address for folder in folders for one in self._matching(folder, f"{part}/")]
        return [one for folder in folders for one in self._matching(folder, parts[-1])]

    def _matching(self, folder: str, pattern: str) -> list[Entry]:
        """What is in a folder under such a name; a folder's name ends with a slash."""
        return [one for one in self.entries(folder) if fnmatchcase(one.address.removeprefix(folder), pattern)]

    def open(self, entry: Entry) -> BinaryIO:
        """Its bytes, unbuffered; of a server without ranges a stream, which cannot be sought."""
        if entry.size is not None:
            return cast("BinaryIO", RangeStream(partial(self._fetch, entry.address), entry.size))
        try:
            return cast("BinaryIO", self.fs.open(entry.address, "rb", block_size=0, size=None))
        except Exception as error:
            raise as_oserror(error) from None

    def _fetch(self, path: str, begin: int, end: int) -> bytes:
        return cast("bytes", patiently(partial(self._run, self._range, path, begin, end)))

    def _run(self, task: Any, *arguments: Any) -> Any:  # noqa: ANN401 - fsspec has no types
        return sync(self.fs.loop, task, *arguments)

    async def _first_byte(self, address: str) -> tuple[int, Mapping[str, str]]:
        session = await self.fs.set_session()
        async with session.get(_url(address), headers={"Range": "bytes=0-0"}) as answer:
            if answer.status != NOT_SATISFIABLE:
                answer.raise_for_status()
            return answer.status, answer.headers

    async def _range(self, address: str, begin: int, end: int) -> bytes:
        """A range; nothing of an answer that is the whole is read."""
        session = await self.fs.set_session()
        wanted = {"Range": f"bytes={begin}-{end - 1}"}
        async with session.get(_url(address), headers=wanted) as answer:
            answer.raise_for_status()
            if answer.status != PARTIAL:
                raise ValueError("the server no longer serves ranges of it")
            return cast("bytes", await answer.read())


def _url(address: str) -> URL:
    """The address as it is sent: one that has escapes is complete, and a signature may hold for just these bytes."""
    return URL(address, encoded="%" in address)


def _changed(headers: Mapping[str, str]) -> float | None:
    try:
        return parsedate_to_datetime(headers["Last-Modified"]).timestamp()
    except (KeyError, ValueError):
        return None
