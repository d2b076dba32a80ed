"""Whose numbers a line's pids are: inside a container processes have others than on its host."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.lives.workers.life import ENDS

if TYPE_CHECKING:
    from collections.abc import Collection

    from logsleuth.timeline.model import Timeline

FIRST_OF_A_CONTAINER: Final = 1
"""The pid of httpd's parent where it is the first process of a container (pid_namespaces(7))."""


def numbered_elsewhere(timeline: Timeline, parents: Collection[int]) -> frozenset[str]:
    """The names of the series in which the host's kernel tells once more, by its own numbers, of workers' ends.

    None where httpd is in no container, or does not report such ends itself.
    """
    if FIRST_OF_A_CONTAINER not in parents:
        return frozenset()
    ends = [one for one in timeline.known() if one.meaning.worker is not None and one.meaning.worker.state in ENDS]
    kernels = frozenset(one.name for one in ends if "kernel-log" in one.meaning.shows)
    return kernels if len(kernels) < len(ends) else frozenset()
