"""Commands for Windows: what a pattern writes for a shell of Unix, said in PowerShell, with values quoted for it.

A value is never more than one argument: in single quotes PowerShell expands nothing, and a quote within them is
doubled (about_Quoting_Rules; it takes the typographic single quotes for quotes as well). A double quote is not let
through at all: Windows PowerShell hands it to programs as the end of an argument.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from logsleuth.library.slot import SLOT
from logsleuth.regexes import regex

if TYPE_CHECKING:
    from collections.abc import Mapping

PLAIN: Final = regex(r"[A-Za-z0-9_:./\\-]+")
"""Characters that mean nothing to PowerShell within an argument."""
QUOTES: Final = regex("(['\u2018\u2019\u201a\u201b])")
LISTEN: Final = "Get-NetTCPConnection -State Listen"
OWNER: Final = "| Format-Table LocalAddress, LocalPort, OwningProcess"

NATIVE: Final = regex(
    r"(?:(?:certutil|fsutil|ipconfig|wevtutil|netsh|netstat|sc\.exe|where\.exe|curl\.exe|dir|httpd)\b|\(?Get-[A-Z])[^;]*"
)
"""What patterns write for Windows as it is."""
EVERYWHERE: Final = regex(r"(?:php|perl|python|pip|openssl|mysqladmin|redis-cli|pg_isready)\b[^|;<>$&`\"]*")
"""Programs that are called the same there, in commands without a redirection or a pipe."""
FOUND: Final = r"Select-String -Path \2 -Pattern '\1'"
ENTRY: Final = r"Get-Item \1 | Format-List FullName, Length, LastWriteTime"
MEMORY: Final = "Get-CimInstance Win32_OperatingSystem | Format-List FreePhysicalMemory, FreeVirtualMemory"
TRANSLATIONS: Final[tuple[tuple[str, str], ...]] = (
    (r"grep -c ['\"]([^'\"\\]+)['\"] (\{log\})", rf"({FOUND}).Count"),
    (r"grep (?:-E )?['\"]([^'\"\\]+)['\"] (\{log\}) \| tail(?: -\d+)?", rf"{FOUND} | Select-Object -Last 10"),
    (r"grep -A\d+ ['\"]([^'\"\\]+)['\"] (\{log\}) \| (?:tail|head) -\d+", rf"{FOUND} -Context 0,30"),
    (r"tail -(\d+) (\{\w+\})", r"Get-Content \2 -Tail \1"),
    (r"head -(\d+) (\{\w+\})", r"Get-Content \2 -TotalCount \1"),
    (r"(?:ls -lL?|stat)(?: --[\w=-]+)* '?(\{\w+\})'?", ENTRY),
    (r"(?:ls -l?d?Z|namei -l|getfacl) (\{\w+\})", r"icacls \1"),
    (r"apachectl (?:configtest|-t)", r"httpd -t"),
    (r"apachectl (-[MSVv]|-t -D DUMP_\w+)", r"httpd \1"),
    (r"apachectl -M \| grep (?:-i?E )?\"?([\w|]+)\"?", r"httpd -M | Select-String '\1'"),
    (r"ss -ltnp \"sport = :(\{\w+\})\"", rf"{LISTEN} -LocalPort \1 {OWNER}"),
    (r"ss -(?:ltnp?|tlnp)", rf"{LISTEN} {OWNER}"),
    (r"ss -(?:ltnp?|tlnp) \| grep :?(\d+)", rf"{LISTEN} -LocalPort \1 {OWNER}"),
    (r"curl -s(\w*) (\S+)(?: -o /dev/null)?", r"curl.exe -s\1 \2 -o NUL"),
    (r"nc -vz -w \d+ (\{\w+\}) (\{\w+\})", r"Test-NetConnection \1 -Port \2"),
    (r"(?:dig|getent hosts) '?(\{\w+\})'?", r"Resolve-DnsName \1"),
    (r"df -[hi](?:; df -i)?", r"Get-PSDrive -PSProvider FileSystem"),
    (r"free -m(?:;.*)?", MEMORY),
    (r"php -i \| grep ([\w.]+)", r"php -i | Select-String '\1'"),
    (r"date", r"Get-Date"),
)
"""The whole of a command, with its slots, and what it is there."""
BEFORE: Final[tuple[tuple[str, str], ...]] = (
    (re.escape(MEMORY), r"systeminfo | findstr /C:Memory"),
    (r"\(Get-NetTCPConnection -State TimeWait\)\.Count", r'netstat -ano | find /c "TIME_WAIT"'),
    (r"Get-NetTCPConnection -State Established.*", r"netstat -ano | findstr ESTABLISHED"),
    (r"Get-NetTCPConnection -State Listen -LocalPort (\S+) .*", r"netstat -ano | findstr :\1"),
    (r"Get-NetTCPConnection -State Listen.*", r"netstat -ano | findstr LISTENING"),
    (r"Resolve-DnsName (\S+)", r"nslookup \1"),
)
"""What the same is without them."""
NEWER: Final = regex(
    r"\b(?:Get-NetTCPConnection|Test-NetConnection|Get-CimInstance|Resolve-DnsName)\b|Get-Content .* -Tail\b"
)


def translated(template: str) -> str | None:
    """A command of a pattern as it is on Windows; None: it has no counterpart there."""
    for found, said in TRANSLATIONS:
        if match := re.fullmatch(found, template):
            return match.expand(said)
    is_known = NATIVE.fullmatch(template) or EVERYWHERE.fullmatch(template) or is_for_windows(template)
    return template if is_known else None


def without_cmdlets(command: str) -> str | None:
    """A command without cmdlets that came with Windows 8 and 2012, which machines of an old httpd may lack.

    None: there is no such command there.
    """
    for found, said in BEFORE:
        if match := re.fullmatch(found, command):
            return match.expand(said)
    return None if NEWER.search(command) else command


def is_for_windows(template: str) -> bool:
    """Whether a pattern wrote it for Windows."""
    return "C:\\" in template or (NATIVE.fullmatch(template) is not None and not template.startswith("httpd "))


def command(template: str, values: Mapping[str, str]) -> str:
    """A command with its slots filled; a slot that cannot be, or has no value, becomes its own name in capitals."""

    def filled(slot: re.Match[str]) -> str:
        value = values.get(slot[1])
        if value is None or not value.isprintable() or '"' in value:
            return slot[1].upper()
        shown = f"./{value}" if value.startswith("-") and _is_word(template, slot) else value
        if PLAIN.fullmatch(shown):
            return shown
        return word(shown) if _is_word(template, slot) else slot[1].upper()

    return SLOT.sub(filled, template)


def word(value: str) -> str:
    """A value as one argument."""
    doubled = QUOTES.sub(r"\1\1", value)
    return f"'{doubled}'"


def _is_word(template: str, slot: re.Match[str]) -> bool:
    """Whether a slot is a whole argument, so that quotes around it are the argument's."""
    before, after = template[: slot.start()], template[slot.end() :]
    return (not before or before.endswith(" ")) and (not after or after.startswith((" ", ")")))
