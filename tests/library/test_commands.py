"""A value of a log is never more than part of one word of a command, in whatever place of it."""

import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logsleuth.library.commands import Command, command, instruction, word

SHELLS = [shell for shell in ("sh", "bash", "zsh", "fish") if shutil.which(shell)]
TEXTS = st.text(st.sampled_from("ab /'\"\\$`(){}!;|&<>*?~#=-%\n\t\x1b\udcffé…"), max_size=12)


def printed(shell: str, words: list[str]) -> list[str]:
    """What a shell makes of the words of a command line."""
    script = f"printf '%s\\n' {' '.join(words)}"
    done = subprocess.run([shell, "-c", script], capture_output=True, timeout=60, check=True)
    return done.stdout.decode("utf-8", "surrogateescape").split("\n")[:-1]


def shown(value: str) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in value)


@pytest.mark.parametrize("shell", SHELLS)
@settings(max_examples=20)
@given(st.lists(TEXTS, min_size=1, max_size=30))
def test_a_word_is_one_word_to_every_shell(shell: str, values: list[str]) -> None:
    words = [word(value) for value in values]
    assert printed(shell, words) == [shown(value) for value in values]


@pytest.mark.parametrize(
    "place", ["{x}", "'{x}'", '"{x}"', "a{x}b", "'a {x} b'", '"a {x} b"', "\"$(printf %s '{x}')\""]
)
@pytest.mark.parametrize("shell", SHELLS)
@settings(max_examples=10)
@given(st.lists(TEXTS.filter(lambda text: not text.startswith("-") and text.strip()), min_size=1, max_size=30))
def test_a_slot_in_quotes_takes_the_value_as_it_is(shell: str, place: str, values: list[str]) -> None:
    whole = command(
        " ".join(place.replace("x", f"x{n}") for n in range(len(values))), {f"x{n}": v for n, v in enumerate(values)}
    )
    around = place.replace("\"$(printf %s '{x}')\"", "{x}").strip("'\"")
    assert printed(shell, [whole]) == [around.replace("{x}", shown(value)) for value in values]


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("sed -n '{x}p' f", "sed -n 'Xp' f"),
        ("sed {x} f", "sed X f"),
        ("python3.11 -c 'import {x}'", "python3.11 -c 'import X'"),
        ("sudo -u www-data /srv/venv/bin/python -c '{x}'", "sudo -u www-data /srv/venv/bin/python -c 'X'"),
        ("sh -c '{x}'", "sh -c 'X'"), ("ls | xargs rm {x}", "ls | xargs rm X"), ("ssh {x} uptime", "ssh X uptime"), ("eval {x}", "eval X"),
        ("awk '{x}' f", "awk 'X' f"), ("echo $'{x}'", "echo $'X'"), ("echo ${{x}}", "echo ${X}"), ("echo `ls {x}`", "echo `ls X`"),
        ("cat <<E\n{x}\nE", "cat <<E\nX\nE"), ("echo $(({x}))", "echo $((X))"), ("ls 'it {x}", "ls 'it X"), ("ls a # it's {x}", "ls a # it's X"),
    ],
)  # fmt: skip
def test_where_a_program_of_another_language_stands_the_slot_keeps_its_name(template: str, filled: str) -> None:
    assert command(template, {"x": "e id; x"}) == filled


def test_a_program_takes_numbers_and_python_takes_names_of_modules() -> None:
    assert command("sed -n '{line}p' f", {"line": "12"}) == "sed -n '12p' f"
    assert command("python3 -c 'import {module}'", {"module": "shop.cart"}) == "python3 -c 'import shop.cart'"
    assert command("perl -e 'use {module}'", {"module": "shop"}) == "perl -e 'use MODULE'"


def test_what_follows_a_program_is_a_value_like_any_other() -> None:
    assert command("sed -n 1p '{file}'", {"file": "/a b"}) == "sed -n 1p '/a b'"
    assert command("perl -c {file}", {"file": "/a b"}) == "perl -c '/a b'"
    assert (
        command("python3 -m zipfile -t '{file}'  # is it whole?", {"file": "/a b"})
        == "python3 -m zipfile -t '/a b'  # is it whole?"
    )


def test_a_value_is_no_option() -> None:
    assert command("ls -l {file}", {"file": "-rf"}) == "ls -l ./-rf"
    assert command("curl '{host}:{port}'", {"host": "-o/etc/x", "port": "80"}) == "curl './-o/etc/x:80'"
    assert command("ls {folder}/{file}", {"folder": "/srv", "file": "-x"}) == "ls /srv/-x"


def test_a_slot_without_a_value_is_seen() -> None:
    assert command("namei -l '{path}'", {}) == "namei -l 'PATH'"


def test_variables_and_curls_own_names_are_no_slots() -> None:
    assert (
        command("curl -w '%{http_code}' {url}", {"http_code": "x", "url": "http://a/"})
        == "curl -w '%{http_code}' http://a/"
    )


def test_an_instruction_takes_plain_words_only() -> None:
    text = "Run restorecon -v {path}, or reset {unit}."
    assert instruction(text, {"path": "/srv/www", "unit": "x; reboot"}) == "Run restorecon -v /srv/www, or reset UNIT."


def test_a_changed_value_is_quoted_as_the_first_one_was() -> None:
    made = Command("ls '{path}'", (("path", "/srv/a'b"),))
    assert made == "ls '/srv/a'\\''b'"
    assert made.with_values(lambda value: value.replace("a'b", "it's")) == "ls '/srv/it'\\''s'"
