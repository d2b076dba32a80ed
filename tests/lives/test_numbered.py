"""Whose numbers the pids of a line are, where httpd runs in a container."""

from dataclasses import replace

import pytest

from logsleuth.library.pattern import Worker
from logsleuth.lives.workers.numbered import numbered_elsewhere
from logsleuth.timeline.model import Series
from tests.lives.build import ANY, series, timeline

OWN = series(replace(ANY, id="own", role="death", worker=Worker("crashed")), 10, 20)
KERNELS = series(
    replace(ANY, id="kernels", role="death", worker=Worker("killed"), shows=frozenset({"kernel-log"})), 9, 19
)


@pytest.mark.parametrize(
    ("found", "parents", "names"),
    [
        ((OWN, KERNELS), {1}, {"kernels"}),
        ((OWN, KERNELS), {4711}, set()),
        ((KERNELS,), {1}, set()),
        ((OWN,), {1}, set()),
    ],
    ids=["both tell of ends", "in no container", "the kernel alone", "httpd alone"],
)
def test_the_kernel_of_a_containers_host_counts_by_other_numbers(
    found: tuple[Series, ...], parents: set[int], names: set[str]
) -> None:
    assert numbered_elsewhere(timeline(*found), parents) == names
