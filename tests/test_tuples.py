"""Named tuples are what the standard library's are: each behaviour is compared with theirs."""

import copy
import pickle
import typing
from typing import Any

import pytest

from logsleuth import tuples
from logsleuth.tuples import FEW

Anything = Any


def shapes(base: Anything) -> Anything:
    """A class with and without defaults, with a method of its own."""

    class Mark(base):  # type: ignore[misc]
        """One mark."""

        time: int
        kind: str = "sign"
        tags: tuple[str, ...] = ()

        @property
        def is_early(self) -> bool:
            return self.time < 10

        def __str__(self) -> str:
            return f"{self.time} {self.kind}"

    return Mark


class Kept(tuples.NamedTuple):
    """One that pickle finds by its name."""

    time: int
    kind: str = "sign"


OURS, THEIRS = shapes(tuples.NamedTuple), shapes(typing.NamedTuple)
KINDS = pytest.mark.parametrize("made", [OURS, THEIRS], ids=["ours", "standard"])
CALLS = [
    ((1,), {}),
    ((1, "lost"), {}),
    ((1, "lost", ("a",)), {}),
    ((), {"time": 1, "tags": ("b",)}),
    ((1,), {"kind": "x"}),
]
WRONG = [((), {}), ((), {"kind": "x"}), ((1, "a", (), 4), {}), ((1,), {"time": 2}), ((1,), {"colour": 1})]


@pytest.mark.parametrize(("args", "kwargs"), CALLS)
def test_every_way_to_call_gives_the_same_before_and_after_the_constructor_is_compiled(
    args: Anything, kwargs: Anything
) -> None:
    ours = shapes(tuples.NamedTuple)
    made = [ours(*args, **kwargs) for _ in range(FEW + 3)]
    assert {tuple(one) for one in made} == {tuple(THEIRS(*args, **kwargs))}
    assert {repr(one) for one in made} == {repr(THEIRS(*args, **kwargs))}
    assert all(type(one) is ours for one in made)


@pytest.mark.parametrize(("args", "kwargs"), WRONG)
def test_wrong_arguments_are_refused(args: Anything, kwargs: Anything) -> None:
    for made in (shapes(tuples.NamedTuple), THEIRS):
        for _ in range(2):
            with pytest.raises(TypeError):
                made(*args, **kwargs)
            made(1)


@KINDS
def test_it_is_a_tuple(made: Anything) -> None:
    one = made(1, "lost")
    assert issubclass(made, tuple)
    assert one == (1, "lost", ())
    assert one < made(2)
    assert hash(one) == hash((1, "lost", ()))
    assert (one.time, one.kind, one.tags, one[1]) == (1, "lost", (), "lost")
    assert (one.is_early, str(one)) == (True, "1 lost")
    assert made.__mro__ == (made, tuple, object)
    assert made.__doc__ == "One mark."


@KINDS
def test_it_is_frozen_and_holds_nothing_else(made: Anything) -> None:
    for name in ("time", "colour"):
        with pytest.raises(AttributeError):
            setattr(made(1), name, 2)


@KINDS
def test_its_own_methods(made: Anything) -> None:
    assert made._fields == made.__match_args__ == ("time", "kind", "tags")
    assert made._field_defaults == {"kind": "sign", "tags": ()}
    assert made(1)._asdict() == {"time": 1, "kind": "sign", "tags": ()}
    assert made(1)._replace(kind="lost") == (1, "lost", ())
    assert made._make([1, "lost", ()]) == made(1, "lost")
    with pytest.raises((TypeError, ValueError)):
        made(1)._replace(colour=1)


def test_a_copy_is_the_same() -> None:
    one = Kept(1, "lost")
    for copied in (copy.copy(one), copy.deepcopy(one), pickle.loads(pickle.dumps(one))):
        assert (type(copied), copied) == (Kept, one)
