"""What a line, a code, a pattern or a category means; which patterns came near, and why they did not match."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from logsleuth import load_patterns
from logsleuth.authoring.explain import answer, of_lines
from logsleuth.authoring.near import near
from logsleuth.authoring.search import search
from logsleuth.cli.explain import command as explain
from logsleuth.cli.patterns import command as patterns
from logsleuth.library.cards import load_cards

LIBRARY = load_patterns()
CARDS = load_cards()
NEW = "[Tue Mar 03 14:02:11.120001 2020] [core:notice] [pid 4711:tid 4711] AH00052: child pid 4720 exit signal {}"
OLD = "[Tue Mar 03 14:02:11 2009] [error] server reached MaxClients setting, consider raising the MaxClients setting"
NGINX = (
    "2020/03/03 14:02:11 [error] 7#7: *7 connect() failed (111: Connection refused) while connecting to upstream, "
    'client: 192.0.2.7, server: example.org, request: "GET / HTTP/1.1", upstream: "http://127.0.0.1:8080/"'
)


@pytest.mark.parametrize("pasted", ["**AH00072**", "AH00072:", "AH00072 :", "`AH00072`", "(AH00072)", "ah00072"])
def test_a_code_is_known_with_what_is_pasted_around_it(pasted: str) -> None:
    found = answer(LIBRARY, CARDS, pasted)
    assert (found.what, found.asked) == ("code", "AH00072")


def run(*arguments: str, text: str = "") -> Result:
    return CliRunner().invoke(explain, list(arguments), input=text)


@pytest.mark.parametrize(
    ("asked", "what", "pattern"),
    [
        (OLD, "line", "httpd.capacity.max-clients"),
        (NEW.format("Segmentation fault (11)"), "line", "httpd.child.segfault"),
        ("child pid 4720 exit signal Segmentation fault (11)", "line", "httpd.child.segfault"),
        (NGINX, "line", "nginx.upstream.refused"),
        ("AH00161", "code", "httpd.capacity.max-request-workers"),
        ("ah161", "code", "httpd.capacity.max-request-workers"),
        ("httpd.child.segfault", "pattern", "httpd.child.segfault"),
        ("segfault", "category", "httpd.child.segfault"),
    ],
)
def test_what_is_asked_is_understood(asked: str, what: str, pattern: str) -> None:
    found = answer(LIBRARY, CARDS, asked)
    assert found.what == what
    assert pattern in [meaning.pattern.id for meaning in found.meanings]


def test_the_command_tells_why_and_what_to_do_with_captures_filled_in() -> None:
    result = run(NEW.format("Segmentation fault (11)"))
    assert result.exit_code == 0
    for part in ("httpd.child.segfault", "Why", "Check", "Now", "For good", "Source"):
        assert part in result.output


def test_a_routine_line_needs_nothing_to_be_done() -> None:
    start = "[Tue Mar 03 14:02:11.120001 2026] [mpm_event:notice] [pid 811] AH00489: Apache/2.4.62 configured -- resuming normal operations"
    assert "Now      Routine: nothing to do.\n" in run(start).output
    denied = "[Tue Mar 03 14:02:11.120001 2026] [authz_core:error] [pid 811] [client 192.0.2.7:5] AH01630: client denied by server configuration: /srv/x"
    assert "Now      Routine: nothing to do, unless nearly all clients get it.\n" in run(denied).output
    assert "Routine" not in run(NEW.format("Segmentation fault (11)")).output


def test_a_card_shows_the_message_of_the_line_and_for_a_code_the_template_of_it() -> None:
    line = "[Tue Mar 03 14:02:11.120001 2026] [proxy:error] [pid 811] [client 192.0.2.7:5] (111)Connection refused: AH00896: failed to make connection to backend: 10.0.0.7"
    assert run(line).output.startswith("failed to make connection to backend: 10.0.0.7\n  AH00896: ")
    assert "failed to make connection to backend: %s\n  AH00896: " in run("AH00896").output


def test_several_lines_come_from_standard_input() -> None:
    assert "MaxClients reached" in run("-", text=OLD + "\n").output


def test_what_nobody_knows_is_said_so() -> None:
    code = run("AH99999")
    assert "No pattern or card knows AH99999" in code.output
    line = run(OLD.replace("reached", "went far past"))
    assert "No pattern or card knows this" in line.output
    assert "near     httpd.capacity.max-clients" in line.output
    assert code.exit_code == line.exit_code == 1


def test_no_control_character_of_a_line_reaches_the_terminal() -> None:
    line = NEW.format("\x1b[31m Segmentation fault (11)")
    assert "\x1b" not in run(line).output
    assert "\x1b" not in CliRunner().invoke(patterns, ["explain", line]).output


@pytest.mark.parametrize(
    ("text", "name", "problem"),
    [
        (NEW.format("Dizziness (99)").replace("child pid", "child"), "httpd.child.other-signal", "then wants"),
        (NEW.format("Segmentation (11)"), "httpd.child.segfault", "where the text has 'Segmentation (11)'"),
        (
            NEW.format("Aborte (6)").replace("signal ", "signal of "),
            "httpd.child.abort",
            "the literal 'exit signal Abo",
        ),
        (
            NEW.format("Segmentation fault (11)").replace("core:notice", "shop:debug"),
            "httpd.child.segfault",
            "[scope] modules",
        ),
    ],
)
def test_a_pattern_that_is_near_tells_which_part_does_not_fit(text: str, name: str, problem: str) -> None:
    (said,) = of_lines(LIBRARY, text).said
    problems = {one.pattern.id: one.problem for one in near(LIBRARY, said, most=20)}
    assert problem in problems[name]


def test_a_search_finds_by_any_word_titles_first() -> None:
    assert search(LIBRARY, ["egg", "replaced"])[0].id == "python.zipimport.bad-local-file-header"
    assert search(LIBRARY, ["no", "such", "words", "anywhere-at-all"]) == []


def test_where_tells_layers_and_what_they_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    own = tmp_path / "logsleuth" / "patterns"
    own.mkdir(parents=True)
    (own / "off.toml").write_text("id = 'httpd.child.segfault'\ndisabled = true\n")
    (own / "none.toml").write_text("id = 'shop.none'\ndisabled = true\n")
    (own / "bad.toml").write_text("id = 'shop.bad'\n")
    output = CliRunner().invoke(patterns, ["where"]).output
    assert f"user       {own}: 3 files, 0 patterns in force" in output
    assert f"switches off httpd.child.segfault ({own}{os.sep}off.toml)" in output
    assert "switches off shop.none, which is not there" in output
    assert "wrong      " in output
