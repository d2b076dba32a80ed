"""Addresses as they may be shown: without passwords, and without the query, in which signatures and tokens are."""

from __future__ import annotations

import re

from logsleuth.logs.open.stores.schemes import scheme_name
from logsleuth.regexes import regex

_PARTS = regex(r"(?s)(?P<scheme>[^/]*://)(?P<place>[^/?#]*)(?P<rest>.*)", needs=("://",))
_QUERY = regex(r"(?s)\?[\w.~%\-]+=.*")
"""In a bucket `?` may be a glob's: what has a name and a value is a query."""
_ADDRESS = regex(r"[A-Za-z][A-Za-z0-9+.\-]+://[^\s'\"<>()\[\]]+", needs=("://",))
_SECRET = regex(r"(?i)\b((?:sig|signature|x-amz-[\w-]+|token|password|passwd|secret|account_?key)=)[^\s&'\",;]+")


def shown(address: str) -> str:
    """An address without user names and passwords, query and fragment; any other path as it is."""
    parts = _PARTS.fullmatch(address)
    if parts is None:
        return address
    is_web = scheme_name(address) in ("http", "https")
    rest = re.split(r"[?#]", parts["rest"], maxsplit=1)[0] if is_web else _QUERY.sub("", parts["rest"])
    return parts["scheme"] + _without_secrets(parts["place"], is_web=is_web) + rest


def _without_secrets(place: str, *, is_web: bool) -> str:
    """`abfs://container@account` and `sftp://user@host` hold no secret; `user:password@` and `token@` do."""
    user, at, host = place.rpartition("@")
    return host if is_web or ":" in user else user + at + host


def without_secrets(text: str) -> str:
    """A text, such as an error of a library, in which addresses and parameters are without secrets."""
    return _SECRET.sub(r"\1…", _ADDRESS.sub(lambda found: shown(found[0]), text))
