"""Jinja's sandbox with bounds: a template that was taken over from others can neither hang nor fill memory.

The sandbox itself keeps a template from Python's insides; what it computes and prints is limited here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS
from jinja2.sandbox import ImmutableSandboxedEnvironment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LARGEST_TEXT = 64 << 20
"""Characters that a template may print."""
LARGEST_VALUE = 1_000_000
"""Items or characters of a value that is computed by repetition."""
WIDEST = 1000
"""Columns to which a value is filled up."""
MOST_STEPS = 1_000_000
"""Numbers of all `range` together."""
WIDE = re.compile(r"[*\d]{4}|\*")
"""A width in a printf format that is more than WIDEST, or not known."""


class BoundedEnvironment(ImmutableSandboxedEnvironment):
    """The environment of one rendering. What goes beyond its bounds is a SecurityError, which is a TemplateError."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - jinja's own
        super().__init__(**options)
        self._left = MOST_STEPS
        self.globals["range"] = self._range
        self.globals.pop("lipsum", None)
        self.filters |= {name: _narrow(FILTERS[name]) for name in ("center", "indent", "wordwrap", "tojson")}
        self.filters["format"] = _format

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401
        """Compute, unless the result would be too large."""
        if operator == "**" or (operator == "*" and _repeated(left, right) > LARGEST_VALUE):
            raise SecurityError(f"the result of '{operator}' may be too large")
        if operator == "%" and isinstance(left, str):
            return _format(left, *right) if isinstance(right, tuple) else _format(left, right)
        return super().call_binop(context, operator, left, right)

    def _range(self, *span: int) -> Iterator[int]:
        for number in range(*span):
            self._left -= 1
            if self._left < 0:
                raise SecurityError(f"the template counts more than {MOST_STEPS:,} numbers")
            yield number


def joined(pieces: Iterator[str]) -> str:
    """All that a template prints. Raises SecurityError if that is too much."""
    kept, size = [], 0
    for piece in pieces:
        kept.append(piece)
        size += len(piece)
        if size > LARGEST_TEXT:
            raise SecurityError(f"the template prints more than {LARGEST_TEXT:,} characters")
    return "".join(kept)


def _repeated(left: Any, right: Any) -> int:  # noqa: ANN401 - whatever a template multiplies
    """The size of a sequence that is repeated; 0 for numbers, as long as they are no long ones."""
    if isinstance(left, int) and isinstance(right, int):
        return LARGEST_VALUE + 1 if left.bit_length() + right.bit_length() > 1000 else 0
    sequence, times = (right, left) if isinstance(left, int) else (left, right)
    return len(sequence) * times if isinstance(times, int) and hasattr(sequence, "__len__") else 0


def _narrow(made: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that fills values up, not too far."""

    def narrow(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - as jinja calls it
        for value in (*given[1:], *named.values()):
            if isinstance(value, int) and value > WIDEST:
                raise SecurityError(f"a width of more than {WIDEST:,}")
        return made(*given, **named)

    narrow.__dict__.update(made.__dict__)  # where jinja notes what a filter wants to be given
    return narrow


def _format(text: str, *values: Any) -> str:  # noqa: ANN401 - whatever a template prints
    if WIDE.search(text):
        raise SecurityError(f"a width of more than {WIDEST:,} in a format")
    return str(text) % values
