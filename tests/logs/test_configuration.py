"""Configurations as they are found: Debian's and Red Hat's layout, includes, conditions, variables."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

import logsleuth
from logsleuth.cli.parse import command
from logsleuth.errors import LogsleuthError
from logsleuth.logs.conf.configuration import Configuration, read_configuration
from logsleuth.logs.conf.settings import settings_of
from logsleuth.logs.conf.walk import logical_lines
from logsleuth.logs.conf.words import words_of

if TYPE_CHECKING:
    from pathlib import Path

DEBIAN = {
    "envvars": "unset HOME\nexport APACHE_LOG_DIR=/var/log/apache2$SUFFIX\nexport APACHE_RUN_USER=www-data\n",
    "apache2.conf": r"""
# the main file
ErrorLog ${APACHE_LOG_DIR}/error.log
LogLevel warn wsgi:info
IncludeOptional mods-enabled/*.load
IncludeOptional mods-enabled/*.conf
IncludeOptional sites-enabled/*.conf
IncludeOptional nothing-here/*.conf
""",
    "mods-enabled/mpm_prefork.load": "LoadModule mpm_prefork_module /usr/lib/apache2/modules/mod_mpm_prefork.so\n",
    "mods-enabled/mpm_prefork.conf": """
<IfModule mpm_prefork_module>
    StartServers 5
    MaxRequestWorkers 24
    MaxConnectionsPerChild 1000
</IfModule>
<IfModule mpm_event_module>
    MaxRequestWorkers 999
</IfModule>
""",
    "sites-enabled/shop.conf": r"""
<VirtualHost *:80>
    ServerName shop.example
    ErrorLog ${APACHE_LOG_DIR}/shop.log
    ErrorLogFormat "%{cu}t <%l> \
<%-m> %M"
    <Directory "/srv/with > sign">
        Require all granted
    </Directory>
</VirtualHost>
""",
}
RED_HAT = {
    "conf/httpd.conf": """
ServerRoot "{root}"
Include conf.modules.d/*.conf
ErrorLog "logs/error_log"
<IfDefine NEVER>
MaxClients 1
</IfDefine>
Define workers 400
MaxClients ${workers}
ThreadsPerChild 20
<IfModule !mod_ssl.c>
  LogLevel debug
</IfModule>
<IfVersion < 2.4>
  MaxClients 7
</IfVersion>
Include conf.d/*.conf
Include conf.d/missing.conf
""",
    "conf.modules.d/00-mpm.conf": "LoadModule mpm_event_module modules/mod_mpm_event.so\n",
    "conf.d/site.conf": "WSGIDaemonProcess shop processes=4 threads=2 maximum-requests=500 user=shop\nMaxRequestsPerChild x\n",
}


def made(tmp_path: Path, files: dict[str, str], main: str) -> Configuration:
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("{root}", str(tmp_path)))
    return read_configuration(str(tmp_path / main))


def test_debians_layout(tmp_path: Path) -> None:
    found = made(tmp_path, DEBIAN, "apache2.conf")
    assert found.mpm == "prefork"
    assert found.children == 24
    assert found.numbers == {"MaxRequestWorkers": 24, "MaxConnectionsPerChild": 1000}
    assert [(host.name, host.error_log) for host in found.hosts] == [
        ("main server", "/var/log/apache2/error.log"), ("shop.example", "/var/log/apache2/shop.log"),
    ]  # fmt: skip
    assert found.hosts[1].formats == ['"%{cu}t <%l> <%-m> %M"']
    assert found.trouble == ()
    assert "`LogLevel warn wsgi:info` (main server)" in found.sentences()[0]


def test_settings_and_modules_of_the_main_server(tmp_path: Path) -> None:
    files = dict(DEBIAN)
    files["apache2.conf"] += (
        "Timeout 60\nKeepAlive On\nkeepalive Off\n<Directory /srv>\nLimitRequestBody 7\n</Directory>\n"
    )
    files["sites-enabled/shop.conf"] = (
        "<VirtualHost *:80>\nTimeout 300\nLogLevel debug\n</VirtualHost>\nListenBacklog 9"
    )
    found = made(tmp_path, files, "apache2.conf")
    assert found.modules == {"mpm_prefork_module"}
    assert found.settings == {"StartServers": "5", "Timeout": "60", "KeepAlive": "Off", "ListenBacklog": "9"}
    assert [host.log_level for host in found.hosts] == ["warn wsgi:info", "debug"]
    settings = settings_of(found)
    assert settings is not None
    assert settings.children == 24
    assert dict(settings.values)["MaxRequestWorkers"] == "24"
    settings.check()


@pytest.mark.parametrize("folder", ["web1/etc/httpd/conf", "web1/httpd/conf", "web1/conf"])
def test_a_copy_of_another_machines_configuration_includes_nothing_of_this_one(tmp_path: Path, folder: str) -> None:
    here = tmp_path / "etc" / "httpd"
    for root, workers in ((here, 1), (tmp_path / folder / "..", 400)):
        (root / "conf.d").mkdir(parents=True)
        (root / "conf.d" / "site.conf").write_text(f"MaxRequestWorkers {workers}\n")
    conf = tmp_path / folder / "httpd.conf"
    conf.parent.mkdir(exist_ok=True)
    conf.write_text(f'ServerRoot "{here}"\nInclude conf.d/*.conf\nInclude {here}/conf.d/site.conf\n')
    assert read_configuration(str(conf)).numbers == {"MaxRequestWorkers": 1}
    copied = read_configuration(str(conf), name="{host}/httpd.conf")
    assert copied.numbers == {"MaxRequestWorkers": 400}
    assert copied.path == "{host}/httpd.conf"


def test_red_hats_layout_and_conditions(tmp_path: Path) -> None:
    found = made(tmp_path, RED_HAT, "conf/httpd.conf")
    assert found.root == tmp_path
    assert found.mpm == "event"
    assert found.numbers == {"MaxRequestWorkers": 400, "ThreadsPerChild": 20}
    assert found.children == 20
    assert found.hosts[0].log_level == "debug"
    (group,) = found.daemons
    assert (group.name, group.processes, group.threads, group.maximum_requests) == ("shop", 4, 2, 500)
    assert [sentence.rpartition("/")[2] for sentence in found.trouble] == [
        "site.conf:2: x is not a number",
        "missing.conf is not there",
    ]


@pytest.mark.parametrize(
    ("path", "fits"),
    [
        ("/var/log/apache2/shop.log", True),
        ("/var/log/apache2/shop.log.1", True),
        ("/var/log/apache2/shop.log.12.gz", True),
        ("/elsewhere/shop.log", True),
        ("/var/log/apache2/shop.log-20260303", True),
        ("/var/log/apache2/error.log", False),
        ("shop", False),
    ],
)
def test_a_log_is_known_by_its_path_or_else_by_its_name(tmp_path: Path, path: str, fits: bool) -> None:
    found = made(tmp_path, DEBIAN, "apache2.conf")
    assert bool(found.formats_of(path)) == fits


def test_a_log_is_read_by_the_format_of_the_host_that_writes_it(tmp_path: Path) -> None:
    made(tmp_path, DEBIAN, "apache2.conf")
    log = tmp_path / "shop.log"
    log.write_text("2009-09-04 14:30:04.000001 <error> <core> boom\n")
    result = CliRunner().invoke(command, [str(log), "--httpd-conf", str(tmp_path / "apache2.conf")])
    record = json.loads(result.output)
    assert (record["level"], record["module"], record["message"]) == ("error", "core", "boom")


def test_the_report_tells_the_pool_and_what_the_configuration_says(tmp_path: Path) -> None:
    made(tmp_path, DEBIAN, "apache2.conf")
    report = logsleuth.analyze(["sample_logs/stale-egg-2009.log"], tz="UTC", httpd_conf=tmp_path / "apache2.conf")
    (incident,) = report.incidents
    assert (incident.pool, incident.pool_source) == (24, "from the configuration")
    assert any("MaxRequestWorkers 24" in note for note in report.notes)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('ErrorLogFormat "%t"\n', "has no %M"),
        ('ErrorLogFormat "%M %Q"\n', "no item %Q"),
    ],
)
def test_a_format_that_httpd_would_refuse_is_refused(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(LogsleuthError, match=why):
        made(tmp_path, {"httpd.conf": text}, "httpd.conf")


def test_a_configuration_that_includes_itself_ends(tmp_path: Path) -> None:
    found = made(tmp_path, {"httpd.conf": "Include httpd.conf\nMaxClients 3\n"}, "httpd.conf")
    assert any("too deep" in sentence for sentence in found.trouble)
    assert found.children == 3


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(LogsleuthError, match="no such configuration file"):
        read_configuration(str(tmp_path / "no.conf"))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("a b", ["a", "b"]),
        ('"a b" c', ["a b", "c"]),
        (r'"a \"b\" \\ \n"', ['a "b" \\ \\n']),
        ("'it''s'", ["it", "s"]),
        (r"C:\\logs a\ b", ["C:\\logs", "a\\", "b"]),
        ("", []),
    ],
)
def test_words_are_cut_as_httpd_cuts_them(line: str, words: list[str]) -> None:
    assert words_of(line) == words


def test_lines_that_end_in_a_backslash_go_on() -> None:
    text = "a \\\n b\n# c\n\nd\te\n"
    assert list(logical_lines(text)) == [(1, "a b"), (5, "d e")]
