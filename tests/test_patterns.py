"""The packaged patterns: their examples, and that the library holds together."""

import re

import logsleuth
from logsleuth.authoring import selftest
from logsleuth.authoring.lint.run import RULES, lint, summary
from logsleuth.library.pattern import CATEGORIES

LIBRARY = logsleuth.load_patterns()


def test_every_example_of_every_pattern() -> None:
    failures = selftest.run(LIBRARY)
    assert not failures, selftest.summary(failures)


def test_every_pattern_has_examples_counter_examples_and_words() -> None:
    for pattern in LIBRARY.patterns:
        assert pattern.examples, pattern.id
        assert pattern.counter_examples, pattern.id
        assert pattern.explain.cause, pattern.id
        if pattern.role == "cause":
            assert pattern.category, pattern.id
            assert pattern.explain.fix, pattern.id
            assert pattern.explain.prevent, pattern.id


def test_the_files_stand_where_their_ids_say() -> None:
    for pattern in LIBRARY.patterns:
        assert pattern.origin.endswith(f"patterns/{pattern.id.replace('.', '/')}.toml")


def test_causal_links_lead_somewhere_and_never_back() -> None:
    known = {name for p in LIBRARY.patterns for name in (p.id, *p.aliases, *p.groups)}
    links = {p.id: [*p.leads_to] for p in LIBRARY.patterns}
    for pattern in LIBRARY.patterns:
        assert set(pattern.leads_to) <= known, pattern.id
        assert set(pattern.refines) <= known, pattern.id
        seen: set[str] = set()
        todo = [*links[pattern.id]]
        while todo:
            name = todo.pop()
            assert name != pattern.id, f"{pattern.id} leads back to itself"
            if name not in seen:
                seen.add(name)
                todo += links.get(name, [])


def test_the_lint_is_clean() -> None:
    """But for speed, which takes long and measures (`logsleuth patterns lint`), and overlaps, which the examples tell."""
    findings = list(lint(LIBRARY, LIBRARY.patterns, [name for name in RULES if name not in ("speed", "overlaps")]))
    assert not findings, summary(findings)


def test_nearly_every_category_has_a_pattern() -> None:
    named = {p.category for p in LIBRARY.patterns}
    assert set(CATEGORIES) - named <= {"unknown"}


def test_examples_match_when_a_web_page_has_collapsed_their_spaces() -> None:
    """HTML shows a run of spaces as one; people copy log lines from web pages, tickets and chats."""
    bench = selftest.Bench(LIBRARY)
    collapsed = [
        (pattern, once)
        for pattern in LIBRARY.patterns
        for example in pattern.examples
        if (once := re.sub(" {2,}", " ", example.log)) != example.log
    ]
    assert len(collapsed) > 80
    lost = [(pattern.id, log) for pattern, log in collapsed if pattern.id not in bench.matches(log, pattern)]
    assert not lost
