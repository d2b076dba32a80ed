"""Shell syntax in every field of every pattern, through every command that is printed, in real shells."""

import html
import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from logsleuth.authoring.explain import Meaning, of_lines
from logsleuth.cli.commands import cli
from logsleuth.cli.explain import _whole
from logsleuth.library.cards import shipped_cards
from logsleuth.library.commands import Command
from logsleuth.library.load import load_library
from logsleuth.library.pattern import Library, Pattern
from logsleuth.library.slot import SLOT
from logsleuth.redaction.pseudonyms import Pseudonyms
from tests.report.attacks import write

SHELLS = [shell for shell in ("sh", "bash", "zsh", "fish") if shutil.which(shell)]
DONE = "echo the end"
ATTACKS = [
    "$(>PWN)", "`>PWN`", "'; >PWN; '", '"; >PWN; "', "x; >PWN", "x\n>PWN\n", "| >PWN", "& >PWN &", "&& >PWN #", "<(>PWN)", "a[$(>PWN)]",
    "\\'; >PWN; \\'", '\\"; >PWN; \\"', "\\$(>PWN)", "\\`>PWN\\`", "'\"'\"'; >PWN; '", "'$(>PWN)", '"$(>PWN)', "\\", "'", '"', "`", "$(", "${IFS}$(>PWN)",
    ">PWN", "> PWN", "token=b'; >PWN #", "password=a $(>PWN)", "${x:=$(>PWN)}", "$((a[$(>PWN)]))", "\r>PWN\r", "é$(>PWN)", "\udcff$(>PWN)", "-x$(>PWN)",
]  # fmt: skip


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


@pytest.mark.parametrize("shell", SHELLS)
def test_no_command_of_any_pattern_runs_what_a_field_says(shell: str, library: Library, tmp_path: Path) -> None:
    commands = [made for pattern in library.patterns for attack in ATTACKS for made in every_command(pattern, attack)]
    assert len(commands) > 1000
    run(shell, commands, tmp_path)


@pytest.mark.parametrize("shell", SHELLS)
def test_no_redacted_command_runs_it_either(shell: str, library: Library, tmp_path: Path) -> None:
    names = Pseudonyms("strict", ["PWN", "srv"])
    commands = [
        made.with_values(lambda value: names.text(value, ours=True))
        for pattern in library.patterns
        for attack in ATTACKS
        for made in every_command(pattern, attack)
    ]
    run(shell, commands, tmp_path)


def every_command(pattern: Pattern, attack: str) -> Iterator[Command]:
    """The commands of a pattern that have slots, each filled with an attack, alone and behind a path."""
    for template in pattern.explain.confirm:
        slots = SLOT.findall(template)
        for value in (attack, f"/srv/{attack}") if slots else ():
            yield Command(template, tuple((slot, value) for slot in slots))


@pytest.fixture(scope="module")
def explained(library: Library) -> list[str]:
    """The commands that `explain` prints for hostile lines; reading them takes a minute, so all shells share them."""
    meanings: list[Meaning] = []
    for pattern in library.patterns:
        if any(map(SLOT.search, pattern.explain.confirm)):
            for line in hostile_lines(pattern, ATTACKS[:4]):
                meanings += of_lines(library, line).meanings
    return [line[11:] for meaning in meanings for line in _whole(meaning) if line[11:] in meaning.checks]


@pytest.mark.parametrize("shell", SHELLS)
def test_explain_prints_nothing_that_runs_what_the_line_says(shell: str, explained: list[str], tmp_path: Path) -> None:
    assert len(explained) > 200
    run(shell, explained, tmp_path)


def hostile_lines(pattern: Pattern, attacks: Sequence[str]) -> Iterator[str]:
    """The examples of a pattern, with an attack in place of each field, or behind it."""
    for example in pattern.examples:
        for value in example.fields.values():
            if value and example.log.count(value) == 1:
                for attack in attacks:
                    yield example.log.replace(value, value + attack)


@pytest.mark.parametrize("style", ["text", "markdown", "html", "json"])
@pytest.mark.parametrize("redact", ["none", "default", "strict"])
def test_no_report_prints_a_command_that_runs_what_the_log_says(style: str, redact: str, tmp_path: Path) -> None:
    log = write(tmp_path, [attack for attack in ATTACKS if attack.isprintable()])
    options = ["--patterns", str(tmp_path), "--tz", "UTC", "-f", style, "--redact", redact, "--full"]
    done = CliRunner(env={"COLUMNS": "4000"}).invoke(cli, ["analyze", str(log), *options])
    assert done.exit_code == 0
    commands = checks_in(done.output, style)
    assert len(commands) > 20
    run("sh", commands, tmp_path)


def checks_in(printed: str, style: str) -> list[str]:
    """The commands of the test pattern, as a report shows them."""
    if style == "json":
        return [check for incident in json.loads(printed)["incidents"] for check in incident["actions"]["confirm"]]
    if style == "html":
        blocks = re.findall(r'<pre class="commands">(.*?)</pre>', printed, re.DOTALL)
        printed = html.unescape("\n".join(blocks))
    return [found.strip() for found in re.findall(r"^[\s\w]*?((?:stat|namei -l) .*)", printed, re.MULTILINE)]


def test_no_card_fills_in_anything() -> None:
    """A card's advice is a sentence that stands as it is written; if cards get slots, they belong among these tests."""
    cards = shipped_cards()
    found = [card for code in cards.codes() if (card := cards.by_code(code)) is not None]
    assert not [card.id for card in found if SLOT.search(card.meaning) or SLOT.search(card.action)]


def run(shell: str, commands: Sequence[str], folder: Path) -> None:
    """Run commands as if they were pasted, on a machine without any program, and see that no attack went off."""
    assert commands
    (folder / "PWN").unlink(missing_ok=True)
    if not went_well(shell, commands, folder):
        bad = next((line for line in commands if not went_well(shell, [line], folder)), "only all of them together")
        pytest.fail(f"{shell} runs what the log says, or waits for a quote to be closed:\n{bad}")


def went_well(shell: str, commands: Sequence[str], folder: Path) -> bool:
    lines = [line.replace("/usr/", "/none/").replace("kill", "none").replace("exec", "none") for line in commands]
    script = "\n".join((*lines, DONE)).encode("utf-8", "surrogateescape")
    path = folder / "script"
    path.write_bytes(script + b"\n")
    program = shutil.which(shell)
    assert program
    done = subprocess.run(
        [program, path], cwd=folder, env={"PATH": "/none"}, capture_output=True, timeout=120, check=False
    )
    return done.stdout.endswith(b"the end\n") and not (folder / "PWN").exists()
