"""Which place of a site a refusal is of, and whether anybody is served there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.signals.tuning import LEAST_MOMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.lives.requests import Requests
    from logsleuth.timeline.model import Moment

DEEPEST = 8
"""Folders of a path that are told apart: a client chooses how many there are."""


def folders_of(path: str) -> list[str]:
    """A path and the folders that it is in, the outermost first: '', '/shop', '/shop/cart'.

    `path`: of a URL, of a file, or of a proxied URL such as `proxy:http://192.0.2.5:8080/shop/cart`, its host left out.
    """
    names = _names(path)
    return ["", *("/" + "/".join(names[:depth]) for depth in range(1, len(names) + 1))]


def was_served(requests: Requests, moments: Sequence[Moment]) -> bool | None:
    """Whether the access log has requests that were answered where these were refused; None: it does not show it.

    What nobody was ever served is asked for by scanners. A file's path has folders that no URL has, so that any of its
    names may be the first segment of the URL.
    """
    if requests.own is None:
        return None
    by_path = requests.own.by_path
    names = {f"/{name}" for path in _paths(moments) for name in _names(path) or [""]}
    known = [asked for asked in by_path.kept if asked.key in names and asked.refused + asked.redirected]
    if not names or not known:
        return None
    answered = (one.requests - one.refused - one.failed - one.redirected for one in known)
    return sum(answered) >= LEAST_MOMENTS


def _paths(moments: Iterable[Moment]) -> set[str]:
    fields = (dict(moment.sighting.fields) for moment in moments)
    return {field["path"] for field in fields if "path" in field}


def _names(path: str) -> list[str]:
    """The names between the slashes, without a scheme, a host and a query."""
    path = path.partition("?")[0]
    if "://" in path:
        path = path.partition("://")[2].partition("/")[2]
    return [name for name in path.split("/") if name][:DEEPEST]
