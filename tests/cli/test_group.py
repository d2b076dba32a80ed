"""The command line as people expect it: a log for a command, help with names, completion, a doctor."""

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from logsleuth._version import __version__
from logsleuth.cli import health
from logsleuth.cli.commands import cli
from logsleuth.cli.health import Grade, examine

LOG = str(Path(__file__).resolve().parent.parent.parent / "sample_logs" / "crash-prefork.log")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments), prog_name="logsleuth")


def test_a_log_in_place_of_a_command_is_analysed() -> None:
    assert run(LOG, "--tz", "UTC").output == run("analyze", LOG, "--tz", "UTC").output


def test_a_misspelt_command_is_suggested() -> None:
    result = run("anlyze")
    assert result.exit_code == 2
    assert "did you mean 'analyze'?" in result.output


def test_a_log_that_is_missing_is_reported_as_such() -> None:
    result = run("nosuch.log")
    assert "no such file: nosuch.log" in str(result.exception)


def test_options_may_come_before_the_log() -> None:
    assert run("--tz", "UTC", LOG).output == run("analyze", LOG, "--tz", "UTC").output
    assert "No such option '--tz'" in run("--tz", "UTC", "check", LOG).output, "check is not analyze"


@pytest.mark.parametrize("words", [(), ("analyze",), ("patterns", "list")])
def test_help_is_a_word_as_well(words: tuple[str, ...]) -> None:
    assert run("help", *words).output == run(*words, "--help").output


def test_a_word_of_explain_that_is_misspelt_is_suggested() -> None:
    result = run("explain", "stale-eg")
    assert (result.exit_code, "did you mean 'stale-egg'?" in result.output) == (1, True)


@pytest.mark.parametrize(
    ("option", "name", "meant"), [("--role", "couse", "cause"), ("--category", "stale", "stale-egg")]
)
def test_a_filter_that_is_misspelt_is_suggested(option: str, name: str, meant: str) -> None:
    assert f"'{name}'; did you mean '{meant}'?" in str(run("patterns", "list", option, name).exception)


@pytest.mark.parametrize("option", ["-V", "--version"])
def test_the_version(option: str) -> None:
    assert run(option).output.startswith("logsleuth, version ")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_its_completion(shell: str) -> None:
    result = run("completion", shell)
    assert result.exit_code == 0
    assert "_LOGSLEUTH_COMPLETE" in result.output


def test_the_manual_has_every_option_of_the_help() -> None:
    manual = run("man", "analyze").output
    assert manual.startswith('.TH "LOGSLEUTH\\-ANALYZE" "1"')
    for option in ("--since", "--redact", "--color", "--exit-code"):
        assert option.replace("-", "\\-") in manual
    assert all(f"\\fB{name}\\fR" in run("man").output for name in ("analyze", "check", "doctor", "man"))


@pytest.mark.parametrize("name", ["analyze", "check", "watch", "patterns", None])
def test_no_line_of_the_manual_is_an_unknown_request(name: str | None) -> None:
    lines = run("man", *filter(None, [name])).output.splitlines()
    requests = {line.split()[0] for line in lines if line.startswith((".", "'"))}
    assert requests <= {".TH", ".SH", ".B", ".PP", ".TP", ".nf", ".fi"}


@pytest.mark.parametrize("name", ["x.pdf", "x.DOCX", "x.xlsx"])
def test_a_format_that_is_not_written_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    result = run("analyze", LOG, "-o", str(path))
    assert "no report has this format" in str(result.exception)
    assert not path.exists()


def test_the_doctor_notices_the_program_of_the_same_name(monkeypatch: pytest.MonkeyPatch) -> None:
    versions = {health.NAMESAKE: "9.9", health.DISTRIBUTION: None}
    monkeypatch.setattr(health, "_version_of", versions.get)
    (finding,) = (finding for finding in examine() if finding.grade is Grade.BROKEN)
    assert "another program" in finding.text
    assert run("doctor").exit_code == 2


def test_the_doctor_is_content_with_this_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_version_of", {health.DISTRIBUTION: __version__}.get)
    assert run("doctor").exit_code == 0


def test_the_doctor_knows_the_command_of_its_own_virtual_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "python").symlink_to(sys.executable)
    (tmp_path / "logsleuth").write_text("")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setattr("shutil.which", lambda _: str(tmp_path / "logsleuth"))
    (finding,) = [one for one in examine() if one.subject == "command"]
    assert finding.grade is Grade.GOOD


def test_the_doctor_says_how_well_logs_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "FOLDERS", (str(Path(LOG).parent),))
    found = [finding.text for finding in examine() if finding.subject == "logs"]
    assert any(LOG in text for text in found)


@pytest.mark.parametrize("style", ["text", "markdown", "brief", "html"])
def test_a_window_without_lines_is_reported_as_such(style: str) -> None:
    result = run(LOG, "--tz", "UTC", "--since", "2h", "--format", style)
    assert result.exit_code == 0
    assert "No line was written within the times asked for" in result.output
    assert "the log is empty" not in result.output
    assert "Nothing wrong found" not in result.output


def test_an_extra_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "logsleuth.agents.server", raising=False)
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    assert "pip install 'logsleuth-httpd[mcp]'" in str(run("mcp").exception)
