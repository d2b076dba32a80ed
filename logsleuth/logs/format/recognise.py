"""What the lines of other programs' logs look like: one row a kind, the more special ones first."""

from __future__ import annotations

from typing import Literal

from logsleuth.logs.others import application, service, watchdogs
from logsleuth.logs.wrappers.stamps import DAY

Kind = Literal[
    "httpd", "empty", "binary", "access", "nginx", "fpm", "jk", "suexec", "packages", "changes", "kernel", "syslog",
    "watchdog", "service", "application", "dated", "other",
]  # fmt: skip

_TIME = rf"[A-Z][a-z]{{2}} {DAY} \d\d:\d\d:\d\d"
_ISO = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d"

_DMESG = rf"\[[A-Z][a-z]{{2}} {_TIME} \d{{4}}\] (?!\[|access to |httpd: |[0-9a-f]{{8}} [0-9a-f]{{8,16}} - )"
_DMESG_ISO = rf"{_ISO},\d{{6}}[+-]\d\d:\d\d (?!\S+ \S+\[\d+\]: )"
_PHP = r"\[\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d(?:\.\d+)?\] "
_JK = rf"\[[A-Z][a-z]{{2}} {_TIME}(?:\.\d+)? \d{{4}}\] ?"

SHAPES: tuple[tuple[Kind, str, str], ...] = (
    ("access", r'\S+ .{1,200}?\[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] "',
     "it is an access log, not an error log"),
    ("nginx", r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \[\w+\] \d+#\d+: ", "it is an nginx error log"),
    ("fpm", _PHP + r"(?:(?:NOTICE|WARNING|ERROR|ALERT|DEBUG): | *\[pool [^\]]+\] pid \d)", "it is a PHP-FPM log"),
    ("jk", _JK + r"(?:\[[\w\-]+\] ?)?\[\d+:\d+\] \[\w+\] ", "it is mod_jk's log"),
    ("suexec", rf"\[{_ISO}\]: ", "it is suexec's log"),
    *(("service", begin, f"it is a log of {name}") for name, begin in service.shapes()),
    ("packages", rf"{_ISO} (?:startup|status|install|upgrade|remove|purge|configure|trigproc|conffile) ",
     "it is dpkg's log"),
    ("packages", rf"{_ISO}\|(?:install|remove |command|radd|rremove|patch  )\|", "it is zypper's history"),
    ("packages", r"(?:Start-Date|End-Date): \d{4}-\d\d-\d\d +\d\d:\d\d:\d\d", "it is apt's history"),
    ("packages", rf"{_ISO}(?:Z|[+-]\d{{4}}) (?:SUBDEBUG|DDEBUG|DEBUG|INFO|CRITICAL|WARNING|ERROR) ",
     "it is dnf's log"),
    ("packages", rf"{_TIME} (?:Installed|Updated|Erased|Upgraded|Obsoleted|Dep-Installed): ", "it is yum's log"),
    ("kernel", rf"(?:{_DMESG}|{_DMESG_ISO}|{_TIME} \S+ kernel: )", "it contains kernel messages"),
    ("kernel", r"\[ *\d+\.\d{6}\] (?!\S+ \S+\[\d+\]: )\S",
     "it contains kernel messages with seconds since boot instead of times: use `dmesg -T`"),
    ("other", r"#Software: Microsoft Internet Information|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+ (?:GET|POST|HEAD|PUT) /",
     "it is a log of IIS, not of Apache"),
    ("syslog", rf"(?:<\d+>)?(?:{_TIME}|\d{{4}}-\d\d-\d\dT\S+) [^\s\[]\S* \S+?(?:\[\d+\])?: ",
     "it is a syslog file"),
    ("syslog", r"(?:node=\S{1,255} )?type=[A-Z_]{2,30} msg=audit\(", "it is the kernel's audit log"),
    *(("watchdog", begin, f"it is a log of {name}") for name, begin in watchdogs.shapes()),
    *(("application", begin, "it is an application's log") for begin in application.shapes()),
)  # fmt: skip
"""Kind, how a line of it begins, and the sentence that reports give."""
