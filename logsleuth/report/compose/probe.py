"""The probe that a report proposes: for monit, or for a scheduled task on Windows."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Final, Literal

from logsleuth.library import platforms
from logsleuth.library.containers import OUTPUT
from logsleuth.library.platforms import by_apachectl, sentence
from logsleuth.logs.open.rotation import family
from logsleuth.regexes import regex
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.library.platforms import Platform

PLAIN: Final = regex(r"/(?:var|usr|opt|srv|etc)/[A-Za-z0-9_./-]+")
"""Paths that need no quotes, and name nobody's home."""
OWN_NAME: Final = regex(r"(?:ssl_|other_vhosts_)?(?:error|access)(?:[._]log)|httpd-(?:error|access)\.log")
"""What httpd's packages call its logs."""
ANY_NAME: Final = regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
"""Names that need no quotes."""
SYSTEM_LOGS: Final = {
    "syslog": "/var/log/syslog",
    "messages": "/var/log/messages",
    "kern.log": "/var/log/kern.log",
    "daemon.log": "/var/log/daemon.log",
    "audit.log": "/var/log/audit/audit.log",
}
"""Where rsyslog and auditd write what has these names."""
UNKNOWN_FOLDER: Final = "/path/to"
"""A placeholder for a folder that nothing names."""
HOST: Final = regex(r"(?=[^.]{1,63}\.)[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
"""Names of sites that stand in a configuration as they are."""
LogKind = Literal["error", "access", "system", "other"]
"""'error' and 'access': httpd's own; 'system': what syslog writes, or the kernel; 'other': another program's."""
HTTP: Final = "80"
HTTPS: Final = "443"
HTTPS_PORTS: Final = frozenset({HTTPS, "8443"})
"""At which httpd speaks TLS as a rule."""
FRONT_PAGE: Final = "/"
"""There is one everywhere."""
REFUSES: Final = "httpd refuses to start until its fault is fixed"
"""Why a restart is of no use, where the server would not come up."""
MONIT: Final = f"""\
# {platforms.MONIT}; `logsleuth probe` writes all of it, also for other supervisors.
# LAYER 1
check process apache2 with pidfile {platforms.PID_FILE}
  start program = "/usr/bin/systemctl start apache2"
  stop program  = "/usr/bin/systemctl stop apache2"
  WHY
  if failedTO port PORT protocol httpHEADERSLOGIN request "PAGE" status = 200TEXT
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
IF_GONE: Final = """\
  # monit starts what is not there, unless it is told not to
  if not exist then alert
"""
CERTIFICATE: Final = """\
  if failedTO port PORT protocol https and certificate valid > 14 days then alert
"""
CLIENT: Final = """\
check program httpd-client-certificate
  with path "/usr/bin/curl -sf -o /dev/null -m 10 --cert CERT.pem --key KEY.pem https://SITE:PORTPAGE"
  if status != 0 for 2 cycles then alert
"""
"""monit's own test of a port shows no certificate."""
LOCAL: Final = "localhost"
LIST: Final = """\
# Before it: alert a day before the list's nextUpdate (a script around openssl crl -noout -nextupdate -in CRLFILE).
"""
WINDOWS: Final = """\
# PowerShell, saved as C:\\httpd-probe.ps1 and run every minute as a scheduled task:
#   schtasks /Create /SC MINUTE /TN httpd-probe /RU SYSTEM /TR "powershell -Ex Bypass -File C:\\httpd-probe.ps1"
# LAYER 1
$failed = 0
foreach ($attempt in 1..2) {
  try { $null = Invoke-WebRequest http://localhost:PORTPAGEHEADERSLOGIN -TimeoutSec 10 -UseBasicParsing }
  catch { $failed++ }
  Start-Sleep -Seconds 20
}
# Layer 2 reads the log: it sees failures while other requests are still answered (logsleuth.exe on the PATH).
ACTION"""
WINDOWS_TEXT: Final = "-UseBasicParsing; if ($page.Content -notlike '*TEXT*') { $failed++ } }"
WINDOWS_RESTART: Final = """\
logsleuth.exe check --restart-only LOGS
if ($LASTEXITCODE -eq 2) { $failed = 2 }
# At most one restart in ten minutes: one that does not help must not be repeated forever.
$last = (Get-Item C:\\httpd-restarted -ErrorAction SilentlyContinue).LastWriteTime
if ($failed -eq 2 -and (-not $last -or $last -lt (Get-Date).AddMinutes(-10))) {
  Set-Content C:\\httpd-restarted (Get-Date)
  Restart-Service Apache2.4
}
"""
WINDOWS_ALERT: Final = """\
logsleuth.exe check LOGS
if ($LASTEXITCODE -ne 0) { eventcreate /T ERROR /ID 2 /L APPLICATION /SO httpd-probe /D "The log shows failures" }
# No restart: WHY.
if ($failed -eq 2) { eventcreate /T ERROR /ID 1 /L APPLICATION /SO httpd-probe /D "httpd does not answer as it should" }
"""


@dataclass(frozen=True, slots=True)
class Target:
    """What a probe requests."""

    port: str = HTTP
    """Where httpd listens."""
    page: str = FRONT_PAGE
    known: Literal["", "failed", "failed in part", "stayed green"] = ""
    """Whether all requests for this page failed in the outage, some, or none as far as a probe would have seen.

    Empty: the front page, of which nothing is known.
    """
    below: str = ""
    """The folder of the pages that failed, where it is not known which these were."""
    site: str = ""
    """The one of several sites that was hit; empty: there is one, or it is not known which."""
    logs_in: bool = False
    """Pages that failed ask for a user name."""
    is_tls: bool = False
    reads_text: bool = False
    """Another server may answer in its place: it has to look for words of the page."""
    certificates: Literal["", "refused", "by the list"] = ""
    """The server refused those of its clients, maybe because of the revocation list: the probe has to present one."""

    @property
    def scheme(self) -> str:
        """How a page is asked for at this port."""
        return "https://" if self.is_tls or self.port in HTTPS_PORTS else "http://"

    @property
    def layer_1(self) -> str:
        """What to say of the page."""
        login = " It logs in, as those did whose requests failed." if self.logs_in else ""
        words = " Replace TEXT with words of it: another server may answer in its place." if self.reads_text else ""
        of_site = f", of {self.site}" if self.site else ""
        if self.certificates:
            return "Layer 1 presents a client certificate of the same CA, as those did who were refused."
        if self.known == "stayed green":
            return f"Layer 1 would have stayed green in this outage: layer 2 sees it.{login}"
        if self.known:
            return f"Layer 1 requests a page that {self.known} in this outage{of_site}.{login}{words}"
        if self.below:
            return f"Layer 1 requests a page: replace PAGE with one below {self.below}, where requests failed.{login}"
        page = "the front page (/): a cheap page that needs the application shows more"
        return f"Layer 1 requests {page}.{login}{words}"


@dataclass(frozen=True, slots=True)
class Watched:
    """A log that a check reads."""

    path: str
    """By which it was read here."""
    kind: LogKind = "error"

    def place(self, there: Platform) -> str:
        """Where it is on the machine that wrote it: as it was read, if that says it; else where its packages put it."""
        if PLAIN.fullmatch(self.path):
            return self.path
        if there.container and self.kind in {"error", "access"}:
            return OUTPUT[there.container]
        name = PurePath(family(self.path)).name
        if not there.has_pid_file and self.kind != "system" and OWN_NAME.fullmatch(name):
            return f"C:\\path\\to\\{name}" if there.system == "windows" else f"{UNKNOWN_FOLDER}/{name}"
        usual = sentence(USUAL.get(self.kind, platforms.ERROR_LOG), there)
        if self.kind == "system" or name in SYSTEM_LOGS:
            return SYSTEM_LOGS.get(name, usual)
        is_usual = name in {"-", PurePath(usual).name} or OWN_NAME.fullmatch(name) is not None
        if is_usual or ANY_NAME.fullmatch(name) is None:
            return usual
        return f"{UNKNOWN_FOLDER}/{name}"


USUAL: Final[dict[LogKind, str]] = {
    "error": platforms.ERROR_LOG, "access": platforms.ACCESS_LOG, "system": platforms.SYSTEM_LOG,
}  # fmt: skip


def probe(logs: Iterable[Watched], there: Platform, target: Target, why_no_restart: str) -> str:
    """A configuration; `logs`: those that showed the incident.

    `why_no_restart`: the probe only reports that a page fails, for this reason; empty: it restarts httpd.
    """
    places = dict.fromkeys(log.place(there) for log in logs)
    if there.system == "windows":
        return _for_windows(places, target, why_no_restart)
    action = "then alert\n" if why_no_restart else f"then restart\n{NO_MORE}"
    is_tls = target.scheme == "https://"
    asked = MONIT.replace("then ACTION\n", action + (CERTIFICATE if is_tls else ""))
    gone = IF_GONE if why_no_restart == REFUSES and there.has_pid_file else ""
    if target.certificates:
        asked = _with_client_certificate(asked, target)
    asked = asked.replace("  WHY\n", f"  # No restart: {why_no_restart}.\n{gone}" if why_no_restart else "")
    if not why_no_restart:
        asked = asked.replace("check LOGS", "check --restart-only LOGS") + RESTARTS
    asked = asked.replace("protocol httpHEADERS", "protocol httpsHEADERS") if is_tls else asked
    if not there.has_pid_file:
        asked = asked.replace(BY_PROCESS, BY_HOST)
        asked = asked if there.container else by_apachectl(asked)
    if there.system in {"unknown", "solaris"} or there.container:
        asked = asked.replace(platforms.MONIT, "Configuration for monit")
    named = sentence(asked, there).replace("LOGS", " ".join(places))
    # by TLS a site is chosen by the name that is asked for, else by the header
    named = named.replace("TO port", f" host {target.site} port" if is_tls and target.site else " port")
    named = named.replace("HEADERS", f" with http headers [Host: {target.site}]" if target.site and not is_tls else "")
    login = ' username "USER" password "PASSWORD"' if target.logs_in else ""
    text = ' content = "TEXT"' if target.reads_text else ""
    return _filled(named.replace("LOGIN", login).replace("200TEXT", f"200{text}"), target)


def _with_client_certificate(asked: str, target: Target) -> str:
    """The same with a check that presents one, in place of monit's own tests of the port."""
    begin, end = asked.index("  if failedTO"), asked.index("# Layer 2")
    listed = LIST if target.certificates == "by the list" else ""
    # no certificate names localhost
    client = (
        CLIENT.replace("SITE", target.site) if target.site else CLIENT.replace("-sf", "-sfk").replace("SITE", LOCAL)
    )
    return asked[:begin] + client + listed + asked[end:]


def _for_windows(places: Iterable[str], target: Target, why_no_restart: str) -> str:
    """A script."""
    action = WINDOWS_ALERT.replace("WHY", why_no_restart) if why_no_restart else WINDOWS_RESTART
    quoted = " ".join(f'"{place}"' if " " in place else place for place in places)
    script = WINDOWS.replace("ACTION", action).replace("LOGS", quoted).replace("http://", target.scheme)
    is_tls = target.scheme == "https://"
    if target.reads_text:
        script = script.replace("$null = Invoke", "$page = Invoke").replace("-UseBasicParsing }", WINDOWS_TEXT)
    script = script.replace("localhost", target.site) if is_tls and target.site else script
    if target.certificates:
        script = script.replace(
            "-UseBasicParsing", "-UseBasicParsing -Certificate (Get-Item Cert:\\LocalMachine\\My\\ID)"
        )
    by_name = f" -Headers @{{Host = '{target.site}'}}" if target.site and not is_tls else ""
    login = " -Credential (Import-Clixml C:\\httpd-probe.xml)" if target.logs_in else ""
    return _filled(script.replace("HEADERS", by_name).replace("LOGIN", login), target)


def _filled(text: str, target: Target) -> str:
    return text.replace("PORT", target.port).replace("PAGE", target.page).replace("LAYER 1", target.layer_1)
