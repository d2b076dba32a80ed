"""What a whole paste means: each distinct message that is known, the gravest first, with its first line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.authoring.explain import CardMeaning, Meaning, card_of, read_lines
from logsleuth.library.pattern import ROLES
from logsleuth.logs.format.rewrite import rewritten
from logsleuth.logs.format.sniff import sniff
from logsleuth.scan.matcher import Matcher
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logsleuth.authoring.reading import Said
    from logsleuth.library.card_index import CardIndex
    from logsleuth.library.pattern import Library, Role, Severity

BY_ROLE = {role: rank for rank, role in enumerate(ROLES)}
BY_SEVERITY = {"critical": 0, "major": 1, "minor": 2, "info": 3}


@dataclass(slots=True)
class Found:
    """One thing that is known of a paste."""

    knows: Meaning | CardMeaning
    text: str
    """The first line that says it."""
    line: int | None
    """Its number, from 1; None: it was put together from several."""
    count: int = 1

    @property
    def id(self) -> str:
        """Of the pattern or card."""
        return self.knows.pattern.id if isinstance(self.knows, Meaning) else self.knows.card.id

    @property
    def title(self) -> str:
        """In a few words."""
        return self.knows.pattern.title if isinstance(self.knows, Meaning) else self.knows.card.meaning

    @property
    def rank(self) -> tuple[int, int]:
        """By role and severity: a cause before its symptoms, what failed the server before what failed a request."""
        spoken = self.knows.pattern if isinstance(self.knows, Meaning) else self.knows.card
        role: Role = spoken.role
        severity: Severity = spoken.severity
        return BY_ROLE[role], BY_SEVERITY[severity]


@dataclass(frozen=True, slots=True)
class Paste:
    """What was made of a paste."""

    found: tuple[Found, ...]
    """The gravest first."""
    unknown: tuple[Said, ...]
    """Entries that nothing knows."""
    format: str
    """What it is, in a sentence."""


def explain_paste(library: Library, cards: CardIndex, data: bytes) -> Paste:
    """Read a paste as `analyze` reads logs, and say what each of its messages means."""
    data = data.strip(b"\r\n") + b"\n"
    form = sniff(data, complete=True)
    if form.rewrite is not None:
        data = rewritten(form.rewrite, data)
    lines = {line.rstrip(b"\r"): number for number, line in reversed([*enumerate(data.split(b"\n"), 1)])}
    found: dict[str, Found] = {}
    unknown = []
    for said in read_lines(Matcher(library), data, form):
        known = [*_known(library, cards, said)]
        for one in known:
            _count(found, one, said, lines)
        if not known:
            unknown.append(said)
    ordered = sorted(found.values(), key=lambda one: (one.rank, one.line or 0))
    return Paste(tuple(ordered), tuple(unknown), f"{form.name}: {form.reason}")


def _known(library: Library, cards: CardIndex, said: Said) -> Iterator[Meaning | CardMeaning]:
    """What knows an entry: patterns, or else a card; a fallback only where there is no card."""
    card = card_of(library, cards, said)
    if card is not None:
        yield card
        return
    for hit in said.hits:
        yield Meaning(library.patterns[hit.pattern], hit.fields)


def _count(found: dict[str, Found], knows: Meaning | CardMeaning, said: Said, lines: dict[bytes, int]) -> None:
    name = knows.pattern.id if isinstance(knows, Meaning) else knows.card.id
    if name in found:
        found[name].count += 1
        return
    raw = said.raw[min(said.exception, len(said.raw) - 1)]
    found[name] = Found(knows, raw.decode("utf-8", "backslashreplace"), lines.get(raw))
