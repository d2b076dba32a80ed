"""The probe that a report proposes: for monit, or for a scheduled task on Windows."""

from __future__ import annotations

from pathlib import PurePath, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Final, Literal

from logsleuth.library import platforms
from logsleuth.library.containers import OUTPUT
from logsleuth.library.platforms import by_apachectl, sentence
from logsleuth.library.slot import filled
from logsleuth.logs.open.rotation import family
from logsleuth.regexes import regex
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logsleuth.library.containers import Container
    from logsleuth.library.platforms import Platform

PLAIN: Final = regex(r"/(?:var|usr|opt|srv|etc)/[A-Za-z0-9_./-]+")
"""Paths that need no quotes, and name nobody's home."""
PLAIN_ON_WINDOWS: Final = regex(r"(?i)[a-z]:[\\/](?!users[\\/])[a-z0-9_ .()\\/-]{1,200}")
"""The same there, quoted if it has spaces."""
PLAIN_PAGE: Final = regex(r"/[A-Za-z0-9_./-]{0,59}")
"""Paths of pages that can be written into a configuration as they are."""
STATIC: Final = regex(r"\.(?:css|js|png|jpe?g|gif|svg|ico|webp|woff2?|ttf|map|txt|xml)\Z")
"""Pages that are files as a rule: they may be served while the application is away."""
OWN_NAME: Final = regex(r"(?:ssl_|other_vhosts_)?(?:error|access)(?:[._]log)|httpd-(?:error|access)\.log")
"""What httpd's packages call its logs."""
SUEXEC_LOG: Final = regex(r"suexec[._]log", needs=("suexec",))
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
Certificates = Literal["", "refused", "by the list"]
"""Whether the server refused those of its clients, and because of the revocation list; empty: it did not."""
Known = Literal["", "failed", "failed in part", "stayed green"]
"""Whether all requests for a page failed in the outage, some, or none as far as a probe would have seen.

Empty: nothing is known of it.
"""
HTTP: Final = "80"
HTTPS: Final = "443"
HTTPS_PORTS: Final = frozenset({HTTPS, "8443"})
"""At which httpd speaks TLS as a rule."""
FRONT_PAGE: Final = "/"
"""There is one everywhere."""
SOME_PAGE: Final = "/PAGE"
"""To be replaced: the log shows no page that a probe would be answered well."""
CYCLE_S: Final = 60
"""Seconds between two of its requests."""
TIMEOUT_S: Final = 10
"""Seconds for which it waits for an answer."""
ALERTS_AFTER_S: Final = 2 * CYCLE_S + TIMEOUT_S
"""Seconds until it alerts at the latest: up to a minute until it requests the page, a minute until it does again, and
what it waits then."""
REFUSES: Final = "httpd refuses to start until its fault is fixed"
"""Why a restart is of no use, where the server would not come up."""
RUNS_ON: Final = "where httpd is gone, monit starts it until it comes up; one that runs is not the fault"
"""The same where what it lacks is outside of its configuration, and may come back while nobody looks."""
OPENING: Final = """\
# {heading}; `logsleuth probe` writes all of it, also for other supervisors.
# {layer_1}
"""
HEADING: Final = "Configuration for monit"
BY_PROCESS: Final = "check process apache2 with pidfile {pid_file}\n"
BY_HOST: Final = "check host httpd with address {address}\n"
"""Where httpd writes its pid is not known."""
OF_A_CONTAINER: Final[dict[Container, str]] = {
    "docker": "# Replace HOST with the name at which the container's port is published, and {port} with that port.\n",
    "kubernetes": (
        "# Replace HOST with the name of the pod's Service or Ingress, as the machine that runs monit reaches it.\n"
    ),
}
"""A container's port is none of the machine around it."""
BY_NAME: Final = """\
# By the public name, so that it comes the way that users do: best from another machine.
check host site with address {name}
  if failed port 443 protocol https request "{page}" status = 200
     with timeout {timeout} seconds for 2 cycles then alert
"""
ORDERS: Final = """\
  start program = "/usr/bin/systemctl start apache2"
  stop program  = "/usr/bin/systemctl stop apache2"
"""
IF_GONE: Final = """\
  # monit starts a missing process unless told otherwise
  if not exist then alert
"""
OLD_IF_GONE: Final = """\
  # monit starts a missing process unless told otherwise
  mode passive
"""
"""`if not exist` came with monit 5.2."""
ASKS: Final = """\
  if failed{to} port {port} protocol {protocol}{header}{login} request "{page}" status = 200{text}
     with timeout {timeout} seconds for 2 cycles then {action}
"""
OLD_ASKS: Final = """\
  # in words that monit before 5.3 knows, too: what is answered with less than 400 passes
  if failed{to} port {port}{type} protocol http request "{page}"{hostheader}
     with timeout {timeout} seconds for 2 cycles then {action}
"""
"""Those of monit 5.1 (protocols/http.c, p.y): no status, no user name, and TLS as a type of socket."""
OLD_ASKS_URL: Final = """\
  # in words that monit before 5.3 knows, too
  if failed url {scheme}{login_url}{address}:{port}{page}{content}
     with timeout {timeout} seconds for 2 cycles then {action}
"""
"""Only here it knows user names, and the words of a page."""
NO_MORE: Final = """\
  # a restart that does not help must not be repeated forever
  if 3 restarts within 20 cycles then unmonitor
"""
CERTIFICATE: Final = """\
  if failed{to} port {port} protocol https and certificate valid > 14 days then alert
"""
CLIENT: Final = """\
check program httpd-client-certificate
  with path "/usr/bin/curl {options} -o /dev/null -m {timeout} --cert CERT.pem --key KEY.pem https://{site}:{port}{page}"
  if status != 0 for 2 cycles then alert
"""
"""monit's own test of a port shows no certificate."""
WORDS: Final = " Replace TEXT with words of the page: its status alone does not show the outage."
REPLACE_SITE: Final = " Replace SITE with the public name of the site."
REPLACE_PAGE: Final = " Replace PAGE with one that answers with status 200: the log shows none that does."
TRY_IT: Final = " Try it first: without a login or a cookie it may not answer with status 200."
LOCAL: Final = "localhost"
LIST: Final = """\
# Before it: alert a day before the list's nextUpdate (a script around openssl crl -noout -nextupdate -in CRLFILE).
"""
READS_LOGS: Final = """\
# Layer 2 reads the log: it sees failures while other requests are still answered.
check program logsleuth
  with path "/usr/local/bin/logsleuth check {option}{logs}"
  if status != 0 then alert
"""
READS_LOGS_BY_CRON: Final = """\
# Layer 2 reads the log: it sees failures while other requests are still answered. A line of /etc/crontab, as monit runs
# programs since 5.3 only; cron mails what it prints:
#   * * * * *  root  found=$(/usr/local/bin/logsleuth check {logs}) || echo "$found"
"""
RESTARTS: Final = """\
  if status = 2 then exec "/usr/bin/systemctl restart apache2" repeat every 10 cycles
"""
WINDOWS: Final = """\
# PowerShell {shell} or later, saved as C:\\httpd-probe.ps1 and run every minute as a scheduled task:
#   schtasks /Create /SC MINUTE /TN httpd-probe /RU SYSTEM
#     /TR "powershell -ExecutionPolicy Bypass -File C:\\httpd-probe.ps1"
# {layer_1}
$failed = 0
foreach ($attempt in 1..2) {
  try { {ask} }
  catch { $failed++ }
  Start-Sleep -Seconds 20
}
# Layer 2 reads the log: it sees failures while other requests are still answered (logsleuth.exe on the PATH).
"""
WINDOWS_ASKS: Final = (
    "{answer} = Invoke-WebRequest {scheme}{site}:{port}{page}{header}{login} -TimeoutSec {timeout} {options}{text}"
)
OLD_WINDOWS_ASKS: Final = (
    "$asked = [Net.WebRequest]::Create('{scheme}{site}:{port}{page}'); $asked.Timeout = {timeout}000; "
    "$asked.GetResponse().Close()"
)
"""The same in PowerShell 2: a machine with httpd 2.2 hardly has a later one (Invoke-WebRequest came with 3)."""
WINDOWS_TEXT: Final = "; if ($page.Content -notlike '*TEXT*') { $failed++ }"
WINDOWS_RESTART: Final = """\
logsleuth.exe check --restart-only {logs}
if ($LASTEXITCODE -eq 2) { $failed = 2 }
# At most one restart in ten minutes: one that does not help must not be repeated forever.
$last = (Get-Item C:\\httpd-restarted -ErrorAction SilentlyContinue).LastWriteTime
if ($failed -eq 2 -and (-not $last -or $last -lt (Get-Date).AddMinutes(-10))) {
  Set-Content C:\\httpd-restarted (Get-Date)
  Restart-Service Apache2.4
}
"""
WINDOWS_ALERT: Final = """\
logsleuth.exe check {logs}
if ($LASTEXITCODE -ne 0) { eventcreate /T ERROR /ID 2 /L APPLICATION /SO httpd-probe /D "The log shows failures" }
# No restart: {why}.
if ($failed -eq 2) { eventcreate /T ERROR /ID 1 /L APPLICATION /SO httpd-probe /D "httpd does not answer as it should" }
"""


@dataclass(frozen=True, slots=True)
class Target:
    """What a probe requests."""

    port: str = HTTP
    """Where httpd listens."""
    page: str = FRONT_PAGE
    known: Known = ""
    below: str = ""
    """The folder of the pages that failed, where it is not known which these were."""
    site: str = ""
    """The one of several sites that was hit; empty: there is one, or it is not known which."""
    logs_in: bool = False
    """Pages that failed ask for a user name."""
    is_tls: bool = False
    has_query: bool = False
    """The page is asked for with a query."""
    is_shown: bool = True
    """The log does not contradict that the page is answered well to a probe while nothing is wrong."""
    is_forwarded: bool = False
    """A proxy in front ends TLS, and says so in a header (X-Forwarded-Proto)."""
    is_by_name: bool = False
    """It has to be asked for by the public name of its site: what is asked of httpd itself is answered well."""
    reads_text: bool = False
    """Another server, or an error page, may be what answers with status 200: it has to look for words of the page."""
    certificates: Certificates = ""
    """The server refused those of its clients, maybe because of the revocation list: the probe has to present one."""

    @property
    def scheme(self) -> str:
        """How a page is asked for at this port."""
        return "https://" if self.is_tls or self.port in HTTPS_PORTS else "http://"

    @property
    def layer_1(self) -> str:
        """What to say of the page."""
        login = " It logs in, like the users whose requests failed." if self.logs_in else ""
        words = WORDS if self.reads_text else ""
        of_site = f", of {self.site}" if self.site else ""
        if self.is_by_name:
            site = "" if self.site else REPLACE_SITE
            return f"Layer 1 asks as users do.{site}"
        if self.certificates:
            return "Layer 1 presents a client certificate of the same CA, as those did who were refused."
        some = REPLACE_PAGE if self.page == SOME_PAGE else ""
        if self.known == "stayed green":
            return f"Layer 1 would most likely have stayed green in this outage: layer 2 sees it.{some}{login}"
        if self.known:
            query = " Replace QUERY with one that is answered well: all requests had one." if self.has_query else ""
            first = "" if self.is_shown else TRY_IT
            return f"Layer 1 requests a page that {self.known} in this outage{of_site}.{query}{first}{login}{words}"
        if self.below:
            return (
                f"Layer 1 requests a page: replace PAGE with one below {self.below}, where requests failed, that "
                f"answers with status 200 at other times.{login}"
            )
        if some:
            what = f"a page.{some}"
        else:
            page = "the front page (/)" if self.page == FRONT_PAGE else self.page
            is_light = self.page == FRONT_PAGE or STATIC.search(self.page) or self.page.endswith((".html", ".htm"))
            what = f"{page}{': a light page that runs the application would show more' if is_light else ''}."
        return f"Layer 1 requests {what}{login}{words}"


@dataclass(frozen=True, slots=True)
class Watched:
    """A log that a check reads."""

    path: str
    """By which it was read here."""
    kind: LogKind = "error"

    def place(self, there: Platform) -> str:
        """Where it is on the machine that wrote it: as it was read, if that says it; else where its packages put it."""
        if PLAIN.fullmatch(self.path) or (there.system == "windows" and PLAIN_ON_WINDOWS.fullmatch(self.path)):
            return self.path
        if there.container and self.kind in {"error", "access"}:
            return OUTPUT[there.container]
        kind = PureWindowsPath if there.system == "windows" else PurePath
        name = kind(family(self.path)).name
        if not there.has_names and self.kind != "system" and OWN_NAME.fullmatch(name):
            return f"C:\\path\\to\\{name}" if there.system == "windows" else f"{UNKNOWN_FOLDER}/{name}"
        return self._place_by_name(name, there)

    def _place_by_name(self, name: str, there: Platform) -> str:
        if SUEXEC_LOG.fullmatch(name):  # beside httpd's own, and of this name everywhere
            return str(PurePosixPath(sentence(platforms.ERROR_LOG, there)).with_name(name))
        usual = sentence(USUAL.get(self.kind, platforms.ERROR_LOG), there)
        if self.kind == "system" or name in SYSTEM_LOGS:
            return SYSTEM_LOGS.get(name, usual)
        is_usual = name in {"-", PurePath(usual).name} or OWN_NAME.fullmatch(name) is not None
        if name.startswith("ssl_") and PurePath(usual).name in {"error.log", "error_log", "access.log", "access_log"}:
            return str(PurePosixPath(usual).with_name(f"ssl_{PurePath(usual).name}"))  # of sites by TLS alone
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
        return _for_windows(places, there, target, why_no_restart)
    return _for_monit(places, there, target, why_no_restart)


def _for_monit(places: Iterable[str], there: Platform, target: Target, why_no_restart: str) -> str:
    """A configuration, in the words of the platform."""
    is_tls = target.scheme == "https://"
    text = "".join(_blocks(there, target, is_tls=is_tls, restarts=not why_no_restart, gone=why_no_restart == REFUSES))
    known = there.has_names and not there.container
    headers = [f"{name}: {value}" for name, value in _headers(target, is_tls=is_tls).items()]
    values = _slots(target) | {
        "heading": _on(there, platforms.MONIT) if known else HEADING,
        "why": _on(there, why_no_restart),
        # by TLS a site is chosen by the name that is asked for, else by the header
        "to": f" host {target.site}" if is_tls and target.site else "",
        "header": f" with http headers [{', '.join(headers)}]" if headers else "",
        "hostheader": f' hostheader "{target.site}"' if target.site and not is_tls else "",
        "protocol": "https" if is_tls else "http",
        "type": " type tcpssl" if is_tls else "",
        "scheme": target.scheme,
        "login": ' username "USER" password "PASSWORD"' if target.logs_in else "",
        "login_url": "USER:PASSWORD@" if target.logs_in else "",
        "text": ' content = "TEXT"' if target.reads_text else "",
        "content": ' content == "TEXT"' if target.reads_text else "",
        "action": "alert" if why_no_restart else _on(there, _restart(there)),
        "pid_file": there.pid_file,
        "address": "HOST" if there.container else "127.0.0.1",
        "option": "" if why_no_restart else "--restart-only ",
        "options": "-sf" if target.site else "-sfk",  # no certificate names localhost
        "logs": " ".join(places),
    }
    return _filled(_on(there, text), values)


def _blocks(there: Platform, target: Target, *, is_tls: bool, restarts: bool, gone: bool) -> Iterator[str]:
    """The parts of a configuration for monit. `gone`: the server refuses to start."""
    yield OPENING
    if target.is_by_name:
        yield BY_NAME
    else:
        yield from _asking_httpd(there, target, is_tls=is_tls, restarts=restarts, gone=gone)
    if there.has_old_tools:
        yield READS_LOGS_BY_CRON
        return
    yield READS_LOGS
    if restarts:
        yield RESTARTS


def _asking_httpd(there: Platform, target: Target, *, is_tls: bool, restarts: bool, gone: bool) -> Iterator[str]:
    """The service, and what is asked of it on its own machine."""
    if not there.pid_file:
        yield OF_A_CONTAINER.get(there.container, "")
    yield BY_PROCESS if there.pid_file else BY_HOST
    if there.container != "kubernetes":  # which starts its pods itself
        yield ORDERS
    if not restarts:
        yield "  # No restart: {why}.\n"
        if gone and there.pid_file:
            yield OLD_IF_GONE if there.has_old_tools else IF_GONE
    if target.certificates:
        yield CLIENT
        if target.certificates == "by the list":
            yield LIST
        return
    is_by_url = target.logs_in or target.reads_text
    yield ASKS if not there.has_old_tools else OLD_ASKS_URL if is_by_url else OLD_ASKS
    if restarts and there.container != "kubernetes":
        yield NO_MORE
    if is_tls and not there.has_old_tools:
        yield CERTIFICATE


def _restart(there: Platform) -> str:
    """By what monit restarts httpd, in the words of Debian: a service without orders is not restarted."""
    return "restart" if there.container != "kubernetes" else 'exec "/usr/bin/systemctl restart apache2"'


def _on(there: Platform, text: str) -> str:
    """A text in the words of the platform."""
    if not there.has_names and not there.container:
        text = by_apachectl(text)
    return sentence(text, there)


def _for_windows(places: Iterable[str], there: Platform, target: Target, why_no_restart: str) -> str:
    """A script."""
    is_tls = target.scheme == "https://" or target.is_by_name
    name = target.site or ("SITE" if is_tls else "")  # a certificate that names no localhost fails at all times
    to_name = REPLACE_SITE if name == "SITE" and not target.is_by_name else ""
    given = _headers(target, is_tls=is_tls).items()
    headers = [f"{name if name.isalpha() else repr(name)} = '{value}'" for name, value in given]
    own = " -Certificate (Get-Item Cert:\\LocalMachine\\My\\ID)" if target.certificates else ""
    is_plain = not (target.certificates or target.logs_in or target.reads_text or headers)
    is_old = there.is_old and is_plain
    asks = (WINDOWS + (WINDOWS_ALERT if why_no_restart else WINDOWS_RESTART)).replace(
        "{ask}", OLD_WINDOWS_ASKS if is_old else WINDOWS_ASKS
    )
    return _filled(
        _on(there, asks),
        _slots(target)
        | {
            "layer_1": f"{target.layer_1}{to_name}",
            "why": why_no_restart,
            "shell": "2" if is_old else "3",
            "answer": "$page" if target.reads_text else "$null",
            "scheme": "https://" if is_tls else "http://",
            "port": HTTPS if target.is_by_name else target.port,
            "site": name if is_tls and name else LOCAL,
            "header": f" -Headers @{{{'; '.join(headers)}}}" if headers else "",
            "login": " -Credential (Import-Clixml C:\\httpd-probe.xml)" if target.logs_in else "",
            "options": f"-UseBasicParsing{own}",
            "text": WINDOWS_TEXT if target.reads_text else "",
            "logs": " ".join(f'"{place}"' if " " in place else place for place in places),
        },
    )


def _headers(target: Target, *, is_tls: bool) -> dict[str, str]:
    """Those that a request needs to be answered as users are. By TLS a site is chosen by the name that is asked for."""
    host = {"Host": target.site} if target.site and not is_tls else {}
    return host | ({"X-Forwarded-Proto": "https"} if target.is_forwarded and not is_tls else {})


def _slots(target: Target) -> dict[str, str]:
    """What any probe says of its target."""
    return {
        "layer_1": target.layer_1,
        "port": target.port,
        "page": f"{target.page}?QUERY" if target.has_query else target.page,
        "site": target.site or LOCAL,
        "name": target.site or "SITE",
        "timeout": str(TIMEOUT_S),
    }


def _filled(text: str, values: dict[str, str]) -> str:
    """All slots at once: what fills one, such as the path of a log, is not looked at again."""
    done = filled(text, values)
    assert done is not None, "each slot has a value"
    return done
