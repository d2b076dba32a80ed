"""Commands that read the very log which showed a fault, not the one of a default installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.library.commands import Command

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DEFAULT = "/var/log/apache2/error.log"
"""The path that patterns write, which is Debian's."""
PACKED = (".gz", ".bz2", ".xz", ".zst", ".zip", ".tgz", ".tar")


def commands(templates: Iterable[str], values: Mapping[str, str], log: str) -> tuple[Command, ...]:
    """The commands of a pattern, filled; `log`: path of the log with its line. A packed one or a stream has no grep."""
    can_be_read = log not in {"", "-"} and not log.lower().endswith(PACKED)
    known = {**values, "log": log} if can_be_read else dict(values)
    return tuple(
        Command(template.replace(DEFAULT, "{log}") if can_be_read else template, tuple(known.items()))
        for template in templates
    )
