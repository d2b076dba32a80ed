"""Commands name the log that showed the fault, quoted; a packed log or a stream keeps the usual path."""

import re
from dataclasses import replace
from types import SimpleNamespace

import pytest

from logsleuth.library.category import PACKAGES
from logsleuth.library.load import shipped_library
from logsleuth.library.platforms import (
    PHP,
    PHP_MODULES,
    PHP_POOLS,
    PLESK,
    Platform,
    System,
    advice,
    as_there,
    commands,
    sentence,
    system_by_files,
    system_of,
)
from logsleuth.report.compose.log.platform import _is_of_red_hat, platform
from logsleuth.report.compose.probe.no_restart import NO_RESTART
from logsleuth.report.compose.probe.probe import REFUSES, Target, Watched, probe
from logsleuth.timeline.model import Moment, Series
from tests.lives.build import ANY, line, timeline

TEMPLATE = "grep -c {name} /var/log/apache2/error.log"


@pytest.mark.parametrize(
    ("log", "shown"),
    [
        ("/var/log/httpd/error_log", "grep -c shop /var/log/httpd/error_log"),
        ("my log; reboot", "grep -c shop 'my log; reboot'"),
        ("error.log.1.gz", "grep -c shop /var/log/apache2/error.log"),
        ("-", "grep -c shop /var/log/apache2/error.log"),
    ],
)
def test_a_command_reads_the_log_of_its_line(log: str, shown: str) -> None:
    (command,) = commands([TEMPLATE], {"name": "shop"}, log, Platform())
    assert str(command) == shown


@pytest.mark.parametrize(
    ("log", "shown"),
    [
        ("/var/log/httpd/error_log", "ps -C httpd; grep -rn Listen /etc/httpd; systemctl restart httpd"),
        ("/var/log/apache2/error.log", "ps -C apache2; grep -rn Listen /etc/apache2; systemctl restart apache2"),
        ("error.log", "ps -C apache2; grep -rn Listen /etc/apache2 /etc/httpd; systemctl restart apache2"),
    ],
)
def test_a_command_has_the_names_of_the_logs_distribution(log: str, shown: str) -> None:
    template = "ps -C apache2; grep -rn Listen /etc/apache2 /etc/httpd; systemctl restart apache2"
    (command,) = commands([template], {}, log, Platform(system_of([log])))
    assert str(command) == shown


def test_what_was_installed_last_is_asked_of_rpm_on_red_hat() -> None:
    template = 'grep -E "install|upgrade" /var/log/dpkg.log | tail'
    assert commands([template], {}, "error.log", Platform("red-hat")) == ("rpm -qa --last | head",)
    assert commands([template], {}, "error.log", Platform("debian")) == (template,)


def test_the_probe_names_the_service_of_the_logs_distribution() -> None:
    there = probe([Watched("/var/log/httpd/error_log")], Platform("red-hat"), Target(), "")
    assert "apache2" not in there
    assert "systemctl restart httpd" in there
    assert "httpd" not in probe([Watched("/var/log/apache2/error.log")], Platform("debian"), Target(), "").replace(
        "logsleuth", ""
    )


@pytest.mark.parametrize(
    ("said", "system"),
    [
        ("AH00163: Apache/2.4.62 (Debian) configured -- resuming normal operations", "debian"),
        ("AH00163: Apache/2.4.37 (Rocky Linux) OpenSSL/1.1.1k configured -- resuming normal operations", "red-hat"),
        ("AH00163: Apache/2.4.6 (CentOS) configured -- resuming normal operations", "red-hat"),
        ("AH00455: Apache/2.4.58 (Win64) PHP/8.2.12 configured -- resuming normal operations", "windows"),
        ("AH00094: Command line: '/usr/sbin/httpd -D FOREGROUND'", "red-hat"),
        (r"C:\Apache24\logs\error.log", "windows"),
        ("AH00163: Apache/2.4.62 (FreeBSD) configured -- resuming normal operations", "freebsd"),
        ("AH00163: Apache/2.4.48 (cPanel) OpenSSL/1.1.1l configured -- resuming normal operations", "cpanel"),
        ("AH00163: Apache/2.4.51 (Linux/SUSE) configured -- resuming normal operations", "suse"),
        ("AH00094: Command line: '/usr/sbin/httpd-prefork -D SYSCONFIG -C PidFile /run/httpd.pid'", "suse"),
        ("AH00163: Apache/2.4.62 (Unix) configured -- resuming normal operations", "unknown"),
        ("error.log", "unknown"),
    ],
)
def test_the_banner_the_command_line_or_the_path_names_the_platform(said: str, system: System) -> None:
    assert system_of([said]) == system


def test_the_banner_is_believed_before_the_path_to_which_a_log_was_copied() -> None:
    banner = "AH00163: Apache/2.4.6 (CentOS) configured -- resuming normal operations"
    assert system_of(["/var/log/apache2/error.log", banner]) == "red-hat"


def test_the_probe_asks_the_port_of_the_log_and_on_windows_it_is_a_scheduled_task() -> None:
    assert "failed port 8080 protocol" in probe([Watched("error.log")], Platform(), Target("8080"), "")
    windows = probe([Watched("error.log")], Platform("windows"), Target("8080"), "")
    assert "localhost:8080" in windows
    assert "Restart-Service Apache2.4" in windows
    assert "systemctl" not in windows


def test_a_machine_with_an_old_httpd_hardly_has_the_powershell_of_today() -> None:
    old = probe([Watched("error.log")], Platform("windows", is_old=True), Target("8080", "/a"), NO_RESTART)
    assert "Invoke-WebRequest" not in old
    assert "[Net.WebRequest]::Create('http://localhost:8080/a'); $asked.Timeout = 10000;" in old
    assert "PowerShell 2 or later" in old
    assert "PowerShell 3 or later" in probe([Watched("error.log")], Platform("windows"), Target(), NO_RESTART)


@pytest.mark.parametrize(
    ("there", "place"),
    [(Platform("red-hat"), "/var/log/httpd/ssl_error_log"), (Platform("debian"), "/var/log/apache2/ssl_error.log")],
)
def test_the_check_reads_the_log_of_the_sites_by_tls_where_that_shows_it(there: Platform, place: str) -> None:
    assert Watched("ssl_error.log").place(there) == place


@pytest.mark.parametrize(("there", "restarts"), [("debian", "then restart"), ("windows", "Restart-Service")])
def test_the_probe_restarts_httpd_only_where_that_ends_such_an_outage(there: System, restarts: str) -> None:
    assert restarts in probe([Watched("error.log")], Platform(there), Target(), "")
    alerts = probe([Watched("error.log")], Platform(there), Target(), NO_RESTART)
    assert restarts not in alerts
    assert NO_RESTART in alerts
    assert "ACTION" not in alerts


@pytest.mark.parametrize("there", ["debian", "windows", "unknown"])
def test_the_probe_of_a_tls_port_asks_by_https_and_looks_at_the_certificate(there: System) -> None:
    asked = probe([Watched("error.log")], Platform(there), Target("443"), NO_RESTART)
    assert "https" in asked
    assert "http://" not in asked
    assert ("certificate valid" in asked) == (there != "windows")


def test_the_journal_is_asked_for_the_time_of_the_fault() -> None:
    values = {"since": "2026-04-15 01:57", "until": "2026-04-15 02:07"}
    (command,) = commands(['journalctl -u apache2 --since "1 hour ago"'], values, "error.log", Platform("red-hat"))
    assert command == "journalctl -u httpd --since '2026-04-15 01:57' --until '2026-04-15 02:07'"


def test_advice_to_an_old_httpd_names_its_directives() -> None:
    text = "Raise MaxRequestWorkers, set MaxConnectionsPerChild, and restart apache2 now."
    assert advice(text, {}, Platform("red-hat")) == text.replace("apache2", "httpd")
    old = "Raise MaxClients, set MaxRequestsPerChild, and restart httpd now."
    assert advice(text, {}, Platform("red-hat", is_old=True)) == old


@pytest.mark.parametrize(
    ("there", "start", "pid_file"),
    [
        (Platform("debian"), "/usr/bin/systemctl start apache2", "/run/apache2/apache2.pid"),
        (Platform("red-hat"), "/usr/bin/systemctl start httpd", "/run/httpd/httpd.pid"),
        (Platform("debian", is_old=True), "/etc/init.d/apache2 start", "/var/run/apache2.pid"),
        (Platform("debian", is_old=True, version=(1, 3, 33)), "/etc/init.d/apache start", "/var/run/apache.pid"),
        (Platform("suse"), "/usr/bin/systemctl start apache2", "/run/httpd.pid"),
        (Platform("suse", is_old=True), "/etc/init.d/apache2 start", "/run/httpd.pid"),
        (Platform("red-hat", is_old=True, version=(2, 2, 15)), "/sbin/service httpd start", "/var/run/httpd/httpd.pid"),
        (Platform("red-hat", is_old=True, version=(2, 2, 3)), "/sbin/service httpd start", "/var/run/httpd.pid"),
        (Platform("red-hat", is_old=True, version=(2, 0, 52)), "/sbin/service httpd start", "/var/run/httpd.pid"),
        (Platform("debian", named_pid_file="/run/web.pid"), "/usr/bin/systemctl start apache2", "/run/web.pid"),
        (Platform("unknown", named_pid_file="/run/web.pid"), "/usr/sbin/apachectl start", "/run/web.pid"),
        (Platform("freebsd"), "/usr/sbin/service apache24 start", "/var/run/httpd.pid"),
        (Platform("cpanel"), "/usr/bin/systemctl start httpd", "/run/apache2/httpd.pid"),
        (Platform("built"), "/usr/local/apache2/bin/apachectl start", "/usr/local/apache2/logs/httpd.pid"),
        (Platform("built", is_old=True), "/usr/local/apache2/bin/apachectl start", "/usr/local/apache2/logs/httpd.pid"),
    ],
)
def test_the_probe_starts_httpd_as_that_machine_does(there: Platform, start: str, pid_file: str) -> None:
    asked = probe([Watched("error.log")], there, Target(), "")
    assert f'start program = "{start}"' in asked
    assert f"with pidfile {pid_file}\n" in asked
    assert (there.has_systemd and there.has_names) == ("systemctl" in asked)


def test_where_the_pid_file_is_not_known_the_probe_names_none() -> None:
    asked = probe([Watched("error.log")], Platform(), Target(), "")
    assert "pidfile" not in asked
    assert "check host httpd" in asked
    assert 'start program = "/usr/sbin/apachectl start"' in asked


@pytest.mark.parametrize(
    ("there", "monit", "log", "access"),
    [
        (Platform("debian"), "/etc/monit/conf.d/apache2", "/var/log/apache2/error.log", "/var/log/apache2/access.log"),
        (Platform("red-hat"), "/etc/monit.d/httpd", "/var/log/httpd/error_log", "/var/log/httpd/access_log"),
        (
            Platform("red-hat", is_old=True),
            "/etc/monit.d/httpd",
            "/var/log/httpd/error_log",
            "/var/log/httpd/access_log",
        ),
        (
            Platform("cpanel"),
            "/etc/monit.d/httpd",
            "/etc/apache2/logs/error_log",
            "/etc/apache2/logs/domlogs/DOMAIN",
        ),
        (Platform("freebsd"), "/usr/local/etc/monitrc", "/var/log/httpd-error.log", "/var/log/httpd-access.log"),
    ],
)
def test_the_probe_lies_and_reads_where_that_machine_has_it(there: Platform, monit: str, log: str, access: str) -> None:
    asked = probe([Watched("error.log"), Watched("access.log", "access")], there, Target(), NO_RESTART)
    assert asked.startswith(f"# {monit};")
    assert re.search(rf'logsleuth check {log} {access}["\)]', asked)


def test_the_probe_reads_the_log_that_was_read_where_its_path_is_whole_and_syslog_where_it_was_that() -> None:
    assert 'check /srv/logs/web-error.log"' in probe(
        [Watched("/srv/logs/web-error.log")], Platform("debian"), Target(), "no"
    )
    syslog = [Watched("error.log", "system")]
    assert 'check /var/log/syslog"' in probe(syslog, Platform("debian"), Target(), "no")
    assert 'check /var/log/messages"' in probe(syslog, Platform("red-hat"), Target(), "no")


@pytest.mark.parametrize(
    ("read", "there", "place"),
    [
        (Watched("audit.log", "system"), Platform("red-hat"), "/var/log/audit/audit.log"),
        (Watched("messages", "system"), Platform(), "/var/log/messages"),
        (Watched("error.log-20240101.gz"), Platform("debian"), "/var/log/apache2/error.log"),
        (Watched("error_log"), Platform(), "/path/to/error_log"),
        (Watched("mod_jk.log", "other"), Platform("red-hat"), "/path/to/mod_jk.log"),
        (Watched("shop-error.log"), Platform("debian"), "/path/to/shop-error.log"),
        (Watched("a b;c.log"), Platform("debian"), "/var/log/apache2/error.log"),
        (Watched("-"), Platform("red-hat"), "/var/log/httpd/error_log"),
    ],
)
def test_a_log_is_watched_where_it_is_written_and_no_folder_is_made_up(
    read: Watched, there: Platform, place: str
) -> None:
    assert read.place(there) == place
    assert f'check {place}"' in probe([read], there, Target(), "no")


@pytest.mark.parametrize(
    ("path", "line", "is_so"),
    [
        ("error_log", "PHP Warning in /var/www/html/index.php", True),
        ("old/error_log-20140803", "PHP Warning in /var/www/html/index.php", True),
        ("error.log", "PHP Warning in /var/www/html/index.php", False),
        ("error_log", "PHP Warning in /srv/www/htdocs/index.php", False),
        ("my_error_log", "PHP Warning in /var/www/html/index.php", False),
    ],
)
def test_red_hat_is_known_by_the_names_of_its_logs_and_the_folder_of_its_pages(
    path: str, line: str, is_so: bool
) -> None:
    assert _is_of_red_hat([line], [path]) == is_so


def test_where_the_machine_is_not_known_no_folder_of_monit_is_named() -> None:
    assert probe([Watched("error.log")], Platform(), Target(), "no").startswith("# Configuration for monit;")


def test_advice_at_the_end_of_a_sentence_has_the_names_of_the_machine_too() -> None:
    text = "Start it: systemctl restart apache2. Then raise LimitNOFILE of the service."
    assert advice(text, {}, Platform("red-hat")) == text.replace("apache2", "httpd")
    old = advice(text, {}, Platform("red-hat", is_old=True))
    assert old == "Start it: service httpd restart. Then raise the limit of open files (ulimit -n) of the service."


def test_freebsd_is_asked_for_its_limits_by_its_own_programs() -> None:
    limits = 'cat /proc/$(pgrep -o apache2)/limits | grep "open files"'
    assert as_there(limits, Platform("freebsd")) == "procstat rlimit $(pgrep -o httpd) | grep openfiles"
    assert as_there("cat /proc/sys/fs/file-nr", Platform("freebsd")) == "sysctl kern.maxfiles kern.openfiles"
    assert as_there("ls /proc/1/fd", Platform("freebsd")) is None


def test_the_probe_asks_the_site_that_was_hit() -> None:
    hit = Target(page="/shop", known="failed", site="shop.example")
    asked = probe([Watched("error.log")], Platform("debian"), hit, "no")
    assert 'protocol http with http headers [Host: shop.example] request "/shop"' in asked
    assert "a page that failed in this outage, of shop.example." in asked
    assert "Host = 'shop.example'" in probe([Watched("error.log")], Platform("windows"), hit, "no")
    by_tls = probe([Watched("error.log")], Platform("debian"), Target("443", site="shop.example"), "no")
    assert by_tls.count("failed host shop.example port 443 protocol https") == 2
    assert "Host:" not in by_tls
    assert "https://shop.example:443/" in probe([], Platform("windows"), Target("443", site="shop.example"), "no")


@pytest.mark.parametrize("why", ["", NO_RESTART])
def test_on_windows_too_layer_2_reads_the_log(why: str) -> None:
    script = probe([Watched("error.log"), Watched("access.log", "access")], Platform("windows"), Target(), why)
    assert ("check --restart-only" in script) == ("Restart-Service" in script) == (not why)
    checks = next(line for line in script.splitlines() if line.startswith("logsleuth.exe check"))
    assert "error.log" in checks
    assert "access.log" in checks
    assert "LOGS" not in script


def test_a_page_that_is_not_known_is_said_to_be_one_to_put_in() -> None:
    assert "replace PAGE with one below /v1, where" in probe([], Platform("debian"), Target(below="/v1"), "no")
    in_part = Target(page="/shop", known="failed in part")
    assert "a page that failed in part in this outage." in probe([], Platform("debian"), in_part, "no")


def test_what_refuses_to_start_is_not_started_by_the_probe_either() -> None:
    assert "if not exist then alert" in probe([], Platform("debian"), Target(), REFUSES)
    assert "if not exist" not in probe([], Platform("debian"), Target(), NO_RESTART)
    assert "if not exist" not in probe([], Platform(), Target(), REFUSES)


def test_what_layer_2_reports_raises_an_alert_whether_or_not_it_restarts() -> None:
    for why in ("", NO_RESTART):
        asked = probe([Watched("error.log")], Platform("debian"), Target(), why)
        assert "if status != 0 then alert" in asked
        assert ("--restart-only" in asked) == ("then exec" in asked) == (not why)


@pytest.mark.parametrize(
    ("line", "system"),
    [
        ("suEXEC mechanism enabled (wrapper: /usr/sbin/suexec)", "red-hat"),
        ("AH01630: client denied by server configuration: /usr/local/apache2/htdocs/", "built"),
        ("AH00526: Syntax error on line 14 of /etc/httpd/conf.d/shop.conf:", "red-hat"),
        ("AH01071: Got error, fcgi://localhost/run/php/php8.2-fpm.sock", "unknown"),
        ("AH02454: FCGI: attempt to connect to Unix domain socket /run/php-fpm/www.sock (*) failed", "red-hat"),
        ("script not found: C:/Apache24/cgi-bin/a", "windows"),
        ("File does not exist: /var/www/html/etc/httpd/conf", "unknown"),
    ],
)
def test_files_of_httpds_own_hint_at_the_platform(line: str, system: System) -> None:
    assert system_by_files([line]) == system


@pytest.mark.parametrize(
    ("template", "there", "command"),
    [
        ("systemctl status redis", Platform("freebsd"), "service redis status"),
        ("systemctl status redis", Platform("red-hat", is_old=True), "service redis status"),
        ("systemctl status tomcat9 tomcat10", Platform("red-hat", is_old=True), None),
        ("systemctl status tomcat9 tomcat10", Platform("red-hat"), "systemctl status tomcat9 tomcat10"),
        ("coredumpctl list apache2", Platform("unknown", is_old=True), None),
        ("dmesg -T | grep -i segfault", Platform("unknown", is_old=True), "dmesg | grep -i segfault"),
        ('grep -E "install|upgrade" /var/log/dpkg.log | tail', Platform("unknown", is_old=True), None),
        (
            'grep -E "install|upgrade" /var/log/dpkg.log | tail',
            Platform("freebsd"),
            'pkg query "%t %n-%v" | sort -n | tail',
        ),
        (
            'grep -E "install|upgrade" /var/log/dpkg.log | tail',
            Platform("red-hat", is_old=True),
            "rpm -qa --last | head",
        ),
    ],
)
def test_a_command_is_that_of_the_machine_or_left_out(template: str, there: Platform, command: str | None) -> None:
    assert as_there(template, there) == command


def test_a_service_that_is_asked_for_by_either_name_is_asked_for_once_where_its_name_is_known() -> None:
    either = "systemctl status apache2 || systemctl status httpd"
    assert as_there(either, Platform("unknown")) == either
    assert as_there(either, Platform("red-hat")) == "systemctl status httpd"


@pytest.mark.parametrize(
    ("there", "places"),
    [
        (Platform(), "/etc/php /etc/php.ini /etc/php.d /etc/php-fpm.d"),
        (Platform("debian"), "/etc/php"),
        (Platform("red-hat"), "/etc/php.ini /etc/php.d /etc/php-fpm.d"),
        (Platform("cpanel"), "/opt/cpanel/ea-php*/root/etc"),
        (Platform("debian", has_plesk=True), "/opt/plesk/php/*/etc /var/www/vhosts/system/*/conf"),
        (Platform("freebsd"), "/usr/local/etc/php.ini /usr/local/etc/php /usr/local/etc/php-fpm.d"),
    ],
)
def test_settings_of_php_are_looked_for_where_they_are(there: Platform, places: str) -> None:
    template = "grep -rn memory_limit /etc/php /etc/php.ini /etc/php.d /etc/php-fpm.d"
    assert as_there(template, there) == f"grep -rn memory_limit {places}"


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("/var/www/vhosts/shop.example/httpdocs/index.php", True),
        ("/var/www/vhosts/system/shop.example/logs/error_log", True),
        ("/var/www/vhosts/shop.example/public/index.php", False),
        ("/srv/opt/plesk/x", False),
    ],
)
def test_folders_of_plesk_are_known(text: str, *, made: bool) -> None:
    assert (PLESK.search(text) is not None) is made


def test_no_place_of_php_is_written_otherwise() -> None:
    ours = sorted((PHP, PHP_POOLS, PHP_MODULES), key=len, reverse=True)
    templates = [
        t
        for p in shipped_library().patterns
        for e in (p.explain, *(c.explain for c in p.explain.cases))
        for t in e.confirm
    ]
    rests = [re.sub("|".join(map(re.escape, ours)), "", template) for template in templates]
    assert [rest for rest in rests if re.search(r"/etc/php(?!\S* 2>/dev/null$)", rest)] == []


@pytest.mark.parametrize(
    ("module", "pid", "wrapper", "container"),
    [
        ("mpm_event", 1, None, "docker"),
        ("mpm_event", 4711, None, ""),
        ("", 1, None, ""),  # systemd's own lines
        ("", 0, "docker json-file", "docker"),
        ("", 0, "Kubernetes CRI", "kubernetes"),
        ("", 0, "syslog", ""),
    ],
)
def test_a_container_is_known_by_its_first_process_or_its_output(
    module: str, pid: int, wrapper: str | None, container: str
) -> None:
    written = line()._replace(module=module, reporter=pid)
    lives = timeline(Series(replace(ANY, about="server"), (Moment(0, 0, 1, written),)))
    log = SimpleNamespace(
        path="error.log",
        mark=b"",
        format=SimpleNamespace(kind="httpd", name="", wrapper=SimpleNamespace(name=wrapper) if wrapper else None),
    )
    assert platform(lives, [log]).container == container  # type: ignore[list-item]


def test_the_probe_of_a_container_reads_its_output_and_asks_what_runs_it() -> None:
    asked = probe([Watched("error.log")], Platform("debian", container="docker"), Target(), "")
    assert 'check --restart-only /var/lib/docker/containers/ID/ID-json.log"' in asked
    assert "systemctl" not in asked
    assert "apachectl" not in asked
    assert "pidfile" not in asked
    assert 'exec "/usr/bin/docker restart CONTAINER"' in asked


def test_where_pages_ask_for_a_name_the_probe_gives_one() -> None:
    logs_in = Target(page="/svn/a", known="failed", logs_in=True)
    assert 'http username "USER" password "PASSWORD" request "/svn/a"' in probe([], Platform("debian"), logs_in, "no")
    assert "/svn/a -Credential (Import-Clixml C:\\httpd-probe.xml)" in probe([], Platform("windows"), logs_in, "no")


def test_no_page_is_invented() -> None:
    asked = probe([], Platform("debian"), Target(), "no")
    assert 'request "/" status' in asked
    assert "Layer 1 requests the front page" in asked


def test_where_client_certificates_are_refused_the_probe_presents_one() -> None:
    refused = Target("443", site="gw.example", is_tls=True, certificates="by the list")
    asked = probe([], Platform("debian"), refused, NO_RESTART)
    assert "--cert CERT.pem --key KEY.pem https://gw.example:443/" in asked
    assert "nextUpdate" in asked
    assert "certificate valid" not in asked
    assert "  if failed" not in asked
    named_nowhere = replace(refused, site="", certificates="refused")
    assert "-sfk -o /dev/null -m 10" in probe([], Platform("debian"), named_nowhere, NO_RESTART)
    assert "-Certificate" in probe([], Platform("windows"), refused, NO_RESTART)


def test_where_another_server_may_answer_the_probe_looks_for_words_of_the_page() -> None:
    other = Target("443", is_tls=True, reads_text=True)
    assert 'request "/" status = 200 content = "TEXT"' in probe([], Platform("debian"), other, NO_RESTART)
    assert "-notlike '*TEXT*'" in probe([], Platform("windows"), other, NO_RESTART)


def test_a_page_that_would_have_stayed_green_is_said_to_be_so() -> None:
    asked = probe([], Platform("debian"), Target(known="stayed green"), NO_RESTART)
    assert "# Layer 1 would most likely have stayed green in this outage: layer 2 sees it." in asked


SYSLOG = "Aug  8 22:17:40 web2 nfs: [ID 702911 kern.warning] NFS write error on host nas1: Stale NFS file handle."


@pytest.mark.parametrize("system", ["debian", "windows"])
@pytest.mark.parametrize(
    "path", ["/srv/PORTAL/error.log", "/srv/LOGIN/PAGE/HEADERS/error.log", "/srv/LOGS/localhost.log"]
)
def test_the_path_of_a_log_stands_in_a_probe_as_it_is(system: System, path: str) -> None:
    """What fills a slot is not looked at again, whatever words it has."""
    site = Target("443", "/PORT/a", "failed", site="www.example.com", is_tls=True)
    made = probe([Watched(path)], Platform(system), site, "")
    assert f" {path}" in made
    assert "/PORT/a" in made


def test_the_ids_in_a_system_log_show_solaris() -> None:
    assert system_by_files([SYSLOG]) == "solaris"
    assert system_by_files(["[error] [client 192.0.2.7] File does not exist: /srv/[ID x]"]) == "unknown"


@pytest.mark.parametrize(
    ("template", "there"),
    [
        ("findmnt -T {path}", "df -k {path}"),
        ("dmesg -T | grep -i nfs | tail", "dmesg | grep -i nfs | tail"),
        ("nfsstat -m", "nfsstat -m"),
        ("ss -ltnp", "netstat -an | grep LISTEN"),
        ("ss -tn state syn-sent", "netstat -an -f inet"),
        ("getsebool -a | grep httpd", None),
        ("cat /proc/sys/fs/file-nr", None),
        ("journalctl -u apache2", None),
        ("systemctl restart apache2", "apachectl restart"),
    ],
)
def test_on_solaris_commands_are_those_of_solaris_or_there_are_none(template: str, there: str | None) -> None:
    assert as_there(template, Platform("solaris", is_old=True)) == there
    assert as_there(template, Platform("solaris")) == there


def test_on_solaris_an_unmount_is_forced() -> None:
    said = sentence("Unmount it and mount it again (umount -l, then mount).", Platform("solaris"))
    assert said == "Unmount it and mount it again (umount -f, then mount)."


@pytest.mark.parametrize(
    ("there", "shown"),
    [
        (Platform("red-hat", is_old=True, version=(2, 2, 15)), "ps -LC httpd -o pid,lwp,etime,stat"),
        (Platform("suse"), "ps -LC httpd-prefork,httpd-worker,httpd-event -o pid,lwp,etimes,stat"),
        (Platform("debian", is_old=True, version=(1, 3, 33)), "ps -LC apache,httpd -o pid,lwp,etime,stat"),
    ],
)
def test_programs_are_called_as_they_are_there_and_then(there: Platform, shown: str) -> None:
    assert as_there("ps -LC apache2,httpd -o pid,lwp,etimes,stat", there) == shown


def test_the_log_of_suexec_lies_beside_httpds_own() -> None:
    assert Watched("suexec.log", "other").place(Platform("debian")) == "/var/log/apache2/suexec.log"
    assert Watched("suexec.log", "other").place(Platform("red-hat")) == "/var/log/httpd/suexec.log"


@pytest.mark.parametrize(
    ("there", "has_systemd", "has_old_tools"),
    [
        (Platform("debian"), True, False),
        (Platform("debian", version=(2, 4)), True, False),
        (Platform("debian", version=(2, 4, 7)), False, False),  # Ubuntu 14.04
        (Platform("debian", version=(2, 4, 10)), True, False),
        (Platform("red-hat", version=(2, 4, 6)), True, False),
        (Platform("red-hat", is_old=True, year=2014), False, True),
        (Platform("unknown", year=2009), False, True),
        (Platform("unknown", year=2011), True, False),
    ],
)
def test_a_machine_has_what_there_was_in_its_time(there: Platform, has_systemd: bool, has_old_tools: bool) -> None:
    assert (there.has_systemd, there.has_old_tools) == (has_systemd, has_old_tools)


def test_before_systemd_a_service_is_started_by_its_script() -> None:
    trusty = Platform("debian", version=(2, 4, 7))
    asked = probe([Watched("error.log")], trusty, Target(), "")
    assert 'start program = "/etc/init.d/apache2 start"' in asked
    assert "pidfile /run/apache2/apache2.pid" in asked
    assert "systemctl" not in asked


@pytest.mark.parametrize(
    ("target", "asks"),
    [
        (Target(), 'if failed port 80 protocol http request "/"'),
        (Target(site="a.example"), 'if failed port 80 protocol http request "/" hostheader "a.example"'),
        (
            Target("443", is_tls=True, site="a.example"),
            'if failed host a.example port 443 type tcpssl protocol http request "/"',
        ),
        (Target(page="/svn", logs_in=True), "if failed url http://USER:PASSWORD@127.0.0.1:80/svn"),
        (Target(reads_text=True), 'if failed url http://127.0.0.1:80/ content == "TEXT"'),
    ],
)
def test_beside_an_old_httpd_the_probe_speaks_the_words_of_an_old_monit(target: Target, asks: str) -> None:
    asked = probe([Watched("error.log")], Platform("debian", is_old=True), target, "")
    assert f"  {asks}\n" in asked
    assert not re.search(r"^ *check program|status [!=]|certificate", asked, re.MULTILINE)
    assert "#   * * * * *  root  found=$(/usr/local/bin/logsleuth check " in asked
    gone = probe([Watched("error.log")], Platform("debian", is_old=True), target, REFUSES)
    assert "  mode passive\n" in gone


@pytest.mark.parametrize(
    ("there", "place"),
    [
        (Platform("debian"), "the package manager's log (dpkg.log)"),
        (Platform("red-hat"), "the package manager's log (dnf.log)"),
        (Platform("red-hat", version=(2, 4, 6)), "the package manager's log (yum.log)"),
        (Platform("red-hat", is_old=True), "the package manager's log (yum.log)"),
        (Platform("suse"), "the package manager's log (/var/log/zypp/history)"),
        (Platform("freebsd"), "what pkg or the ports installed last"),
        (Platform("solaris"), "the package manager's log"),
        (Platform("debian", container="kubernetes"), "which image was started, and when it was built"),
        (Platform("unknown"), "the package manager's log (dpkg.log, dnf.log)"),
    ],
)
def test_what_was_installed_last_each_system_shows_elsewhere(there: Platform, place: str) -> None:
    assert sentence(f"Check {PACKAGES}.", there) == f"Check {place}."


def test_behind_a_proxy_that_ends_tls_the_probe_says_so_too() -> None:
    hit = Target(is_forwarded=True, site="shop.example")
    asked = probe([Watched("error.log")], Platform("debian"), hit, NO_RESTART)
    assert "protocol http with http headers [Host: shop.example, X-Forwarded-Proto: https] request" in asked
    asked = probe([Watched("error.log")], Platform("windows"), hit, NO_RESTART)
    assert "-Headers @{Host = 'shop.example'; 'X-Forwarded-Proto' = 'https'}" in asked


def test_on_windows_a_certificate_is_checked_so_the_site_is_asked_by_its_name() -> None:
    asked = probe([Watched("error.log")], Platform("windows"), Target("443"), NO_RESTART)
    assert "Invoke-WebRequest https://SITE:443/ " in asked
    assert "Replace SITE with the public name of the site." in asked
    named = probe([Watched("error.log")], Platform("windows"), Target("443", site="a.example"), NO_RESTART)
    assert "https://a.example:443/" in named
    assert "SITE" not in named
    assert "http://localhost:80/" in probe([Watched("error.log")], Platform("windows"), Target(), NO_RESTART)


def test_before_python_3_it_was_called_python() -> None:
    template = "python3 -m zipfile -t x-py3.egg"
    assert as_there(template, Platform("debian", is_old=True, year=2009)) == "python -m zipfile -t x-py3.egg"
    assert as_there(template, Platform("debian", is_old=True, year=2013)) == template


@pytest.mark.parametrize(
    ("system", "said"),
    [
        ("debian", "Load the module (on Debian: a2enmod), or its line (its LoadModule line; on Debian: a2enmod x)."),
        ("unknown", "Load the module (on Debian: a2enmod), or its line (its LoadModule line; on Debian: a2enmod x)."),
        ("freebsd", "Load the module, or its line (its LoadModule line)."),
        ("red-hat", "Load the module, or its line (its LoadModule line)."),
    ],
)
def test_what_only_debian_has_is_not_advised_elsewhere(system: System, said: str) -> None:
    text = "Load the module (on Debian: a2enmod), or its line (its LoadModule line; on Debian: a2enmod x)."
    assert sentence(text, Platform(system)) == said


def test_a_pod_is_known_by_the_control_group_in_the_kernels_words() -> None:
    text = "oom-kill:constraint=CONSTRAINT_MEMCG,oom_memcg=/kubepods.slice/kubepods-burstable.slice,task=apache2"
    said = Series(ANY, (Moment(0, 0, 1, line()._replace(text=text), ""),))
    assert platform(timeline(said), []).container == "kubernetes"


@pytest.mark.parametrize(
    ("mark", "kind", "container"),
    [
        (b"2023-10-04T10:02:18Z Normal Started pod/shop-6d9c-tq8zl Started container web\n", "dated", "kubernetes"),
        (
            b"2023-10-04T10:03:39Z Warning BackOff Back-off restarting failed container web in pod x\n",
            "dated",
            "kubernetes",
        ),
        (b"2023-10-04T10:02:18Z the whales of /srv/pod/x\n", "dated", ""),
        (b"GET /pod/x HTTP\n", "access", ""),
    ],
)
def test_kubernetes_is_known_by_its_events(mark: bytes, kind: str, container: str) -> None:
    log = SimpleNamespace(path="events.txt", mark=mark, format=SimpleNamespace(kind=kind, name="", wrapper=None))
    assert platform(timeline(Series(ANY, (Moment(0, 0, 1, line(), ""),))), [log]).container == container  # type: ignore[list-item]
