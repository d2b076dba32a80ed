"""Which ErrorLogFormats a log is read by: those named outright, or else those of its configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.logs.conf.configuration import Configuration
    from logsleuth.logs.conf.of_hosts import Configurations
    from logsleuth.logs.httpd.layout.given import LayoutsOf


def formats_of(named: Sequence[str], conf: Configuration | Configurations | None) -> LayoutsOf:
    """Formats given by the user apply to all logs; those of a configuration to its own."""
    if named or conf is None:
        return lambda _, __: tuple(named)
    return conf.formats_of
