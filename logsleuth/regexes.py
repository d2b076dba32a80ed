"""Regexes that are compiled when they are first used: most runs use few of those that the modules name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, AnyStr, cast

if TYPE_CHECKING:
    from re import Pattern


def regex(source: AnyStr, flags: int = 0) -> Pattern[AnyStr]:
    """What `re.compile` gives, which is asked for it at the first use.

    Not for one that a match is asked about (`found.re is HEAD`): a match knows the compiled one only.
    """
    return cast("Pattern[AnyStr]", _Regex(source, flags))


class _Regex:
    """Stands for a compiled regex: takes over each of its methods when it is first called."""

    def __init__(self, source: object, flags: int) -> None:
        self.pattern = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a compiled regex has
        if name.startswith("__"):
            raise AttributeError(name)
        compiled: Any = re.compile(cast("str", self.pattern), self._flags)
        for method in ("match", "search", "fullmatch", "sub", "finditer", "findall", "split", "subn"):
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)
