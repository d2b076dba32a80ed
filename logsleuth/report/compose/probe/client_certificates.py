"""Whether an outage is that the server refuses the certificates of its clients (mutual TLS)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.causes.reach import Reach
from logsleuth.regexes import regex
from logsleuth.report.compose.story.reached import reach

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.causes.model import Diagnosis
    from logsleuth.report.compose.probe.probe import Certificates

REFUSED: Final = regex(r"Certificate Verification: Error \((?P<code>\d{1,3})\)", needs=("Certificate Verification:",))
"""What httpd says of a certificate that was shown to it, so of a client's where no backend is (ssl_engine_kernel.c)."""
OF_THE_LIST: Final = frozenset({"3", "11", "12"})
"""OpenSSL's codes for a revocation list that is missing, not valid yet, or expired (x509_vfy.h)."""


def certificates_refused(diagnosis: Diagnosis) -> Certificates:
    """Whether certificates of clients are refused in the handshake, and because of the revocation list."""
    codes = _codes(diagnosis) if reach(diagnosis) is Reach.HANDSHAKE else ()
    if not codes:
        return ""
    return "refused" if OF_THE_LIST.isdisjoint(codes) else "by the list"


def _codes(diagnosis: Diagnosis) -> Sequence[str]:
    """Why certificates were refused, by the first line of each signal that ranks as a cause."""
    lines = (moment.sighting.text for cause in diagnosis.causes[:1] for moment in cause.signal.moments[:1])
    return [found["code"] for line in lines if (found := REFUSED.search(line)) is not None]
