"""`logsleuth explain`: what a line of log, a code, a pattern or a category means."""

from __future__ import annotations

import itertools
import json
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import click

from logsleuth.cli.inputs import complete_logs
from logsleuth.cli.options import EXTRA, PAGER
from logsleuth.cli.pager import paged
from logsleuth.spelling import closest, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logsleuth.authoring.explain import Answer, CardMeaning, Meaning
    from logsleuth.library.card_index import CardIndex
    from logsleuth.library.pattern import Case, Explain, Library

WIDTH = 100
WIDEST = 160
"""Characters of a line of log that are shown."""
LARGEST_PASTE = 4 << 20
MOST_LINES = 20_000
"""More is a log: `analyze` reads that."""
MOST_WHOLE = 3
"""Of more patterns than these only id and title are shown."""


@click.command(name="explain", short_help="Explain a log line or a code such as AH00161.")
@click.argument("words", nargs=-1, metavar="'LINE'|CODE|PATTERN|CATEGORY|FILE|-",
                shell_complete=complete_logs)  # fmt: skip
@click.option(
    "--each", type=click.Path(), metavar="FILE", help="Explain every line of FILE by itself ('-': standard input)."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help="With --each: readable text, or one JSON object per line.")  # fmt: skip
@PAGER
@EXTRA
def command(words: tuple[str, ...], each: str | None, form: str, pager: bool, patterns: tuple[str, ...]) -> None:
    """Explain a line of log: what it means, what usually causes it, and what to look at next.

    \b
    logsleuth explain '[Tue Mar 03 14:02:11 2009] [error] server reached MaxClients setting, ...'
    logsleuth explain AH00161
    logsleuth explain worker-exhaustion
    tail -1 error.log | logsleuth explain -
    logsleuth explain paste.txt
    logsleuth explain --each error.log --format json

    To explain a whole paste, name a file or pipe it in: its lines may be indented, quoted or wrapped, with all, part
    or nothing of their heads. Each known message is explained, the most serious first.

    Exit codes: 0 something is known; 1 nothing is; 2 wrong usage.
    """  # noqa: D301 - click's mark for lines that stay as they are
    from logsleuth.library.cards import load_cards
    from logsleuth.library.load import load_library

    what = " ".join(words) or None  # a line is several words where its quotation marks were forgotten
    if what is None and each is None and not sys.stdin.isatty():
        what = "-"
    if (what is None) == (each is None):
        raise click.UsageError("give a line, a code, a pattern, a category or a file, or --each FILE")
    if form == "json" and each is None:
        raise click.UsageError("--format json needs --each FILE")
    library, cards = load_library(patterns), load_cards(patterns)
    with paged(pager):
        known = _each(library, cards, each, form) if each is not None else _one(library, cards, what or "")
    if not known:
        sys.exit(1)


def _each(library: Library, cards: CardIndex, path: str, form: str) -> bool:
    """Explain a file line by line; whether anything was known."""
    from dataclasses import asdict

    from logsleuth.authoring.each import Explainer
    from logsleuth.report.escape import visible

    known = False
    for one in Explainer(library, cards).each(_lines(path)):
        known |= bool(one.known_by)
        if form == "json":
            click.echo(json.dumps(asdict(one)))
        else:
            click.echo(visible(f"{one.line}: {', '.join(one.known_by) or '-'}  {one.meaning}"))
    return known


def _lines(path: str) -> Iterator[bytes]:
    """The lines of a file. Raises LogsleuthError if it can't be read."""
    from logsleuth.errors import LogsleuthError

    try:
        with click.open_file(path, "rb") as stream:
            yield from stream
    except PermissionError:
        raise
    except OSError as error:
        raise LogsleuthError(f"{path} cannot be read: {error.strerror}", "name a file of log lines") from None


def _one(library: Library, cards: CardIndex, what: str) -> bool:
    """Explain a line, a paste, a code, a pattern or a category; whether anything is known."""
    from logsleuth.authoring.explain import answer

    data = _paste(what)
    if data is not None and not data.strip():
        raise click.UsageError("there is nothing to explain: give a line, a code, a pattern, a category or a file")
    if data is not None and _holds_several(data):
        return _explain_paste(library, cards, data)
    found = answer(library, cards, what if data is None else data.decode("utf-8", "surrogateescape"))
    for line in _shown(found, library, cards):
        click.echo(line)
    return bool(found.meanings or found.cards)


def _paste(what: str) -> bytes | None:
    """The text that is meant: standard input, a file, or several lines given at once; None: it is one word or line.

    Raises LogsleuthError if the file can't be read.
    """
    if what == "-":
        return sys.stdin.buffer.read(LARGEST_PASTE)
    data = what.encode("utf-8", "surrogateescape")
    if _holds_several(data):
        return data
    if not _is_file(what):
        return None
    return b"".join(itertools.islice(_lines(what), MOST_LINES))


def _holds_several(data: bytes) -> bool:
    from logsleuth.logs.console.joined import are_joined

    return b"\n" in data.strip() or are_joined(data)


def _is_file(what: str) -> bool:
    try:
        return Path(what).is_file()
    except (OSError, ValueError):  # too long a name, or a NUL in it
        return False


def _explain_paste(library: Library, cards: CardIndex, data: bytes) -> bool:
    """Explain each message of a paste that is known; whether any is."""
    from logsleuth.authoring.explain import Meaning
    from logsleuth.authoring.paste import explain_paste
    from logsleuth.report.escape import visible

    paste = explain_paste(library, cards, data)
    for one in paste.found[:MOST_WHOLE]:
        where = f"line {one.line}" if one.line else "several lines"
        click.echo(visible(f"{where}{f', and {one.count - 1} more' if one.count > 1 else ''}: {one.text[:WIDEST]}"))
        knows = one.knows
        click.echo("\n".join([*(_whole(knows) if isinstance(knows, Meaning) else _card(knows)), ""]))
    rest = paste.found[MOST_WHOLE:]
    if rest:
        click.echo("Also in it:")
    for one in rest:
        click.echo(visible(f"  {one.id:40} {one.title}"))
    if not paste.found:
        click.echo(visible(f"No pattern or card knows any of these lines ({paste.format})."))
    return bool(paste.found)


def _shown(found: Answer, library: Library, cards: CardIndex) -> list[str]:
    if not found.meanings and not found.cards:
        return _unknown(found, library, cards)
    if len(found.meanings) > MOST_WHOLE:
        head = f"{len(found.meanings)} patterns know {found.asked if found.what != 'line' else 'these lines'}:"
        rows = [f"  {meaning.pattern.id:48} {meaning.pattern.title}" for meaning in found.meanings]
        return [head, "", *rows, "", "logsleuth explain PATTERN shows more of each."]
    texts = [*map(_whole, found.meanings), *map(_card, found.cards)]
    return [line for text in texts for line in [*text, ""]][:-1]


def _whole(meaning: Meaning) -> list[str]:
    from logsleuth.report.escape import visible

    pattern, explain = meaning.pattern, meaning.explain
    facts = f"{pattern.role}, {pattern.severity}" + (f", category {pattern.category}" if pattern.category else "")
    lines = [pattern.title, f"  {pattern.id}: {facts}", *_paragraph("", meaning.fill(explain.summary))]
    lines += _paragraph("Why", explain.cause)
    for number, step in enumerate(meaning.checks):
        lines.append(f"  {'' if number else 'Check':8} {step}")
    lines += [*_paragraph("Now", meaning.advice), *_paragraph("For good", meaning.prevention)]
    if not meaning.fields:
        lines += [line for case in explain.cases for line in _case(case, explain)]
    if pattern.leads_to:
        lines += _paragraph("Leads to", ", ".join(pattern.leads_to))
    lines += _paragraph("Source", "; ".join(pattern.references))
    return [visible(line) for line in lines]


def _case(case: Case, general: Explain) -> list[str]:
    """What is true of some lines only; asked of one line, only what is true of that one is shown."""
    own = " ".join(text for _, text in case.apart_from(general) if text)
    return _paragraph("", f"Where {case.condition}: {own}") if own else []


def _card(one: CardMeaning) -> list[str]:
    from logsleuth.report.escape import visible

    card = one.card
    facts = [card.module, "/".join(card.levels), card.role, card.severity]
    facts += [f"category {card.category}"] if card.category else []
    lines = [one.headline[:WIDEST], f"  {', '.join(card.codes) or card.id}: {', '.join(facts)}"]
    lines += [*_paragraph("", card.meaning), *_paragraph("Now", card.action), *_paragraph("Source", card.source)]
    return [visible(line) for line in lines]


def _paragraph(name: str, text: str) -> list[str]:
    if not text:
        return []
    return textwrap.wrap(
        text, WIDTH, initial_indent=f"  {name:8} ", subsequent_indent=" " * 11, break_on_hyphens=False,
        break_long_words=False,
    )  # fmt: skip


def _unknown(found: Answer, library: Library, cards: CardIndex) -> list[str]:
    from logsleuth.authoring.near import near
    from logsleuth.report.escape import visible

    if found.what == "code":
        return _unknown_code(found.asked, library, cards)
    if names := _near_names(found.asked, library):
        return [f"There is no pattern, category or code '{visible(found.asked)}'; {did_you_mean(names)}"]
    lines = ["No pattern or card knows this."]
    for said in found.said[:1]:
        lines += [
            f"  read as  module {said.kind[0] or '-'}, level {said.kind[1] or '-'}, text: {visible(said.text)[:300]}",
            *(_by_level(said.raw[0], library, cards) if any(said.kind) else ()),
        ]
        for one in near(library, said, found.source, most=3):
            lines.append(f"  near     {one.pattern.id}: {visible(one.problem)}")
    return [*lines, "logsleuth patterns new --line 'LINE' makes a pattern of it."]


def _near_names(word: str, library: Library) -> list[str]:
    """Categories and patterns whose names are much like a word; a line of log has none."""
    from logsleuth.library.pattern import CATEGORIES

    if len(word.split()) != 1:
        return []
    return closest(word.strip().lower(), [*CATEGORIES, *(one.id for one in library.patterns)], most=3)


def _by_level(line: bytes, library: Library, cards: CardIndex) -> list[str]:
    """What level and module alone say of a line."""
    from logsleuth.authoring.each import Explainer
    from logsleuth.report.escape import visible

    return [visible(f"  {one.meaning}") for one in Explainer(library, cards).each([line]) if one.meaning]


def _unknown_code(code: str, library: Library, cards: CardIndex) -> list[str]:
    from logsleuth.authoring.codes import codes_of, near_codes

    known = {*cards.codes(), *(each for pattern in library.patterns for each in codes_of(pattern))}
    lines = [f"No pattern or card knows {code}. Its message in the log says more: paste the whole line."]
    near = near_codes(known, code)
    if near:
        lines.append("Did you mean one of these?")
    for each in near:
        card = cards.by_code(each)
        lines.append(f"  {each}  {card.meaning if card else ''}".rstrip())
    return lines
