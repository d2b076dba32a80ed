"""Whether requests are looked through for what set an outage off, and how many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.library.category import ACCESS, BACKENDS, category_of

if TYPE_CHECKING:
    from logsleuth.causes.model import Diagnosis

MOST_READ: Final = 40_000
"""Requests that are read again at most: half a second."""


def is_sought(diagnosis: Diagnosis) -> bool:
    """Whether many requests may bring such an outage about, and an access log has them."""
    if diagnosis.incident.requests is None:
        return False
    known = category_of(diagnosis.category)
    own = diagnosis.causes[0].explain.trigger if diagnosis.causes else ""
    return ACCESS in known.trigger_seen_in or ACCESS in own or known.group == BACKENDS
