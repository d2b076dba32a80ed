"""Each rule of the lint finds what it is for, and is silent on a pattern that is right."""

from collections.abc import Collection

import pytest
from click.testing import CliRunner

from logsleuth.authoring.lint.addresses import real_names
from logsleuth.authoring.lint.regexes import slowest
from logsleuth.authoring.lint.run import RULES, lint, summary
from logsleuth.authoring.lint.worst_inputs import worst_inputs
from logsleuth.cli.patterns import command
from logsleuth.library.parse import parse_pattern
from logsleuth.library.pattern import Library

HEAD = "[Tue Mar 03 14:02:11.120001 2020] [shop:error] [pid 7:tid 7] [client 192.0.2.7:1] "
RIGHT = f"""
id = 'shop.till'
title = 'The till is jammed'
role = 'symptom'
references = ['shop: src/till.c']
leads_to = ['shop.queue']
[scope]
modules = ['shop', '']
[[match]]
contains = 'till is jammed'
regex = '''^the till is jammed by (?P<what>\\w{{1,40}})$'''
[explain]
summary = 'The till was jammed by {{what}}.'
cause = 'Somebody put in what is no money.'
[[example]]
log = '{HEAD}the till is jammed by coins'
[[counter_example]]
log = '{HEAD}the till is open'
"""
QUEUE = RIGHT.replace("shop.till", "shop.queue").replace("till is jammed", "queue is long")
QUEUE = QUEUE.replace("leads_to = ['shop.queue']", "")


def findings(text: str, other: str = QUEUE, rules: Collection[str] = RULES) -> list[str]:
    """What is found about a pattern that lives with another one: rule and problem."""
    patterns = (parse_pattern(text, "till.toml"), parse_pattern(other, "queue.toml"))
    return [f"{f.rule}: {f.problem}" for f in lint(Library(patterns, ""), patterns[:1], rules)]


def test_a_right_pattern_has_no_findings() -> None:
    assert findings(RIGHT) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("^the till", "the till", "anchor: match 1: 'regex' does not begin with ^"),
        ("^the till", "(?:^the|a) till", "anchor: match 1: 'regex' does not begin with ^"),
        ("regex =", "#", "anchor: match 1 has no 'regex'"),
        ("^the till is", "^.*till.*is", "greed: match 1: two unbounded '.*'"),
        ("^the till", "^(?!x)the till", "linear: match 1: 'regex': (?!…) looks around: put what must not be there into"),
        ("\\w{1,40}", "(?:\\w+,?)+", "greed: match 1: a repeat within a repeat"),
        ("\\w{1,40})$", "(?:\\w+,?)+)$", "speed: match 1: 'regex' takes"),
        ("^the till", "the till", "forgery: a request can forge it"),
        ("192.0.2.7", "8.8.8.8", "address: example 1 holds '8.8.8.8'"),
        ("by coins", "by coins of shop.acme.com", "address: example 1 holds 'shop.acme.com'"),
        ("'till is jammed'", "'till'", "literal: match 1: 'contains' 'till' is a word of less than 6 characters"),
        ("['shop.queue']", "['shop.queu']", "link: 'leads_to' names 'shop.queu', which does not exist: did you mean"),
        ("['shop.queue']", "['shop.till']", "link: 'leads_to' names the pattern itself"),
        ("'symptom'", "'cause'", "words: a cause needs a 'category'"),
        ("'symptom'", "'cause'", "words: [explain] lacks 'confirm', 'fix', 'prevent'"),
        ("summary =", "#", "words: [explain] lacks 'summary'"),
        ("{what}", "{who}", "place: {who} in [explain] is no capture"),
        ("summary =", "confirm = [\"awk '{what}' x\"]\nsummary =", "command: {what} would be read as part of a program"),
        ("references =", "#", "reference: no 'references'"),
        ("shop: src/till.c", "I was told", "reference: 'I was told' is neither an address nor a source file"),
        ("[[counter_example]]", "[[example]]", "words: no [[counter_example]]"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(old: str, new: str, told: str) -> None:
    assert old in RIGHT
    rules = RULES if told.startswith("speed") else [name for name in RULES if name != "speed"]
    found = findings(RIGHT.replace(old, new), rules=rules)
    assert any(problem.startswith(told) for problem in found), found


@pytest.mark.parametrize(("anchor", "rules"), [("^", []), ("", ["forgery"])])
def test_a_pattern_of_nginx_is_tried_on_lines_of_nginx(anchor: str, rules: list[str]) -> None:
    text = RIGHT.replace("modules = ['shop', '']", "sources = ['nginx']").replace("^the till", f"{anchor}the till")
    pattern = parse_pattern(text.replace("{1,40})$", "{1,40})"), "till.toml")
    assert [found.rule for found in lint(Library((pattern,), ""), [pattern], ["forgery"])] == rules


def test_links_that_go_round_are_told_with_their_way() -> None:
    back = QUEUE.replace("title", "leads_to = ['shop.till']\ntitle", 1)
    assert "cycle: 'leads_to' comes back to where it began: shop.till -> shop.queue -> shop.till" in findings(
        RIGHT, back
    )


def test_two_patterns_for_one_line_are_told_unless_they_are_linked() -> None:
    twin = RIGHT.replace("shop.till", "shop.drawer").replace("leads_to = ['shop.queue']", "")
    alone = RIGHT.replace("leads_to = ['shop.queue']", "")
    told = findings(alone, twin)
    assert any(problem.startswith("duplicate: match 1 is also in shop.drawer") for problem in told)
    assert any(problem.startswith("overlap: example 1 is matched by shop.drawer too") for problem in told)
    linked = findings(RIGHT.replace("'shop.queue'", "'shop.drawer'"), twin)
    assert not any(problem.startswith("overlap") for problem in linked)


@pytest.mark.parametrize(
    "regex",
    [r"(a+)+$", r"^(?:\w+\s?)*$", r"(x|xx)+y", r"^[^)]*\)", r"a.*b.*c.*d", r"\s+$", r"foo\w*bar"],
)
def test_slow_regexes_are_found_by_inputs_made_of_their_own_parts(regex: str) -> None:
    assert slowest(regex, limit=0.2) is not None


@pytest.mark.parametrize("regex", [r"^abc (\d+)", r"^(?:AH\d{5}: )?x{1,9}[^\n]*y", r"^[^)\n]{1,80}\)", r"plain"])
def test_linear_regexes_pass(regex: str) -> None:
    assert slowest(regex) is None


def test_worst_inputs_are_as_long_as_asked_and_none_twice() -> None:
    texts = worst_inputs(r"^(?:a+|b{20,})c?(?P<d>[^d]*)d", 1000)
    assert len(texts) == len(set(texts)) > 4
    assert all(1000 <= len(text) <= 1001 for text in texts)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("[client 192.0.2.7:1] from 10.1.2.3 to [::1]:80 and 2001:db8::7", []),
        ("see https://www.apache.org/ and http://shop.example.org/x", []),
        ("[client 93.184.216.34:1]", ["93.184.216.34"]),
        ("[client 2a00:1450:4001::1]", ["2a00:1450:4001::1"]),
        ("Chrome/120.0.0.0 and DB::Cache and 12:30:01", []),
        ("mail to joe@acme.de", ["acme.de"]),
        ("https://shop.acme.dev/x", ["shop.acme.dev"]),
    ],
)
def test_real_names_are_told_from_those_for_documentation(text: str, names: list[str]) -> None:
    assert real_names(text) == names


def test_the_summary_names_pattern_file_rule_and_line() -> None:
    pattern = parse_pattern(RIGHT.replace("^the till", "the till"), "till.toml")
    text = summary(lint(Library((pattern,), ""), [pattern], ["anchors", "forgery"]))
    assert text.startswith("shop.till (till.toml)\n    anchor: match 1")
    assert "/srv/www/the till is jammed by coins" in text


def test_a_rule_that_does_not_exist_is_told() -> None:
    result = CliRunner().invoke(command, ["lint", "--skip", "nonsense"])
    assert "no rule 'nonsense'" in str(result.exception)


FAULT = RIGHT.replace("role = 'symptom'", "role = 'cause'\ncategory = 'disk-full'").replace(
    "cause =", "confirm = ['df -h']\nfix = 'Make room.'\nprevent = 'Watch it.'\ncause ="
)
CHATTER = QUEUE.replace("role = 'symptom'", "role = 'noise'").replace("queue is long", "till is jammed")


@pytest.mark.parametrize(
    ("chatter", "swallows"),
    [
        (CHATTER, True),
        (CHATTER.replace("title =", "fallback = true\ntitle ="), False),
        (CHATTER.replace("jammed", "jarred"), False),
        (CHATTER.replace("role = 'noise'", "role = 'symptom'"), False),
    ],
)
def test_noise_that_takes_the_line_of_a_fault_is_found(chatter: str, swallows: bool) -> None:
    found = findings(chatter, FAULT, ["swallows"])
    assert [
        problem.startswith("swallow: it is noise, and takes a line of example 1 of shop.till") for problem in found
    ] == ([True] if swallows else [])
