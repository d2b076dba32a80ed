"""Hosts with configurations: from copies beside the logs, or scanned on each host; their reports and their story."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest

from benchmarks.fleet import OUTAGE, QUIET, shifted
from logsleuth import analyze
from logsleuth.errors import LogsleuthError
from logsleuth.logs.conf.of_hosts import Configurations
from logsleuth.options import Options
from logsleuth.pipeline import merge, scan_to
from logsleuth.report.render import render

if TYPE_CHECKING:
    from pathlib import Path

    from logsleuth.report.model import Report

HOSTS = [f"web{number}" for number in range(1, 9)]
HIT = HOSTS[:4]
COPY = "{host}/etc/apache2/apache2.conf"


@pytest.fixture(name="fleet")
def of_eight(tmp_path: Path) -> Path:
    """Eight hosts, of which four have an outage, mod_wsgi and few workers."""
    rng = random.Random(3)
    for host in HOSTS:
        folder = tmp_path / host / "etc" / "apache2" / "mods-enabled"
        folder.mkdir(parents=True)
        text = shifted(OUTAGE.read_text(), rng.uniform(0, 60)) if host in HIT else shifted(QUIET.read_text(), 0)
        (tmp_path / host / "error.log").write_text(text)
        few = host in HIT
        (folder.parent / "apache2.conf").write_text(
            f"MaxRequestWorkers {150 if few else 400}\nTimeout 60\nIncludeOptional mods-enabled/*.load\n"
            "<Directory /srv>\nLogLevel debug\nKeepAlive Off\n</Directory>\n"
        )
        (folder / "mpm.load").write_text("LoadModule mpm_prefork_module modules/mod_mpm_prefork.so\n")
        if few:
            (folder / "wsgi.load").write_text("LoadModule wsgi_module modules/mod_wsgi.so\n")
    return tmp_path


def together(fleet: Path) -> Report:
    logs = [fleet / host / "error.log" for host in HOSTS]
    return analyze(logs, tz="UTC", httpd_conf=fleet / COPY)


def text_of(report: Report) -> tuple[str, ...]:
    (incident,) = report.incidents
    assert incident.fleet is not None
    return incident.fleet.text


def test_what_configurations_set_apart_is_told(fleet: Path) -> None:
    text = text_of(together(fleet))
    assert "All 4 hosts hit have MaxRequestWorkers 150; all 4 spared have MaxRequestWorkers 400." in text
    assert "All 4 hosts hit load wsgi_module; all 4 spared do not load it." in text
    assert not any("Timeout" in sentence or "LogLevel" in sentence or "KeepAlive" in sentence for sentence in text)


def test_each_hosts_configuration_is_in_json(fleet: Path) -> None:
    hosts = {host["host"]: host for host in json.loads(render(together(fleet), "json"))["hosts"]}
    assert hosts["web1"]["configuration"] == {
        "MPM": "prefork", "LogLevel": "warn", "MaxRequestWorkers": "150", "Timeout": "60",
        "mpm_prefork_module": "loaded", "wsgi_module": "loaded",
    }  # fmt: skip
    assert "wsgi_module" not in hosts["web8"]["configuration"]


def test_a_hosts_own_report_uses_its_own_configuration(fleet: Path) -> None:
    (incident,) = together(fleet).incidents
    assert (incident.pool, incident.pool_source) == (150, "from the configuration")


def test_scanned_where_they_are_the_hosts_tell_the_same(fleet: Path) -> None:
    tallies = []
    for host in HOSTS:
        options = Options((fleet / host / "error.log",), tz="UTC", httpd_conf=str(fleet / COPY).replace("{host}", host))
        tallies.append(fleet / f"{host}.tally")
        tallies[-1].write_bytes(scan_to(options, host, "none"))
    merged = merge(tallies)
    assert text_of(merged) == text_of(together(fleet))
    (incident,) = merged.incidents
    assert (incident.pool, incident.pool_source) == (150, "from the configuration")


def test_redaction_at_the_scan_holds_for_the_configuration(fleet: Path) -> None:
    conf = fleet / "web1" / "etc" / "apache2" / "apache2.conf"
    conf.write_text(
        conf.read_text() + "<VirtualHost *:80>\nServerName shop.acme-corp.com\nLogLevel debug\n</VirtualHost>"
    )
    options = Options((fleet / "web1" / "error.log",), tz="UTC", httpd_conf=conf)
    (fleet / "a.tally").write_bytes(scan_to(options, "web1", "default"))
    notes = " ".join(merge([fleet / "a.tally"]).notes)
    assert "LogLevel debug" in notes
    assert "acme" not in notes


def test_a_missing_and_a_broken_configuration_are_notes(fleet: Path) -> None:
    (fleet / "web7" / "etc" / "apache2" / "apache2.conf").write_text('ErrorLogFormat "%{x"')
    (fleet / "web8" / "etc" / "apache2" / "apache2.conf").unlink()
    notes = together(fleet).notes
    assert "There is no configuration file of web8." in notes
    assert any(note.startswith("The configuration of web7 was not read: not a log format of httpd's") for note in notes)


def test_a_path_of_no_file_is_a_mistake(fleet: Path) -> None:
    with pytest.raises(LogsleuthError, match=r"no configuration file is at .*httpd\.conf"):
        analyze([fleet / "web1"], httpd_conf=fleet / "{host}" / "httpd.conf")


@pytest.mark.parametrize("name", ["..", "../web1", "a/b", "", "a\0b", "\\\\there\\web1"])
def test_a_line_that_names_a_host_leads_to_no_other_file(fleet: Path, name: str) -> None:
    configurations = Configurations(str(fleet / "web1" / "{host}" / "apache2" / "apache2.conf"))
    assert configurations.settings("etc") is not None
    assert configurations.settings(name) is None


def test_a_log_is_read_by_its_own_hosts_format(fleet: Path) -> None:
    conf = fleet / "web2" / "etc" / "apache2" / "apache2.conf"
    conf.write_text('ErrorLogFormat "%{cu}t <%l> <%-m> %M"\nErrorLog /var/log/apache2/error.log\n')
    (fleet / "web2" / "error.log").write_text("2026-11-23 12:00:00.000001 <error> <core> boom\n" * 3)
    (web2,) = (log for log in together(fleet).logs if "web2" in log.path)
    assert (web2.format, web2.unparsed) == ("httpd-custom", 0)
