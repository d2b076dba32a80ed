"""The self-test of patterns: what is right passes, and each thing that is wrong is told, with its place."""

from dataclasses import replace

import pytest

from logsleuth.authoring import selftest
from logsleuth.authoring.selftest import Failure
from logsleuth.library.parse import parse_pattern
from logsleuth.library.pattern import Library, Pattern

NEW = "[Tue Mar 03 14:02:11.120001 2020] [shop:error] [pid 7:tid 7] [client 192.0.2.7:1] "
OLD = "[Tue Mar 03 14:02:11 2009] [error] [client 192.0.2.7] "


def pattern(
    name: str = "shop.till.jammed",
    literal: str = "the till is jammed",
    more: str = "",
    match: str = "",
    examples: tuple[str, ...] | None = None,
    counter: tuple[str, ...] = (),
) -> Pattern:
    """A pattern with examples; those left out: one that it matches."""
    shown = (f"log = '{NEW}{literal} by coins'",) if examples is None else examples
    text = (
        f"id = '{name}'\ntitle = 'x'\nrole = 'cause'\n{more}\n[[match]]\ncontains = '{literal}'\n{match}\n"
        + "".join(f"[[example]]\n{example}\n" for example in shown)
        + "".join(f"[[counter_example]]\n{example}\n" for example in counter)
    )
    return parse_pattern(text, f"{name}.toml")


def library(*patterns: Pattern) -> Library:
    return Library(tuple(sorted(patterns, key=lambda p: p.id)), digest="")


def problems(*patterns: Pattern, chosen: Pattern | None = None) -> list[Failure]:
    """The failures of the first pattern (or of one named) within the library of all."""
    return selftest.run(library(*patterns), [chosen or patterns[0]])


def problem(*patterns: Pattern) -> Failure:
    """The one failure."""
    (failure,) = problems(*patterns)
    return failure


def test_a_right_pattern_passes() -> None:
    right = pattern(
        match="regex = 'jammed by (?P<what>\\w+)'",
        examples=(f"log = '{NEW}the till is jammed by coins'\nfields = {{ what = 'coins' }}",),
        counter=(f"log = '{NEW}the till is jammed'", f"log = '{NEW}all is well'"),
    )
    assert problems(right) == []


def test_an_example_that_does_not_match_is_told() -> None:
    examples = (f"log = '{NEW}the till is jammed'", f"log = '{NEW}the till is fine'")
    failure = problem(pattern(more="[scope]\nmodules = ['shop']", examples=examples))
    assert (failure.pattern, failure.origin, failure.place) == (
        "shop.till.jammed",
        "shop.till.jammed.toml",
        "example 2",
    )
    assert failure.problem == "the pattern does not match its own example; nothing matches"
    assert "the till is fine" in failure.log


def test_an_example_that_another_pattern_matches_instead_names_the_other() -> None:
    one = pattern(more="[scope]\nmodules = ['bank']")
    failure = problem(one, pattern("shop.other"))
    assert failure.problem == "the pattern does not match its own example; these match: shop.other"


def test_a_field_that_is_not_as_stated_is_told_with_both() -> None:
    failure = problem(
        pattern(
            match="regex = 'jammed by (?P<what>\\w+)'",
            examples=(f"log = '{NEW}the till is jammed by coins'\nfields = {{ what = 'notes' }}",),
            more="[scope]\nmodules = ['shop']",
        )
    )
    assert failure.place == "example 1"
    assert failure.problem == "fields differ:\n        what  found   'coins'\n              stated  'notes'"


def test_a_field_that_is_captured_and_not_stated_is_told() -> None:
    failures = problems(
        pattern(
            match="regex = '(?P<who>till) is jammed by (?P<what>\\w+)'",
            examples=(f"log = '{NEW}the till is jammed by coins'\nfields = {{ what = 'coins' }}",),
        )
    )
    assert failures
    assert all("who  found   'till'\n              stated  nothing" in failure.problem for failure in failures)


def test_without_stated_fields_any_will_do() -> None:
    assert problems(pattern(match="regex = 'jammed by (?P<what>\\w+)'")) == []


def test_a_match_that_no_example_shows_is_told_with_its_number() -> None:
    failure = problem(pattern(match="[[match]]\ncontains = 'no receipt comes out'"))
    assert failure.place == "match 2"
    assert failure.problem == "no example shows [[match]] 2 ('no receipt comes out'); add one"


def test_a_pattern_without_examples_is_told() -> None:
    assert problem(pattern(examples=())).place == "match 1"


def test_a_counter_example_that_matches_is_told() -> None:
    failure = problem(pattern(counter=(f"log = '{NEW}all is well'", f"log = '{NEW}the till is jammed again'")))
    assert (failure.place, failure.problem) == ("counter-example 2", "it matches, and must not")
    assert "again" in failure.log


def test_what_only_a_referer_says_is_no_match() -> None:
    counter = (f"log = '{NEW}File does not exist: /srv/x, referer: http://x/the till is jammed'",)
    assert problems(pattern(counter=counter)) == []


def test_an_unrelated_pattern_that_matches_too_is_told() -> None:
    failure = problem(pattern(more="[scope]\nmodules = ['shop']"), pattern("shop.other", "is jammed by"))
    assert failure.place == "example 1"
    assert failure.problem == "unrelated patterns match too: shop.other (narrow one, or declare leads_to or refines)"


@pytest.mark.parametrize(
    ("mine", "others"),
    [
        ("leads_to = ['shop.other']", ""),
        ("", "leads_to = ['shop.till.jammed']"),
        ("refines = ['shop.other']", ""),
        ("", "refines = ['shop.till.jammed']"),
        ("leads_to = ['tills']", "groups = ['tills']"),
        ("aliases = ['shop.former']", "leads_to = ['shop.former']"),
        ("leads_to = ['shop.between']", ""),
    ],
)
def test_a_related_pattern_may_match_too(mine: str, others: str) -> None:
    between = pattern("shop.between", "nothing of the kind", more="leads_to = ['shop.other']")
    assert problems(pattern(more=mine), pattern("shop.other", "is jammed by", more=others), between) == []


def test_a_fallback_pattern_does_not_stand_in_the_way() -> None:
    assert problems(pattern(), pattern("shop.any", "is jammed by", more="fallback = true")) == []


def test_an_example_is_tried_in_the_head_of_the_other_era() -> None:
    new = pattern(match="regex = '^the till is jammed by coins$'")
    old = replace(new, examples=(replace(new.examples[0], log=f"{OLD}the till is jammed by coins"),))
    assert problems(new) == []
    assert problems(old) == []
    anchored = pattern(match="regex = 'nothing'")
    assert [failure.place for failure in problems(anchored)] == ["example 1", "example 1 in a 2.2 head"]
    old = replace(anchored, examples=old.examples)
    assert [failure.place for failure in problems(old)] == ["example 1", "example 1 in a 2.4 head"]


def test_a_pattern_for_one_module_is_not_tried_where_lines_name_none() -> None:
    broken = pattern(match="regex = 'nothing'", more="[scope]\nmodules = ['shop']")
    assert [failure.place for failure in problems(broken)] == ["example 1"]


def test_an_example_of_several_lines_is_one_entry() -> None:
    lines = "\n".join(
        f"{NEW}{text}"
        for text in ("Traceback (most recent call last):", '  File "/srv/till.py", line 3, in open', "TillError: stuck")
    )
    whole = pattern(
        literal="TillError",
        match="regex = '''till\\.py\"[^\\x00]*^TillError: (?P<why>\\w+)'''",
        examples=(f"fields = {{ why = 'stuck' }}\nlog = '''\n{lines}\n'''",),
        counter=(f"log = '{NEW}TillError: stuck'",),
    )
    assert problems(whole) == []


def test_a_pattern_for_another_programs_log_is_tried_on_that() -> None:
    kernel = pattern(
        more="[scope]\nsources = ['syslog']",
        match="regex = 'jammed by (?P<what>\\w+)'",
        examples=("log = 'Mar  3 14:02:11 web1 kernel: the till is jammed by coins'\nfields = { what = 'coins' }",),
        counter=("log = 'Mar  3 14:02:11 web1 kernel: the till is jammed'",),
    )
    assert problems(kernel, pattern("shop.other", "is jammed by")) == []
    assert problems(kernel, pattern("shop.other", "is jammed by"), chosen=kernel) == []


def test_only_the_chosen_patterns_are_tried_but_against_all() -> None:
    bad, good = pattern(examples=()), pattern("shop.other", "all is lost")
    assert selftest.run(library(bad, good), [good]) == []
    assert [failure.pattern for failure in selftest.run(library(bad, good))] == ["shop.till.jammed"]


def test_failures_are_told_in_the_order_of_the_library() -> None:
    names = ["shop.c", "shop.a", "shop.b"]
    patterns = [pattern(name, f"the {name} is lost", examples=()) for name in names]
    assert [failure.pattern for failure in selftest.run(library(*patterns))] == sorted(names)


def test_the_summary_names_pattern_file_place_problem_and_line() -> None:
    told = selftest.summary(problems(pattern(counter=(f"log = '{NEW}the till is jammed again'",))))
    for part in (
        "shop.till.jammed (shop.till.jammed.toml)",
        "counter-example 1: it matches, and must not",
        "jammed again",
    ):
        assert part in told
    assert selftest.summary([]) == ""


def test_a_case_of_the_explanation_that_no_example_reaches_is_told() -> None:
    cases = "".join(
        f"\n[[explain.when]]\nfields = ['what']\ncontain = ['{text}']\ncause = 'It is {text}.'"
        for text in ("coin", "oil")
    )
    failure = problem(pattern(match=f"regex = 'jammed by (?P<what>\\w+)'{cases}"))
    assert (failure.place, failure.problem) == ("explain.when 2", "no example is such a case (oil in what); add one")
