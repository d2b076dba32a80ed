"""The probe that a report proposes: for monit, or for a scheduled task on Windows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.library import platforms
from logsleuth.library.platforms import by_apachectl, sentence
from logsleuth.regexes import regex
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logsleuth.library.platforms import Platform
    from logsleuth.timeline.model import Timeline

PLAIN: Final = regex(r"/(?:var|usr|opt|srv|etc)/[A-Za-z0-9_./-]+")
"""Paths that need no quotes, and name nobody's home."""
UPSTREAM: Final = regex(r'upstream: "http://(?:127\.0\.0\.1|localhost|\[::1\]):(?P<port>\d{1,5})/')
"""Where an nginx on the same machine, in front of httpd, reaches it."""
HTTP: Final = "80"
PAGE: Final = "/health"
MONIT: Final = f"""\
# {platforms.MONIT}; `logsleuth probe` writes all of it, also for other supervisors.
# Layer 1 requests a page: choose one that needs the application, and is cheap.
check process apache2 with pidfile {platforms.PID_FILE}
  start program = "/usr/bin/systemctl start apache2"
  stop program  = "/usr/bin/systemctl stop apache2"
  WHY
  if failed port PORT protocol http request "PAGE" status = 200
     with timeout 10 seconds for 2 cycles then ACTION
# Layer 2 reads the log: it sees failures while other requests are still answered.
check program logsleuth
  with path "/usr/local/bin/logsleuth check LOGS"
  if status != 0 then alert
"""
BY_PROCESS: Final = f"check process apache2 with pidfile {platforms.PID_FILE}\n"
BY_HOST: Final = "check host httpd with address 127.0.0.1\n"
"""Where httpd writes its pid is not known."""
RESTARTS: Final = """\
  if status = 2 then exec "/usr/bin/systemctl restart apache2" repeat every 10 cycles
"""
NO_MORE: Final = """\
  # a restart that does not help must not be repeated forever
  if 3 restarts within 20 cycles then unmonitor
"""
CERTIFICATE: Final = """\
  if failed port PORT protocol https and certificate valid > 14 days then alert
"""
WINDOWS: Final = """\
# PowerShell, saved as C:\\httpd-probe.ps1 and run every minute as a scheduled task:
#   schtasks /Create /SC MINUTE /TN httpd-probe /RU SYSTEM /TR "powershell -Ex Bypass -File C:\\httpd-probe.ps1"
# It requests a page: choose one that needs the application, and is cheap.
$failed = 0
foreach ($attempt in 1..2) {
  try { $null = Invoke-WebRequest http://localhost:PORTPAGE -TimeoutSec 10 -UseBasicParsing }
  catch { $failed++ }
  Start-Sleep -Seconds 20
}
ACTION"""
WINDOWS_RESTART: Final = """\
# At most one restart in ten minutes: one that does not help must not be repeated forever.
$last = (Get-Item C:\\httpd-restarted -ErrorAction SilentlyContinue).LastWriteTime
if ($failed -eq 2 -and (-not $last -or $last -lt (Get-Date).AddMinutes(-10))) {
  Set-Content C:\\httpd-restarted (Get-Date)
  Restart-Service Apache2.4
}
"""


WINDOWS_ALERT: Final = """\
# No restart: WHY.
if ($failed -eq 2) { eventcreate /T ERROR /ID 1 /L APPLICATION /SO httpd-probe /D "httpd does not answer as it should" }
"""


def probe(logs: Logs, there: Platform, port: str, why_no_restart: str, page: str = PAGE) -> str:
    """A configuration; `logs`: those that showed the incident; `port`: where httpd listens; `page`: what is requested.

    `why_no_restart`: the probe only reports that a page fails, for this reason; empty: it restarts httpd.
    """
    if there.system == "windows":
        action = WINDOWS_ALERT.replace("WHY", why_no_restart) if why_no_restart else WINDOWS_RESTART
        script = WINDOWS.replace("ACTION", action).replace("http://", _scheme(port))
        return script.replace("PORT", port).replace("PAGE", page)
    action = "then alert\n" if why_no_restart else f"then restart\n{NO_MORE}"
    asked = MONIT.replace("then ACTION\n", action + (CERTIFICATE if _scheme(port) == "https://" else ""))
    asked = asked.replace("  WHY\n", f"  # No restart: {why_no_restart}.\n" if why_no_restart else "")
    if not why_no_restart:
        asked = asked.replace("check LOGS", "check --restart-only LOGS") + RESTARTS
    if _scheme(port) == "https://":
        asked = asked.replace("protocol http ", "protocol https ")
    if there.system in platforms.HAVE_NO_PID_FILE:
        asked = by_apachectl(asked.replace(BY_PROCESS, BY_HOST))
    named = sentence(asked, there).replace("LOGS", " ".join(logs.paths(there)))
    return named.replace("PORT", port).replace("PAGE", page)


@dataclass(frozen=True, slots=True)
class Logs:
    """The logs that a check reads."""

    error: str
    """The path by which the log was read that showed the incident."""
    is_syslog: bool = False
    """It is the system's log, or one that syslog writes."""
    access: str | None = None
    """That of the access log, where it is needed: it alone counts requests."""

    def paths(self, there: Platform) -> Iterator[str]:
        """Where they are on the machine that wrote them: as they were read, if that says it."""
        usual = platforms.SYSTEM_LOG if self.is_syslog else platforms.ERROR_LOG
        yield self.error if PLAIN.fullmatch(self.error) else sentence(usual, there)
        if self.access is not None:
            yield self.access if PLAIN.fullmatch(self.access) else sentence(platforms.ACCESS_LOG, there)


def _scheme(port: str) -> str:
    """How a page is asked for at a port."""
    return "https://" if port in {"443", "8443"} else "http://"


def port_of(timeline: Timeline) -> str:
    """Where httpd listens, as lines name it; 80 where none does."""
    return next(_ports(timeline), HTTP)


def _ports(timeline: Timeline) -> Iterator[str]:
    for series in timeline.known():
        line = series.first_sighting
        if series.meaning.category == "port-in-use" and "port" in (fields := dict(line.fields)):
            yield fields["port"]
        elif found := UPSTREAM.search(line.text):
            yield found["port"]
