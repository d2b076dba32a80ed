"""The catalogue: every pattern has its place, links lead somewhere, and text of logs stays text."""

import re
from dataclasses import replace
from pathlib import Path

from click.testing import CliRunner
from markdown_it import MarkdownIt

from logsleuth.authoring.catalogue import INDEX, pages, stale, write
from logsleuth.cli.patterns import command
from logsleuth.library.card import build_card
from logsleuth.library.card_parse import read_cards
from logsleuth.library.load import shipped_library
from logsleuth.library.parse import parse_pattern
from logsleuth.library.pattern import Library
from tests.library.test_card_parse import CARD, HEAD

LIBRARY = shipped_library()
CARDS = [
    build_card(card) for each in ("till", "wsgi") for card in read_cards((HEAD + CARD).replace("'till'", f"'{each}'"))
]
HOSTILE_CARDS = [
    replace(
        CARDS[0],
        texts=("<script>` %s",),
        meaning="<script>alert(1)</script> [l](x)",
        action="<b>x</b>",
        module="../<b>",
    )
]
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
    made = pages(LIBRARY, CARDS)
    for pattern in LIBRARY.patterns:
        anchor = pattern.id.replace(".", "-")
        assert f'<a id="{anchor}"></a>' in made[f"{pattern.area}.md"]
        assert f"({pattern.area}.md#{anchor})" in made[INDEX]


def test_every_card_stands_on_its_modules_page_and_the_module_in_the_index() -> None:
    made = pages(LIBRARY, CARDS)
    for card in CARDS:
        page = made[f"codes/{card.module}.md"]
        for text in (card.meaning, card.action, f"    {card.texts[0]}", f"## {card.id}"):
            assert text in page
        assert f"| [{card.module}](codes/{card.module}.md) | 1 |" in made[INDEX]


def test_every_link_of_the_index_leads_somewhere() -> None:
    made = pages(LIBRARY, CARDS)
    for page, anchor in set(re.findall(r"\]\(([a-z0-9-]+\.md)#([\w-]+)\)", made[INDEX])):
        assert f'<a id="{anchor}"></a>' in made[page]


def test_markup_in_patterns_stays_text() -> None:
    library = Library((parse_pattern(HOSTILE, "till.toml"),), "")
    for text in pages(library, HOSTILE_CARDS).values():
        html = MarkdownIt("commonmark").enable("table").render(text)
        assert "<script>" not in html
        assert "<b>" not in html
        assert 'href="x"' not in html


def test_pages_are_written_checked_and_those_left_over_are_taken_away(tmp_path: Path) -> None:
    write(LIBRARY, CARDS, tmp_path)
    assert stale(LIBRARY, CARDS, tmp_path) == []
    some = Library(tuple(p for p in LIBRARY.patterns if p.area != "wsgi"), "")
    assert {"wsgi.md", INDEX} <= set(stale(some, CARDS[:1], tmp_path))
    write(some, CARDS[:1], tmp_path)
    assert stale(some, CARDS[:1], tmp_path) == []


def test_the_command_checks(tmp_path: Path) -> None:
    runner = CliRunner()
    assert runner.invoke(command, ["catalogue", "--check", "--out", str(tmp_path)]).exit_code == 1
    assert runner.invoke(command, ["catalogue", "--out", str(tmp_path)]).exit_code == 0
    assert runner.invoke(command, ["catalogue", "--check", "--out", str(tmp_path)]).exit_code == 0
