"""Answers that fit a number of bytes: whatever is cut, what is left is whole JSON with the most telling first.

Our lists are ordered already (the gravest incident, the surest cause, the earliest evidence first), so cutting their
ends and dropping what says least keeps what says most.
"""

from __future__ import annotations

import json
from typing import Any, Final

from logsleuth.values import dataclass

LEAST: Final = 1000
"""Bytes of an answer that can still say something."""
DULL: Final = (
    "errors", "detection", "how_known", "usual", "signals", "ruled_out", "pools", "routine", "workers", "chain",
    "unknown", "timeline", "impact", "notes", "triggers", "logs", "evidence", "faults",
)  # fmt: skip
"""Keys, the least telling first: of a report `incidents` with their summaries, causes and actions are left at last."""


@dataclass(frozen=True, slots=True)
class Cut:
    """How much of an answer is shown."""

    items: int
    """Of each list."""
    characters: int
    """Of each text."""
    dropped: int
    """Keys of DULL that are left out."""

    def of(self, value: Any) -> Any:  # noqa: ANN401 - any JSON
        """What is left of a value."""
        if isinstance(value, dict):
            return {key: self.of(one) for key, one in value.items() if key not in DULL[: self.dropped]}
        if isinstance(value, list):
            return [self.of(one) for one in value[: self.items]]
        if isinstance(value, str) and len(value) > self.characters:
            return f"{value[: self.characters]}…"
        return value

    @property
    def told(self) -> str:
        """What was done, for the reader of the answer."""
        dropped = f"; left out: {', '.join(DULL[: self.dropped])}" if self.dropped else ""
        return f"lists cut to {self.items} items, texts to {self.characters} characters{dropped}"


CUTS: Final = (
    Cut(200, 4000, 0), Cut(50, 2000, 1), Cut(20, 1000, 3), Cut(10, 500, 6), Cut(6, 400, 8), Cut(5, 300, 10),
    Cut(4, 300, 13), Cut(3, 200, 15), Cut(2, 160, 17), Cut(1, 120, len(DULL)),
)  # fmt: skip
"""From the mildest to the harshest."""


def bounded(data: dict[str, Any], notice: str, most: int) -> str:
    """An answer of bounded size (LEAST bytes or more) as JSON: `notice`, what was cut, and the data."""
    whole = _text(notice, None, data)
    if _size(whole) <= most:
        return whole
    for cut in CUTS:
        text = _text(notice, cut.told, cut.of(data))
        if _size(text) <= most:
            return text
    return _text(notice, "only what fits", _scalars(data, most - _size(_text(notice, "only what fits", {}))))


def _scalars(data: dict[str, Any], room: int) -> dict[str, Any]:
    """The first plain values that fit."""
    kept: dict[str, Any] = {}
    for key, value in data.items():
        if isinstance(value, dict | list):
            continue
        if _size(json.dumps(kept | {key: value})) > room:
            break
        kept[key] = value
    return kept


def _text(notice: str, cut: str | None, data: dict[str, Any]) -> str:
    return json.dumps({"notice": notice, "cut": cut, "data": data})


def _size(text: str) -> int:
    return len(text.encode())
