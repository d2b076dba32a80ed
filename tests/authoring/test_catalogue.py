"""The catalogue: every pattern has its place, links lead somewhere, and text of logs stays text."""

import re
from pathlib import Path

from click.testing import CliRunner
from markdown_it import MarkdownIt

from logsleuth.authoring.catalogue import INDEX, pages, stale, write
from logsleuth.cli.patterns import command
from logsleuth.library.load import shipped_library
from logsleuth.library.parse import parse_pattern
from logsleuth.library.pattern import Library

LIBRARY = shipped_library()
HOSTILE = """
id = 'shop.till'
title = 'A <b>till</b> | [link](x) `code` *is* _jammed_'
role = 'noise'
[[match]]
contains = 'a | `b` '
[explain]
summary = '<script>alert(1)</script>'
[[example]]
log = '''
```
<script>
'''
"""


def test_every_pattern_stands_on_its_areas_page_and_in_the_index() -> None:
    made = pages(LIBRARY)
    for pattern in LIBRARY.patterns:
        anchor = pattern.id.replace(".", "-")
        assert f'<a id="{anchor}"></a>' in made[f"{pattern.area}.md"]
        assert f"({pattern.area}.md#{anchor})" in made[INDEX]


def test_every_link_of_the_index_leads_somewhere() -> None:
    made = pages(LIBRARY)
    for page, anchor in set(re.findall(r"\]\(([a-z0-9-]+\.md)#([\w-]+)\)", made[INDEX])):
        assert f'<a id="{anchor}"></a>' in made[page]


def test_markup_in_patterns_stays_text() -> None:
    library = Library((parse_pattern(HOSTILE, "till.toml"),), "")
    for text in pages(library).values():
        html = MarkdownIt("commonmark").enable("table").render(text)
        assert "<script>" not in html
        assert "<b>" not in html
        assert 'href="x"' not in html


def test_pages_are_written_checked_and_those_left_over_are_taken_away(tmp_path: Path) -> None:
    write(LIBRARY, tmp_path)
    assert stale(LIBRARY, tmp_path) == []
    some = Library(tuple(p for p in LIBRARY.patterns if p.area != "wsgi"), "")
    assert {"wsgi.md", INDEX} <= set(stale(some, tmp_path))
    write(some, tmp_path)
    assert stale(some, tmp_path) == []


def test_the_command_checks(tmp_path: Path) -> None:
    runner = CliRunner()
    assert runner.invoke(command, ["catalogue", "--check", "--out", str(tmp_path)]).exit_code == 1
    assert runner.invoke(command, ["catalogue", "--out", str(tmp_path)]).exit_code == 0
    assert runner.invoke(command, ["catalogue", "--check", "--out", str(tmp_path)]).exit_code == 0
