"""What sets the hosts that were hit apart from those that were spared, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.fleet.apart import UNCHANGED, UNSET
from logsleuth.report.words import joined
from logsleuth.signals.tuning import AROUND_US
from logsleuth.units import SECOND, duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logsleuth.fleet.model import Apart, TraitKind

MOST_TOLD = 6
"""Differences that are sentences of their own; further ones are only named."""
MOST_NAMED = 12
ABSENT = frozenset({UNSET, UNCHANGED})


def apart_text(apart: Sequence[Apart]) -> Iterator[str]:
    """Sentences on what sets them apart; none where nothing does."""
    yield from (_sentence(one) for one in apart[:MOST_TOLD])
    if more := [one.name for one in apart[MOST_TOLD:]]:
        names = [*more[:MOST_NAMED], *([f"{len(more) - MOST_NAMED} more"] if len(more) > MOST_NAMED else [])]
        yield f"They also differ in {joined(names)}."


def _sentence(one: Apart) -> str:
    if one.hit is None:
        assert one.spared is not None
        text = f"{_all(one.spared_count, one.spared_known, 'spared')} {_has(one, one.spared)}"
        return f"{text}, {_few(one.hit_count, one.hit_known, 'hit')}."
    text = f"{_all(one.hit_count, one.hit_known, 'hit')} {_has(one, one.hit)}"
    if one.spared is not None:
        return f"{text}; all {one.spared_known:,} spared {_has(one, one.spared)}."
    return f"{text}, {_few(one.spared_count, one.spared_known, 'spared')}."


def _all(count: int, known: int, what: str) -> str:
    return f"All {known:,} hosts {what}" if count == known else f"{count:,} of the {known:,} hosts {what}"


def _few(count: int, known: int, what: str) -> str:
    """Those of the other side that are like that all the same."""
    return f"and {count:,} of the {known:,} {what}" if count else f"none of the {known:,} {what}"


HAS: dict[TraitKind, str] = {
    "software": "run {name} {value}",
    "platform": "run on {value}",
    "MPM": "run the MPM {value}",
    "module": "load {name}",
    "setting": "have {name} {value}",
    "role": "have names like {value}01",
    "folder": "are in the folder {value}",
    "zone": "log in the time zone {value}",
    "site": "mostly serve {value}",
    "change": "were changed or restarted less than {time} before",
}
HAS_NOT: dict[TraitKind, str] = {
    "module": "do not load it",
    "setting": "do not set {name}",
    "change": "were not",
}


def _has(one: Apart, value: str) -> str:
    """A verb, in the plural, and what these hosts have."""
    sentence = HAS_NOT[one.kind] if value in ABSENT else HAS[one.kind]
    return sentence.format(name=one.name, value=value, time=duration(AROUND_US / SECOND))
