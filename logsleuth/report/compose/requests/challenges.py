"""Requests that were only asked for a user name (401), told apart from logins that failed.

A browser asks without a name first. With Negotiate and NTLM it then repeats the request with a proof of who it is. An
access log shows the name only if that was taken: the line of a login that failed looks like that of the question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.units import SECOND
from logsleuth.values import NamedTuple, dataclass

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

AT_ONCE: Final = 2 * SECOND
"""Microseconds within which a browser repeats a request by itself: logs have whole seconds."""


class Challenge(NamedTuple):
    """One request."""

    number: int
    """By which it is known."""
    key: Hashable
    """What it shares with its repetition: client, agent, method and page."""
    time: int
    """UTC microseconds."""
    asks: bool
    """It had no user name and was answered that it needs one."""


@dataclass(frozen=True, slots=True)
class Challenges:
    """What became of requests that need a user name."""

    prompts: frozenset[int]
    """Those that were only asked for one."""
    failed: frozenset[int] = frozenset()
    """Those that answered, and were refused."""
    done: frozenset[int] = frozenset()
    """Those that answered, and were let in."""


def challenges_among(asked: Iterable[Challenge]) -> Challenges:
    """What became of some requests, in order of time.

    Of the refusals in a row, each within a moment of the one before, every second one answers the one before it; none
    does where the row ends with an answer that was taken, since NTLM asks twice.
    """
    rows: dict[Hashable, list[Challenge]] = {}
    prompts: set[int] = set()
    failed: set[int] = set()
    done: set[int] = set()

    def close(row: list[Challenge]) -> None:
        prompts.update(one.number for one in row[::2])
        failed.update(one.number for one in row[1::2])

    for one in asked:
        row = rows.pop(one.key, [])
        if row and one.time - row[-1].time > AT_ONCE:
            close(row)
            row = []
        if one.asks:
            rows[one.key] = [*row, one]
        elif row:
            prompts.update(before.number for before in row)
            done.add(one.number)
    for row in rows.values():
        close(row)
    return Challenges(frozenset(prompts), frozenset(failed), frozenset(done))
