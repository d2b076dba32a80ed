"""What may be around a line: the interface of all dressings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from logsleuth.logs.wrappers.peeled import Peeled


class Dressing(NamedTuple):
    """One kind of dressing."""

    name: str
    """As reports name it."""
    peel: Callable[[str, date], Peeled | None]
    """Take it off a line; None: the line does not wear it. The date tells the year of times that name none."""
    certain: bool
    """Whether its look alone proves it. Otherwise it comes off only if what is inside is understood."""
    begins: str = ""
    """The characters that it can begin with; empty: any."""
    gives: str = ""
    """What is taken from it where the line itself does not say it."""
