"""Whether handshakes fail by what clients offer: TLS versions or ciphers that the server does not accept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.causes.reach import Reach
from logsleuth.report.compose.story.reached import reach

if TYPE_CHECKING:
    from logsleuth.causes.model import Diagnosis

OFFERED: Final = frozenset({"ssl.handshake.unsupported-protocol", "ssl.handshake.no-shared-cipher"})
"""Messages that name it. A probe offers what its own TLS library has, and is answered."""


def offers_differ(diagnosis: Diagnosis) -> bool:
    """Whether only clients that offer something else than a probe are refused."""
    return reach(diagnosis) is Reach.HANDSHAKE and any(one.signal.name in OFFERED for one in diagnosis.causes[:1])
