"""Configuration for supervisors: what they are told is what we can do, and they take it."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from logsleuth.cli.check import command as check
from logsleuth.cli.commands import cli
from logsleuth.cli.watch import command as watch
from logsleuth.errors import LogsleuthError
from logsleuth.library.platforms import Platform
from logsleuth.live.exposition import Figures
from logsleuth.probes.configs import PLACES, configs
from logsleuth.probes.host import Host, host
from logsleuth.probes.verify import COMMANDS, verify
from logsleuth.report.compose.probe.probe import REFUSES, Target, Watched, probe

HOST = Host(
    ("/var/log/apache2/error.log", "/var/log/apache2/other-vhosts_error.log"), "https://www.example.org:8443/health?deep=1",
    "apache2", "/run/apache2/apache2.pid", "/usr/bin/true",
)  # fmt: skip
KINDS = sorted(PLACES)


@pytest.mark.parametrize("kind", KINDS)
def test_its_own_program_takes_it(kind: str) -> None:
    fine, said = verify(kind, configs(kind, HOST))
    if fine is None:
        assert said.startswith("not checked: ")
        pytest.skip(said)
    assert fine, said


@pytest.mark.parametrize("kind", sorted(COMMANDS))
def test_a_mistake_is_told(kind: str) -> None:
    broken = tuple(
        type(config)(config.name, config.place, re.sub(r"status|ExecStart|expr", "wrong", config.text))
        for config in configs(kind, HOST)
    )
    fine, said = verify(kind, broken)
    if fine is None:
        pytest.skip(said)
    assert not fine
    assert "rejects it: " in said


@pytest.mark.parametrize("kind", KINDS)
def test_no_slot_is_left_and_both_layers_are_there(kind: str) -> None:
    text = "\n".join(config.text for config in configs(kind, HOST))
    assert "[[" not in text
    assert "Layer 1" in text
    assert "Layer 2" in text
    assert HOST.logs[0] in text
    assert "8443" in text


def ours() -> list[tuple[str, list[str]]]:
    """The options of each of our commands that a configuration runs."""
    found = []
    for kind in KINDS:
        for config in configs(kind, HOST):
            for line in config.text.splitlines():
                if not line.lstrip().startswith(("#", "//")):
                    found += [
                        (called[1], shlex.split(called[2]))
                        for called in re.finditer(r'/usr/bin/true (check|watch) ([^"\n]*)', line)
                    ]
    return found


def test_what_they_run_is_what_we_understand() -> None:
    assert len(ours()) >= 5
    for name, arguments in ours():
        context = (check if name == "check" else watch).make_context(name, list(arguments))
        assert context.params["logs"] == HOST.logs


def test_the_alerts_ask_for_metrics_that_there_are() -> None:
    (config,) = configs("prometheus", HOST)
    asked = set(re.findall(r"\b(logsleuth_\w+)", "\n".join(re.findall(r"expr: (.*)", config.text))))
    assert asked
    assert asked <= {metric.name for metric in Figures().collect()}


@pytest.mark.parametrize(
    "path", ["/var/log/my logs/error.log", "/x/$(id)", "/x/a;b", "/x/%h", "/x/é", '/x/"', "/x/\n", "/x/../y"]
)
def test_what_not_every_supervisor_can_name_is_refused(path: str) -> None:
    with pytest.raises(LogsleuthError, match="make a link to it with a plain name"):
        host((path,), "http://localhost/", "apache2", "")


@pytest.mark.parametrize(
    "url", ["localhost", "ftp://x/", "http://x/ y", 'http://x/"', "http://x/$HOME", "http://x:port/"]
)
def test_what_is_no_plain_url_is_refused(url: str) -> None:
    with pytest.raises(LogsleuthError, match="write it as http://localhost/health"):
        host(("/var/log/error.log",), url, "apache2", "")


def test_from_the_command_line(tmp_path: Path) -> None:
    shown = CliRunner().invoke(cli, ["probe", "monit", str(tmp_path / "error.log"), "--no-verify"])
    assert shown.exit_code == 0
    assert f"check --restart-only --restarts 3/1h {tmp_path}/error.log" in shown.output
    written = CliRunner().invoke(cli, ["probe", "systemd", "error.log", "-o", str(tmp_path / "units"), "--no-verify"])
    assert written.exit_code == 0
    assert sorted(path.name for path in (tmp_path / "units").iterdir()) == sorted(name for name, _ in PLACES["systemd"])
    assert str(Path("error.log").absolute()) in (tmp_path / "units" / "logsleuth-check.service").read_text()


@pytest.mark.skipif(shutil.which("monit") is None, reason="monit is not here")
@pytest.mark.parametrize("why_no_restart", ["", REFUSES])
@pytest.mark.parametrize("site", ["", "shop.example"])
@pytest.mark.parametrize("port", ["80", "443"])
def test_the_report_s_own_configuration_is_one(tmp_path: Path, port: str, site: str, why_no_restart: str) -> None:
    path = tmp_path / "monitrc"
    logs = [Watched("/var/log/httpd/error_log"), Watched("catalina.out", "other")]
    target = Target(port, "/shop", known="failed", site=site)
    text = probe(logs, Platform("red-hat"), target, why_no_restart)
    text = text.replace("/usr/local/bin/logsleuth", "/usr/bin/true")
    path.write_text(f"set daemon 60\nset idfile {tmp_path}/id\n{text}")
    path.chmod(0o600)
    done = subprocess.run(["monit", "-t", "-c", str(path)], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
