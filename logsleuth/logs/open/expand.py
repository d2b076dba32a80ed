"""What the user named: the places of all logs that are meant, in order, none twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.logs.open.folders import files_at
from logsleuth.logs.open.place import LocalFile, StandardInput, forbidden
from logsleuth.logs.open.stores.schemes import scheme_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.logs.open.place import Place


def expand(paths: Iterable[str]) -> list[Place]:
    """Each place that is meant: '-', paths of this machine, and addresses of objects in stores.

    Raises LogsleuthError if a path leads nowhere, or to too many files; an address only if it is the only one.
    """
    named = list(paths)
    stored = _stored([path for path in named if _is_address(path)], alone=len(named) == 1)
    places = [place for path in named for place in stored.get(path) or _local(path, alone=len(named) == 1)]
    return list(dict.fromkeys(places))


def _is_address(path: str) -> bool:
    return scheme_name(path) is not None


def _stored(addresses: Sequence[str], *, alone: bool) -> dict[str, list[Place]]:
    """The objects at each of these addresses."""
    if not addresses:
        return {}
    from logsleuth.logs.open.stores.listing import objects_at  # noqa: PLC0415 - most logs are of this machine

    return dict(zip(addresses, objects_at(addresses, alone=alone), strict=True))


def _local(path: str, *, alone: bool) -> list[Place]:
    if path == "-":
        return [StandardInput()]
    try:
        return [LocalFile(file) for file in files_at(path)]
    except PermissionError:
        if alone:
            raise forbidden(path) from None
        return [LocalFile(path)]  # it is reported where it is to be opened
