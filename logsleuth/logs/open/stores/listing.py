"""Which objects an address names: itself, a glob's, or the error logs below a prefix."""

from __future__ import annotations

import glob
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from logsleuth.errors import LogsleuthError
from logsleuth.logs.open.folders import DEEPEST, MOST_ENTRIES, MOST_LOGS, is_error_log
from logsleuth.logs.open.stores.addresses import shown
from logsleuth.logs.open.stores.patience import AT_ONCE
from logsleuth.logs.open.stores.schemes import readable_scheme, scheme_of
from logsleuth.logs.open.stores.store import store_of
from logsleuth.logs.open.stores.stored import StoredObject, Unreachable, unreadable
from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from logsleuth.logs.open.place import Place
    from logsleuth.logs.open.stores.store import Entry, Store


def objects_at(addresses: Sequence[str], *, alone: bool) -> list[list[Place]]:
    """The objects that each of these addresses names.

    `alone`: nothing else is read: an address at which nothing is found is an error. Raises LogsleuthError, always if
    a store is not known or its library not installed.
    """
    for address in addresses:
        readable_scheme(address)
    if alone:
        return _with_own_names([_meant(address) for address in addresses])
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return _with_own_names([*pool.map(_meant_or_unreachable, addresses)])


def _with_own_names(found: list[list[Place]]) -> list[list[Place]]:
    """The same, numbered where different addresses look alike without their credentials and queries."""
    addresses: dict[str, list[str]] = {}
    for place in (place for places in found for place in places if isinstance(place, StoredObject)):
        alike = addresses.setdefault(place.name, [])
        if place.entry.address not in alike:
            alike.append(place.entry.address)
    return [[_numbered(place, addresses) for place in places] for places in found]


def _numbered(place: Place, addresses: Mapping[str, list[str]]) -> Place:
    nth = addresses[place.name].index(place.entry.address) if isinstance(place, StoredObject) else 0
    return replace(place, name=f"{place.name} ({nth + 1})") if nth and isinstance(place, StoredObject) else place


def _meant_or_unreachable(address: str) -> list[Place]:
    try:
        return _meant(address)
    except LogsleuthError as error:
        return [Unreachable(shown(address), error)]


def _meant(address: str) -> list[Place]:
    """The objects that one address names. Raises LogsleuthError."""
    try:
        store = store_of(address)
        entries = store.glob(address) if _is_glob(address) else []
        if not entries:
            entry = store.entry(address)
            entries = _below(store, entry) if entry.is_folder else [entry]
    except OSError as error:
        raise unreadable(shown(address), error) from None
    return [StoredObject(shown(entry.address), entry) for entry in entries]


def _is_glob(address: str) -> bool:
    """Whether it has a glob's signs; on a web server `?` begins the query."""
    if scheme_of(address).kind == "web":
        return "*" in address.partition("?")[0]
    return glob.has_magic(address)


def _below(store: Store, folder: Entry) -> list[Entry]:
    """The error logs below a prefix, the nearest first."""
    found: list[Entry] = []
    seen, level = 0, [folder]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for _ in range(DEEPEST + 1):
            entries = [entry for part in pool.map(lambda one: store.entries(one.address), level) for entry in part]
            seen += len(entries)
            found += [entry for entry in entries if not entry.is_folder and _is_log(entry)]
            _check(folder, seen, len(found))
            level = [entry for entry in entries if entry.is_folder]
    if not found:
        name = shown(folder.address)
        raise LogsleuthError(f"{name} holds no error logs", "name the object itself, such as error.log, or a glob")
    return sorted(found, key=lambda entry: (entry.address.count("/"), entry.address))


def _is_log(entry: Entry) -> bool:
    return is_error_log(entry.address.rpartition("/")[2])


def _check(folder: Entry, seen: int, logs: int) -> None:
    name = shown(folder.address)
    if seen > MOST_ENTRIES:
        raise LogsleuthError(f"{name} holds more than {MOST_ENTRIES:,} objects", "name a prefix with fewer of them")
    if logs > MOST_LOGS:
        raise LogsleuthError(f"{name} holds more than {MOST_LOGS:,} error logs", "name a prefix with fewer of them")
