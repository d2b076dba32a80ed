"""Commands and advice for the surroundings of a log: a system, an old httpd, a control panel, a container.

What a pattern writes is for Debian, or for any system; here it becomes what it is there: Debian's and Red Hat's kin,
FreeBSD, Windows, httpd as it is built from its source.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, Literal

from logsleuth.library import other_unix, powershell
from logsleuth.library.category import PACKAGES
from logsleuth.library.commands import Command, instruction
from logsleuth.library.containers import WORDS, by_runtime, inside
from logsleuth.regexes import regex
from logsleuth.values import dataclass

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Mapping, Sequence

    from logsleuth.library.commands import Shell
    from logsleuth.library.containers import Container
    from logsleuth.library.other_unix import OtherUnix

System = Literal[
    "debian", "red-hat", "suse", "cpanel", "freebsd", "macos", "built", "solaris", "unix", "windows", "unknown"
]
"""cpanel: its own httpd on a kin of Red Hat. built: httpd as it is built from its source, and in its Docker image.
unix: neither Linux nor one of those named. unknown: most likely Linux."""
OTHER_UNIX: Final[dict[System, OtherUnix]] = {
    "freebsd": "freebsd", "macos": "macos", "solaris": "solaris", "unix": "unix",
}  # fmt: skip
"""Systems that have not the tools of Linux."""
WITHOUT_NAMES: Final[frozenset[System]] = frozenset({"unknown", "macos", "solaris", "unix", "windows"})
"""Systems on which it is not known where httpd has its files."""


@dataclass(frozen=True, slots=True)
class Platform:
    """What advice depends on."""

    system: System = "unknown"
    is_old: bool = False
    """The server is httpd 1.3 to 2.2: some of its directives have other names, and machines of its time no systemd."""
    has_plesk: bool = False
    """Sites are run by Plesk, which brings its own PHP."""
    container: Container = ""
    version: tuple[int, ...] = ()
    """Of httpd: two numbers or three; empty: not known."""
    named_pid_file: str = ""
    """Where httpd writes its pid, by its own words; empty: no line says it."""
    year: int = 0
    """In which the logs end; 0: not known."""

    @property
    def has_systemd(self) -> bool:
        """Whether services are those of systemd."""
        is_other = self.system in OTHER_UNIX or self.system in {"windows", "built"}
        return not is_other and not self.is_before_systemd and not self.container

    @property
    def is_before_systemd(self) -> bool:
        """The machine is of a time, or of a release, that had none."""
        is_of_upstart = self.system == "debian" and len(self.version) > 2 and (2, 4) <= self.version < SYSTEMD_OF_DEBIAN
        return self.is_old or is_of_upstart or 0 < self.year < SYSTEMD_SINCE

    @property
    def has_old_tools(self) -> bool:
        """The machine may have no later programs than httpd 2.2 had beside it."""
        return self.is_old or 0 < self.year < SYSTEMD_SINCE

    @property
    def has_names(self) -> bool:
        """Whether it is known where httpd has its files, and by what it is started."""
        return self.system not in WITHOUT_NAMES

    @property
    def pid_file(self) -> str:
        """Where httpd writes its pid; empty: not known: monit would take a server for dead, and start it forever."""
        if self.container or self.system == "windows":
            return ""
        if self.named_pid_file:
            return self.named_pid_file
        if self.system == "red-hat" and self.is_old:
            return next((path for since, before, path in PID_FILES_OF_RED_HAT if since <= self.version < before), "")
        return sentence(PID_FILE, self) if self.has_names else ""

    @property
    def names(self) -> frozenset[str]:
        """What a pattern may ask for by the key `on`."""
        linux = self.system not in OTHER_UNIX and self.system != "windows"
        return frozenset(filter(None, (
            self.system, self.container, "container" if self.container else "",
            "linux" if linux and (self.system != "unknown" or self.container) else "",
            "systemd" if self.has_systemd and self.system != "unknown" else "",
        )))  # fmt: skip


SYSTEMD_SINCE: Final = 2011
"""The year of the first distribution that starts with it, Fedora 15; its first release was of March 2010."""
PYTHON_3_SINCE: Final = 2011
"""Until then hardly any machine had it; mod_wsgi supports it since 3.0, of November 2009."""
SYSTEMD_OF_DEBIAN: Final = (2, 4, 10)
"""httpd of Debian 8, the first with systemd; Ubuntu had 2.4.6 and 2.4.7 beside Upstart (13.10 and 14.04)."""
ERROR_LOG: Final = "/var/log/apache2/error.log"
"""The path that patterns write, which is Debian's."""
ACCESS_LOG: Final = "/var/log/apache2/access.log"
PID_FILE: Final = "/run/apache2/apache2.pid"
LOG_FOLDERS: Final = "/var/log/apache2 /var/log/httpd"
"""Where patterns look for the logs."""
MONIT: Final = "/etc/monit/conf.d/apache2"
SYSTEM_LOG: Final = "/var/log/syslog"
ANY_ERROR_LOG: Final = regex(rf"{ERROR_LOG}|(?<![\w./*-])error\.log\b(?!\.)", needs=("error.log",))
"""The path that patterns write for the error log, or only its name."""
PID_FILES_OF_RED_HAT: Final = (
    ((2, 0), (2, 2, 4), "/var/run/httpd.pid"),
    ((2, 2, 15), (2, 4), "/var/run/httpd/httpd.pid"),
)
"""By the versions of httpd that have it: those of Red Hat 3 to 5, which end with 2.2.3, and that of 6, 2.2.15."""
PACKED: Final = (".gz", ".bz2", ".xz", ".zst", ".zip", ".tgz", ".tar")
AGO: Final = regex(r"--since (?:\"[^\"]*\"|-\d+h)(?! --until)", needs=("--since ",))
"""How patterns ask the journal for the last hour or two."""
CONFIGURATION: Final = "/etc/apache2 /etc/httpd"
"""Where patterns look for the configuration."""
PHP, PHP_POOLS, PHP_MODULES = (
    "/etc/php /etc/php.ini /etc/php.d /etc/php-fpm.d", "/etc/php-fpm.d /etc/php/*/fpm/pool.d",
    "/etc/php/*/*/conf.d /etc/php.d",
)  # fmt: skip
"""Where patterns look for the settings of PHP, of the pools of PHP-FPM, and for the extensions that are loaded."""
PHP_PLACES: Final[dict[System, tuple[str, str, str]]] = {
    "debian": ("/etc/php", "/etc/php/*/fpm/pool.d", "/etc/php/*/*/conf.d"),
    "red-hat": ("/etc/php.ini /etc/php.d /etc/php-fpm.d", "/etc/php-fpm.d", "/etc/php.d"),
    "cpanel": (
        "/opt/cpanel/ea-php*/root/etc", "/opt/cpanel/ea-php*/root/etc/php-fpm.d", "/opt/cpanel/ea-php*/root/etc/php.d",
    ),
    "freebsd": (
        "/usr/local/etc/php.ini /usr/local/etc/php /usr/local/etc/php-fpm.d", "/usr/local/etc/php-fpm.d",
        "/usr/local/etc/php",
    ),
    "built": ("/usr/local/etc/php", "/usr/local/etc/php-fpm.d", "/usr/local/etc/php/conf.d"),
}  # fmt: skip
"""Where these are."""
PHP_OF_IMAGES: Final = PHP_PLACES["built"]
"""Where they are in the images of PHP (docker-library/php, PHP_INI_DIR)."""
ON_DEBIAN: Final = regex(
    r"; on Debian(?:, for example)?: [^()]{1,80}(?=\))| \(on Debian(?:, for example)?: [^()]{1,80}\)",
    needs=("on Debian",),
)
"""What only Debian's tools do, in brackets, perhaps after what does it elsewhere."""
PHP_OF_PLESK: Final = (
    "/opt/plesk/php/*/etc /var/www/vhosts/system/*/conf", "/opt/plesk/php/*/etc/php-fpm.d",
    "/opt/plesk/php/*/etc/php.d",
)  # fmt: skip
OPTION: Final = regex(r" -[hpP] \{(?P<slot>host|port)\}", needs=(" -h {", " -p {", " -P {"))
"""Of psql, pg_isready, mysql and redis-cli."""
SERVICE: Final = regex(r"(?<![\w.-])apache2(?=\.(?:pid|service)\b|\.?(?:[^\w.-]|$))")
UPGRADES: Final = regex(r'grep -E "[\w|]+" /var/log/dpkg\.log \| tail')
"""What was installed last, of Debian."""
RED_HAT_NAMES: Final = {
    LOG_FOLDERS: "/var/log/httpd",
    CONFIGURATION: "/etc/httpd",
    "/etc/apache2/apache2.conf": "/etc/httpd/conf/httpd.conf",
    ERROR_LOG: "/var/log/httpd/error_log",
    ACCESS_LOG: "/var/log/httpd/access_log",
    PID_FILE: "/run/httpd/httpd.pid",
    MONIT: "/etc/monit.d/httpd",
    SYSTEM_LOG: "/var/log/messages",
    "/var/log/dpkg.log /var/log/dnf.rpm.log": "/var/log/dnf.rpm.log",
    "/var/log/dpkg.log": "/var/log/dnf.rpm.log",
    "/etc/modsecurity /usr/share/modsecurity-crs": "/etc/httpd/modsecurity.d /usr/share/mod_modsecurity_crs",
    "dpkg -S {library}": "rpm -qf $(find / -xdev -name {library} 2>/dev/null | head -1)",
    "dpkg -S": "rpm -qf",
    "www-data apache": "apache",
    "www-data": "apache",
}
SUSE_NAMES: Final = {
    CONFIGURATION: "/etc/apache2",
    "/etc/apache2/apache2.conf": "/etc/apache2/httpd.conf",
    LOG_FOLDERS: "/var/log/apache2",
    ERROR_LOG: "/var/log/apache2/error_log",
    ACCESS_LOG: "/var/log/apache2/access_log",
    PID_FILE: "/run/httpd.pid",
    MONIT: "/etc/monit.d/apache2",
    SYSTEM_LOG: "/var/log/messages",
    "/var/log/dpkg.log /var/log/dnf.rpm.log": "/var/log/zypp/history",
    "/var/log/dpkg.log": "/var/log/zypp/history",
    "dpkg -S {library}": "rpm -qf $(find / -xdev -name {library} 2>/dev/null | head -1)",
    "dpkg -S": "rpm -qf",
    "-LC apache2,httpd": "-LC httpd-prefork,httpd-worker,httpd-event",
    "www-data apache": "wwwrun",
    "www-data": "wwwrun",
}
"""Of SUSE, whose service is called as Debian's and whose programs and logs are not."""
DEBIAN_1_3_NAMES: Final = {
    CONFIGURATION: "/etc/apache",
    "/etc/apache2": "/etc/apache",
    "/var/log/apache2": "/var/log/apache",
    "/var/run/apache2.pid": "/var/run/apache.pid",
    "/etc/init.d/apache2": "/etc/init.d/apache",
    "/etc/monit/conf.d/apache2": "/etc/monit/monitrc",
    "/usr/lib/apache2": "/usr/lib/apache",
    "apache2": "apache",
}
"""Of its package apache, which was httpd 1.3."""
CPANEL_NAMES: Final = {
    "/etc/httpd": "/etc/apache2",
    "ls -lS /var/log/httpd": "ls -lS /etc/apache2/logs",
    "/var/log/httpd/error_log": "/etc/apache2/logs/error_log",
    "/var/log/httpd/access_log": "/etc/apache2/logs/domlogs/DOMAIN",
    "/run/httpd/httpd.pid": "/run/apache2/httpd.pid",
    "/usr/bin/systemctl restart httpd": "/scripts/restartsrv_httpd",
}
"""What EasyApache 4 calls what Red Hat calls otherwise; its workers run as nobody."""
FREEBSD_NAMES: Final = {
    LOG_FOLDERS: "/var/log",
    "fs.file-max": "kern.maxfiles",
    "sysctl -w ": "sysctl ",
    CONFIGURATION: "/usr/local/etc/apache24",
    "/etc/apache2/apache2.conf": "/usr/local/etc/apache24/httpd.conf",
    ERROR_LOG: "/var/log/httpd-error.log",
    ACCESS_LOG: "/var/log/httpd-access.log",
    SYSTEM_LOG: "/var/log/messages",
    PID_FILE: "/var/run/httpd.pid",
    MONIT: "/usr/local/etc/monitrc",
    "www-data apache": "www",
    "www-data": "www",
}
"""Of the port www/apache24; its service is called apache24."""
PORTS: Final = (((2, 4), "apache24"), ((2, 2), "apache22"), ((2, 0), "apache2"), ((1, 3), "apache"))
"""What FreeBSD's ports called the folder of its configuration, and the service, by the version of httpd."""
BUILT_NAMES: Final = {
    LOG_FOLDERS: "/usr/local/apache2/logs",
    CONFIGURATION: "/usr/local/apache2/conf",
    "/etc/apache2/apache2.conf": "/usr/local/apache2/conf/httpd.conf",
    ERROR_LOG: "/usr/local/apache2/logs/error_log",
    ACCESS_LOG: "/usr/local/apache2/logs/access_log",
    PID_FILE: "/usr/local/apache2/logs/httpd.pid",
    MONIT: "/etc/monit.d/httpd",
    "www-data apache": "daemon",
    "www-data": "daemon",
}
"""Of the layout Apache in httpd's config.layout, which ./configure takes without a word."""
SOLARIS_NAMES: Final = {
    SYSTEM_LOG: "/var/adm/messages",
    "(umount -l, then mount)": "(umount -f, then mount)",
    "umount -l, then mount": "umount -f, then mount",
    "sysctl -w ": "",
}
"""Of Solaris and its heirs, whose httpd has no usual place."""
MACOS_NAMES: Final = {
    CONFIGURATION: "/etc/apache2",
    "/etc/apache2/apache2.conf": "/etc/apache2/httpd.conf",
    ERROR_LOG: "/var/log/apache2/error_log",
    ACCESS_LOG: "/var/log/apache2/access_log",
    SYSTEM_LOG: "/var/log/system.log",
    "www-data apache": "_www",
    "www-data": "_www",
}
"""Of the httpd that macOS brings."""
OLD_PATHS: Final = {
    "/run/httpd/httpd.pid": "/var/run/httpd/httpd.pid",
    PID_FILE: "/var/run/apache2.pid",
    "/var/log/dnf.rpm.log": "/var/log/yum.log",
    "dmesg -T": "dmesg",
    "--sort=-etimes": "--sort=start_time",
    "etimes": "etime",
}
"""Of machines before systemd; `dmesg -T` is of util-linux 2.20, `etimes` of procps 3.3.3."""
UNKNOWN_NAMES: Final = {
    "sudo -u www-data": "sudo -u USER-OF-HTTPD",
    "su -s /bin/sh www-data": "su -s /bin/sh USER-OF-HTTPD",
}
"""As whom httpd's workers run is known of a system only."""
NAMES: Final[dict[System, dict[str, str]]] = {
    "solaris": SOLARIS_NAMES, "macos": MACOS_NAMES, "unknown": UNKNOWN_NAMES,
    "debian": {CONFIGURATION: "/etc/apache2", LOG_FOLDERS: "/var/log/apache2"},
    "suse": SUSE_NAMES,
}  # fmt: skip
WITHOUT_SYSTEMD: Final = {
    "LimitNOFILE (": "the limit of open files (",
    "(LimitNOFILE)": "(ulimit -n)",
    "LimitNOFILE": "the limit of open files (ulimit -n)",
    "systemctl restart stops": "a restart stops",
    "; systemctl reload and apachectl graceful test it first": "; apachectl graceful tests it first",
}
"""Words of systemd in advice, as they are where it is not."""
BY_SYSTEMD: Final = regex(
    r"(?P<folder>/usr/bin/)?systemctl (?P<verb>start|stop|restart|reload|status) "
    r"(?P<unit>[\w@-]+(?:\.[\w@-]+)*)(?![\w@-]|\.\w| [\w@])"
)
"""Of one unit."""
NEEDS_SYSTEMD: Final = regex(
    r"\b(?:systemctl|journalctl|coredumpctl)\b", needs=("systemctl", "journalctl", "coredumpctl")
)
OF_RED_HAT: Final = regex(
    r"\b(?:getsebool|ausearch|semanage|sestatus|rpm|dnf|yum|update-crypto-policies)\b|\bls -\w*Z",
    needs=("getsebool", "ausearch", "semanage", "sestatus", "rpm", "dnf", "yum", "update-crypto-policies", "ls -"),
)
"""Programs that Debian and Ubuntu do not have, those of SELinux among them unless somebody installs it."""
OF_DEBIAN: Final = regex(
    r"\bdpkg\b|\baa-status\b|apparmor|/(?:usr/lib|var/lib|var/log)/apache2\b|mods-enabled|sites-enabled"
)
"""Programs and folders that Red Hat's kin do not have."""
OF_OTHERS: Final[dict[System, re.Pattern[str]]] = {
    "debian": OF_RED_HAT, "red-hat": OF_DEBIAN, "cpanel": OF_DEBIAN,
    "suse": regex(r"\bdpkg\b|mods-enabled|sites-enabled|/usr/lib/apache2\b"),
}  # fmt: skip
"""Of each system what it has not."""
TWICE: Final = regex(r"\b(httpd|apache)[|,]\1\b", needs=("httpd|", "httpd,", "apache|", "apache,"))
"""A program that a pattern names by either name, where both are one."""
ITS_SERVICE: Final = "Apache2.4"
"""The name that `httpd -k install` gives the service (AP_DEFAULT_SERVICE_NAME of mpm_winnt)."""
SERVICES_OF_WINDOWS: Final = (((2, 4), ITS_SERVICE), ((2, 2), "Apache2.2"), ((2, 0), "Apache2"), ((1, 3), "Apache"))
"""The same by the version of httpd."""
ITSELF: Final = frozenset({"apache2", "httpd"})
"""Names of httpd's own service."""
WINDOWS_NAMES: Final = {
    "systemctl restart apache2": f"Restart-Service {ITS_SERVICE}",
    "systemctl restart httpd": f"Restart-Service {ITS_SERVICE}",
    "apachectl configtest": "httpd -t",
    "in the life of a parent": "in the life of a child process",
    "apachectl -t": "httpd -t",
}
OF_PACKAGES: Final = "the package manager's log"
PACKAGES_OF: Final[dict[System, str]] = {
    "debian": f"{OF_PACKAGES} (dpkg.log)",
    "red-hat": f"{OF_PACKAGES} (dnf.log)",
    "cpanel": f"{OF_PACKAGES} (dnf.log or yum.log)",
    "suse": f"{OF_PACKAGES} (/var/log/zypp/history)",
    "freebsd": "what pkg or the ports installed last",
    "windows": "the list of installed programs and updates",
    **dict.fromkeys(("macos", "solaris", "unix"), OF_PACKAGES),
}  # fmt: skip
HTTPD_OF_RED_HAT_7: Final = (2, 4, 6)
"""The last one with yum."""
RENAMED: Final = {"MaxRequestWorkers": "MaxClients", "MaxConnectionsPerChild": "MaxRequestsPerChild"}
"""Directives that were renamed in 2.3.13 and 2.3.9 (docs/manual/mod/mpm_common.html)."""
FOR_EITHER: Final = (
    (
        '"AcceptFilter http none" and "AcceptFilter https none" (httpd 2.2: "Win32DisableAcceptEx")',
        '"AcceptFilter http none" and "AcceptFilter https none"',
        '"Win32DisableAcceptEx"',
    ),
    (
        "Mutex pthread default, or posixsem; before httpd 2.4 AcceptMutex pthread and SSLMutex file:PATH",
        "Mutex pthread default, or posixsem",
        "AcceptMutex pthread, and SSLMutex file:PATH",
    ),
    (
        '"Require all granted", which httpd 2.4 asks for (2.2: Allow from all)',
        '"Require all granted", which httpd 2.4 asks for',
        '"Allow from all"',
    ),
)
"""What patterns say to a server of any version, to one of 2.4, and to an older one."""
OLD_NAMES: Final = {**{either: old for either, _, old in FOR_EITHER}, **RENAMED}
NEW_NAMES: Final = {either: new for either, new, _ in FOR_EITHER}
KNOWN_BY: Final[tuple[tuple[System, re.Pattern[str]], ...]] = (
    (
        "windows",
        regex(r"\((?:Win32|Win64)\)|[\[ ]mpm_winnt:|^[A-Za-z]:[\\/]", needs=("(Win", "mpm_winnt:", ":\\", ":/")),
    ),
    ("cpanel", regex(r"\(cPanel\)", needs=("(cPanel)",))),
    ("freebsd", regex(r"\(FreeBSD\)", needs=("(FreeBSD)",))),
    ("macos", regex(r"\(Darwin\)", needs=("(Darwin)",))),
    ("solaris", regex(r"\((?:Solaris|SunOS|OmniOS|SmartOS)\)", needs=("(Sol", "(Sun", "OS)"))),
    (
        "unix",
        regex(
            r"\((?:NetBSD|OpenBSD|DragonFly|AIX|HP-UX|IRIX|OS400|BS2000)[^)]{0,20}\)",
            needs=("(NetBSD", "(OpenBSD", "(DragonFly", "(AIX", "(HP-UX", "(IRIX", "(OS400", "(BS2000"),
        ),
    ),
    (
        "suse",
        regex(
            r"\((?:Linux/)?(?:open)?SUSE[^)]*\)|/usr/sbin/(?:httpd2?-(?:prefork|worker|event)|start_apache2)\b",
            needs=("SUSE", "/usr/sbin/httpd-", "/usr/sbin/httpd2-", "/usr/sbin/start_apache2"),
        ),
    ),
    (
        "debian",
        regex(
            r"\((?:Debian|Ubuntu|Raspbian)[^)]*\)|/usr/sbin/apache2\b",
            needs=("(Debian", "(Ubuntu", "(Raspbian", "/usr/sbin/apache2"),
        ),
    ),
    (
        "red-hat",
        regex(
            r"\((?:Red Hat|CentOS|Rocky|AlmaLinux|Fedora|Amazon|Oracle Linux|Scientific Linux)[^)]*\)|/usr/sbin/httpd\b"
        ),
    ),
    ("red-hat", regex(r"^/var/log/httpd/")),
    ("debian", regex(r"^/var/log/apache2/")),
)
"""What a banner, a command line or the path of a log says, the most certain first."""
ITS_OWN: Final = r"/(?<![\w./-]/)"
"""How a path begins that is no other path's end; what is before it is looked at where the slash was found."""
HINTS: Final[tuple[tuple[System, re.Pattern[str]], ...]] = (
    ("built", regex(rf"{ITS_OWN}usr/local/apache2/", needs=("/usr/local/apache2/",))),
    (
        "freebsd",
        regex(
            rf"{ITS_OWN}usr/local/(?:(?:etc|libexec|www)/apache2?[24]?/|www/)|(?<= )/kernel: "
            r"|login\.conf\(5\)|tuning\(7\)|kern\.(?:maxproc|maxfiles|ipc\.)|swap_pager",
            needs=("/usr/local/", " /kernel: ", "(5)", "(7)", "kern.", "swap_pager"),
        ),
    ),
    (
        "macos",
        regex(
            rf"{ITS_OWN}(?:Library/WebServer|private/(?:etc|var/log)/apache2|opt/homebrew|usr/local/opt/httpd|usr/local/Cellar)/"
            r"|com\.apple\.(?:xpc\.)?launchd",
            needs=("/Library/", "/private/", "/homebrew/", "/usr/local/opt/", "/Cellar/", "com.apple."),
        ),
    ),
    ("unix", regex(rf"{ITS_OWN}(?:usr/pkg|QIBM|opt/hpws)/", needs=("/usr/pkg/", "/QIBM/", "/opt/hpws"))),
    (
        "cpanel",
        regex(
            rf"{ITS_OWN}(?:usr/local/cpanel|opt/cpanel|etc/apache2/logs/domlogs)/", needs=("/cpanel/", "/logs/domlogs/")
        ),
    ),
    (
        "red-hat",
        regex(
            rf"{ITS_OWN}(?:etc/httpd/|usr/lib(?:64)?/httpd/|usr/sbin/suexec\b|run/php-fpm/www\.sock)",
            needs=("/httpd/", "/usr/sbin/suexec", "/run/php-fpm/www.sock"),
        ),
    ),
    (
        "debian",
        regex(
            rf"{ITS_OWN}(?:etc/apache2/|usr/lib/apache2/|run/php/php[\d.]*-fpm)",
            needs=("/etc/apache2/", "/usr/lib/apache2/", "/run/php/php"),
        ),
    ),
    (
        "solaris",
        regex(
            rf"\[ID \d{{1,8}} [a-z0-9]{{2,10}}\.[a-z]{{3,8}}\] |{ITS_OWN}(?:opt/csw|usr/apache2?|var/apache2?)/",
            needs=("[ID ", "/opt/csw/", "/usr/apache", "/var/apache"),
        ),
    ),
    ("windows", regex(r":/(?<=[A-Z]:/)(?<![\w./-][A-Z]:/)(?=[\w(])", needs=(":/",))),
)
"""Files of httpd's own that lines name, where neither banner nor path tells; each distribution has its own."""


PLESK: Final = regex(
    rf"{ITS_OWN}(?:var/www/vhosts/(?:system/|[^/\s]{{1,253}}/(?:httpdocs|subdomains)\b)|opt/plesk/|usr/local/psa/)",
    needs=("/var/www/vhosts/", "/opt/plesk/", "/usr/local/psa/"),
)
"""Folders that Plesk makes."""


def system_of(texts: Iterable[str]) -> System:
    """What these lines and paths say of the machine."""
    known = list(texts)
    for system, found in KNOWN_BY:
        if any(found.search(text) for text in known):
            return system
    return "unknown"


def system_by_files(texts: Iterable[str]) -> System:
    """The system whose files most of these texts name: a client may have put another's into one."""
    named = Counter(system for text in texts for system, found in HINTS if found.search(text))
    return max(named, key=lambda system: named[system], default="unknown")


def commands(templates: Iterable[str], values: Mapping[str, str], log: str, there: Platform) -> tuple[Command, ...]:
    """The commands of a pattern, filled; `log`: path of the log with its line. A packed one or a stream has no grep.

    Values `since` and `until` are local times: what a pattern asks of the last hour is asked of that time.
    """
    can_be_read = log not in {"", "-"} and not log.lower().endswith(PACKED)
    known = {**values, "log": log} if can_be_read else dict(values)
    named = (ANY_ERROR_LOG.sub("{log}", template) if can_be_read else template for template in templates)
    named = (_with_known_options(template, known) for template in named)
    timed = (AGO.sub("--since {since} --until {until}", t) if "since" in values else t for t in named)
    translated = (as_there(template, there) for template in timed)
    shell: Shell = "powershell" if there.system == "windows" else "sh"
    return tuple(Command(template, tuple(known.items()), shell) for template in translated if template is not None)


def _with_known_options(template: str, known: Mapping[str, str]) -> str:
    """Without the options that say where a database is, where that is not known: it asks the one on this host."""
    # a path is that of a socket, which is on this host
    return OPTION.sub(lambda found: "" if known.get(found["slot"], "/").startswith("/") else found[0], template)


def advice(text: str, values: Mapping[str, str], there: Platform) -> str:
    """A pattern's sentence on what to do, filled, with the names of the machine."""
    return instruction(sentence(text, there), values)


def as_there(template: str, platform: Platform) -> str | None:
    """A command with the names of a platform; None: there is no such command there."""
    if platform.system == "windows":
        said = powershell.translated(template)
        return powershell.without_cmdlets(said) if said is not None and platform.is_old else said
    if platform.system != "unknown" and powershell.is_for_windows(template):
        return None
    other = OTHER_UNIX.get(platform.system)
    if other is not None:
        named = sentence(other_unix.as_on(template, other), platform)
        return named if other_unix.is_there(named, other) else None
    named = sentence(template, platform)
    if _is_of_others(template, named, platform):
        return None
    named = TWICE.sub(r"\1", named)
    first, _, second = named.partition(" || ")
    asked = first if first == second else named  # it asked for the service by either name
    return inside(asked, platform.container) if platform.container else asked


def _is_of_others(template: str, named: str, platform: Platform) -> bool:
    """Whether a command asks for what there is only elsewhere."""
    if not platform.has_systemd and NEEDS_SYSTEMD.search(named):
        return True
    if platform.container and ERROR_LOG in template:
        return True  # an image writes to its output instead
    return _is_of_another_system(named, platform)


def _is_of_another_system(named: str, platform: Platform) -> bool:
    """Whether a command asks for what this system has not, or had not at the time of that httpd."""
    if (0,) < platform.version < (2, 0) and "/proc/$(" in named:
        return True  # /proc/PID/limits is of Linux 2.6.24
    if (of_others := OF_OTHERS.get(platform.system)) is not None:
        return of_others.search(named) is not None
    has_no_dpkg = platform.system == "built" or (platform.system == "unknown" and platform.is_old)
    return has_no_dpkg and "dpkg" in named


def sentence(text: str, platform: Platform) -> str:
    """Advice, or a configuration, with the names of a platform."""
    text = _renamed(text, OLD_NAMES if platform.is_old else NEW_NAMES if platform.version else {})
    text = text.replace(PACKAGES, _packages(platform))
    if platform.system not in {"debian", "unknown"}:
        text = ON_DEBIAN.sub("", text)
    if 0 < platform.year < PYTHON_3_SINCE:
        text = text.replace("python3 ", "python ")
    if platform.container:
        text = _renamed(_by_runtime(text, platform.container), WORDS[platform.container])
    named = _named(_with_php(text, platform), platform)
    if not platform.has_systemd:
        named = _renamed(named, WITHOUT_SYSTEMD)
    if platform.system in {"solaris", "unix", "macos"}:
        return by_apachectl(named, "/usr/sbin/" if platform.system == "macos" else "")
    if not platform.is_before_systemd or platform.system in {"windows", "freebsd", "built"} or platform.container:
        return named
    return _of_old(named, platform)


def _packages(platform: Platform) -> str:
    """Where it is seen what was installed last."""
    if platform.container:
        return "which image was started, and when it was built"
    if platform.system == "red-hat" and (platform.is_old or platform.version == HTTPD_OF_RED_HAT_7):
        return f"{OF_PACKAGES} (yum.log)"
    return PACKAGES_OF.get(platform.system, PACKAGES)


def _of_old(text: str, platform: Platform) -> str:
    """With the names of machines before systemd."""
    match platform.system:
        case "unknown":
            return _renamed(by_apachectl(text), OLD_PATHS)
        case "debian" | "suse":
            by_init = BY_SYSTEMD.sub(r"/etc/init.d/\g<unit> \g<verb>", text)
            old = _renamed(by_init, OLD_PATHS) if platform.has_old_tools else by_init
            is_of_1_3 = platform.system == "debian" and (0,) < platform.version < (2, 0)
            return _renamed(old, DEBIAN_1_3_NAMES) if is_of_1_3 else old
        case _:
            return _renamed(_by_init(text, "/sbin/"), OLD_PATHS)


def _by_runtime(text: str, container: Container) -> str:
    """With what runs the server's container in place of systemd."""
    return BY_SYSTEMD.sub(lambda found: by_runtime(found, container) if found["unit"] in ITSELF else found[0], text)


def _with_php(text: str, platform: Platform) -> str:
    """With the places of the settings of PHP."""
    ours = (PHP, PHP_POOLS, PHP_MODULES)
    if platform.container:
        there = PHP_OF_IMAGES
    else:
        there = PHP_OF_PLESK if platform.has_plesk else PHP_PLACES.get(platform.system, ours)
    return _renamed(text, dict(zip(ours, there, strict=True)))


def _named(text: str, platform: Platform) -> str:
    """With the names of the system."""
    match platform.system:
        case "red-hat":
            return _of_red_hat(text)
        case "cpanel":
            of_nobody = _renamed(text, {"www-data apache": "nobody", "www-data": "nobody"})
            return _renamed(_of_red_hat(of_nobody), CPANEL_NAMES)
        case "windows":
            named = _renamed(text, WINDOWS_NAMES)
            return named.replace(ITS_SERVICE, _by_version(platform, SERVICES_OF_WINDOWS))
        case "freebsd":
            return _of_freebsd(text, platform)
        case "built":
            return by_apachectl(_renamed(text, BUILT_NAMES), "/usr/local/apache2/bin/")
        case _:
            return _renamed(text, NAMES.get(platform.system, {}))


def _of_freebsd(text: str, platform: Platform) -> str:
    upgraded = UPGRADES.sub('pkg query "%t %n-%v" | sort -n | tail', text)
    named = _renamed(upgraded, FREEBSD_NAMES)
    port = _by_version(platform, PORTS)
    if platform.is_old:  # their scripts were called differently over the years
        return by_apachectl(named, "/usr/local/sbin/").replace("apache24", port)
    return SERVICE.sub(port, _by_init(named, "/usr/sbin/"))


def _by_version(platform: Platform, names: Sequence[tuple[tuple[int, ...], str]]) -> str:
    """What has this name in the server's version of httpd; where that is not known, in the newest, or that before."""
    known = platform.version[:2] or ((2, 2) if platform.is_old else (2, 4))
    return next((name for since, name in names if known >= since), names[0][1])


def _of_red_hat(text: str) -> str:
    return SERVICE.sub("httpd", _renamed(UPGRADES.sub("rpm -qa --last | head", text), RED_HAT_NAMES))


def _by_init(text: str, folder: str) -> str:
    """Services as they are started without systemd."""
    return BY_SYSTEMD.sub(
        lambda found: f"{folder if found['folder'] else ''}service {found['unit']} {found['verb']}", text
    )


def by_apachectl(text: str, folder: str = "/usr/sbin/") -> str:
    """The server as its own program starts it; `folder`: where a configuration finds that."""

    def by(found: re.Match[str]) -> str:
        return f"{folder if found['folder'] else ''}apachectl {found['verb']}" if found["unit"] in ITSELF else found[0]

    return BY_SYSTEMD.sub(by, text)


def _renamed(text: str, names: dict[str, str]) -> str:
    for ours, there in names.items():
        text = text.replace(ours, there)
    return text
