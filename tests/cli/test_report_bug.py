"""The bundle for an issue: it has what is needed, and nothing that identifies anybody or opens anything."""

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from logsleuth import pipeline
from logsleuth.cli.commands import cli
from tests.redaction.secrets import SECRETS

SAMPLE = Path(__file__).resolve().parent.parent.parent / "sample_logs" / "crash-prefork.log"
HEAD = "[Tue Mar 03 14:02:{:02}.000001 2020] [php:error] [pid 2] [client 203.0.113.9:4000] "
FATAL = "PHP Fatal error:  Uncaught Exception: {} in /srv/acme-shop/customers/x.php:3"
PRIVATE = ("203.0.113.9", "acme-shop", "shop.acme-internal.net", "kim.lee@acme-internal.net", "acme-till")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["report-bug", *map(str, arguments)])


def opened(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def log_of_secrets(folder: Path) -> Path:
    """A log in a folder that names its owner, with secrets in lines that are known, unknown and of no format."""
    home = folder / "acme-till"
    home.mkdir()
    lines = [HEAD.format(second % 60) + FATAL.format(text) for second, (_, text, _) in enumerate(SECRETS)]
    lines += [
        f"{HEAD.format(5)}XY{number:03}: a message that nothing knows: {text}"
        for number, (_, text, _) in enumerate(SECRETS)
    ]
    lines += [text for _, text, _ in SECRETS]
    lines += [
        HEAD.format(6)
        + "AH01630: client denied, referer: https://shop.acme-internal.net/cart?mail=kim.lee@acme-internal.net"
    ]
    log = home / "error.log"
    log.write_text("\n".join(lines) + "\n")
    return log


@pytest.mark.parametrize("window", [(), ("--since", "2020-03-03 14:00", "--until", "2020-03-03 15:00")])
def test_nothing_private_is_in_it(window: tuple[str, ...], tmp_path: Path) -> None:
    bundle = tmp_path / "bug.zip"
    result = run(log_of_secrets(tmp_path), "-o", bundle, *window)
    assert result.exit_code == 0, result.output
    files = opened(bundle)
    assert {"README.txt", "about.json", "report.json", "lines.log"} <= files.keys()
    assert ("window.log" in files) is bool(window)
    everything = "\n".join(files.values())
    assert everything.count("PHP Fatal error") > 10
    held = json.loads(json.dumps(everything)).replace("\\\\", "\\")
    assert [kind for kind, _, secret in SECRETS if secret in everything or secret in held] == []
    assert [word for word in PRIVATE if word in everything] == []


def test_it_says_what_is_in_it_and_reproduces_the_verdict(tmp_path: Path) -> None:
    bundle = tmp_path / "bug.zip"
    result = run(SAMPLE, "-o", bundle)
    files = opened(bundle)
    assert all(name in result.output and name in files["README.txt"] for name in files if name != "README.txt")
    about = json.loads(files["about.json"])
    assert about["versions"].keys() >= {"logsleuth", "scan", "python", "system", "regex"}
    report = json.loads(files["report.json"])
    assert str(SAMPLE) not in files["report.json"]
    (tmp_path / "lines.log").write_text(files["lines.log"])
    again = CliRunner().invoke(cli, ["analyze", str(tmp_path / "lines.log"), "-f", "json"])
    assert json.loads(again.output)["incidents"][0]["category"] == report["incidents"][0]["category"]


def test_a_log_that_is_refused_makes_one_too(tmp_path: Path) -> None:
    log, bundle = tmp_path / "postgres.txt", tmp_path / "bug.zip"
    log.write_text("well, password=hunter22hunter is no line of any log\n" * 40)
    assert run(log, "-o", bundle).exit_code == 0
    files = opened(bundle)
    assert files["problem.txt"].startswith("refused: ")
    assert files["lines.log"].count("\n") == 20
    assert "hunter22hunter" not in "".join(files.values())


def test_an_internal_error_makes_one_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("api_key=abcdef123456 in /srv/x.php")

    monkeypatch.setattr(pipeline, "run", broken)
    bundle = tmp_path / "bug.zip"
    assert run(SAMPLE, "-o", bundle).exit_code == 0
    problem = opened(bundle)["problem.txt"]
    assert problem.startswith("internal error: ZeroDivisionError: ")
    assert "test_report_bug.py:" in problem
    assert "abcdef123456" not in problem


def test_a_log_that_is_missing_makes_none(tmp_path: Path) -> None:
    result = run(tmp_path / "nosuch.log", "-o", tmp_path / "bug.zip")
    assert "no such file" in str(result.exception)
    assert not (tmp_path / "bug.zip").exists()
