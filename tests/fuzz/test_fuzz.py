"""A short run of the fuzzer: the corpus as it is, and the same few mutated inputs each time."""

import importlib
import os
import random
import signal
from pathlib import Path

import pytest

from tests.fuzz import runner
from tests.fuzz.runner import Outcome, replay, run
from tests.fuzz.targets import MADE_ONCE, TARGETS, made_once

INPUTS = {"readers": 3000, "nested": 600, "escape": 300, "redaction": 200, "formats": 200, "configuration": 200, "patterns": 100, "times": 300, "state": 150,
          "packed": 60, "opened": 20, "recognise": 40, "explain": 15, "parse": 40, "check": 15, "analyse": 8}  # fmt: skip
"""So many that all of them take less than a minute."""


@pytest.fixture(autouse=True)
def _kept_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "FOUND", tmp_path / "found")
    for name in MADE_ONCE:  # so that other tests find them as they were
        module, _, attribute = name.rpartition(".")
        monkeypatch.setattr(name, getattr(importlib.import_module(module), attribute))
    made_once.cache_clear()


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_is_found_in_a_short_run(name: str) -> None:
    outcome = run(name, TARGETS[name], random.Random(name), inputs=INPUTS[name])
    assert outcome.inputs == INPUTS[name]
    assert outcome.failures == {}


@pytest.mark.parametrize(
    "name", ["readers", "nested", "escape", "redaction", "formats", "configuration", "patterns", "packed", "opened"]
)
def test_the_corpus_is_read_as_it_is(name: str) -> None:
    assert replay(name, TARGETS[name], TARGETS[name].seeds()).failures == {}


def test_what_goes_wrong_is_kept_with_its_place(tmp_path: Path) -> None:
    from tests.fuzz.targets import Target

    def wrong(data: bytes) -> None:
        raise ValueError(data.decode())

    outcome = replay("wrong", Target(wrong, lambda: [b"x"]), [b"a", b"b"])
    assert list(outcome.failures.values()) == [b"a"]
    assert [path.read_bytes() for path in (tmp_path / "found").iterdir()] == [b"a"]


def test_a_hang_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.fuzz.targets import Target

    def hang(_: bytes) -> None:
        while True:
            pass

    monkeypatch.setattr(runner, "HANG", 0.05)
    outcome: Outcome = replay("hang", Target(hang, lambda: [b"x"]), [b"x"])
    assert list(outcome.failures) == ["hang"]


def test_an_input_that_kills_the_process_is_found(tmp_path: Path) -> None:
    from tests.fuzz.targets import Target

    def die(_: bytes) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    outcome = runner.turn("die", Target(die, lambda: [b"x"], longest=10), 1)
    ((place, data),) = outcome.failures.items()
    assert place == "killed by signal 9"
    assert [path.read_bytes() for path in (tmp_path / "found").iterdir()] == [data]


def test_turns_are_counted_together() -> None:
    first = Outcome(inputs=3, seconds=1.0, slowest=0.5, largest=70, failures={"KeyError: 'a' at a.py:1 f": b"a"})
    first.add(
        Outcome(
            inputs=2, seconds=2.0, slowest=0.1, largest=80, failures={"KeyError: 'b' at a.py:1 f": b"b", "hang": b"c"}
        )
    )
    assert first == Outcome(
        inputs=5, seconds=3.0, slowest=0.5, largest=80, failures={"KeyError: 'a' at a.py:1 f": b"a", "hang": b"c"}
    )
