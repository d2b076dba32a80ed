"""Runs targets on mutated inputs, and keeps what went wrong: errors, crashes, hangs and floods of memory."""

from __future__ import annotations

import hashlib
import mmap
import multiprocessing
import random
import resource
import signal
import time
import traceback
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.fuzz.mutate import mutated
from tests.fuzz.targets import HERE, TARGETS, Target

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from multiprocessing.connection import Connection

HANG = 5.0
"""Seconds of processor time that one input may take."""
FLOOD = 300
"""MB that the process may hold."""
FOUND = HERE / "found"
TURN = 1.0
"""Seconds for which a target runs before the next one does; each turn has a process of its own, as each run of the
program has, so that what it holds is what its inputs take and not what millions of others left in caches."""
LONGEST = 1 << 24
"""Bytes of an input that are kept when the process dies of it."""


class HangError(BaseException):
    """An input took too long; no `except Exception` of what is fuzzed may catch it."""


@dataclass
class Outcome:
    """What a target did."""

    inputs: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    largest: int = 0
    """MB that the process held at most while this target ran."""
    failures: dict[str, bytes] = field(default_factory=dict)
    """The place in the code, or `hang`, `flood` or the signal that killed the process, and the first input."""

    def add(self, other: Outcome) -> None:
        """Count what another turn did."""
        self.inputs += other.inputs
        self.seconds += other.seconds
        self.slowest = max(self.slowest, other.slowest)
        self.largest = max(self.largest, other.largest)
        for place, data in other.failures.items():
            if not self.knows(place):
                self.failures[place] = data

    def knows(self, place: str) -> bool:
        """Whether something was found at this place before."""
        return any(_key(known) == _key(place) for known in self.failures)


def run(
    name: str,
    target: Target,
    choose: random.Random,
    *,
    inputs: int = 0,
    seconds: float = 0.0,
    last: mmap.mmap | None = None,
) -> Outcome:
    """Run a target on this many mutated inputs, or for this long; each is written to `last` before it is tried."""
    outcome = Outcome()
    seeds = target.seeds()
    end, left = time.monotonic() + seconds, inputs
    while left > 0 or time.monotonic() < end:
        left -= 1
        data = mutated(choose, choose.choice(seeds), seeds, target.longest)
        if last is not None:
            last[: 8 + len(data)] = len(data).to_bytes(8, "big") + data
        _try(name, target, data, outcome)
    return outcome


def replay(name: str, target: Target, inputs: Sequence[bytes]) -> Outcome:
    """Run a target on inputs as they are."""
    outcome = Outcome()
    for data in inputs:
        _try(name, target, data, outcome)
    return outcome


def _try(name: str, target: Target, data: bytes, outcome: Outcome) -> None:
    began, before = time.process_time(), _held()
    try:
        with _at_most(HANG):
            target.run(data)
    except HangError:
        _keep(name, "hang", data, outcome)
    except Exception as error:
        _keep(name, _place(error), data, outcome)
    took, held = time.process_time() - began, _held()
    outcome.inputs += 1
    outcome.seconds += took
    outcome.slowest = max(outcome.slowest, took)
    outcome.largest = max(outcome.largest, held)
    if took > HANG:
        _keep(name, "hang", data, outcome)
    if held > FLOOD >= before:
        _keep(name, "flood", data, outcome)


def _held() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise HangError after so much processor time, as soon as Python gets to it."""

    def hang(*_: object) -> None:
        raise HangError

    before = signal.signal(signal.SIGVTALRM, hang)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _place(error: Exception) -> str:
    """Where an error came from: two errors from one place are one finding."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "/tests/fuzz/" not in frame.filename]
    last = frames[-1] if frames else traceback.extract_tb(error.__traceback__)[-1]
    ours = next((frame for frame in reversed(frames) if "/logsleuth/" in frame.filename), last)
    return f"{type(error).__name__}: {str(error)[:80]} at {Path(ours.filename).name}:{ours.lineno} {ours.name}"


def _keep(name: str, place: str, data: bytes, outcome: Outcome) -> None:
    if outcome.knows(place):
        return
    outcome.failures[place] = data
    FOUND.mkdir(exist_ok=True)
    (FOUND / f"{name}-{hashlib.blake2b(_key(place).encode(), digest_size=4).hexdigest()}").write_bytes(data)


def _key(place: str) -> str:
    return place.rpartition(" at ")[2] or place


def run_all(seconds: float, seed: int, names: Sequence[str]) -> dict[str, Outcome]:
    """Run these targets for so long together, each for its share of the time, in turns."""
    choose = random.Random(seed)
    outcomes = {name: Outcome() for name in names}
    for name in names:  # what the turns share is made before they part
        replay(name, TARGETS[name], TARGETS[name].seeds()[:1])
    end = time.monotonic() + seconds
    with suppress(KeyboardInterrupt):  # what was done by then is told
        while time.monotonic() < end:
            for name in names:
                outcomes[name].add(turn(name, TARGETS[name], choose.getrandbits(64)))
    return outcomes


def turn(name: str, target: Target, seed: int) -> Outcome:
    """Run a target for one turn, in a process of its own; an input that kills the process is a finding."""
    fork = multiprocessing.get_context("fork")
    receive, send = fork.Pipe(duplex=False)
    with mmap.mmap(-1, LONGEST) as last:
        child = fork.Process(target=_turn, args=(name, target, seed, last, send))
        child.start()
        send.close()
        try:
            outcome: Outcome = receive.recv()
        except EOFError:
            child.join()
            outcome = Outcome()
            _keep(
                name,
                f"killed by signal {-(child.exitcode or 0)}",
                last[8 : 8 + int.from_bytes(last[:8], "big")],
                outcome,
            )
        child.join()
    return outcome


def _turn(name: str, target: Target, seed: int, last: mmap.mmap, send: Connection) -> None:
    outcome = run(name, target, random.Random(seed), seconds=TURN * target.weight, last=last)
    send.send(outcome)


def told(outcomes: dict[str, Outcome]) -> str:
    """A table of what was done, and what went wrong."""
    rows = [f"{'target':14} {'inputs':>10} {'seconds':>8} {'slowest':>8} {'MB':>5}  findings"]
    for name, one in outcomes.items():
        rows.append(
            f"{name:14} {one.inputs:>10,} {one.seconds:>8.0f} {one.slowest:>7.2f}s {one.largest:>5}  {len(one.failures)}"
        )
    total = sum(one.inputs for one in outcomes.values())
    rows.append(f"{'together':14} {total:>10,}")
    rows += [f"{name}: {place}" for name, one in outcomes.items() for place in one.failures]
    return "\n".join(rows)
