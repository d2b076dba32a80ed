"""How often somebody or something tried in vain to start the server while it was down."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from logsleuth.units import SECOND

if TYPE_CHECKING:
    from logsleuth.lives.server.model import Absence

ONE_ATTEMPT: Final = 2 * SECOND
"""Lines of one attempt to start come within this time."""


def failed_starts(absence: Absence) -> int:
    """How many starts failed. That httpd gave up at a reload, or by itself, is none of them."""
    refusals = absence.refusals
    attempts = sum(after.time - before.time > ONE_ATTEMPT for before, after in pairwise(refusals))
    was_up = absence.ordered or (refusals and refusals[0].kind != "refused")
    return attempts if was_up or not refusals else attempts + 1
