"""One object in a store, as a place that a log is read from."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from logsleuth.errors import LogsleuthError
from logsleuth.logs.open.place import Looked
from logsleuth.logs.open.stores.schemes import scheme_of
from logsleuth.logs.open.stores.store import Entry, store_of
from logsleuth.values import dataclass, field, replace

if TYPE_CHECKING:
    from typing import BinaryIO

ONE_REQUEST = 4 * 1024 * 1024
"""Bytes: whether a larger object is still the same is asked before it is read, since several requests read it."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object, with what was known of it when it was found."""

    name: str
    """Its address without credentials."""
    entry: Entry = field(repr=False)
    """Its address may hold a password or a signature: it is for the store alone."""

    def look(self) -> Looked:
        """What was found. Raises OSError."""
        entry = self.entry
        if entry.size is None:  # listed by a web server, which does not say
            entry = store_of(entry.address).entry(entry.address)
        return Looked(replace(self, entry=entry), entry.size, entry.changed or time.time())

    def open(self) -> BinaryIO:
        """Its bytes by range, from the first. Raises OSError, also if it was replaced since."""
        store = store_of(self.entry.address)
        if self.entry.mark and (self.entry.size or 0) > ONE_REQUEST:
            now = store.entry(self.entry.address)
            if now.mark != self.entry.mark:
                raise OSError("it was replaced while it was being read")
        return store.open(self.entry)

    def unreadable(self, error: OSError) -> LogsleuthError:
        """What to say where it could not be read."""
        return unreadable(self.name, error)


@dataclass(frozen=True, slots=True)
class Unreachable:
    """An address at which nothing was found: one of several, so that the others are read."""

    name: str
    trouble: LogsleuthError

    def look(self) -> Looked:
        """Raises OSError."""
        raise OSError(self.trouble.message)

    def open(self) -> BinaryIO:
        """Raises OSError."""
        raise OSError(self.trouble.message)

    def unreadable(self, error: OSError) -> LogsleuthError:
        """What was wrong."""
        return self.trouble


def unreadable(name: str, error: OSError) -> LogsleuthError:
    """What to say where an address could not be read."""
    if isinstance(error, FileNotFoundError):
        return LogsleuthError(f"{name} does not exist", "check the address; a folder's ends with /, a glob has *")
    if isinstance(error, PermissionError):
        return LogsleuthError(f"no permission to read {name}: {error}", f"credentials: {scheme_of(name).credentials}")
    return LogsleuthError(f"cannot read {name}: {error}", "check the address and the network, and run it again")
