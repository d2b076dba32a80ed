"""Dataclasses with slots and named tuples that cost little to define: what the standard library makes, when needed.

For a dataclass, the standard library writes and compiles up to eight methods as the module is imported: half a
millisecond a class, a sixth of the CPU of a run on a small log. Here all classes have the same methods, which ask the
class what its fields are, and `__init__` is compiled when many values are made. For a `NamedTuple`, it compiles the
annotation of each field, though they are text to us: two thirds of what the class costs. Types and checks are those of
the standard library, and so are `fields` and `asdict`, which work on these values.
"""

from __future__ import annotations

from collections import namedtuple
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass, field, replace
    from typing import NamedTuple

__all__ = ["NamedTuple", "dataclass", "field", "replace"]

NO_DEFAULT: Any = object()
FIELDS = "__dataclass_fields__"
"""What `dataclasses.fields` and `replace` look at."""
FEW = 50
"""Values of a class that are filled field by field: to compile its `__init__` takes as long as fifty of them."""


if not TYPE_CHECKING:

    def dataclass(*, slots: bool, frozen: bool = False) -> Callable[[type], type]:
        """What makes a class, its fields annotated, one of slotted values.

        Other options of the standard library's decorator are not known here, nor are fields that are inherited.
        """
        assert slots
        return lambda plain: _made(plain, frozen=frozen)

    def field(
        *,
        default: object = NO_DEFAULT,
        default_factory: object = NO_DEFAULT,
        init: bool = True,
        repr: bool = True,
        compare: bool = True,
    ) -> Any:  # noqa: ANN401
        """What a field is in the body of a class that is not only given, or has a default that is made."""
        return _Written(default, default_factory, init, repr, compare)

    def replace(value: Any, /, **changes: object) -> Any:  # noqa: ANN401
        """The same value but for these fields. The standard library's would make its own fields of the class first."""
        made = value.__class__
        return made(**{name: getattr(value, name) for name in made.__plan__.taken} | changes)

    class _NamedTuples(type):
        """Makes named tuples of classes that are written as `typing.NamedTuple` has it."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(cls, name, bases, body)
            types = body.pop("__annotations__", {})
            defaults = [body.pop(field) for field in types if field in body]
            made = namedtuple(name, types, defaults=defaults, module=body.pop("__module__"))
            made.__annotations__ = types
            for own, value in body.items():
                setattr(made, own, value)
            return made

    class NamedTuple(metaclass=_NamedTuples):
        """What a class of named tuples is derived from."""


class _Written:
    """What `field` makes."""

    __slots__ = ("compare", "factory", "init", "shown", "value")

    def __init__(self, value: object, factory: object, init: bool, shown: bool, compare: bool) -> None:
        self.value, self.factory, self.init, self.shown, self.compare = value, factory, init, shown, compare


def _made(plain: type, *, frozen: bool) -> type:
    """A class with slots in the place of one without."""
    names = tuple(plain.__annotations__)
    body = (FROZEN if frozen else CHANGEABLE) | plain.__dict__
    written = {name: body.pop(name, NO_DEFAULT) for name in names}
    body.pop("__dict__", None)
    body.pop("__weakref__", None)
    plan = _Plan(written, frozen=frozen)
    compared = [name for name, what in written.items() if not isinstance(what, _Written) or what.compare]
    body |= {
        "__slots__": names, "__match_args__": names, FIELDS: _FieldsOnDemand(written), "__plan__": plan,
        "__compared__": attrgetter(*compared) if compared else staticmethod(_nothing),
    }  # fmt: skip
    plan.made = made = type(plain)(plain.__name__, plain.__bases__, body)
    made.__qualname__ = plain.__qualname__
    return made


class _Field:
    """One field, as it was written in the class."""

    __slots__ = ("factory", "init", "name", "shown", "value")

    def __init__(self, name: str, written: object) -> None:
        """`written`: its default, or what `field` made; NO_DEFAULT: neither."""
        made = written if isinstance(written, _Written) else None
        self.name = name
        self.value: Any = written if made is None else made.value
        self.factory: Any = NO_DEFAULT if made is None else made.factory
        self.init = made is None or made.init
        self.shown = made is None or made.shown


class _Plan:
    """How the values of one class are made."""

    made: type
    """The class."""

    def __init__(self, written: dict[str, object], *, frozen: bool) -> None:
        """`written`: the fields by name, each with its default, what `field` made, or NO_DEFAULT."""
        self._written, self._frozen = written, frozen
        self._left = FEW
        self.fields: list[_Field] = []
        """The same, once there is a value."""
        self.taken = [name for name, one in written.items() if not isinstance(one, _Written) or one.init]
        """The fields that are given, not made."""

    def fill(self, value: Any, args: tuple[object, ...], kwargs: dict[str, object]) -> None:  # noqa: ANN401
        """What `__init__` does."""
        if not self._left or not self._filled(value, args, kwargs):
            self.made.__init__ = method = self._compiled()  # type: ignore[misc]
            method(value, *args, **kwargs)
        self._left -= 1

    def _filled(self, value: Any, args: tuple[object, ...], kwargs: dict[str, object]) -> bool:  # noqa: ANN401
        """Fill a value with what is given, and defaults; whether these are the arguments that it takes."""
        if self._left == FEW:
            self._work_out()
        if kwargs and not kwargs.keys() <= set(self.taken[len(args) :]):
            return False
        given = self._constants | kwargs
        given.update(zip(self.taken, args, strict=False))
        for name, factory in self._factories:
            if name not in given:
                given[name] = factory()
        if len(given) < self._number or len(args) > len(self.taken):
            return False
        for name, one in given.items():
            self._slots[name](value, one)
        if self._goes_on:
            value.__post_init__()
        return True

    def _work_out(self) -> None:
        """Look at the fields, when the first value is made."""
        self.fields = [_Field(name, written) for name, written in self._written.items()]
        self._constants = {field.name: field.value for field in self.fields if field.value is not NO_DEFAULT}
        self._factories = [(field.name, field.factory) for field in self.fields if field.factory is not NO_DEFAULT]
        self._number = len({*self.taken, *self._constants, *dict(self._factories)})
        self._slots = {name: self.made.__dict__[name].__set__ for name in self._written}
        self._goes_on = hasattr(self.made, "__post_init__")

    def _compiled(self) -> Callable[..., None]:
        """The method `__init__`; the slots of a frozen class are set past its own `__setattr__`."""
        scope: dict[str, Any] = {"NO_DEFAULT": NO_DEFAULT}
        parameters, lines = ["self"], []
        for field in self.fields:
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
            if self._frozen:
                scope[f"_set_{name}"] = self._slots[name]
            lines.append(f"    _set_{name}(self, {value})" if self._frozen else f"    self.{name} = {value}")
        if self._goes_on:
            lines.append("    self.__post_init__()")
        source = "\n".join((f"def __init__({', '.join(parameters)}):", *(lines or ["    pass"])))
        exec(source, scope)
        method: Callable[..., None] = scope["__init__"]
        method.__qualname__ = f"{self.made.__qualname__}.__init__"
        return method


class _FieldsOnDemand:
    """The fields as the standard library has them, made when it first asks."""

    def __init__(self, written: dict[str, object]) -> None:
        self._written = written

    def __get__(self, _: object, owner: type) -> Any:  # noqa: ANN401 - nothing that we look at
        import dataclasses  # noqa: PLC0415 - with what it imports, it takes longer than all of our classes

        types = owner.__annotations__
        standard = dataclasses.make_dataclass(
            owner.__name__,
            [
                (name, types[name], _as_standard(written))
                for name, written in self._written.items()
            ],
            init=False, repr=False, eq=False,
            namespace={"__doc__": owner.__doc__ or "-"},  # without one, it would parse the signature
        )  # fmt: skip
        made = getattr(standard, FIELDS)
        setattr(owner, FIELDS, made)
        return made


def _as_standard(written: object) -> object:
    """What `dataclasses.field` makes of what was written for a field."""
    import dataclasses  # noqa: PLC0415

    if written is NO_DEFAULT:
        return dataclasses.field()
    if not isinstance(written, _Written):
        return written
    options: dict[str, Any] = {"init": written.init, "repr": written.shown, "compare": written.compare}
    options |= {"default": written.value} if written.value is not NO_DEFAULT else {}
    options |= {"default_factory": written.factory} if written.factory is not NO_DEFAULT else {}
    made: object = dataclasses.field(**options)
    return made


def _nothing(_: object) -> tuple[()]:
    """What is compared of values without fields."""
    return ()


def __init__(self: Any, *args: object, **kwargs: object) -> None:  # noqa: ANN401, N807
    self.__plan__.fill(self, args, kwargs)


def __eq__(self: Any, other: Any) -> Any:  # noqa: ANN401, N807
    return self.__compared__(self) == self.__compared__(other) if other.__class__ is self.__class__ else NotImplemented


def __hash__(self: Any) -> int:  # noqa: ANN401, N807
    return hash(self.__compared__(self))


def __repr__(self: Any) -> str:  # noqa: ANN401, N807
    values = (f"{field.name}={getattr(self, field.name)!r}" for field in self.__plan__.fields if field.shown)
    return f"{self.__class__.__qualname__}({', '.join(values)})"


def _refuse_to_set(self: object, name: str, _: object) -> None:
    from dataclasses import FrozenInstanceError  # noqa: PLC0415

    raise FrozenInstanceError(f"cannot assign to field {name!r} of {self.__class__.__name__}")


def _refuse_to_delete(self: object, name: str) -> None:
    from dataclasses import FrozenInstanceError  # noqa: PLC0415

    raise FrozenInstanceError(f"cannot delete field {name!r} of {self.__class__.__name__}")


def _state(self: object) -> list[object]:
    """What a copy is made of, as it cannot be set one by one."""
    return [getattr(self, name) for name in self.__class__.__slots__]  # type: ignore[attr-defined]


def _set_state(self: object, state: list[object]) -> None:
    for name, value in zip(self.__class__.__slots__, state, strict=True):  # type: ignore[attr-defined]
        object.__setattr__(self, name, value)


CHANGEABLE: dict[str, Any] = {"__init__": __init__, "__eq__": __eq__, "__repr__": __repr__, "__hash__": None}
"""What a class has unless it brings its own."""
FROZEN: dict[str, Any] = CHANGEABLE | {
    "__hash__": __hash__, "__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete,
    "__getstate__": _state, "__setstate__": _set_state,
}  # fmt: skip
