"""The library as pages to read: one an area, and an index by code, category and phrase.

The same library makes the same pages.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from logsleuth.authoring.card_pages import FOLDER, card_pages, index_rows
from logsleuth.authoring.codes import codes_of
from logsleuth.library.pattern import SHOWN_BESIDE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from logsleuth.library.card import Card
    from logsleuth.library.pattern import Case, Explain, Library, Pattern

SPECIAL = re.compile(r"([\\`*_<>\[\]|])")
MADE = "<!-- Made by `logsleuth patterns catalogue`; change the pattern files instead. -->"
MOST_LINES = 8
"""Lines of an example that are shown."""
INDEX = "README.md"


def pages(library: Library, cards: Sequence[Card] = ()) -> dict[str, str]:
    """File name to content of every page."""
    by_area = {area: list(patterns) for area, patterns in groupby(library.patterns, key=lambda p: p.area)}
    areas = {f"{area}.md": _page(area, by_area[area]) for area in by_area}
    return {INDEX: _index(library, by_area, cards), **areas, **card_pages(cards, MADE)}


def write(library: Library, cards: Sequence[Card], folder: Path) -> int:
    """Write all pages into a folder, and remove those of areas and modules that are gone; returns their number."""
    made = pages(library, cards)
    for name in _there(folder).keys() - made.keys():
        if (folder / name).read_text(encoding="utf-8").startswith(MADE):
            (folder / name).unlink()
    for name, text in made.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return len(made)


def stale(library: Library, cards: Sequence[Card], folder: Path) -> list[str]:
    """The pages in a folder that are not as they would be written now, missing or left over."""
    made, there = pages(library, cards), _there(folder)
    return sorted(name for name in made.keys() | there.keys() if made.get(name) != there.get(name))


def _there(folder: Path) -> dict[str, str]:
    """The pages in a folder, by their names relative to it."""
    found = [*folder.glob("*.md"), *folder.glob(f"{FOLDER}/*.md")]
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in found}


def _index(library: Library, by_area: dict[str, list[Pattern]], cards: Sequence[Card]) -> str:
    lines = [MADE, "", "# The pattern library", ""]
    lines += [f"What logsleuth knows: {len(library.patterns)} patterns and {len(cards)} cards. How they are written: "
              "[pattern-format.md](../pattern-format.md), [card-format.md](../card-format.md).", ""]  # fmt: skip
    lines += ["## By area", "", "| area | patterns | of them causes |", "|---|---|---|"]
    lines += [
        f"| [{area}]({area}.md) | {len(patterns)} | {sum(p.role == 'cause' for p in patterns)} |"
        for area, patterns in by_area.items()
    ]
    if cards:
        lines += ["", "## Cards, by module", "", "| module | messages |", "|---|---|", *index_rows(cards)]
    lines += ["", "## By category of outage", ""]
    for category in sorted({p.category for p in library.patterns if p.category}):
        lines.append(f"* **{category}**: {_links(p for p in library.patterns if p.category == category)}")
    lines += ["", "## By code", "", "| code | pattern |", "|---|---|"]
    by_code: dict[str, list[Pattern]] = {}
    for pattern in library.patterns:
        for code in codes_of(pattern):
            by_code.setdefault(code, []).append(pattern)
    lines += [f"| {code} | {_links(by_code[code])} |" for code in sorted(by_code)]
    lines += ["", "## By phrase", "", "| phrase | pattern |", "|---|---|"]
    by_phrase: dict[str, dict[str, Pattern]] = {}
    for pattern in library.patterns:
        for match in pattern.matches:
            by_phrase.setdefault(match.contains.strip(), {})[pattern.id] = pattern
    for phrase in sorted(by_phrase, key=lambda phrase: (phrase.lower(), phrase)):
        lines.append(f"| {_code(phrase)} | {_links(by_phrase[phrase].values())} |")
    return "\n".join(lines) + "\n"


def _page(area: str, patterns: Sequence[Pattern]) -> str:
    lines = [MADE, "", f"# {area}", "", "[The whole library](README.md)", ""]
    lines += [f"* [{_text(p.title)}](#{_anchor(p)})" for p in patterns]
    for pattern in patterns:
        lines += ["", *_entry(pattern)]
    return "\n".join(lines) + "\n"


def _entry(pattern: Pattern) -> list[str]:
    explain = pattern.explain
    facts = [f"`{pattern.id}`", pattern.role, pattern.severity, *([pattern.category] if pattern.category else [])]
    lines = [f'<a id="{_anchor(pattern)}"></a>', "", f"## {_text(pattern.title)}", "", " · ".join(facts)]
    for name, text in (
        ("", explain.summary), ("Why", explain.cause), ("Now", explain.fix), ("For good", explain.prevent),
    ):  # fmt: skip
        if text:
            lines += ["", f"**{name}.** {_text(text)}" if name else _text(text)]
    if explain.confirm:
        lines += ["", "**Check.**", "", *_fence(explain.confirm, "sh")]
    for case in explain.cases:
        if not any(_own_words(case, explain)) and case.explain.confirm in (explain.confirm, ()):
            continue  # it only leaves advice out
        lines += ["", f"**If {_condition(case)}.** {_text(' '.join(_own_words(case, explain)))}"]
        if case.explain.confirm not in (explain.confirm, ()):
            lines += ["", *_fence(case.explain.confirm, "sh")]
    for when, variant in (
        ("If nearly all clients get it", pattern.if_everybody),
        ("If it begins to meet many clients at one place", pattern.if_new),
        ("If nothing stopped the server before", pattern.if_unannounced),
        ("If much of what had been served is refused from then on", pattern.if_refusing),
        ("If requests take many times as long as just before", pattern.if_slow),
    ):
        if variant is not None:
            words = _text(f"{variant.explain.cause} {variant.explain.fix}")
            lines += ["", f"**{when}** ({variant.category}): {words}"]
    if pattern.leads_to:
        lines += ["", f"**Leads to** {', '.join(f'`{name}`' for name in pattern.leads_to)}"]
    if pattern.examples:
        shown = pattern.examples[0].log.split("\n")
        more = ["…"] if len(shown) > MOST_LINES else []
        lines += ["", "**In the log.**", "", *_fence([*more, *shown[-MOST_LINES:]], "text")]
    if pattern.references:
        lines += ["", f"**Source:** {'; '.join(map(_reference, pattern.references))}"]
    return lines


def _condition(case: Case) -> str:
    """What lines say that are such a case."""
    fields = " or ".join(f"`{name}`" for name in case.fields)
    said = f"{fields} contains {' or '.join(map(_code, case.contain))}" if fields else ""
    seen = f"{' or '.join(map(_code, case.beside))} comes with it" if case.beside else ""
    there = f"it is on {' or '.join(case.on)}" if case.on else ""
    shown = " or ".join(SHOWN_BESIDE[name] for name in case.known)
    return " and ".join(filter(None, (said, seen, there, shown)))


def _own_words(case: Case, general: Explain) -> Iterable[str]:
    """The sentences that a case has in place of the general ones."""
    own = case.explain
    pairs = ((own.summary, general.summary), (own.cause, general.cause), (own.fix, general.fix),
             (own.prevent, general.prevent))  # fmt: skip
    return (text for text, instead_of in pairs if text != instead_of)


def _links(patterns: Iterable[Pattern]) -> str:
    return ", ".join(f"[{_text(p.title)}]({p.area}.md#{_anchor(p)})" for p in patterns)


def _anchor(pattern: Pattern) -> str:
    return pattern.id.replace(".", "-")


def _reference(reference: str) -> str:
    return f"<{reference}>" if reference.startswith("http") else _text(reference)


def _text(text: str) -> str:
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _code(text: str) -> str:
    """A text as code in a table."""
    fence = "``" if "`" in text else "`"
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}".replace("|", "\\|")


def _fence(lines: Sequence[str], language: str) -> list[str]:
    longest = max((len(run) for line in lines for run in re.findall(r"`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}{language}", *lines, fence]
