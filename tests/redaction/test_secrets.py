"""Secrets in the syntaxes that logs hold them in; what only looks like one stays readable."""

import pytest

from logsleuth.redaction.people import is_card, is_iban
from logsleuth.redaction.pseudonyms import Pseudonyms
from logsleuth.redaction.randomness import looks_drawn
from tests.redaction.secrets import SECRETS

HEAD = "[Tue Mar 03 14:02:11.000001 2020] [php:error] [pid 2] [client 198.51.100.3:4000] PHP Fatal error:  Uncaught Exception: "
USEFUL = [
    "#0 /srv/www/wp-includes/class-wp-hook.php(307): wpdb->query()\\n#1 /srv/www/wp-settings.php(9): do_action('init')",
    "#3 /srv/www/index.php(17): require('/srv/www/wp-blog-header.php')",
    "PHP Fatal error:  Uncaught Error: Call to undefined function mysql_connect() in /srv/www/db.php:3",
    "PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes) in /srv/www/x.php on line 9",
    "could not open account 12 of 40",
    "swift: account 7 of conta",
    "child pid 4711 exit signal Segmentation fault (11), possible coredump in /etc/apache2",
    "php[4711]: segfault at 0 ip 00007f8b1c2d3e4f sp 00007ffd1c2d3e40 error 4 in libphp7.4.so[7f8b1c000000+4000]",
    "7f14c8491000-7f14d0491000 rw-s 00000000 00:04 1234",
    "AH00558: apache2: Could not reliably determine the server's fully qualified domain name, using 127.0.1.1",
    "SSLCertificateKeyFile: file '/etc/ssl/private/shop.key' does not exist or is empty",
    "private_key=/etc/ssl/private/shop.key and password_file=/etc/apache2/htpasswd",
    "PHP Parse error: syntax error, unexpected token: ';' in /srv/x.php",
    "Use the Win32DisableAcceptEx directive, or FcgidWin32PreventOrphans",
    "balancer://app: all workers are busy",
    "session 123e4567-e89b-12d3-a456-426614174000 expired",
    "openssl s_client -connect 127.0.0.1:636 -showcerts",
    "Unable to change to uid=1001.",
    "_ZN4core9panicking5panic17h1a2b3c4d5e6f7a8bE",
    "(2)No such file or directory: mod_wsgi (pid=4711): Target WSGI script '/srv/app.wsgi' cannot be loaded",
    "NameError: name 'settings.local' is not defined in tomcat9",
    "(0xc0000005) access violation, (OS 10038)An operation was attempted on something that is not a socket.",
    "libapache2-mod-php7.4_7.4.33-1+deb11u4_amd64.deb and mod_fcgid-2.3.9",
    '[unique_id "YWJjZGVmZ2hpamtsbW5vcA1AAAAB"]',
    "[core:alert] [pid 4711] [n8ZGLw1Qk6A/awvTMVh9s4H3p7AF2MtwgQAAABQ] config.c(2045): no",
]


@pytest.mark.parametrize(("kind", "text", "secret"), SECRETS, ids=[kind for kind, _, _ in SECRETS])
def test_no_secret_is_shared(kind: str, text: str, secret: str) -> None:
    assert secret in text, kind
    shared = Pseudonyms().text(f"{HEAD}{text} in /srv/x.php:3")
    assert secret not in shared
    assert shared.startswith("[Tue Mar 03 14:02:11.000001 2020] [php:error] [pid 2] [client host-")
    assert ":4000] PHP Fatal error:  Uncaught Exception: " in shared


@pytest.mark.parametrize(("kind", "text", "secret"), SECRETS, ids=[kind for kind, _, _ in SECRETS])
def test_redaction_of_what_is_redacted_changes_nothing(kind: str, text: str, secret: str) -> None:
    names = Pseudonyms()
    once = names.text(text)
    assert names.text(once) == once, (kind, secret)


@pytest.mark.parametrize("text", USEFUL)
def test_what_helps_to_find_the_fault_stays(text: str) -> None:
    assert Pseudonyms().text(text) == text


def test_an_argument_of_one_call_does_not_take_the_same_word_out_of_other_lines() -> None:
    names = Pseudonyms()
    assert "'production'" not in names.text("#0 /srv/a.php(3): login('kim.l', 'production')")
    assert names.text("the production server is down") == "the production server is down"


@pytest.mark.parametrize(
    ("word", "drawn"),
    [
        ("q1w2e3r4t5y6u7i8o9p0", True), ("AbCdEf0123gHiJ4567kLmN", True), ("Win32DisableAcceptEx", False),
        ("AbstractControllerResolver2", False), ("20200303140211000001", False), ("shortA1b2", False),
    ],
)  # fmt: skip
def test_words_that_a_machine_drew(word: str, drawn: bool) -> None:
    assert looks_drawn(word) is drawn


def test_check_digits() -> None:
    assert is_iban("GB82 WEST 1234 5698 7654 32")
    assert not is_iban("GB83 WEST 1234 5698 7654 32")
    assert is_card("4111 1111 1111 1111")
    assert not is_card("4111 1111 1111 1112")
