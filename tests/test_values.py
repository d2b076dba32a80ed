"""Values are what the standard library's dataclasses are: each behaviour is compared with theirs."""

import copy
import dataclasses
import pickle
from dataclasses import FrozenInstanceError, asdict, fields, is_dataclass
from typing import Any

import pytest

from logsleuth.values import FEW, NamedTuple, dataclass, field, replace

Decorator = Any
"""What makes a class, or a field of one."""


def shapes(decorator: Decorator, field: Decorator) -> tuple[Any, Any, Any]:
    """A frozen class, one that may change, and one without fields."""

    @decorator(frozen=True, slots=True)
    class Worker:
        """One worker."""

        pid: int
        state: str = "spawned"
        tags: list[str] = field(default_factory=list, repr=False)
        seen: float = field(default=0.0, compare=False)

        @property
        def is_known(self) -> bool:
            return self.pid > 0

    @decorator(slots=True)
    class Count:
        total: int
        twice: int = field(init=False)

        def __post_init__(self) -> None:
            self.twice = 2 * self.total

    @decorator(frozen=True, slots=True)
    class Nothing:
        pass

    return Worker, Count, Nothing


OURS, THEIRS = shapes(dataclass, field), shapes(dataclasses.dataclass, dataclasses.field)
KINDS = pytest.mark.parametrize("made", [OURS, THEIRS], ids=["ours", "standard"])


@dataclass(frozen=True, slots=True)
class Moment:
    second: int
    host: str = ""


@KINDS
def test_values_are_made_as_their_fields_say(made: tuple[Any, Any, Any]) -> None:
    worker, count, nothing = made
    one = worker(7, tags=["a"])
    assert (one.pid, one.state, one.tags, one.seen, one.is_known) == (7, "spawned", ["a"], 0.0, True)
    assert worker(7).tags == []
    assert worker(7).tags is not worker(7).tags
    assert (count(4).total, count(4).twice) == (4, 8)
    assert repr(one).endswith("Worker(pid=7, state='spawned', seen=0.0)")
    assert repr(nothing()).endswith("Nothing()")


@KINDS
@pytest.mark.parametrize(
    ("args", "kwargs"), [((), {}), ((1, "x", [], 0.0, 9), {}), ((1,), {"pid": 2}), ((1,), {"z": 2})]
)
def test_other_arguments_are_refused(
    made: tuple[Any, Any, Any], args: tuple[object, ...], kwargs: dict[str, object]
) -> None:
    with pytest.raises(TypeError):
        made[0](*args, **kwargs)


def test_the_first_values_of_a_class_are_made_as_all_that_follow() -> None:
    """For the many, `__init__` is compiled."""
    worker, count, _ = shapes(dataclass, field)
    made = [(worker(nth, tags=["a"]), count(nth)) for nth in range(3 * FEW)]
    assert [repr(pair) for pair in made] == [
        repr((THEIRS[0](nth, tags=["a"]), THEIRS[1](nth))) for nth in range(3 * FEW)
    ]
    assert [pair[1].twice for pair in made] == list(range(0, 6 * FEW, 2))


@KINDS
def test_values_are_equal_by_the_fields_that_are_compared(made: tuple[Any, Any, Any]) -> None:
    worker, count, nothing = made
    assert worker(7, seen=1.0) == worker(7, seen=2.0) != worker(8)
    assert count(1) == count(1) != count(2)
    assert nothing() == nothing() != worker(7)
    assert hash(worker(7, tags=())) == hash(worker(7, tags=(), seen=2.0))
    with pytest.raises(TypeError):
        hash(count(1))


@KINDS
def test_frozen_values_do_not_change_and_others_do(made: tuple[Any, Any, Any]) -> None:
    worker, count, _ = made
    one, other = worker(7), count(1)
    with pytest.raises(FrozenInstanceError):
        one.pid = 8
    with pytest.raises(FrozenInstanceError):
        del one.pid
    other.total = 9
    assert other.total == 9
    with pytest.raises(AttributeError):
        other.unknown = 1


@KINDS
def test_the_standard_library_knows_their_fields(made: tuple[Any, Any, Any]) -> None:
    worker, count, _ = made
    assert all(map(is_dataclass, (worker, worker(7))))
    assert [one.name for one in fields(worker)] == ["pid", "state", "tags", "seen"]
    assert asdict(worker(7, tags=["a"])) == {"pid": 7, "state": "spawned", "tags": ["a"], "seen": 0.0}
    assert dataclasses.replace(worker(7, "hung"), pid=8) == worker(8, "hung")
    assert dataclasses.replace(count(1), total=3).twice == 6


def test_a_value_is_replaced_by_one_with_other_fields() -> None:
    worker, count, _ = shapes(dataclass, field)
    assert replace(worker(7, "hung"), pid=8) == worker(8, "hung")
    assert replace(count(1), total=3).twice == 6
    with pytest.raises(TypeError):
        replace(worker(7), host="web1")


def test_patterns_of_match_know_the_order_of_fields() -> None:
    match Moment(5, "web1"):
        case Moment(second, host):
            assert (second, host) == (5, "web1")


def test_values_can_be_copied_and_sent_to_another_process() -> None:
    one = Moment(5, "web1")
    assert copy.copy(one) == copy.deepcopy(one) == pickle.loads(pickle.dumps(one)) == one


class Visit(NamedTuple):
    """One visit."""

    path: str
    times: int = 1

    @property
    def is_repeated(self) -> bool:
        return self.times > 1


def test_named_tuples_are_those_of_the_standard_library() -> None:
    one = Visit("/login", times=2)
    assert one == ("/login", 2)
    assert one._asdict() == {"path": "/login", "times": 2}
    assert (one._replace(times=1), one.is_repeated, Visit("/").is_repeated) == (Visit("/login"), True, False)
    assert repr(one) == "Visit(path='/login', times=2)"
    assert pickle.loads(pickle.dumps(one)) == one
    assert (Visit.__doc__, Visit.__name__, Visit.__module__) == ("One visit.", "Visit", __name__)
