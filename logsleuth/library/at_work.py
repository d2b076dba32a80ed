"""Commands that look at the running system: after an outage they show nothing of it, and are for the next time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.library.commands import Command
from logsleuth.regexes import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

LOOKS_AT_PRESENT: Final = regex(
    r"\A(?:(?:docker exec CONTAINER|kubectl exec POD --|sudo(?: -u \S+)?|time|timeout \d+) )*"
    r"(?:ss|ps|top|vmstat|free|curl|nc|netstat|lsof|iostat|mpstat|sockstat|fstat|pmap|py-spy|strace|gdb)\b"
    r"|(?i:\bshow (?:full )?processlist\b)|\bpg_stat_activity\b|\bserver-status\b"
)
"""What processes, connections and memory are now, and whether something answers now."""
MEANWHILE: Final = "while it lasts"


def for_next_time(commands: Iterable[Command]) -> list[Command]:
    """The commands for an outage that is over, with a comment on those that show something only while one lasts."""
    return [_noted(one) if LOOKS_AT_PRESENT.search(one) is not None else one for one in commands]


def _noted(one: Command) -> Command:
    text, has_comment, comment = one.template.partition("   # ")
    note = f"{MEANWHILE}; {comment}" if has_comment else MEANWHILE
    return Command(f"{text}   # {note}", one.values, one.shell)
