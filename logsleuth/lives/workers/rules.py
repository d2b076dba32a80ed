"""The rules by which a worker's birth, end or loss is known, each a function of its name.

The first sentence of a rule's docstring is its reason; the report prints it where the rule was used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.lives.workers.life import LOSSES
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable

    from logsleuth.lives.server.model import Restart
    from logsleuth.lives.workers.generations import Generations
    from logsleuth.lives.workers.life import Life, Mark

DYING = 60 * SECOND
"""What is said of a pid so soon after its end belongs to that life: its last words, the parent's, the kernel's."""
SHUTDOWN = 15 * SECOND
"""The parent kills children that have not gone after ten seconds (ap_reclaim_child_processes)."""


def exit_line(mark: Mark) -> bool:
    """The parent, a process manager or the kernel reports that a process ended: such a line is proof."""
    return mark.kind in LOSSES and not _by_itself(mark)


def own_last_word(mark: Mark) -> bool:
    """A process that logs why it cannot go on, or that it gives up, ends within seconds of that line."""
    return mark.kind in LOSSES and _by_itself(mark)


def recycling_line(mark: Mark) -> bool:
    """A process that ends because it reached its limit (maximum-requests, pm.max_requests) is replaced: routine."""
    return mark.kind == "recycled"


def ordered_end_line(mark: Mark) -> bool:
    """A process that completes its shutdown was asked to end: routine."""
    return mark.kind == "stopped"


def born_again(last: int, dead: int | None, mark: Mark) -> bool:
    """A pid that starts or ends again, or writes long after its end, is another worker with the same number.

    Linux hands out pids in a circle: a number comes back after thousands of others, or in a new container. A parent
    reports the end of each child once (waitpid). `last`, `dead`: UTC microseconds of the last mark before, and of the
    first line that told of the end.
    """
    if mark.kind == "spawned":
        return last < mark.time - SECOND
    if dead is not None and mark.again and exit_line(mark) and mark.time > dead + SECOND:
        return True
    return dead is not None and mark.time > max(dead, last) + DYING


def of_a_later_generation(first: int, last: int, mark: Mark, server: Generations) -> bool:
    """No child outlives a stop of the server or two restarts: the same pid before that was another worker.

    After one graceful restart a child may still finish its requests; after a stop it has ten seconds.
    """
    between = server.between(last, mark.time)
    if not between:
        return False
    if any(end.kind in {"stop", "start"} and end.up is not None and end.up < mark.time for end in between):
        return True
    return mark.time > last + SHUTDOWN and len(server.between(first, mark.time)) > 1


def replaced_by_restart(first: int, last: int, server: Generations) -> Restart | None:
    """A restart or stop ends all workers, at the latest when their requests are done: routine."""
    return server.next(max(last - SHUTDOWN, first + 1))


def poisoned_since_birth(life: Life | None, first_failure: int) -> bool:
    """A process that failed from its first line on never served: what it needs was broken before it started."""
    return life is not None and life.first >= first_failure - SECOND


def poisoned_from_then_on(life: Life | None, first_failure: int) -> bool:
    """What a process failed to load stays broken until the process ends, though it may have served before."""
    return not poisoned_since_birth(life, first_failure)


def fails_while_others_serve() -> None:
    """A process whose requests all fail the same way, while others serve, is itself broken until it ends."""


def hung_until_killed(state: str) -> bool:
    """A process that its parent could not make exit was stuck: it had already stopped serving."""
    return state == "hung"


def parent_never_came_back() -> None:
    """A parent that gives up, or leaves its pid file behind, has ended: the next start is another process."""


def killed_before_the_kernel_log_begins() -> None:
    """The kernel keeps only its last lines: workers that fell silent just before, as its victims did, were killed."""


RULES: tuple[Callable[..., object], ...] = (
    exit_line,
    own_last_word,
    hung_until_killed,
    poisoned_since_birth,
    poisoned_from_then_on,
    fails_while_others_serve,
    parent_never_came_back,
    killed_before_the_kernel_log_begins,
    recycling_line,
    ordered_end_line,
    replaced_by_restart,
    born_again,
    of_a_later_generation,
)
"""In the order in which a report lists them: losses first."""


def reason(rule: str) -> str:
    """The sentence that says why a rule holds."""
    found = next(function for function in RULES if function.__name__ == rule)
    return (found.__doc__ or rule).strip().split("\n")[0]


def rule_of_end(mark: Mark) -> str:
    """The rule by which a line tells of an end."""
    return next(rule.__name__ for rule in (exit_line, own_last_word, recycling_line, ordered_end_line) if rule(mark))


def rule_of_loss(state: str, by_itself: bool, life: Life | None, first: int) -> str:
    """The rule by which a worker is known to be lost; `first`: UTC microseconds of the first line that says so."""
    if hung_until_killed(state):
        return hung_until_killed.__name__
    if state == "poisoned":
        since_birth = poisoned_since_birth(life, first)
        return (poisoned_since_birth if since_birth else poisoned_from_then_on).__name__
    return (own_last_word if by_itself else exit_line).__name__


def _by_itself(mark: Mark) -> bool:
    return mark.sighting is not None and mark.sighting.reporter == mark.sighting.subject
