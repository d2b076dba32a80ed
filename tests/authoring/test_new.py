"""New patterns made of lines of log: they pass at once, and name nobody."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from logsleuth.authoring.anonymous import StandIns
from logsleuth.authoring.draft import Words, draft, read_entry
from logsleuth.authoring.lint.addresses import real_names
from logsleuth.authoring.skeleton import skeleton
from logsleuth.cli.patterns import command
from logsleuth.errors import LogsleuthError
from logsleuth.library.parse import parse_pattern

HEAD = "[Tue Mar 03 14:02:11.120001 2020] [shop:error] [pid 7:tid 7] [client 93.184.216.34:40112] "
LINES = {
    "numbers, paths and addresses": HEAD + "cannot reach till 17 at 8.8.4.4:80 (/srv/www/x.php), giving up after 3.5s",
    "an errno and a code": HEAD.split("[client", maxsplit=1)[0]
    + "(111)Connection refused: AH09999: frobnicating of backend db7.acme.com failed: 'it' \"odd\"",
    "2.2": "[Tue Mar 03 14:02:11 2009] [error] [client 93.184.216.34] mod_frob: cannot frob 'x y' within 30 seconds",
    "no head": "frobd: could not open the frob device, giving up",
    "regex characters and quotes": HEAD + "frob [x] (y) {z} ^$ a|b *.* it''s over\\n",
    "a traceback": "\n".join(
        HEAD + text
        for text in ("Traceback (most recent call last):", '  File "/srv/till.py", line 3, in open', "till.TillError: till 7 stuck")
    ),
    "nginx": '2020/03/03 14:02:11 [error] 7#7: *9 frobbing of the upstream failed, client: 93.184.216.34, server: shop.acme.com',
}  # fmt: skip


def new(*arguments: str, text: str = "") -> Result:
    return CliRunner().invoke(command, ["new", *arguments], input=text)


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_a_new_pattern_passes_test_and_lint_and_names_nobody(line: str, tmp_path: Path) -> None:
    result = new("--line", line, "--out", str(tmp_path))
    assert result.exit_code == 0, result.output
    (file,) = tmp_path.rglob("*.toml")
    assert real_names(file.read_text()) == []
    assert "acme" not in file.read_text()
    assert CliRunner().invoke(command, ["check", str(file)]).exit_code == 0


def test_a_cause_passes_too_and_holds_what_was_said(tmp_path: Path) -> None:
    line = LINES["numbers, paths and addresses"]
    words = [
        "--role",
        "cause",
        "--category",
        "backend-down",
        "--id",
        "shop.no-till",
        "--title",
        "It's off",
        "--cause",
        "Why",
    ]
    assert new("--line", line, "--out", str(tmp_path), *words).exit_code == 0
    pattern = parse_pattern((tmp_path / "shop" / "no-till.toml").read_text(), "")
    assert (pattern.role, pattern.category, pattern.title) == ("cause", "backend-down", "It's off")
    assert pattern.explain.cause == "Why"


def test_without_a_line_it_asks(tmp_path: Path) -> None:
    answers = [LINES["2.2"], "shop.frob", "cause", "disk-full", "critical", "Frobbing stopped", "", "", ""]
    assert new("--out", str(tmp_path), text="\n".join(answers) + "\n").exit_code == 0
    assert "category   = 'disk-full'" in (tmp_path / "shop" / "frob.toml").read_text()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--line", HEAD.replace("shop", "core") + "AH00128: File does not exist: /srv/x"], "this line is known"),
        (["--line", HEAD + "17 18 19"], "too little of this line"),
        (["--line", "frob one is lost\nfrob two is lost"], "2 entries, not one"),
        (["--line", HEAD + "the frob is lost", "--id", "httpd.child.segfault"], "there is a pattern"),
        (["--line", HEAD + "the frob is lost", "--role", "disaster"], "'role' 'disaster' is unknown"),
        (["--line", HEAD + "the frob is lost", "--id", "Frob"], "'id' 'Frob' must be"),
    ],
)
def test_what_cannot_be_made_is_told(tmp_path: Path, arguments: list[str], told: str) -> None:
    result = new("--out", str(tmp_path), *arguments)
    assert told in str(result.exception)
    assert list(tmp_path.iterdir()) == []


def test_no_file_is_overwritten(tmp_path: Path) -> None:
    place = tmp_path / "shop" / "frob.toml"
    place.parent.mkdir()
    place.write_text("mine")
    assert "exists" in str(new("--line", LINES["2.2"], "--id", "shop.frob", "--out", str(tmp_path)).exception)
    assert place.read_text() == "mine"


@given(st.text(st.characters(min_codepoint=32, max_codepoint=0x17F, blacklist_characters="\x7f"), max_size=80))
@settings(max_examples=150)
def test_whatever_the_message_its_skeleton_matches_it(words: str) -> None:
    text = f"the frob {words} is lost"
    made = skeleton(text)
    assert made is not None
    assert re.search(made.regex, text)
    assert made.contains in text


@given(st.text(st.characters(min_codepoint=32, max_codepoint=0x17F, blacklist_characters="\x7f"), max_size=60))
@settings(max_examples=100)
def test_whatever_the_message_its_file_can_be_read(words: str) -> None:
    line = f"{HEAD}the frob is lost: {words}."
    try:
        made = draft(read_entry(line), Words(title=words), seen="error.log")
    except LogsleuthError:
        return
    pattern = parse_pattern(made.text, made.path)
    assert pattern.examples[0].log == made.log
    assert re.search(pattern.matches[0].regex or "", read_entry(made.log).text)


def test_the_same_name_gets_the_same_stand_in() -> None:
    names = StandIns()
    assert names.text("[client 93.184.216.34:1] from 93.184.216.34 to 2a00:1450::1") == (
        "[client 192.0.2.1:1] from 192.0.2.1 to 2001:db8::2"
    )
    assert names.text("again 93.184.216.34, mail joe@acme.de") == "again 192.0.2.1, mail user1@example.org"


def test_drafts_begin_with_what_the_report_shows_as_unknown(tmp_path: Path) -> None:
    log = tmp_path / "error.log"
    usual = [f"[Tue Mar 03 14:{n:02}:11 2009] [info] the clock struck {n}" for n in range(50)]
    grave = [f"[Tue Mar 03 14:5{n}:12 2009] [crit] the frob is lost in room {n}" for n in range(3)]
    log.write_text("\n".join([*usual, *grave, ""]))
    out = tmp_path / "drafts"
    result = CliRunner().invoke(command, ["draft", str(log), "--out", str(out), "--top", "1"])
    assert result.exit_code == 0, result.output
    assert [path.name for path in out.rglob("*.toml")] == ["the-frob-lost-room.toml"]
