"""Dataclasses with slots that cost little to define: what `@dataclass` of the standard library does, made when needed.

The standard library writes and compiles up to eight methods for each class as its module is imported: half a
millisecond a class, a sixth of the CPU of a run on a small log. Here the classes share their methods, and `__init__` is
compiled when many values are made. Types and checks are those of the standard library, and so are `fields`,
`replace` and `asdict`, which work on these values.
"""

from __future__ import annotations

import dataclasses
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from dataclasses import dataclass

__all__ = ["dataclass"]

NO_DEFAULT = dataclasses.MISSING
FIELDS = "__dataclass_fields__"
"""What `dataclasses.fields` and `replace` look at."""
FEW = 20
"""Values of a class that are filled field by field: to compile its `__init__` takes as long as thirty of them."""


if not TYPE_CHECKING:

    def dataclass(*, slots: bool, frozen: bool = False) -> Callable[[type], type]:
        """What makes a class, its fields annotated, one of slotted values.

        Other options of the standard library's decorator are not known here, nor are fields that are inherited.
        """
        assert slots
        return lambda plain: _made(plain, frozen=frozen)


class _Field:
    """One field, as it was written in the class."""

    __slots__ = ("compared", "factory", "given", "init", "name", "shown", "value")

    def __init__(self, name: str, given: object) -> None:
        """`given`: its default, or what `dataclasses.field` made; NO_DEFAULT: neither."""
        self.name, self.given = name, given
        field: Any = given if isinstance(given, dataclasses.Field) else None
        self.value: Any = given if field is None else field.default
        self.factory: Any = NO_DEFAULT if field is None else field.default_factory
        self.init: bool = field is None or field.init
        self.shown: bool = field is None or field.repr
        self.compared: bool = field is None or field.compare


class _FieldsOnDemand:
    """The fields as the standard library has them, made when it first asks."""

    def __init__(self, fields: list[_Field]) -> None:
        self._fields = fields

    def __get__(self, _: object, owner: type) -> Any:  # noqa: ANN401 - nothing that we look at
        standard = dataclasses.make_dataclass(
            owner.__name__,
            [(field.name, owner.__annotations__[field.name], _given(field)) for field in self._fields],
            init=False, repr=False, eq=False,
        )  # fmt: skip
        made = getattr(standard, FIELDS)
        setattr(owner, FIELDS, made)
        return made


def _given(field: _Field) -> Any:  # noqa: ANN401
    return dataclasses.field() if field.given is NO_DEFAULT else field.given


def _made(plain: type, *, frozen: bool) -> type:
    """A class with slots in the place of one without."""
    fields = [_Field(name, plain.__dict__.get(name, NO_DEFAULT)) for name in plain.__annotations__]
    names = tuple(field.name for field in fields)
    body = {key: value for key, value in plain.__dict__.items() if key not in ("__dict__", "__weakref__", *names)}
    body |= {"__slots__": names, "__match_args__": names, FIELDS: _FieldsOnDemand(fields)}
    for key, method in _methods(fields, frozen=frozen):
        body.setdefault(key, method)
    made = type(plain)(plain.__name__, plain.__bases__, body)
    made.__qualname__ = plain.__qualname__
    if "__init__" not in body:
        _compile_when_often_called(made, fields, frozen=frozen)
    return made


def _methods(fields: list[_Field], *, frozen: bool) -> Iterator[tuple[str, Any]]:
    """What a class has unless it brings its own."""
    all_of = _getter([field.name for field in fields if field.compared])

    def __eq__(self: object, other: object) -> Any:  # noqa: ANN401, N807
        return all_of(self) == all_of(other) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self: object) -> int:  # noqa: N807
        return hash(all_of(self))

    def __repr__(self: object) -> str:  # noqa: N807
        values = (f"{field.name}={getattr(self, field.name)!r}" for field in fields if field.shown)
        return f"{self.__class__.__qualname__}({', '.join(values)})"

    yield from (("__eq__", __eq__), ("__repr__", __repr__), ("__hash__", __hash__ if frozen else None))
    if frozen:
        yield from (("__setattr__", _refuse_to_set), ("__delattr__", _refuse_to_delete))
        yield from (("__getstate__", _state), ("__setstate__", _set_state))


def _getter(names: list[str]) -> Callable[[object], Any]:
    """What gets the attributes of these names."""
    return attrgetter(*names) if names else lambda _: ()


def _compile_when_often_called(made: type, fields: list[_Field], *, frozen: bool) -> None:
    names = [field.name for field in fields if field.init]
    left = FEW

    def __init__(self: object, *args: object, **kwargs: object) -> None:  # noqa: N807
        nonlocal left
        left -= 1
        given = dict(zip(names, args, strict=False)) | kwargs
        are_placed = len(given) == len(args) + len(kwargs)  # else there are too many, or one is given twice
        if left < 0 or not are_placed or not _filled(self, fields, given):
            made.__init__ = method = _compiled(made, fields, frozen=frozen)  # type: ignore[misc]
            method(self, *args, **kwargs)

    made.__init__ = __init__  # type: ignore[misc]


def _filled(value: object, fields: list[_Field], given: dict[str, object]) -> bool:
    """Fill a value with what is given by name, and defaults; whether these are the arguments that it takes."""
    for field in fields:
        if field.init and field.name in given:
            object.__setattr__(value, field.name, given.pop(field.name))
        elif field.factory is not NO_DEFAULT:
            object.__setattr__(value, field.name, field.factory())
        elif field.value is not NO_DEFAULT:
            object.__setattr__(value, field.name, field.value)
        elif field.init:
            return False
    if given:
        return False
    if hasattr(value, "__post_init__"):
        value.__post_init__()
    return True


def _compiled(made: type, fields: list[_Field], *, frozen: bool) -> Callable[..., None]:
    """The method `__init__` of a class; the slots of a frozen one are set past its own `__setattr__`."""
    scope: dict[str, Any] = {"NO_DEFAULT": NO_DEFAULT}
    parameters, lines = ["self"], []
    for field in fields:
        name = field.name
        has_factory = field.factory is not NO_DEFAULT
        if has_factory:
            scope[f"_make_{name}"] = field.factory
        elif field.value is not NO_DEFAULT:
            scope[f"_default_{name}"] = field.value
        elif not field.init:
            continue
        if not field.init:
            value = f"_make_{name}()" if has_factory else f"_default_{name}"
        elif has_factory:
            parameters.append(f"{name}=NO_DEFAULT")
            value = f"_make_{name}() if {name} is NO_DEFAULT else {name}"
        else:
            parameters.append(name if field.value is NO_DEFAULT else f"{name}=_default_{name}")
            value = name
        if frozen:
            scope[f"_set_{name}"] = made.__dict__[name].__set__
        lines.append(f"    _set_{name}(self, {value})" if frozen else f"    self.{name} = {value}")
    if hasattr(made, "__post_init__"):
        lines.append("    self.__post_init__()")
    source = "\n".join((f"def __init__({', '.join(parameters)}):", *(lines or ["    pass"])))
    exec(source, scope)
    method: Callable[..., None] = scope["__init__"]
    method.__qualname__ = f"{made.__qualname__}.__init__"
    return method


def _refuse_to_set(self: object, name: str, _: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r} of {self.__class__.__name__}")


def _refuse_to_delete(self: object, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r} of {self.__class__.__name__}")


def _state(self: object) -> list[object]:
    """What a copy is made of, as it cannot be set one by one."""
    return [getattr(self, name) for name in self.__class__.__slots__]  # type: ignore[attr-defined]


def _set_state(self: object, state: list[object]) -> None:
    for name, value in zip(self.__class__.__slots__, state, strict=True):  # type: ignore[attr-defined]
        object.__setattr__(self, name, value)
