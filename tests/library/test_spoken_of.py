"""The kinds of cause that lines of any program speak of: of these, a report does not say that nothing points to them."""

import pytest

from logsleuth.library.category import (
    BACKENDS,
    CONFIGURATION,
    CRASHES,
    DATABASE,
    DISK,
    EXHAUSTED,
    GROUPS,
    LIMIT,
)
from logsleuth.library.spoken_of import SPOKEN_OF, spoken_of


@pytest.mark.parametrize(
    ("line", "group"),
    [
        ("kernel: php-fpm[4711]: segfault at 0 ip 00007f sp 00007f error 4 in libphp.so", CRASHES),
        ("systemd[1]: php8.2-fpm.service: Main process exited, code=dumped, status=11/SEGV", CRASHES),
        ("Faulting application name: httpd.exe, version: 2.4.41.0", CRASHES),
        ("kernel: cgroup: fork rejected by pids controller in /system.slice/x.service", EXHAUSTED),
        ("kernel: httpd invoked oom-killer: gfp_mask=0x201da, order=0", EXHAUSTED),
        ("monit[911]: 'web1' mem usage of 98.1% matches resource limit [mem usage > 90.0%]", EXHAUSTED),
        ("RuntimeError: can't start new thread", EXHAUSTED),
        ("ORA-00257: archiver error. Connect internal only, until freed.", DISK),
        ("kernel: pid 99 (httpd), uid 80 inumber 4 on /var: filesystem full", DISK),
        ("apachectl[99]: AH00526: Syntax error on line 12 of /etc/apache2/x.conf:", CONFIGURATION),
        ("nginx: configuration file /etc/nginx/nginx.conf test failed", CONFIGURATION),
        ("haproxy[611]: Server web/web1 is DOWN, reason: Layer4 timeout", BACKENDS),
        ("tomcat9.service: Main process exited, code=exited, status=143/n/a", BACKENDS),
        ("requests.exceptions.ConnectTimeout: HTTPConnectionPool(host='x', port=80)", BACKENDS),
        ("SQLServerException: The TCP/IP connection to the host db1 has failed", DATABASE),
        ("AH00484: server reached MaxRequestWorkers setting", LIMIT),
    ],
)
def test_a_line_speaks_of_a_kind_of_cause_in_whatever_log(line: str, group: str) -> None:
    assert group in set(spoken_of(line))


def test_a_line_of_routine_speaks_of_none() -> None:
    assert set(spoken_of("sshd[99]: Accepted publickey for kim from 192.0.2.7 port 40112 ssh2")) == set()


def test_words_are_of_kinds_that_are_listed_and_in_small_letters() -> None:
    assert set(SPOKEN_OF) <= set(GROUPS)
    assert all(word == word.lower() for words in SPOKEN_OF.values() for word in words)
