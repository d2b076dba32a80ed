"""Regexes that are compiled when they are first used: most runs use few of those that the modules name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, AnyStr, cast

if TYPE_CHECKING:
    from collections.abc import Sequence
    from re import Pattern


def regex(source: AnyStr, flags: int = 0, *, needs: Sequence[AnyStr] = ()) -> Pattern[AnyStr]:
    """What `re.compile` gives, which is asked for it at the first use.

    `needs`: a text that it matches holds one of these. To look for them is quick; to compile a regex takes as long as
    to read a hundred lines of log, and many of ours match nothing in most logs.

    Not for one that a match is asked about (`found.re is HEAD`): a match knows the compiled one only.
    """
    return cast("Pattern[AnyStr]", _Regex(source, flags, needs))


class _Regex:
    """Stands for a compiled regex: takes over each of its methods when it is first called."""

    def __init__(self, source: object, flags: int, needs: Sequence[Any]) -> None:
        self.pattern = source
        self.needs = needs
        self._flags = flags

    def match(self, text: Any, *places: int) -> Any:  # noqa: ANN401 - as of a compiled one
        return self._compiled().match(text, *places) if self._may_match(text) else None

    def search(self, text: Any, *places: int) -> Any:  # noqa: ANN401
        return self._compiled().search(text, *places) if self._may_match(text) else None

    def fullmatch(self, text: Any, *places: int) -> Any:  # noqa: ANN401
        return self._compiled().fullmatch(text, *places) if self._may_match(text) else None

    def sub(self, into: Any, text: Any, count: int = 0) -> Any:  # noqa: ANN401
        return self._compiled().sub(into, text, count) if self._may_match(text) else text

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever else a compiled regex has
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self._compiled(), name)

    def _may_match(self, text: Any) -> bool:  # noqa: ANN401
        return not self.needs or any(one in text for one in self.needs)

    def _compiled(self) -> Pattern[Any]:
        compiled = re.compile(cast("Any", self.pattern), self._flags)
        for method in ("match", "search", "fullmatch", "sub", "finditer", "findall", "split", "subn"):
            setattr(self, method, getattr(compiled, method))
        return compiled
