"""Reading one pattern file: each mistake is told in a sentence that names the key, what is wrong and what is right."""

import pytest

from logsleuth.library.mistakes import Mistakes
from logsleuth.library.parse import parse_pattern, read_pattern
from logsleuth.library.pattern import CATEGORIES, ROLES, SEVERITIES, SHOWS, SOURCES, WORKER_STATES, Pattern

WHOLE = """
id = 'shop.till.jammed'
title = 'The till is jammed'
role = 'cause'
category = 'backend-down'
severity = 'critical'
alone = true
references = ['https://example.org/till']
leads_to = ['shop.queue.long']
refines = ['shop.till.slow']
groups = ['till']
aliases = ['shop.till.stuck']

[scope]
modules = ['shop', '']
levels = ['error']
sources = ['httpd']

[[match]]
contains = 'the till is jammed'
regex = '''the till is jammed by (?P<what>\\w+), child (?P<pid>\\d+)'''

[[match]]
contains = 'no receipt comes out'

[worker]
state = 'hung'
subject = 'pid'

[explain]
summary = '{workers} of {pool} tills are jammed by {what}.'
cause = 'Coins of the wrong size.'
confirm = ['lsof -p {pid}', 'ps']
fix = 'Shake it.'
prevent = 'Take cards.'

[[example]]
fields = { what = 'coins', pid = 12 }
log = '''
[Tue Mar 03 14:02:11.120001 2020] [shop:error] [pid 7:tid 7] the till is jammed by coins, child 12
'''

[[counter_example]]
log = 'nothing of the kind'

[if_everybody]
title = 'All tills are jammed'
role = 'cause'
category = 'process-limit'
severity = 'critical'
summary = 'No till works.'
cause = 'New coins.'
confirm = ['ls coins']
fix = 'Bring the old coins back.'
prevent = 'Try new coins at one till.'
"""

LEAST = """
id = 'shop.till.jammed'
title = 'The till is jammed'
role = 'cause'

[[match]]
contains = 'the till is jammed'
"""


def mistakes(text: str) -> list[str]:
    """All sentences on a file that is wrong."""
    with pytest.raises(Mistakes) as told:
        read_pattern(text)
    return told.value.sentences


def mistake(text: str) -> str:
    """The one sentence on a file in which one thing is wrong."""
    (sentence,) = mistakes(text)
    return sentence


def with_key(line: str) -> str:
    """The least file, with one more key at its top."""
    return f"{line}\n{LEAST}"


def without(key: str) -> str:
    """The least file, without one of its keys."""
    return "".join(line for line in LEAST.splitlines(keepends=True) if not line.startswith(key))


def test_a_whole_file_is_read_as_it_stands() -> None:
    pattern = parse_pattern(WHOLE, "mine.toml", trusted=False)
    assert (pattern.id, pattern.title, pattern.area) == ("shop.till.jammed", "The till is jammed", "shop")
    assert (pattern.role, pattern.category, pattern.severity) == ("cause", "backend-down", "critical")
    assert pattern.alone
    assert (pattern.leads_to, pattern.refines) == (("shop.queue.long",), ("shop.till.slow",))
    assert (pattern.groups, pattern.aliases) == (("till",), ("shop.till.stuck",))
    assert pattern.scope.modules == ("shop", "")
    assert [match.contains for match in pattern.matches] == ["the till is jammed", "no receipt comes out"]
    assert pattern.matches[1].regex is None
    assert pattern.worker is not None
    assert (pattern.worker.state, pattern.worker.subject) == ("hung", "pid")
    assert pattern.explain.confirm == ("lsof -p {pid}", "ps")
    assert pattern.examples[0].fields == {"what": "coins", "pid": "12"}
    assert pattern.examples[0].log.endswith("child 12")
    assert [example.log for example in pattern.counter_examples] == ["nothing of the kind"]
    assert pattern.if_everybody is not None
    assert (pattern.if_everybody.title, pattern.if_everybody.category) == ("All tills are jammed", "process-limit")
    assert pattern.if_everybody.explain.confirm == ("ls coins",)
    assert pattern.if_unannounced is None
    assert (pattern.origin, pattern.trusted) == ("mine.toml", False)


def test_what_a_message_means_in_other_circumstances_is_checked_too() -> None:
    table = "[if_everybody]\ntitle = 'x'\nrole = 'cause'\ncategory = 'backend-dow'\nseverity = 'minor'\n"
    assert mistakes(LEAST + table) == [
        "in if_everybody: 'cause' is missing",
        "'if_everybody.category' 'backend-dow' is unknown: did you mean 'backend-down'?",
    ]


def test_a_case_of_an_explanation_keeps_what_it_does_not_replace() -> None:
    text = f"{LEAST}regex = '(?P<why>x|y)'\n[explain]\ncause = 'either'\nfix = 'look'\n"
    case = "[[explain.when]]\nfields = ['why']\ncontain = ['x']\ncause = 'the one'\nconfirm = ['ls']\n"
    explain = parse_pattern(text + case, "").explain
    assert (explain.cause, explain.fix, explain.confirm) == ("either", "look", ())
    (one,) = explain.cases
    assert (one.fields, one.contain) == (("why",), ("x",))
    assert (one.explain.cause, one.explain.fix, one.explain.confirm) == ("the one", "look", ("ls",))


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        ("fields = ['what']\ncontain = ['x']\nfix = 'y'", "in explain.when 1: 'what' is no capture of any match"),
        ("fields = ['why']\ncontain = []\nfix = 'y'", "in explain.when 1: 'contain' is missing"),
        ("fields = ['why']\ncontain = ['x']", "in explain.when 1: it says nothing of its own"),
        ("beside = ['shop.pump.leaks']\nfields = ['why']\nfix = 'y'", "in explain.when 1: 'contain' is missing"),
        ("beside = ['shop.pump.leaks']", "in explain.when 1: it says nothing of its own"),
        ("fields = 'why'\ncontain = ['x']\nfix = 'y'", "in explain.when 1: 'fields' must be a list of strings"),
        ("fields = ['why']\ncontain = ['x']\nfixx = 'y'\nfix = ''", "in explain.when 1: unknown key 'fixx'"),
    ],
)
def test_a_case_that_can_never_fit_or_says_nothing_is_told(case: str, sentence: str) -> None:
    text = f"{LEAST}regex = '(?P<why>x|y)'\n[[explain.when]]\n{case}"
    assert mistake(text).startswith(sentence)


def test_what_a_file_leaves_out_has_a_default() -> None:
    pattern = parse_pattern(LEAST, "")
    assert pattern == Pattern("shop.till.jammed", "The till is jammed", "cause", pattern.matches)
    assert (pattern.category, pattern.severity, pattern.worker) == (None, "minor", None)


def test_a_file_that_only_switches_off_needs_no_more_than_its_id() -> None:
    assert read_pattern("id = 'shop.till.jammed'\ndisabled = true") == {"id": "shop.till.jammed", "disabled": True}


@pytest.mark.parametrize("key", ["id", "title", "role"])
def test_a_missing_key_is_named(key: str) -> None:
    assert mistake(without(key)) == f"'{key}' is missing"


def test_a_file_without_any_match_is_told_so() -> None:
    assert mistake(LEAST.split("[[match]]", maxsplit=1)[0]) == "'match' is missing"


@pytest.mark.parametrize("text", ["id = ", "id = 'a.b", "[scope", "id = 'a.b'\nid = 'a.c'", "\x00"])
def test_what_is_no_toml_is_told_with_its_place(text: str) -> None:
    sentence = mistake(text)
    assert sentence.startswith("not valid TOML: ")
    assert "(at " in sentence


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("titel = 'x'", "unknown key 'titel': did you mean 'title'?"),
        ("exampels = []", "unknown key 'exampels': did you mean 'example'?"),
        ("leadsto = []", "unknown key 'leadsto': did you mean 'leads_to'?"),
    ],
)
def test_an_unknown_key_is_met_with_a_guess(line: str, sentence: str) -> None:
    assert mistake(with_key(line)) == sentence


def test_an_unknown_key_like_none_is_met_with_the_list_of_all() -> None:
    sentence = mistake(with_key("qqqqqq = 1"))
    assert sentence.startswith("unknown key 'qqqqqq': known keys are id, title, role")
    assert "counter_example" in sentence


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("[scope]\nmodule = ['shop']", "in scope: unknown key 'module': did you mean 'modules'?"),
        (
            "[[match]]\ncontains = 'the till'\nregexp = 'x'",
            "in match 2: unknown key 'regexp': did you mean 'regex'?",
        ),
        ("[worker]\nstate = 'hung'\nsubjekt = 'pid'", "in worker: unknown key 'subjekt': did you mean 'subject'?"),
        ("[explain]\nprevention = 'x'", "in explain: unknown key 'prevention': did you mean 'prevent'?"),
        ("[[example]]\nlog = 'x'\nfield = {}", "in example 1: unknown key 'field': did you mean 'fields'?"),
        (
            "[[counter_example]]\nlog = 'x'\n[[counter_example]]\nlog = 'x'\nlogs = 'y'",
            "in counter_example 2: unknown key 'logs': did you mean 'log'?",
        ),
    ],
)
def test_an_unknown_key_of_a_table_names_the_table_and_which_of_them(table: str, sentence: str) -> None:
    assert mistake(LEAST + table) == sentence


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("category = 7", "'category' must be a string, not 7"),
        ("alone = 'yes'", "'alone' must be true or false, not 'yes'"),
        ("groups = 'till'", "'groups' must be a list of strings, not 'till'"),
        ("groups = ['till', 1]", "'groups' must be a list of strings, not ['till', 1]"),
        ("scope = 'httpd'", "'scope' must be a table, not 'httpd'"),
        ("example = 'x'", "'example' must be an array of tables, not 'x'"),
        ("example = ['x']", "'example' must be an array of tables, not ['x']"),
        ("explain = []", "'explain' must be a table, not []"),
    ],
)
def test_a_value_of_the_wrong_kind_is_told_with_the_right_one(line: str, sentence: str) -> None:
    assert mistake(with_key(line)) == sentence


def test_a_value_of_the_wrong_kind_within_a_table_is_told_with_the_table() -> None:
    assert mistake(f"{LEAST}[explain]\nconfirm = 'ps'") == "in explain: 'confirm' must be a list of strings, not 'ps'"
    assert mistake(f"{LEAST}[[example]]\nlog = 5") == "in example 1: 'log' must be a string, not 5"


def test_a_table_where_an_array_of_tables_belongs_is_told() -> None:
    sentence = mistake(f"{LEAST}[example]\nlog = 'x'")
    assert sentence.startswith("'example' must be an array of tables, not {")


def test_a_long_wrong_value_is_cut() -> None:
    assert len(mistake(with_key(f"alone = '{'x' * 500}'"))) < 120


@pytest.mark.parametrize("name", ["till", "Shop.till", "shop..till", "shop.till jammed", "shop_till.x", ".a.b"])
def test_an_id_that_is_no_dotted_lower_case_name_is_told_with_an_example(name: str) -> None:
    sentence = mistake(LEAST.replace("shop.till.jammed", name))
    assert f"'id' {name!r}" in sentence
    assert "dotted lower-case words, such as 'httpd.child.segfault'" in sentence


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("role = 'caus'", "'role' 'caus' is unknown: did you mean 'cause'?"),
        ("category = 'segfalt'", "'category' 'segfalt' is unknown: did you mean 'segfault'?"),
        ("severity = 'criticl'", "'severity' 'criticl' is unknown: did you mean 'critical'?"),
    ],
)
def test_a_word_that_is_none_of_the_known_ones_is_met_with_a_guess(line: str, sentence: str) -> None:
    assert mistake(with_key(line) if "role" not in line else f"{line}\n{without('role')}") == sentence


@pytest.mark.parametrize(
    ("key", "allowed"), [("role", ROLES), ("category", CATEGORIES), ("severity", SEVERITIES)]
)  # fmt: skip
def test_a_word_like_none_of_the_known_ones_is_met_with_the_list(key: str, allowed: tuple[str, ...]) -> None:
    sentence = mistake(f"{key} = 'qqqq'\n{without(key)}")
    assert sentence == f"'{key}' 'qqqq' is unknown: it is one of {', '.join(allowed)}"


@pytest.mark.parametrize(
    ("key", "allowed"), [("role", ROLES), ("category", CATEGORIES), ("severity", SEVERITIES)]
)  # fmt: skip
def test_every_known_word_is_taken(key: str, allowed: tuple[str, ...]) -> None:
    for word in allowed:
        assert getattr(parse_pattern(f"{key} = '{word}'\n{without(key)}", ""), key) == word


def test_a_source_that_is_unknown_is_met_with_a_guess() -> None:
    assert mistake(f"{LEAST}[scope]\nsources = ['httpd', 'ngnix']") == (
        "'scope.sources' 'ngnix' is unknown: did you mean 'nginx'?"
    )
    assert parse_pattern(f"{LEAST}[scope]\nsources = {list(SOURCES)}", "").scope.sources == SOURCES


def test_what_a_line_shows_is_one_of_a_few_words() -> None:
    assert mistake(with_key("shows = ['kernel']")) == "'shows' 'kernel' is unknown: did you mean 'kernel-log'?"
    assert parse_pattern(with_key(f"shows = {list(SHOWS)}"), "").shows == SHOWS


def test_a_workers_state_that_is_unknown_is_met_with_a_guess() -> None:
    assert mistake(f"{LEAST}[worker]\nstate = 'crash'") == (
        "'worker.state' 'crash' is unknown: did you mean 'crashed'?"
    )
    for state in WORKER_STATES:
        worker = parse_pattern(f"{LEAST}[worker]\nstate = '{state}'", "").worker
        assert worker is not None
        assert (worker.state, worker.subject) == (state, "reporter")


def test_a_worker_without_a_state_is_told() -> None:
    assert mistake(f"{LEAST}[worker]\nsubject = 'reporter'") == "in worker: 'state' is missing"


def test_a_worker_whose_subject_is_no_capture_is_told_what_it_may_be() -> None:
    sentence = mistake(f"{LEAST}regex = '(?P<child>x)'\n[worker]\nstate = 'hung'\nsubject = 'pid'")
    assert "in worker: 'subject' 'pid' is no capture of any match" in sentence
    assert "'reporter'" in sentence


def test_a_literal_that_is_too_short_is_told_how_long_it_must_be() -> None:
    sentence = mistake(LEAST.replace("the till is jammed", "abc"))
    assert sentence.startswith("in match 1: 'contains' must be at least 4 characters")
    assert parse_pattern(LEAST.replace("the till is jammed", "abcd"), "").matches[0].contains == "abcd"


def test_a_match_without_a_literal_is_told() -> None:
    assert mistake(f"{LEAST}[[match]]\nregex = 'x'") == "in match 2: 'contains' is missing"
    assert mistake(LEAST.replace("the till is jammed", "")) == "in match 1: 'contains' is missing"


def test_a_literal_that_is_not_ascii_is_told_why() -> None:
    assert mistake(LEAST.replace("the till is jammed", "die Kasse für alle")) == (
        "in match 1: 'contains' must be ASCII (httpd escapes the rest as \\xhh)"
    )


@pytest.mark.parametrize(
    "regex", ["(", "[a", "(?P<a>x)(?P<a>y)", "a**", "(?<x)", "x{99999999999999999999}", "(" * 5000]
)
def test_a_regex_that_does_not_compile_is_told_with_the_reason(regex: str) -> None:
    sentence = mistake(f"{LEAST}regex = '''{regex}'''")
    assert sentence.startswith("in match 1: 'regex' does not compile: ")
    assert len(sentence) > len("in match 1: 'regex' does not compile: ")


@pytest.mark.parametrize("kind", ["example", "counter_example"])
def test_an_example_without_a_log_is_told(kind: str) -> None:
    assert mistake(f"{LEAST}[[{kind}]]\nlog = 'x'\n[[{kind}]]") == f"in {kind} 2: 'log' is missing"


def test_all_mistakes_are_told_at_once() -> None:
    text = """
    titel = 'x'
    id = 'Till'
    role = 'caus'
    severity = 3
    category = 'qqqq'
    [scope]
    sources = ['ngnix']
    [[match]]
    contains = 'ab'
    regex = '('
    [[match]]
    contains = 'Kasse für alle'
    [worker]
    state = 'dead'
    subject = 'pid'
    [explain]
    fixx = 'x'
    [[example]]
    """
    told = mistakes(text)
    parts = [
        "unknown key 'titel'", "'id' 'Till'", "'title' is missing", "'role' 'caus'", "'severity' must be a string",
        "'category' 'qqqq'", "'scope.sources' 'ngnix'", "match 1: 'contains'", "match 1: 'regex'",
        "match 2: 'contains' must be ASCII", "'worker.state' 'dead'",
        "'subject' 'pid'", "in explain: unknown key 'fixx'", "in example 1: 'log' is missing",
    ]  # fmt: skip
    for part in parts:
        assert sum(part in sentence for sentence in told) == 1, part
    assert len(told) == len(parts)
