"""Options that are set once: files, the environment, and what wins."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from logsleuth.cli.commands import cli
from logsleuth.cli.settings import values
from logsleuth.errors import LogsleuthError

LOG = str(Path(__file__).resolve().parent.parent.parent / "sample_logs" / "crash-prefork.log")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "logsleuth").mkdir()
    return tmp_path / "logsleuth" / "config.toml"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def of(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_the_environment_wins_over_a_named_file_and_that_over_the_users(tmp_path: Path) -> None:
    system, own, named = (
        of(tmp_path / "a", "tz = 'UTC'\njobs = 1\nlost = '5%'"), of(tmp_path / "b", "tz = 'Asia/Tokyo'\njobs = 2"), of(tmp_path / "c", "tz = 'Europe/Bern'"),
    )  # fmt: skip
    found = {
        value.setting.name: (value.value, value.origin)
        for value in values(str(named), {"LOGSLEUTH_TZ": "Z"}, [system, own])
    }
    assert found == {"tz": ("Z", "LOGSLEUTH_TZ"), "jobs": (2, str(own)), "lost": ("5%", str(system))}


def test_lists_of_a_variable_are_words_of_a_shell() -> None:
    (value,) = values(None, {"LOGSLEUTH_PATTERNS": "/srv/a '/srv/b c'"}, [])
    assert value.value == ("/srv/a", "/srv/b c")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("jobbs = 1", "did you mean 'jobs'?"), ("nonsense = 1", "there are tz, patterns"), ("tz = 1", "tz must be a string"),
        ("jobs = true", "jobs must be a number"), ("patterns = [1]", "patterns must be a list of strings"), ("tz = ", "Invalid value"),
        ("a = " + "[" * 5000, ""),
    ],
)  # fmt: skip
def test_a_mistake_is_reported_with_its_file(text: str, problem: str, tmp_path: Path) -> None:
    path = of(tmp_path / "x.toml", text)
    with pytest.raises(LogsleuthError) as raised:
        values(str(path), {}, [])
    assert str(path) in str(raised.value)
    assert problem in str(raised.value)


def test_a_named_file_must_exist_and_the_usual_ones_need_not(tmp_path: Path) -> None:
    assert values(None, {}, [tmp_path / "missing"]) == ()
    with pytest.raises(LogsleuthError, match="cannot read"):
        values(str(tmp_path / "missing"), {}, [])


def test_a_setting_is_the_option_of_a_command(home: Path) -> None:
    of(home, "tz = 'Asia/Tokyo'")
    assert "Asia/Tokyo" in run("analyze", LOG).output
    assert "Asia/Tokyo" not in run("analyze", LOG, "--tz", "UTC").output


def test_config_shows_values_and_origins(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    of(home, "jobs = 2")
    monkeypatch.setenv("LOGSLEUTH_REDACT", "strict")
    shown = run("config").output
    assert f"2  ({home})" in shown
    assert "strict  (LOGSLEUTH_REDACT)" in shown


def test_a_mistake_in_the_settings_is_unknown_to_a_supervisor(home: Path) -> None:
    of(home, "nonsense = 1")
    result = run("check", LOG)
    assert result.exit_code == 3
    assert result.output.startswith("LOGSLEUTH UNKNOWN - ")


def test_colour_can_be_forced_and_forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "")
    monkeypatch.setenv("FORCE_COLOR", "")
    assert "\x1b[" in run(LOG, "--color", "always").output
    assert "\x1b[" not in run(LOG, "--color", "never").output


def test_verbose_says_what_was_read_and_quiet_nothing() -> None:
    assert "110 lines as httpd-2.4" in run(LOG, "-v").stderr
    assert not run(LOG, "-q").stderr.strip()
