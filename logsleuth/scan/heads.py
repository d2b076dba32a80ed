"""Who wrote each line of a block: level, module, pid and tid, and where the text behind them begins.

The level's and the pid's field are hashed together, so that a worker's lines cost one look-up each; only heads
that were not seen before are decoded in Python.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from logsleuth.scan.hashing import Hasher
from logsleuth.scan.times import chosen
from logsleuth.scan.tokens import Tokens

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from logsleuth.scan.lines import Lines

Kind = tuple[str, str]
"""Module ('' if the line names none) and level."""
Proc = tuple[int, int]
"""pid and tid; 0 where the line names none."""
NO_KIND: Kind = ("", "")

OPEN, SPACE = ord("["), ord(" ")
BYTE = np.uint64(0xFF)
CLIENT = np.uint64(int.from_bytes(b"[client ", "little"))
REMOTE = np.uint64(int.from_bytes(b"[remote ", "little"))
PID = np.uint64(int.from_bytes(b"[pid ", "little"))
LOW40 = np.uint64((1 << 40) - 1)

KIND = re.compile(rb"\[(?:([\w.\-]*):)?(emerg|alert|crit|error|warn(?:ing)?|notice|info|debug|trace[1-8])\]")
PROC = re.compile(rb"\[pid (\d{1,10})(?::tid (\d{1,19}))?\]")
SWALLOWED = re.compile(rb"\[pid (\d{1,10}):tid ")
"""An empty %T can take the closing bracket with it: `[pid 123:tid message`."""

NO_PROC, WHOLE = 0, 1
"""How a head goes on behind the level: no pid, or a whole field; else the bytes of one without its bracket."""


class Heads:
    """The heads met so far: a cache that lives as long as a run."""

    def __init__(self) -> None:
        self._hasher = Hasher()
        self._clear()

    def _clear(self) -> None:
        self.kinds: list[Kind] = []
        self.procs: list[Proc] = []
        self._kinds: dict[Kind, int] = {}
        self._procs: dict[Proc, int] = {}
        self._seen: Tokens[tuple[int, int, int]] = Tokens()
        self._table = np.zeros((0, 3), np.int64)

    def look_up(
        self, data: bytes, at: NDArray[np.int64], close: NDArray[np.int64], stop: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Kind, proc and how it goes on, of the heads that begin `at` and reach to `stop`, whose level ends at `close`.

        Kind and proc are indices into `kinds` and `procs`; proc is -1 where there is no pid.
        """
        if self._seen.full:
            self._clear()
        hashes = self._hasher.spans(data, at, stop + 1)
        ids = self._seen.ids(
            hashes,
            lambda new: [
                self._decode(data[i : j + 1], data[j + 2 : k + 1])
                for i, j, k in zip(at[new].tolist(), close[new].tolist(), stop[new].tolist(), strict=True)
            ],
        )
        if len(self._table) != len(self._seen.values):
            self._table = np.array(self._seen.values, np.int64).reshape(-1, 3)
        kind, proc, more = (np.ascontiguousarray(column)[ids] for column in self._table.T)
        return kind, proc, more

    def _decode(self, level: bytes, pid: bytes) -> tuple[int, int, int]:
        kind, (proc, more) = _kind(level), _proc(pid)
        number = self._kinds.setdefault(kind, len(self._kinds))
        if number == len(self.kinds):
            self.kinds.append(kind)
        if proc is None:
            return number, -1, NO_PROC
        place = self._procs.setdefault(proc, len(self._procs))
        if place == len(self.procs):
            self.procs.append(proc)
        return number, place, more


def _kind(field: bytes) -> Kind:
    found = KIND.fullmatch(field)
    if found is None:
        return NO_KIND
    module = (found[1] or b"").decode("ascii", "replace")
    level = found[2].decode("ascii")
    return ("" if module == "-" else module, "warn" if level == "warning" else level)


def _proc(field: bytes) -> tuple[Proc | None, int]:
    if found := PROC.fullmatch(field):
        return (int(found[1]), int(found[2] or 0)), WHOLE
    if found := SWALLOWED.match(field):
        return (int(found[1]), 0), found.end()
    return None, NO_PROC


def read_heads(lines: Lines, marks: NDArray[np.int64], first: NDArray[np.int64], heads: Heads, *, vhost: bool) -> None:
    """Walk the bracketed fields after the time: level, pid, (server name,) client. Fills what is told of them.

    `marks`: where brackets close and lines end, in order, with some more behind; `first`: by line, which of them
    closes the time. `vhost`: the format has a server name in brackets after the pid.
    """
    raw = np.frombuffer(lines.data, np.uint8)
    words = np.ndarray((len(raw) - 7,), np.dtype("<u8"), lines.data, strides=(1,))
    at, close = marks[first] + 2, marks[first + 1]
    good = lines.dated & (raw[at] == OPEN) & (close < lines.end)
    if not good.any():
        return
    which = chosen(good)
    at, close, nth, end = at[which], close[which], first[which] + 2, lines.end[which]
    after = close + 2
    has_pid = ((words[after] & LOW40) == PID) & (after < end)
    stop = np.where(has_pid, np.minimum(marks[nth], end - 1), close)
    kind, proc, more = heads.look_up(lines.data, at, close, stop)
    lines.kind[which], lines.proc[which] = kind, proc
    text = np.where(more == WHOLE, stop + 2, np.where(more == NO_PROC, after, np.minimum(after, end) + more))
    nth += more == WHOLE
    word = words[text]
    client = _is_client(word)
    name = _names(words, marks, nth, end, np.flatnonzero(~client & ((word & BYTE) == OPEN)), always=vhost)
    text[name] = marks[nth[name]] + 2
    nth[name] += 1
    client[name] = _is_client(words[text[name]])

    behind = marks[nth]
    client &= behind < end
    behind += 1
    behind += raw[behind] == SPACE
    lines.field[which] = np.minimum(text, end)
    lines.text[which] = np.minimum(np.where(client, behind, text), end)
    lines.client[which] = client


def _is_client(word: NDArray[np.uint64]) -> NDArray[np.bool_]:
    client: NDArray[np.bool_] = (word == CLIENT) | (word == REMOTE)
    return client


def _names(
    words: NDArray[np.uint64],
    marks: NDArray[np.int64],
    nth: NDArray[np.int64],
    end: NDArray[np.int64],
    candidates: NDArray[np.int64],
    *,
    always: bool,
) -> NDArray[np.int64]:
    """Those of the candidates that are server names: where the format has one, or a client field stands behind it."""
    name = candidates[marks[nth[candidates]] < end[candidates]]
    return name if always else name[_is_client(words[marks[nth[name]] + 2])]
