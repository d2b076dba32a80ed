"""Templates of one's own: the example, what they may use, and that neither they nor a log gets out of the sandbox."""

from pathlib import Path

import pytest

import logsleuth
from logsleuth.errors import LogsleuthError
from logsleuth.report.model import Report
from logsleuth.report.render import render
from tests.report.attacks import TEXTS, write

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLE = ROOT / "docs" / "templates" / "ticket.md.jinja"


@pytest.fixture(scope="module")
def report() -> Report:
    return logsleuth.analyze([ROOT / "sample_logs" / "stale-egg-2009.log"], tz="UTC")


def made(report: Report, folder: Path, text: str, name: str = "own.txt.jinja", **more: str) -> str:
    (folder / name).write_text(text)
    return render(report, "text", template=str(folder / name), **more)  # type: ignore[arg-type]


def test_the_example_makes_a_ticket(report: Report) -> None:
    shown = render(report, "text", template=str(EXAMPLE))
    assert shown.lstrip().startswith("## [critical] Zipped egg replaced under a running worker\n")
    assert "* **Is it over?** Yes, at 18:16:28: a restart ended it.\n" in shown
    assert "198.51.100." not in shown, "made for others, so redacted"
    quiet = logsleuth.analyze([ROOT / "sample_logs" / "quiet-day.log"], tz="UTC")
    assert render(quiet, "text", template=str(EXAMPLE)).strip() == "Nothing to report."


def test_redaction_can_be_switched_off(report: Report, tmp_path: Path) -> None:
    text = "{{ report.incidents[0].evidence[0].text }}"
    assert "host-1" in made(report, tmp_path, text)
    assert "198.51.100.68" in made(report, tmp_path, text, redact="none")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("x\n{% for %}", 2), ("{{ report.nothing }}", 1), ("x\n\n{{ nothing }}", 3), ("{{ 1 / 0 }}", 1), ("{{ report.incidents[99].id }}", 1),
        ("{{ ''.__class__.__mro__ }}", 1), ("\n{{ answers.__globals__ }}", 2), ("{{ report.__init__.__globals__ }}", 1),
        ("{{ cycler.__init__.__globals__.os.popen('id').read() }}", 1), ("{% for x in range(10**9) %}x{% endfor %}", 1),
        ("{{ 'a' * 10**9 }}", 1), ("{{ 'a' * 1000000000 }}", 1), ("{{ [1] * 1000000000 }}", 1), ("{{ 10 ** 10 ** 10 }}", 1), ("{{ '%1000000000d' % 1 }}", 1), ("{{ '%*d' % (1000000000, 1) }}", 1),
        ("{{ '%1000000000d' | format(1) }}", 1), ("{{ 'x' | center(1000000000) }}", 1), ("{{ 'x' | indent(1000000000) }}", 1), ("{{ lipsum(n=100000) }}", 1),
        ("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", 1),
        ("{% for a in range(999) %}{% for b in range(999) %}{{ 'x' * 1000 }}{% endfor %}{% endfor %}", 1),
        ("{{ report.incidents[0].evidence.append(1) }}", 1), ("{% include '../../etc/passwd' %}", 1), ("{{ 'x' | int('a') | plural }}", 1),
    ],
)  # fmt: skip
def test_what_is_wrong_or_forbidden_is_told_with_its_line(text: str, line: int, report: Report, tmp_path: Path) -> None:
    with pytest.raises(LogsleuthError) as told:
        made(report, tmp_path, text)
    assert told.value.message.startswith(f"{tmp_path / 'own.txt.jinja'}:{line}: ")


def test_a_template_that_is_not_there_is_told(report: Report, tmp_path: Path) -> None:
    with pytest.raises(LogsleuthError, match="no such template"):
        render(report, "text", template=str(tmp_path / "none.jinja"))


def test_the_text_of_a_log_is_never_read_as_a_template_nor_acts(tmp_path: Path) -> None:
    texts = [text for text in TEXTS if "{{" in text or "{%" in text or "<script>" in text or "\x1b" in text]
    told = logsleuth.analyze([write(tmp_path, texts)], tz="UTC", patterns=[tmp_path])
    lines = "{% for i in report.incidents %}{% for e in i.evidence %}{{ e.text }}\n{% endfor %}{% endfor %}"
    plain = made(told, tmp_path, lines, redact="none")
    assert all(char.isprintable() or char == "\n" for char in plain)
    assert "{{ report }}" in plain
    page = made(told, tmp_path, f"<pre>{lines}</pre>", "own.html.jinja", redact="none")
    assert page.count("<") == 2
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
