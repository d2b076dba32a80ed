"""The requests for single pages around an outage, each with its answer as a probe would judge it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from logsleuth.report.compose.probe.probe import TIMEOUT_S
from logsleuth.units import SECOND
from logsleuth.values import NamedTuple, dataclass

if TYPE_CHECKING:
    from logsleuth.report.compose.requests.monitors import Monitor

How = Literal["well", "failed", "refused", "redirected", "asked who", "other"]
"""other: refused for another reason than that of the outage, such as what is not there; or answered without a page."""
READS: Final = frozenset({"GET", "HEAD"})
"""The methods that ask to read a page."""


class Visit(NamedTuple):
    """One request."""

    time: int
    """UTC microseconds at which it came in."""
    path: str
    how: How
    method: str = "GET"
    took: int | None = None
    """Microseconds; None: the log does not say."""
    site: str = ""
    """Whose page it is, as far as the log tells."""
    port: str = ""
    is_tls: bool = False
    log: int = 0
    has_query: bool = False
    referer: str = ""
    """The page that led to it, without a query; empty: the log names none."""
    names_user: bool = False
    is_forwarded: bool = False
    """Its line says that a client asked a proxy in front by https."""

    @property
    def reads(self) -> bool:
        """It asked to read a page, as a probe does."""
        return self.method in READS

    def may_be_of(self, site: str) -> bool:
        """It may have asked that site; empty: any."""
        return not site or self.site in {"", site}

    @property
    def is_slow(self) -> bool:
        """A probe would not have waited for the answer."""
        return self.took is not None and self.took > TIMEOUT_S * SECOND

    @property
    def is_well(self) -> bool:
        """A probe would have taken the answer for a good one."""
        return self.how == "well" and not self.is_slow


@dataclass(frozen=True, slots=True)
class Visits:
    """The requests of an outage, and those of the time around it."""

    during: tuple[Visit, ...] = ()
    """In order of time."""
    elsewhen: tuple[Visit, ...] = ()
    over: int = 0
    """UTC microseconds at which the outage ended, or the log did, or of the last request that was looked at."""
    monitors: tuple[Monitor, ...] = ()

    @property
    def shows_times(self) -> bool:
        """The log says how long requests took."""
        return any(one.took is not None for one in self.during)
