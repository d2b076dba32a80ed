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


PHP_SAYS = re.compile(
    r"PHP (?:Warning|Notice|Deprecated|(?:Catchable |Recoverable )?[Ff]atal error|Parse error): [^\n]+"
)
JOINED = (
    "[Tue Mar 03 14:02:11.120001 2020] [proxy_fcgi:error] [pid 4711:tid 4711] [client 192.0.2.7:40112] "
    "AH01071: Got error 'PHP message: PHP Notice:  Undefined variable: x in /srv/www/x.php on line 3"
)


def test_what_php_says_is_known_after_another_message_in_the_same_line() -> None:
    """mod_proxy_fcgi writes what PHP said meanwhile as one line, parted by `; ` or by an escaped end of line."""
    bench = selftest.Bench(LIBRARY)
    tried, unknown = set(), []
    for pattern in LIBRARY.patterns:
        if not any("AH01071: Got error '" in (match.regex or "") for match in pattern.matches):
            continue
        for example in pattern.examples:
            said = PHP_SAYS.search(example.log)
            if said is None or "Stack trace" in example.log:
                continue
            text = said[0].rstrip("'")
            for separator in ("; ", "\\n"):
                log = f"{JOINED}{separator}PHP message: {text}'"
                tried.add(pattern.id)
                if pattern.id not in bench.matches(log, pattern):
                    unknown.append((pattern.id, log))
    assert len(tried) > 35
    assert unknown == []
