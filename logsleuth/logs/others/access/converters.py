"""Access lines that are in no LogFormat: each is made a line of httpd's usual format, and then read as such."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from logsleuth.logs.others.access import haproxy
from logsleuth.logs.others.access.members import members_named

if TYPE_CHECKING:
    from collections.abc import Iterable


class Converter(Protocol):
    """How the lines of one log are made usual ones."""

    @property
    def is_local(self) -> bool:
        """Its times name no zone."""

    @property
    def is_dated(self) -> bool:
        """Its lines have times; else only the wrapper around them says it."""

    def usual_line(self, line: str) -> bytes | None:
        """The same request in httpd's usual format, with how long it took at its end; None: the line is none."""


def converter_named(name: str) -> Converter | None:
    """What a format's name says; None: it is a LogFormat."""
    return haproxy.HaproxyHttp() if name == haproxy.NAME else members_named(name)


def converters_of(formats: Iterable[str]) -> tuple[Converter, ...]:
    """Those of some formats that are no LogFormats."""
    return tuple(found for name in formats if (found := converter_named(name)) is not None)
