"""Named tuples that cost little to define: what `typing.NamedTuple` gives, made when needed.

The standard library writes and compiles a constructor for each class as its module is imported: half a millisecond a
class. Here it is compiled when many tuples are made.
"""

from __future__ import annotations

from collections import _tuplegetter  # type: ignore[attr-defined] # what the standard library has fields read by
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import NamedTuple

__all__ = ["NamedTuple"]

FEW = 50
"""Tuples of a class that are put together field by field: to compile its constructor takes as long as fifty of them."""


class _Maker(type):
    """Makes a class of tuples of a class that names fields."""

    def __new__(kind, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
        """A class that derives from `tuple` alone; the one without bases only lends its name to the others."""
        if not bases:
            return super().__new__(kind, name, bases, body)
        names = tuple(body["__annotations__"])
        defaults = {field: body.pop(field) for field in names if field in body}
        body |= METHODS | {"__slots__": (), "__match_args__": names, "_fields": names, "_field_defaults": defaults}
        body |= {field: _tuplegetter(place, None) for place, field in enumerate(names)}
        body["__new__"] = _constructor(names, defaults)
        return type(name, (tuple,), body)


if not TYPE_CHECKING:

    class NamedTuple(metaclass=_Maker):
        """What the classes of tuples are written as children of."""


def _constructor(names: tuple[str, ...], defaults: dict[str, object]) -> Callable[..., Any]:
    """A `__new__` for the first tuples of a class; wrong arguments are left to the compiled one."""
    left = FEW

    def __new__(made: Any, *args: object, **kwargs: object) -> Any:  # noqa: ANN401, N807
        nonlocal left
        left -= 1
        others, given = names[len(args) :], defaults | kwargs
        if left > 0 and len(args) <= len(names) and kwargs.keys() <= set(others) <= given.keys():
            return tuple.__new__(made, (*args, *[given[field] for field in others]))
        made.__new__ = constructor = _compiled(made.__qualname__, names, defaults)
        return constructor(made, *args, **kwargs)

    return __new__


def _compiled(name: str, names: tuple[str, ...], defaults: dict[str, object]) -> Callable[..., Any]:
    parameters = "".join(f", {field}=_defaults[{field!r}]" if field in defaults else f", {field}" for field in names)
    values = "".join(f"{field}, " for field in names)
    scope: dict[str, Any] = {"_new": tuple.__new__, "_defaults": defaults}
    method: Callable[..., Any] = eval(f"lambda _made{parameters}: _new(_made, ({values}))", scope)
    method.__qualname__ = f"{name}.__new__"
    return method


def _make(made: type, values: Iterable[object]) -> Any:  # noqa: ANN401 - a tuple of that class
    """One of a sequence of all fields."""
    return tuple.__new__(made, values)


def _replace(self: Any, **changes: object) -> Any:  # noqa: ANN401
    """A copy with other values of some fields."""
    return self.__class__(**dict(zip(self._fields, self, strict=True)) | changes)


def _asdict(self: Any) -> dict[str, Any]:  # noqa: ANN401
    """Its values by the fields' names."""
    return dict(zip(self._fields, self, strict=True))


def __repr__(self: Any) -> str:  # noqa: ANN401, N807
    shown = (f"{field}={value!r}" for field, value in zip(self._fields, self, strict=True))
    return f"{self.__class__.__name__}({', '.join(shown)})"


def __getnewargs__(self: Any) -> tuple[Any, ...]:  # noqa: ANN401, N807
    """What a copy is made of."""
    return tuple(self)


METHODS: dict[str, Any] = {
    "_make": classmethod(_make), "_replace": _replace, "_asdict": _asdict,
    "__repr__": __repr__, "__getnewargs__": __getnewargs__,
}  # fmt: skip
"""What each class has."""
