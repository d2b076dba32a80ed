"""Which lines a pattern may be seen on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from logsleuth.library.pattern import Pattern
    from logsleuth.scan.line import Kind


def in_scope(pattern: Pattern, kind: Kind, source: str) -> bool:
    """Whether a pattern may be seen on lines of this module, level and source."""
    scope = pattern.scope
    module, level = kind
    return (
        (source in scope.sources if scope.sources else source == "httpd")
        and (not scope.modules or module in scope.modules)
        and (not scope.levels or not level or level in scope.levels)
    )
