"""A command on another Unix is one of its own, or there is none."""

import re

import pytest

from logsleuth.library.load import shipped_library
from logsleuth.library.other_unix import as_on, is_there
from logsleuth.library.platforms import OTHER_UNIX, Platform, System, as_there, system_by_files, system_of

OF_LINUX = re.compile(
    r"\b(?:ss|findmnt|namei|systemctl|journalctl|coredumpctl|resolvectl|strace|ausearch|getsebool|dpkg|rpm|aa-status"
    r"|lslocks|repquota|conntrack|iptables|nft|docker|kubectl|py-spy|chronyc|free) |/proc/|/sys/|--sort|--time-style"
    r"|kernel\.(?:sem|pid_max|threads)|dmesg -T|\bps -\w*L"
)
TEMPLATES = sorted({
    template
    for pattern in shipped_library().patterns
    for explain in (pattern.explain, *(case.explain for case in pattern.explain.cases))
    for template in explain.confirm
})  # fmt: skip


@pytest.mark.parametrize("system", sorted(OTHER_UNIX))
@pytest.mark.parametrize("is_old", [False, True])
def test_no_command_of_any_pattern_is_of_linux_alone(system: System, is_old: bool) -> None:
    there = [
        said for template in TEMPLATES if (said := as_there(template, Platform(system, is_old=is_old))) is not None
    ]
    assert len(there) > 200
    assert not [said for said in there if OF_LINUX.search(said)]


@pytest.mark.parametrize(
    ("template", "system", "there"),
    [
        ("ss -ltnp", "freebsd", "sockstat -46l"),
        ("ss -ltnp   # on that host", "freebsd", "sockstat -46l   # on that host"),
        ('ss -ltnp "sport = :{port}"', "freebsd", "sockstat -46l -p {port}"),
        ("sysctl kernel.pid_max kernel.threads-max", "freebsd", "sysctl kern.maxproc kern.maxprocperuid"),
        ("namei -l {path}", "freebsd", "ls -ld {path}"),
        ("free -m", "freebsd", "vmstat; swapinfo -h"),
        ("strace -f -p PID 2>&1 | head -20", "freebsd", None),
        ("journalctl -u apache2 -n 30", "freebsd", None),
        ("lslocks | grep sqlite", "freebsd", None),
        ("tail -50 /var/log/mysql/error.log", "freebsd", None),
        ("ss -ltnp", "macos", "sudo lsof -nP -iTCP -sTCP:LISTEN"),
        ("free -m", "macos", "vm_stat; sysctl vm.swapusage"),
        ("dmesg -T | grep -i segfault", "macos", None),
        ("apachectl -S", "macos", "apachectl -S"),
        ("grep -rn Listen /etc/apache2 /etc/httpd", "macos", "grep -rn Listen /etc/apache2"),
        ("df -h; df -i", "solaris", "df -k"),
        ("ss -ltnp", "unix", "netstat -an | grep LISTEN"),
        ("sysctl kernel.sem", "unix", None),
    ],
)
def test_a_command_is_one_of_the_system(template: str, system: System, there: str | None) -> None:
    assert as_there(template, Platform(system)) == there


def test_what_is_quoted_names_no_program() -> None:
    assert is_there("grep -E 'strace|gdb' error.log | tail", "freebsd")
    assert not is_there("cat x | strace -p 1", "freebsd")
    assert as_on("apachectl -t", "freebsd") == "apachectl -t"


@pytest.mark.parametrize(
    ("text", "system"),
    [
        ("Feb 11 05:21:45 river /kernel: maxproc limit exceeded by uid 80", "freebsd"),
        ("maxproc limit exceeded by uid 80, please see tuning(7) and login.conf(5).", "freebsd"),
        ("couldn't spawn child process: /usr/local/www/cgi-bin/mt/mt.cgi", "freebsd"),
        ("File does not exist: /usr/local/etc/apache22/x", "freebsd"),
        ("File does not exist: /Library/WebServer/Documents/x", "macos"),
        ("AH00023: Couldn't create the mutex (file /opt/homebrew/var/run/httpd/x)", "macos"),
        ("PHP Fatal error in /usr/pkg/share/x.php", "unix"),
        ("File does not exist: /srv/usr/local/www/x", "unknown"),
        ("Mar  3 14:02:11 web1 kernel: [1.2] x", "unknown"),
    ],
)
def test_a_line_shows_the_system(text: str, system: System) -> None:
    assert system_by_files([text]) == system


@pytest.mark.parametrize(
    ("banner", "system"),
    [
        ("(Darwin)", "macos"),
        ("(SunOS)", "solaris"),
        ("(NetBSD)", "unix"),
        ("(Unix)", "unknown"),
        ("(FreeBSD)", "freebsd"),
    ],
)
def test_a_banner_shows_the_system(banner: str, system: System) -> None:
    assert system_of([f"Apache/2.4.62 {banner} configured -- resuming normal operations"]) == system
