"""Commands and advice for the surroundings of a log: a system, an old httpd, a control panel, a container.

What a pattern writes is for Debian, or for any system; here it becomes what it is there: Debian's and Red Hat's kin,
FreeBSD, Windows, httpd as it is built from its source.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, Literal

from logsleuth.library import powershell
from logsleuth.library.commands import Command, instruction
from logsleuth.library.containers import WORDS, by_runtime, inside
from logsleuth.regexes import regex
from logsleuth.values import dataclass

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Mapping

    from logsleuth.library.commands import Shell
    from logsleuth.library.containers import Container

System = Literal["debian", "red-hat", "cpanel", "freebsd", "built", "solaris", "windows", "unknown"]
"""cpanel: its own httpd on a kin of Red Hat. built: httpd as it is built from its source, and in its Docker image."""


@dataclass(frozen=True, slots=True)
class Platform:
    """What advice depends on."""

    system: System = "unknown"
    is_old: bool = False
    """The server is httpd 1.3 to 2.2: some of its directives have other names, and machines of its time no systemd."""
    has_plesk: bool = False
    """Sites are run by Plesk, which brings its own PHP."""
    container: Container = ""

    @property
    def has_systemd(self) -> bool:
        """Whether services are those of systemd."""
        return self.system not in {"windows", "freebsd", "built", "solaris"} and not self.is_old and not self.container

    @property
    def has_pid_file(self) -> bool:
        """Whether it is known where httpd writes its pid: monit would take a server for dead, and start it forever."""
        return self.system not in {"unknown", "windows", "solaris"} and not self.container


ERROR_LOG: Final = "/var/log/apache2/error.log"
"""The path that patterns write, which is Debian's."""
ACCESS_LOG: Final = "/var/log/apache2/access.log"
PID_FILE: Final = "/run/apache2/apache2.pid"
MONIT: Final = "/etc/monit/conf.d/apache2"
SYSTEM_LOG: Final = "/var/log/syslog"
ANY_ERROR_LOG: Final = regex(rf"{ERROR_LOG}|(?<![\w./*-])error\.log\b(?!\.)", needs=("error.log",))
"""The path that patterns write for the error log, or only its name."""
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
    CONFIGURATION: "/etc/httpd",
    "/etc/apache2/apache2.conf": "/etc/httpd/conf/httpd.conf",
    ERROR_LOG: "/var/log/httpd/error_log",
    ACCESS_LOG: "/var/log/httpd/access_log",
    PID_FILE: "/run/httpd/httpd.pid",
    MONIT: "/etc/monit.d/httpd",
    SYSTEM_LOG: "/var/log/messages",
    "/var/log/dpkg.log /var/log/dnf.rpm.log": "/var/log/dnf.rpm.log",
    "/var/log/dpkg.log": "/var/log/dnf.rpm.log",
    "dpkg -S {library}": "rpm -qf $(find / -xdev -name {library} 2>/dev/null | head -1)",
    "dpkg -S": "rpm -qf",
    "www-data apache": "apache",
    "www-data": "apache",
}
CPANEL_NAMES: Final = {
    "/etc/httpd": "/etc/apache2",
    "/var/log/httpd/error_log": "/etc/apache2/logs/error_log",
    "/var/log/httpd/access_log": "/etc/apache2/logs/domlogs/DOMAIN",
    "/run/httpd/httpd.pid": "/run/apache2/httpd.pid",
    "/usr/bin/systemctl restart httpd": "/scripts/restartsrv_httpd",
}
"""What EasyApache 4 calls what Red Hat calls otherwise; its workers run as nobody."""
FREEBSD_NAMES: Final = {
    'cat /proc/$(pgrep -o apache2)/limits | grep "open files"': (
        "procstat rlimit $(cat /var/run/httpd.pid) | grep openfiles"
    ),
    "cat /proc/sys/fs/file-nr": "sysctl kern.maxfiles kern.openfiles",
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
BUILT_NAMES: Final = {
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
    "findmnt -T {path} -o OPTIONS": "df -n {path}; mount -v",
    "findmnt -T {path}": "df -k {path}",
    "dmesg -T": "dmesg",
    SYSTEM_LOG: "/var/adm/messages",
    "(umount -l, then mount)": "(umount -f, then mount)",
    "umount -l, then mount": "umount -f, then mount",
    "sysctl -w ": "",
}
"""Of Solaris and its heirs, whose httpd has no usual place."""
OF_LINUX: Final = regex(
    r"\bfindmnt\b|/proc/(?!PID)|\bss -|\bps -(?:LC|eLo|eo pid,stat)|\bdf -h -t|\bsysctl\b|\bdpkg\b|\brpm\b"
)
"""Commands, or options of theirs, that Solaris does not have."""
OLD_PATHS: Final = {
    "/run/httpd/httpd.pid": "/var/run/httpd/httpd.pid",
    PID_FILE: "/var/run/apache2.pid",
    "/var/log/dnf.rpm.log": "/var/log/yum.log",
    "dmesg -T": "dmesg",
}
"""Of machines before systemd; `dmesg -T` is of util-linux 2.20."""
WITHOUT_SYSTEMD: Final = {
    "LimitNOFILE (": "the limit of open files (",
    "(LimitNOFILE)": "(ulimit -n)",
    "LimitNOFILE": "the limit of open files (ulimit -n)",
    "systemctl restart stops": "a restart stops",
    "; systemctl reload and apachectl graceful test first": "; apachectl graceful tests first",
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
SELINUX: Final = regex(r"\b(?:getsebool|ausearch|semanage)\b", needs=("getsebool", "ausearch", "semanage"))
"""Programs of SELinux, which Debian and Ubuntu do not use unless somebody installs it."""
ITSELF: Final = frozenset({"apache2", "httpd"})
"""Names of httpd's own service."""
WINDOWS_NAMES: Final = {
    "systemctl restart apache2": "Restart-Service Apache2.4",
    "systemctl restart httpd": "Restart-Service Apache2.4",
    "apachectl configtest": "httpd -t",
    "in the life of a parent": "in the life of a child process",
    "apachectl -t": "httpd -t",
    "the package manager's log (dpkg.log, dnf.log)": "the list of installed programs and updates",
}
"""Apache2.4 is the name that `httpd -k install` gives the service (os/win32)."""
OLD_NAMES: Final = {"MaxRequestWorkers": "MaxClients", "MaxConnectionsPerChild": "MaxRequestsPerChild"}
"""Directives that were renamed in 2.3.13 and 2.3.9 (docs/manual/mod/mpm_common.html)."""
KNOWN_BY: Final[tuple[tuple[System, re.Pattern[str]], ...]] = (
    (
        "windows",
        regex(r"\((?:Win32|Win64)\)|[\[ ]mpm_winnt:|^[A-Za-z]:[\\/]", needs=("(Win", "mpm_winnt:", ":\\", ":/")),
    ),
    ("cpanel", regex(r"\(cPanel\)", needs=("(cPanel)",))),
    ("freebsd", regex(r"\(FreeBSD\)", needs=("(FreeBSD)",))),
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
    ("freebsd", regex(rf"{ITS_OWN}usr/local/(?:etc|libexec|www)/apache2[24]/", needs=("/apache22/", "/apache24/"))),
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
    ("solaris", regex(r"\[ID \d{1,8} [a-z0-9]{2,10}\.[a-z]{3,8}\] ", needs=("[ID ",))),
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
        return powershell.translated(template)
    if platform.system != "unknown" and powershell.is_for_windows(template):
        return None
    named = sentence(template, platform)
    if _is_of_others(template, named, platform):
        return None
    first, _, other = named.partition(" || ")
    asked = first if first == other else named  # it asked for the service by either name
    return inside(asked, platform.container) if platform.container else asked


def _is_of_others(template: str, named: str, platform: Platform) -> bool:
    """Whether a command asks for what there is only elsewhere."""
    if not platform.has_systemd and NEEDS_SYSTEMD.search(named):
        return True
    if platform.container and ERROR_LOG in template:
        return True  # an image writes to its output instead
    if platform.system == "solaris":
        return OF_LINUX.search(named) is not None or SELINUX.search(named) is not None
    of_linux = platform.system == "freebsd" and "/proc/" in named
    if of_linux or (platform.system in {"debian", "freebsd"} and SELINUX.search(named)):
        return True
    has_no_dpkg = platform.system in {"freebsd", "built"} or (platform.system == "unknown" and platform.is_old)
    return has_no_dpkg and "dpkg" in named


def sentence(text: str, platform: Platform) -> str:
    """Advice, or a configuration, with the names of a platform."""
    if platform.is_old:
        text = _renamed(text, OLD_NAMES)
    if platform.container:
        text = _renamed(_by_runtime(text, platform.container), WORDS)
    named = _named(_with_php(text, platform), platform)
    if not platform.has_systemd:
        named = _renamed(named, WITHOUT_SYSTEMD)
    if platform.system == "solaris":
        return by_apachectl(named, "")
    if not platform.is_old or platform.system in {"windows", "freebsd", "built"} or platform.container:
        return named
    old = by_apachectl(named) if platform.system == "unknown" else _by_init(named, "/sbin/")
    return _renamed(old, OLD_PATHS)


def _by_runtime(text: str, container: Container) -> str:
    """With what runs the server's container in place of systemd."""
    return BY_SYSTEMD.sub(lambda found: by_runtime(found, container) if found["unit"] in ITSELF else found[0], text)


def _with_php(text: str, platform: Platform) -> str:
    """With the places of the settings of PHP."""
    ours = (PHP, PHP_POOLS, PHP_MODULES)
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
        case "windows" | "solaris":
            return _renamed(text, WINDOWS_NAMES if platform.system == "windows" else SOLARIS_NAMES)
        case "debian" | "unknown":
            return text.replace(CONFIGURATION, "/etc/apache2") if platform.system == "debian" else text
        case "freebsd":
            upgraded = UPGRADES.sub('pkg query "%t %n-%v" | sort -n | tail', text)
            return SERVICE.sub("apache24", _by_init(_renamed(upgraded, FREEBSD_NAMES), "/usr/sbin/"))
        case "built":
            return by_apachectl(_renamed(text, BUILT_NAMES), "/usr/local/apache2/bin/")


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
