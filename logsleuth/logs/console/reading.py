"""What was made of one line of a paste."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from logsleuth.values import dataclass

if TYPE_CHECKING:
    from logsleuth.logs.httpd.record import Record

What = Literal["head", "part", "message", "neighbour", "bare", "passed"]
"""`head`: a whole head. `part`: a head of which something is missing. `message`: no head, but the words are known.
`neighbour`: another program's line. `bare`: a line that nothing is known of. `passed`: a prompt, a fence, nothing."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One line of a paste."""

    what: What
    source: str
    """Whose line it is: a source that patterns are scoped by, such as 'httpd', 'syslog', 'access'."""
    record: Record | None
    """None: passed."""
    dressings: tuple[str, ...] = ()
    """What was taken off, from the outside in."""

    @property
    def understood(self) -> bool:
        """Whether the line is certainly what it was read as."""
        return self.what != "bare"
