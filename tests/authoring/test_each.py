"""What each line means by itself: by a pattern, else by a card, else by level and module."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from logsleuth import load_patterns
from logsleuth.authoring.each import Explainer, Known
from logsleuth.authoring.lint.forgery import FORMS, lines
from logsleuth.cli.explain import command
from logsleuth.library.cards import load_cards
from tests.library.test_card_parse import CARD, HEAD

LIBRARY = load_patterns()
FULL = "[Tue Mar 03 14:02:11 2009] [error] server reached MaxClients setting, consider raising the MaxClients setting"
TILL = "[Tue Mar 03 14:02:11.120001 2020] [till:{}] [pid 4711:tid 4711] {}"
UP = (
    "[Tue Mar 03 14:02:11.120001 2020] [mpm_event:notice] [pid 1:tid 1] AH00489: Apache/2.4.62 (Unix) configured -- "
    "resuming normal operations"
)


@pytest.fixture
def till(tmp_path: Path) -> Path:
    (tmp_path / "codes").mkdir()
    (tmp_path / "codes" / "till.toml").write_text(HEAD + CARD)
    return tmp_path


def explained(folder: Path, *lines: str) -> list[Known]:
    return list(Explainer(LIBRARY, load_cards([folder])).each(line.encode() for line in lines))


def test_a_pattern_speaks_in_a_sentence_of_its_own(till: Path) -> None:
    (one,) = explained(till, FULL)
    assert one.known_by[0] == "httpd.capacity.max-clients"
    assert (one.category, one.role, one.about, one.phase) == ("worker-exhaustion", "capacity", "server", "serving")
    assert "{" not in one.meaning
    assert one.meaning.endswith(".")


def test_a_card_speaks_where_no_pattern_does(till: Path) -> None:
    (one,) = explained(till, TILL.format("error", "[client 192.0.2.7:40112] TL007: till 3 is jammed (drawer)"))
    assert one == Known(1, ("TL007",), None, "cause", "server", "serving", "major",
                        "The drawer does not open, so nobody can pay there.")  # fmt: skip


def test_the_card_of_the_message_adds_its_sentence_since_a_pattern_may_stand_for_many(till: Path) -> None:
    lines = [
        TILL.replace("till:", "proxy_balancer:").format("emerg", f"(22)Invalid argument: {message}")
        for message in ("AH01185: worker slotmem_create failed", "AH01179: balancer slotmem_create failed")
    ]
    one, other = explained(till, *lines)
    assert one.known_by == ("proxy.balancer.slotmem-failed", "AH01185")
    assert one.category == other.category == "config-error"
    assert one.meaning != other.meaning


def test_of_two_patterns_the_one_that_names_the_fault_better_speaks(till: Path) -> None:
    line = (
        "[Tue Mar 03 14:02:11.120001 2020] [php7:error] [pid 4711] [client 192.0.2.7:40112] PHP Fatal error:  Unknown: "
        "Failed opening required '/srv/www/x.php' (include_path='.') in Unknown on line 0"
    )
    (one,) = explained(till, line)
    assert one.known_by == ("php.script-denied",)
    assert one.category == "permission-denied"


def test_every_line_gets_its_answer_in_order(till: Path) -> None:
    found = explained(till, FULL, "", "no such words anywhere", FULL)
    assert [one.line for one in found] == [1, 2, 3, 4]
    assert [bool(one.known_by) for one in found] == [True, False, False, True]
    assert found[1].meaning == ""


@pytest.mark.parametrize(
    ("before", "level", "text", "meaning", "phase"),
    [
        ((), "emerg", "TL999: no drawer", "cannot start, or cannot go on", "start"),
        ((UP,), "emerg", "TL999: no drawer", "cannot start, or cannot go on", "serving"),
        ((), "error", "TL999: no drawer", "a problem of the server, not of a request", "serving"),
        (
            (),
            "error",
            "[client 192.0.2.7:40112] TL999: no drawer",
            "about one client's request, at level error",
            "serving",
        ),
        ((), "crit", "TL999: no drawer", "a condition that needs action", "serving"),
        ((), "info", "TL999: counted", "for information; it is no failure", "serving"),
    ],
)
def test_what_nothing_knows_gets_what_level_and_module_prove(
    till: Path, before: tuple[str, ...], level: str, text: str, meaning: str, phase: str
) -> None:
    one = explained(till, *before, TILL.format(level, text))[-1]
    assert one.known_by == ()
    assert one.category is None
    assert one.meaning.startswith("The module till reports")
    assert meaning in one.meaning
    assert one.phase == phase


def test_an_emergency_after_a_stop_and_before_the_next_start_refused_the_start(till: Path) -> None:
    stop = "[Tue Mar 03 14:02:11.120001 2020] [mpm_event:notice] [pid 1:tid 1] AH00491: caught SIGTERM, shutting down"
    one = explained(till, UP, stop, TILL.format("emerg", "TL999: no drawer"))[-1]
    assert one.meaning == "The module till reports an emergency before the server is up: the server did not start."
    assert one.severity == "critical"


def test_forged_lines_are_explained_as_what_they_are(till: Path) -> None:
    """A code, or a message with its code, in a URL, a referer or a name makes neither pattern nor card speak of it."""
    words = ("TL007: till 3 is jammed (drawer)", "AH00161: server reached MaxRequestWorkers setting")
    for form in FORMS:
        for one in explained(till, *(line for each in words for line in lines(form, each))):
            assert not {"TL007", "httpd.capacity.max-clients"} & set(one.known_by)


def run(*arguments: str, text: str = "") -> Result:
    return CliRunner().invoke(command, list(arguments), input=text)


def test_the_command_writes_one_json_object_a_line(tmp_path: Path) -> None:
    (tmp_path / "error.log").write_text(f"{FULL}\nno such words\n")
    result = run("--each", str(tmp_path / "error.log"), "--format", "json")
    found = [json.loads(line) for line in result.output.splitlines()]
    assert [one["line"] for one in found] == [1, 2]
    assert list(found[0]) == ["line", "known_by", "category", "role", "about", "phase", "severity", "meaning"]
    assert found[1]["known_by"] == []
    assert result.exit_code == 0


def test_the_command_takes_standard_input_and_escapes_what_it_prints() -> None:
    result = run("--each", "-", text=f"{FULL}\n\x1b[31m no such words\n")
    assert "1: httpd.capacity.max-clients" in result.output
    assert "\x1b" not in result.output
    assert run("--each", "-", text="no such words\n").exit_code == 1


@pytest.mark.parametrize("arguments", [(), ("x", "--each", "y"), ("x", "--format", "json")])
def test_wrong_usage_is_refused(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_a_code_is_answered_by_its_card_and_a_wrong_one_by_codes_that_were_meant(till: Path) -> None:
    folder = ("--patterns", str(till))
    (till / "codes" / "wsgi.toml").write_text((HEAD + CARD).replace("TL007", "WSGI0999").replace("'till'", "'wsgi'"))
    known = run("wsgi999", *folder)
    assert known.exit_code == 0
    for part in ("till %d is jammed (%s)", "WSGI0999: wsgi, error, cause, major", "Pull the drawer", "mod_till.c"):
        assert part in known.output
    wrong = run("WSGI9099", *folder)
    assert wrong.exit_code == 1
    assert "WSGI0999  The drawer does not open" in wrong.output
