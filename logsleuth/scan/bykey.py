"""Counts by a key that the sender of a request chooses: a client's address, a path, a virtual host.

There may be any number of keys, so only those of the lowest hash are kept, with their exact counts, whatever the order
in which they came: a fair sample of all keys, from which their number follows. What the others add up to is the total
less what is kept.
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from typing import TYPE_CHECKING

from logsleuth.values import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HASHES = 1 << 64


@dataclass(slots=True)
class KeyCounts:
    """How often each key came."""

    cap: int
    total: int = 0
    """Of all keys, kept or not."""
    kept: dict[str, int] = field(default_factory=dict)
    """At most `cap` keys, those of the lowest hash; complete if there are fewer."""

    @property
    def others(self) -> int:
        """What the keys that are not kept add up to."""
        return self.total - sum(self.kept.values())

    @property
    def distinct(self) -> int:
        """About how many different keys there were: exact below the cap, within about 1/√cap of it beyond."""
        return distinct_of(self.kept, self.cap)

    def add(self, counts: Mapping[str, int]) -> None:
        """Count these."""
        self.total += sum(counts.values())
        for key, count in counts.items():
            self.kept[key] = self.kept.get(key, 0) + count
        _bound(self.kept, self.cap)

    def merge(self, other: KeyCounts) -> None:
        """Add another's."""
        self.add(other.kept)
        self.total += other.others


@dataclass(slots=True)
class Answers:
    """Requests, and how they were answered."""

    requests: int = 0
    refused: int = 0
    """With a status of 400 to 499: the client's fault, or so the server says."""
    failed: int = 0
    """With a status of 500 or more."""
    redirected: int = 0
    """With a status that sends the client elsewhere."""

    def plus(self, other: Answers) -> Answers:
        """Both together."""
        return self._with(other, 1)

    def less(self, other: Answers) -> Answers:
        """Without the other's."""
        return self._with(other, -1)

    def _with(self, other: Answers, times: int) -> Answers:
        return Answers(
            self.requests + times * other.requests,
            self.refused + times * other.refused,
            self.failed + times * other.failed,
            self.redirected + times * other.redirected,
        )


@dataclass(slots=True)
class AnswersByKey:
    """How the requests of each key were answered."""

    cap: int
    total: Answers = field(default_factory=Answers)
    """Of all keys, kept or not; requests without a key are not counted."""
    kept: dict[str, Answers] = field(default_factory=dict)
    """At most `cap` keys, those of the lowest hash; complete if there are fewer."""

    @property
    def others(self) -> Answers:
        """What the keys that are not kept add up to."""
        return self.total.less(summed(self.kept.values()))

    @property
    def distinct(self) -> int:
        """About how many different keys there were: exact below the cap, within about 1/√cap of it beyond."""
        return distinct_of(self.kept, self.cap)

    def add(self, answers: Mapping[str, Answers]) -> None:
        """Count these."""
        self.total = self.total.plus(summed(answers.values()))
        for key, more in answers.items():
            known = self.kept.get(key)
            self.kept[key] = more if known is None else known.plus(more)
        _bound(self.kept, self.cap)

    def merge(self, other: AnswersByKey) -> None:
        """Add another's."""
        others = other.others
        self.add(other.kept)
        self.total = self.total.plus(others)


def summed(all_: Iterable[Answers]) -> Answers:
    """All of these together."""
    whole = Answers()
    for one in all_:
        whole = whole.plus(one)
    return whole


def distinct_of(kept: Mapping[str, object], cap: int) -> int:
    """How many different keys there were, of which the `cap` of the lowest hash are kept.

    Hashes are spread evenly, so the highest of the k lowest says how thick they lie (Bar-Yossef and others, 2002).
    """
    if len(kept) < cap or cap < 2:
        return len(kept)
    return round((cap - 1) * HASHES / max(*map(key_hash, kept), 1))


@lru_cache(maxsize=1 << 16)
def key_hash(key: str) -> int:
    """A hash of a key that is the same in every process and spreads evenly over 64 bits.

    The cyclic redundancy check, mixed as splitmix64 mixes: similar keys have similar sums.
    """
    total = zlib.crc32(key.encode("utf-8", "surrogatepass"))
    total = ((total ^ (total >> 15)) * 0xBF58476D1CE4E5B9) % HASHES
    total = ((total ^ (total >> 27)) * 0x94D049BB133111EB) % HASHES
    return total ^ (total >> 31)


def _bound(kept: dict[str, int] | dict[str, Answers], cap: int) -> None:
    """Drop the keys beyond the cap."""
    if len(kept) > cap:
        for key in sorted(kept, key=lambda key: (key_hash(key), key))[cap:]:
            del kept[key]
