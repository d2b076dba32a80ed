"""Names by their context, secrets by their shape, and what is left alone. Addresses: tests/report/test_redact.py."""

import time

import pytest

from logsleuth.redaction.hosts import is_named_host
from logsleuth.redaction.pseudonyms import Level, Pseudonyms

CASES = [
    # passwords and tokens
    ("mysql://app:hunter2@db.shop.example/x", "mysql://user-1:secret-1@host-1/x"),
    ("redis://:hunter2@10.1.2.3:6379/0", "redis://:secret-1@host-1:6379/0"),
    ("amqp://app:p%40ss@mq7.internal:5672//", "amqp://user-1:secret-1@host-1:5672//"),
    ("DSN host=db.shop.example user=shop password=hunter2 dbname=x", "DSN host=host-1 user=user-1 password=secret-1 dbname=x"),
    ("password='two words' next", "password='secret-1' next"),
    ('{"password": "hunter2", "a": 1}', '{"password": "secret-1", "a": 1}'),
    ("'secret_key' => 'abcdef'", "'secret_key' => 'secret-1'"),
    ("GET /?token=abc123&page=2", "GET /?token=secret-1&page=2"),
    ("/reset?access_token=abc123 HTTP/1.1", "/reset?access_token=secret-1 HTTP/1.1"),
    ("PHPSESSID=8f1c9; path=/", "PHPSESSID=secret-1; path=/"),
    ("Authorization: Bearer abcdefgh.ijkl", "Authorization: Bearer secret-1"),
    ("Authorization: Basic YWxpY2U6aHVudGVyMg==", "Authorization: Basic secret-1"),
    ("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl end", "jwt secret-1 end"),
    ("key AKIAIOSFODNN7EXAMPLE used", "key secret-1 used"),
    ("ghp_0123456789abcdefghij01", "secret-1"),
    ("-----BEGIN RSA PRIVATE KEY-----MIIEabc-----END RSA", "-----BEGIN RSA PRIVATE KEY-----secret-1-----END RSA"),
    # users
    ("user alice not found: /staff/", "user user-1 not found: /staff/"),
    ("AH01617: user alice: authentication failure for \"/staff\": Password Mismatch",
     "AH01617: user user-1: authentication failure for \"/staff\": Password Mismatch"),
    ("Access denied for user 'shop'@'10.0.0.7' (using password: YES)", "Access denied for user 'user-1'@'host-1' (using password: YES)"),
    ('FATAL: password authentication failed for user "shop"', 'FATAL: password authentication failed for user "user-1"'),
    ('FATAL: role "shop" does not exist', 'FATAL: role "user-1" does not exist'),
    ("session opened for user alice by (uid=0)", "session opened for user user-1 by (uid=0)"),
    ("open('/home/alice/app/x.py')", "open('/home/user-1/app/x.py')"),
    ("/Users/alice/x and /home/bob", "/Users/user-1/x and /home/user-2"),
    ("File does not exist: /~alice/index.html", "File does not exist: /~user-1/index.html"),
    ("C:\\Users\\alice\\x", "C:\\Users\\user-1\\x"),
    ("Mar  3 14:02:11 web07 sudo: alice : TTY=pts/0 ; PWD=/root ; USER=root ; COMMAND=/bin/x by alice",
     "Mar  3 14:02:11 host-1 sudo: user-2 : TTY=pts/0 ; PWD=/root ; USER=user-1 ; COMMAND=/bin/x by user-2"),
    ("user deploy logged in; Finished deploy", "user user-1 logged in; Finished deploy"),
    ("issuer: CN=Alice Doe,OU=x,O=y", "issuer: CN=user-1,OU=x,O=y"),
    # hosts
    ("kernel: nfs: server nas1 not responding, still trying", "kernel: nfs: server host-1 not responding, still trying"),
    ("NFS write error on host nas1: Stale NFS file handle.", "NFS write error on host host-1: Stale NFS file handle."),
    (r"CIFS: VFS: \\nas has not responded in 180 seconds.", r"CIFS: VFS: \\host-1 has not responded in 180 seconds."),
    ("changed: [web1] => (item=x)", "changed: [host-1] => (item=x)"),
    ("referer: https://www.shop.example/cart", "referer: https://host-1/cart"),
    ("[client crawl-7.search.example] x", "[client host-1] x"),
    ("AH00957: HTTP: attempt to connect to 10.0.0.5:8080 (app.shop.example) failed", "AH00957: HTTP: attempt to connect to host-2:8080 (host-1) failed"),
    ("error reading status line from remote server app.shop.example:8080", "error reading status line from remote server host-1:8080"),
    ("AH00898: DNS lookup failure for: app.shop.example", "AH00898: DNS lookup failure for: host-1"),
    ("php_network_getaddresses: getaddrinfo for db failed: x", "php_network_getaddresses: getaddrinfo for host-1 failed: x"),
    ('upstream: "fastcgi://10.0.0.9:9000", host: "www.shop.example"', 'upstream: "fastcgi://host-2:9000", host: "host-1"'),
    ("Mar  3 14:02:11 web07 apache2[123]: x", "Mar  3 14:02:11 host-1 apache2[123]: x"),
    ('203.0.113.7 - alice [23/Nov/2026:11:17:32 +0000] "GET /x HTTP/1.1" 200 156', 'host-1 - user-1 [23/Nov/2026:11:17:32 +0000] "GET /x HTTP/1.1" 200 156'),
    ('www.shop.example:443 203.0.113.7 - alice [23/Nov/2026:11:17:32 +0000] "GET /x HTTP/1.1" 200',
     'host-1:443 host-2 - user-1 [23/Nov/2026:11:17:32 +0000] "GET /x HTTP/1.1" 200'),
    ('crawl-7.search.example - - [23/Nov/2026:11:17:32 +0000] "GET /x HTTP/1.1" 200', 'host-1 - - [23/Nov/2026:11:17:32 +0000] "GET /x HTTP/1.1" 200'),
    ("certificate CN=*.shop.example is due", "certificate CN=*.host-1 is due"),
]  # fmt: skip

LEFT = [
    "issuer: CN=AddTrust External CA Root,OU=x,O=y", "issuer: CN=Some Certification Authority,OU=x,O=y",
    "AH00094: Command line: '/usr/sbin/apache2'", "zipimport.ZipImportError: bad local file header: '/srv/eggs/app.egg'",
    "django.db.utils.OperationalError: FATAL", "PHP Parse error: syntax error, unexpected token \")\" in /srv/x.php",
    "[session:error] [pid 7:tid 7] x", "using password: NO", "password: required", "AH01630: client denied by server configuration: /srv/www",
    "Apache/2.4.62 (Debian) configured -- resuming normal operations", "the users table is full", "127.0.0.1:9000 and localhost:80",
    "File \"/usr/lib/python3/dist-packages/django/core/wsgi.py\", line 12", "user-1@host-1 secret-1 and host-2:80",
    "http://localhost/server-status", "mod_wsgi (pid=28640): Exception occurred", "stat '/srv/site/eggs/bbcore-py3.11.egg'",
    "ps -o pid,lstart,cmd -C apache2,httpd", "systemctl show apache2 -p TasksMax", "cat /sys/fs/cgroup/system.slice/apache2.service/pids.max",
]  # fmt: skip


@pytest.mark.parametrize(("text", "redacted"), CASES)
def test_who_and_where_is_replaced(text: str, redacted: str) -> None:
    assert Pseudonyms().text(text) == redacted


@pytest.mark.parametrize("text", LEFT)
def test_what_tells_of_no_one_stays(text: str) -> None:
    assert Pseudonyms().text(text) == text


@pytest.mark.parametrize("level", ["default", "strict"])
@pytest.mark.parametrize(("text", "redacted"), CASES)
def test_a_second_time_changes_nothing(text: str, redacted: str, level: Level) -> None:
    names = Pseudonyms(level)
    once = names.text(text)
    assert names.text(once) == once


def test_a_name_that_its_context_told_is_replaced_elsewhere_too() -> None:
    names = Pseudonyms()
    names.text("user alice not found: /staff/")
    names.text("referer: https://www.shop.example/cart")
    assert names.text("It was alice, at www.shop.example; not malice or alice-springs.") == (
        "It was user-1, at host-1; not malice or alice-springs."
    )


def test_a_common_name_is_replaced_only_where_it_names_a_user() -> None:
    names = Pseudonyms()
    assert names.text("user admin not found: /staff/admin/x") == "user user-1 not found: /staff/admin/x"


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("GET https://www.shop.example/cart/7?id=8 x", "GET https://host-1/path-1?query-1 x"),
        ("File does not exist: /srv/www/secret/plan.html", "File does not exist: /path-1"),
        ("session 123e4567-e89b-12d3-a456-426614174000", "session id-1"),
        ("card 4111 1111 1111 1111 refused", "card number-1 refused"),
    ],
)
def test_strict_takes_out_what_a_stranger_could_read_something_from(text: str, redacted: str) -> None:
    assert Pseudonyms("strict").text(text) == redacted


def test_strict_takes_a_file_out_of_our_own_sentences_once_a_line_has_told_it() -> None:
    names = Pseudonyms("strict")
    names.text("bad local file header: '/srv/eggs/shop.egg'")
    assert (
        names.text("could not import from /srv/eggs/shop.egg any more", ours=True)
        == "could not import from /path-1 any more"
    )
    assert names.text("stat '/sys/fs/cgroup/pids.max'", ours=True) == "stat '/sys/fs/cgroup/pids.max'"


def test_strict_leaves_the_head_of_a_line() -> None:
    head = "[Mon Nov 23 11:30:52.395556 2026] [mpm_event:alert] [pid 32376:tid 140080671991680] x"
    assert Pseudonyms("strict").text(head) == head


def test_words_of_ones_own_are_taken_out_at_every_level() -> None:
    levels: tuple[Level, ...] = ("none", "default", "strict")
    for level in levels:
        names = Pseudonyms(level, ["Project Falcon", "acme"])
        assert names.text("ACME's project falcon; acme.") == "word-1's word-2; word-1."
        assert "acme" not in names.text("/srv/acme/x ACME").lower()


@pytest.mark.parametrize("text", ["a" * 2000, "(" + "a" * 2000, "://" * 600, "1 " * 1000, "a." * 1000, "user '" * 300, "password=" * 200, "\\\\" * 900,
                                  "[client " + "a-" * 900, "@" * 2000, "a@" * 900, ":" * 2000])  # fmt: skip
def test_no_text_takes_long(text: str) -> None:
    begin = time.perf_counter()
    Pseudonyms("strict").text(text)
    assert time.perf_counter() - begin < 1.0


@pytest.mark.parametrize("script", ["view.pl", "Shop.pm", "deploy.sh", "app.py"])
def test_a_script_is_no_host_of_the_country_whose_ending_it_has(script: str) -> None:
    assert not is_named_host(script)
    assert is_named_host(f"db.{script}")


@pytest.mark.parametrize(
    "text",
    [
        "pkg: ImageMagick7-nox11 upgraded: 7.1.0.26 -> 7.1.0.40",
        "Nombre del módulo con errores: php7ts.dll, versión: 7.3.10.0, marca de tiempo: 0x5d8a",
        "Faulting module name: php7ts.dll, version: 7.3.10.0",
        "Upgrade: libmagick:amd64 (7.1.0.26-1, 7.1.0.40-1)",
        "Installed: ImageMagick-7.1.0.26-1.el9.x86_64",
        "Packages php80 (to 8.0.21) and ImageMagick7-nox11 (to 7.1.0.40) were changed",
    ],
)
def test_a_version_of_four_parts_is_no_address(text: str) -> None:
    assert Pseudonyms().text(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "connect to 10.3.0.40 failed",
        "server (to 10.3.0.40) is away",
        "web-10.3.0.40 is down",
        "range 10.3.0.40-10.3.0.44",
        "Conversion: 10.3.0.40",
        "connection from 10.3.0.26 -> 10.3.0.40",
    ],
)
def test_an_address_with_a_like_context_is_replaced(text: str) -> None:
    assert "10.3.0.40" not in Pseudonyms().text(text)
