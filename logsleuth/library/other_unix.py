"""Commands on a Unix that is not Linux: what a pattern writes for Linux, as it is on FreeBSD, macOS or Solaris.

A command whose programs or files are not known to be there is left out: at three in the morning no command is better
than one that fails.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from logsleuth.regexes import regex

if TYPE_CHECKING:
    import re

OtherUnix = Literal["freebsd", "macos", "solaris", "unix"]
"""unix: one of the others, of which only what POSIX demands is taken for granted."""

EVERYWHERE: Final = frozenset({
    "apachectl", "awk", "cat", "chmod", "chown", "cut", "curl", "date", "df", "dig", "du", "echo", "find", "for",
    "grep",
    "head", "hostname", "httpd", "id", "ipcs", "kill", "ls", "mount", "mysql", "mysqladmin", "mysqlcheck", "netstat",
    "nfsstat", "openssl", "perl", "perldoc", "pg_isready", "php", "ping", "pip", "ps", "psql", "python", "python3",
    "redis-cli", "sed", "sh", "sleep", "sort", "sqlite3", "sudo", "suexec", "tail", "tee", "tr", "truss", "ulimit",
    "uname", "uniq", "wc", "which", "xargs", "jcmd", "jmap", "jstack", "jstat", "gem", "ruby", "bundle", "npm", "git",
    "passenger-status", "passenger-memory-stats", "passenger-config", "tnsping", "lsnrctl", "sqlplus", "cd", "do",
    "done", "basename", "dirname", "od", "file", "env", "time", "quota", "certbot", "nc", "klist", "kvno", "ldapsearch",
    "manage.py", "node", "pm2", "mongosh", "service", "/scripts/restartsrv_httpd",
})  # fmt: skip
"""Programs of every Unix, and of software that brings its own."""
PROGRAMS: Final[dict[OtherUnix, frozenset[str]]] = {
    "freebsd": frozenset({
        "dmesg", "fstat", "getent", "getfacl", "gdb", "ldd", "pgrep", "pkg", "procstat", "sockstat", "stat", "su",
        "swapinfo", "sysctl", "top", "traceroute", "vmstat", "limits", "route", "timeout", "lsof",
    }),
    "macos": frozenset({
        "fs_usage", "ifconfig", "log", "lsof", "pgrep", "route", "sample", "stat", "su", "sysctl", "top", "vm_stat",
        "scutil",
    }),
    "solaris": frozenset({
        "dmesg", "getent", "getfacl", "ldd", "pfiles", "pgrep", "plimit", "pstack", "prstat", "prtconf", "su", "svcs",
        "swap", "vmstat", "route",
    }),
    "unix": frozenset({"su", "vmstat"}),
}  # fmt: skip
"""Programs that a system has besides."""
BEGINS: Final = regex(r"(?:\A|[|;&]|\$\(|\bdo\b)\s*(?:sudo (?:-u \S+ )?)?(?P<program>[A-Za-z_/.~][\w/.+~-]*)")
"""Where a command, or one within it, names its program."""
QUOTED: Final = regex(r"'[^']*'|\"[^\"]*\"")
COMMENT: Final = regex(r"\s+#.*\Z")
OF_LINUX: Final = regex(
    r"(?<![\w.*}-])/(?:proc|sys|run|dev/shm|srv|snap|var/lib|usr/lib(?:64)?|opt/alt)/"
    r"|(?<![\w.*}-])/(?:run|srv|dev/shm)\b(?!/)"
    r"|(?<![\w.*}-])/etc/(?!hosts\b|login\.conf\b|resolv\.conf\b|passwd\b|group\b|fstab\b|apache2\b|httpd\b)"
    r"|(?<![\w.*}-])/var/log/(?:mysql|postgresql|redis|php|letsencrypt|audit|dpkg|dnf|yum|tomcat)"
    r"|\bps (?:-\w+ )*(?:-e?L|-C|-[A-Za-z]*L)|--sort\b|--time-style|--max-depth|--list-boots|\bps [^|]*\bcmd\b"
    r"|\bdmesg -T|\bsysctl (?:-w )?(?:kernel\.|fs\.|net\.netfilter|vm\.overcommit_)|\bservice \S*\*|\bgrep \"\^Z"
    r"|(?<![\w.*}-])/var/log/(?:apache2\d?|httpd)/(?!error_log|access_log)|(?<![\w.*}-])/var/log/(?:apache2\d?|httpd)(?![/\w-])"
    r"|\bdf -[hi]+ -t\b|\bls -\w*Z|\bhead -v\b"
)
"""Files, folders and options that only Linux has. What is in /etc belongs to the base system, or httpd's own."""
_Table = tuple[tuple["re.Pattern[str]", str], ...]

LISTENING: Final = r"ss -\w*l\w*(?: \"sport = :(?:\d+|\{port\})\")?(?: \| grep [^|#]+?)?(?P<where>   #.*)?"
PEERS: Final = "sort | uniq -c | sort -rn | head"
COMMON: Final[_Table] = (
    (regex(r"namei -l ('?\{\w+\}'?)(?:; .*)?"), r"ls -ld \1"),
    (regex(r"findmnt(?: -o [\w,]+)?(?: \| grep -w ro)?"), "mount"),
    (regex(r"ls -l --time-style=full-iso ('?\{\w+\}'?)"), r"ls -l \1"),
    (regex(r"ps -LC apache2,httpd -o \S+"), "ps -ef | grep '[h]ttpd'"),
    (regex(r"ps -o pid,lstart,cmd -C apache2,httpd(?P<why>   #.*)?"), r"ps -ef | grep '[h]ttpd'"),
)
"""What is the same on all of them."""
TRANSLATIONS: Final[dict[OtherUnix, _Table]] = {
    "freebsd": (
        (regex(r"free -m(?:;.*)?"), "vmstat; swapinfo -h"),
        (regex(r"(?:cat /proc/\$\(pgrep -o (?:-f )?\"?[\w|]+\"?\)/limits \| grep (?:-i )?\"?open(?: files)?\"?"
               r"|grep \"open files\" /proc/\$\(pgrep -[no] \"[\w|]+\"\)/limits)"),
         "procstat rlimit $(pgrep -o httpd) | grep openfiles"),
        (regex(r"cat /proc/\$\(pgrep -o (?:-f )?\"?[\w|]+\"?\)/limits"), "procstat rlimit $(pgrep -o httpd)"),
        (regex(r"cat /proc/sys/fs/file-nr|sysctl kern\.maxfiles kern\.openfiles 2>/dev/null \|\| .*"),
         "sysctl kern.maxfiles kern.openfiles"),
        (regex(r"sysctl kernel\.(?:pid_max|threads-max).*"), "sysctl kern.maxproc kern.maxprocperuid"),
        (regex(r"(?:ipcs -s \| wc -l; )?sysctl kernel\.(?:sem|shm\w+).*"), "sysctl kern.ipc | grep -E 'sem|shm'"),
        (regex(r"ps -eLo user(?:,comm)? \| .*"), f"ps -axo user,comm | {PEERS}"),
        (regex(r"ps -LC apache2,httpd -o \S+"), "ps -axHo pid,lwp,etime,stat,wchan,command | grep '[h]ttpd'"),
        (regex(r"ps (?:aux|-eo pid,rss(?:,etimes)?,cmd) --sort[ =]-rss \| head"),
         "ps -axo pid,rss,command | sort -k2 -rn | head"),
        (regex(r"ps -(?:ef|eo [\w,:]+|eLo [\w,:]+) \| grep (.*)"), r"ps -axo pid,etime,stat,wchan,command | grep \1"),
        (regex(r"ss -ltnp \"sport = :(\{port\})\""), r"sockstat -46l -p \1"),
        (regex(LISTENING), r"sockstat -46l\g<where>"),
        (regex(r"ss -tnp state established \| grep .*"),
         f"sockstat -46c | grep httpd | awk '{{print $7}}' | sed 's/:[0-9]*$//' | {PEERS}"),
        (regex(r"ss -tn.*"), "netstat -an -p tcp | awk '{print $6}' | sort | uniq -c"),
        (regex(r"findmnt -T ('?\{\w+\}'?).*"), r"df \1; mount"),
        (regex(r"dmesg -T \| (?=.*(?:[Kk]illed|oom|memory|segfault)).*"),
         'dmesg | grep -E "was killed|exited on signal|maxproc" | tail'),
        (regex(r"dmesg -T \| tail.*|dmesg -T \| (?=.*(?:nfs|I/O|i/o)).*"), "dmesg | tail -n 50"),
        (regex(r"df -h; df -i"), "df -hi"),
        (regex(r"du -xh --max-depth=\d (\S+) \| sort -h \| tail|du -xh (\S+)(?: 2>/dev/null)? \| sort -h \| tail.*"),
         r"du -xhd 2 \1\2 | sort -h | tail"),
        (regex(r"lsof (?:\+L1|-n) .*"), "fstat | awk '{print $2}' | sort | uniq -c | sort -rn | head"),
        (regex(r"gdb -p .*"), ""),
        (regex(r"ip route get (\{host\}).*"), r"route -n get \1"),
    ),
    "macos": (
        (regex(r"free -m(?:;.*)?"), "vm_stat; sysctl vm.swapusage"),
        (regex(r"sysctl kernel\.(?:pid_max|threads-max).*"), "sysctl kern.maxproc kern.maxprocperuid"),
        (regex(r"cat /proc/sys/fs/file-nr|sysctl kern\.maxfiles .*"), "sysctl kern.maxfiles kern.num_files"),
        (regex(r"(?:ipcs -s \| wc -l; )?sysctl kernel\.(?:sem|shm\w+).*"), "sysctl kern.sysv"),
        (regex(r"ps -eLo user(?:,comm)? \| .*"), f"ps -axo user,comm | {PEERS}"),
        (regex(r"ps (?:aux|-eo pid,rss(?:,etimes)?,cmd) --sort[ =]-rss \| head"),
         "ps -axo pid,rss,command | sort -k2 -rn | head"),
        (regex(r"ps -(?:ef|eo [\w,:]+|eLo [\w,:]+) \| grep (.*)"), r"ps -axo pid,etime,stat,command | grep \1"),
        (regex(r"ss -ltnp \"sport = :(\{port\})\""), r"sudo lsof -nP -iTCP:\1 -sTCP:LISTEN"),
        (regex(LISTENING), r"sudo lsof -nP -iTCP -sTCP:LISTEN\g<where>"),
        (regex(r"ss -tn.*"), "sudo lsof -nP -iTCP -sTCP:ESTABLISHED | grep httpd"),
        (regex(r"findmnt -T ('?\{\w+\}'?).*"), r"df \1; mount"),
        (regex(r"du -xh --max-depth=\d (\S+) \| sort -h \| tail|du -xh (\S+)(?: 2>/dev/null)? \| sort -h \| tail.*"),
         r"du -xhd 2 \1\2 | sort -h | tail"),
        (regex(r"ip route get (\{host\}).*"), r"route -n get \1"),
    ),
    "solaris": (
        (regex(r"free -m(?:;.*)?"), "vmstat 1 3; swap -s"),
        (regex(r"cat /proc/\$\(pgrep -o (?:-f )?\"?[\w|]+\"?\)/limits.*"), "plimit $(pgrep -o httpd)"),
        (regex(r"ps -eLo user(?:,comm)? \| .*"), f"ps -eo user,comm | {PEERS}"),
        (regex(r"ss -\w*l\w*(?: .*)?"), "netstat -an | grep LISTEN"),
        (regex(r"ss -tn.*"), "netstat -an -f inet"),
        (regex(r"findmnt -T ('?\{\w+\}'?) -o OPTIONS"), r"df -n \1; mount -v"),
        (regex(r"findmnt -T ('?\{\w+\}'?).*"), r"df -k \1"),
        (regex(r"dmesg -T(?P<rest> \| (?:tail|grep [^|]*nfs).*)"), r"dmesg\g<rest>"),
        (regex(r"df -h; df -i|df -h"), "df -k"),
        (regex(r"stat ('?\{\w+\}'?)"), r"ls -l \1"),
        (regex(r"du -xh .*"), ""),
    ),
    "unix": (
        (regex(r"ps -eLo user(?:,comm)? \| .*"), f"ps -eo user,comm | {PEERS}"),
        (regex(r"ss -\w*l\w*(?: .*)?"), "netstat -an | grep LISTEN"),
        (regex(r"findmnt -T ('?\{\w+\}'?).*"), r"df -k \1"),
        (regex(r"df -h; df -i|df -h"), "df -k"),
        (regex(r"stat ('?\{\w+\}'?)"), r"ls -l \1"),
        (regex(r"du -xh .*"), ""),
    ),
}  # fmt: skip
"""The whole of a command as a pattern writes it, and what it is there; an empty text: there is no such command."""


def as_on(template: str, system: OtherUnix) -> str:
    """A command of a pattern with the tools of a system; as it is where no other is known for it."""
    for found, said in (*TRANSLATIONS[system], *COMMON):
        if match := found.fullmatch(template):
            return match.expand(said)
    return template


def is_there(command: str, system: OtherUnix) -> bool:
    """Whether a system is known to have the programs of a command and the folders that it names."""
    bare = COMMENT.sub("", command)
    if not bare or OF_LINUX.search(bare):
        return False
    have = EVERYWHERE | PROGRAMS[system]
    masked = QUOTED.sub(lambda quoted: quoted[0][0] + "_" * (len(quoted[0]) - 2) + quoted[0][0], bare)
    return all(found["program"].rsplit("/", 1)[-1] in have for found in BEGINS.finditer(masked))
