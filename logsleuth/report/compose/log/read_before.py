"""Whether the kernel's log was read, or an error log of httpd: then nobody is sent there again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.library.pattern import Known
    from logsleuth.logs.open.log import Log
    from logsleuth.timeline.model import Timeline

ASKS_THE_KERNEL: Final = ("dmesg ", "journalctl -k")
"""How commands begin that read the kernel's log."""

OF_KERNELS: Final = "kernel."
"""How the ids of patterns begin that know what kernels write."""


def has_kernel_log(timeline: Timeline) -> bool:
    """Whether some line is one that only a kernel writes."""
    return any(
        "kernel-log" in series.meaning.shows or series.name.startswith(OF_KERNELS) for series in timeline.known()
    )


def has_error_log(logs: Iterable[Log]) -> bool:
    """Whether one of the logs is an error log of httpd."""
    return any(log.format.source == "httpd" for log in logs)


def logs_read(timeline: Timeline, logs: Iterable[Log]) -> list[Known]:
    """The names of those that were read, as patterns ask for them."""
    kernels: list[Known] = ["kernel-log"] if has_kernel_log(timeline) else []
    return [*kernels, "error-log"] if has_error_log(logs) else kernels


def still_to_ask(templates: Iterable[str], timeline: Timeline) -> list[str]:
    """The commands of a pattern without those that read what was read already."""
    if not has_kernel_log(timeline):
        return list(templates)
    return [template for template in templates if not template.startswith(ASKS_THE_KERNEL)]
