"""What a line of log, a code, a pattern or a category means: the library, asked by a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.authoring.codes import CODE, of_code, whole_code
from logsleuth.authoring.reading import ANY_DAY, EntryReader
from logsleuth.library.card_index import FIELD, LEADING_CODE
from logsleuth.library.meaning import FAILURES
from logsleuth.library.pattern import CATEGORIES
from logsleuth.library.platforms import Platform, advice, commands, system_of
from logsleuth.library.slot import SLOT
from logsleuth.logs.format.reader import reader_of
from logsleuth.logs.format.sniff import OF_OLD, sniff
from logsleuth.logs.open.log import others_of
from logsleuth.scan.matcher import Matcher
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from logsleuth.authoring.reading import Said
    from logsleuth.library.card import Card
    from logsleuth.library.card_index import CardIndex
    from logsleuth.library.pattern import Explain, Library, Pattern
    from logsleuth.logs.format.sniff import Format


@dataclass(frozen=True, slots=True)
class Meaning:
    """One pattern that speaks of what was asked, and what it captured there."""

    pattern: Pattern
    fields: tuple[tuple[str, str], ...] = ()
    platform: Platform = Platform()
    """As the lines that were asked about name it."""

    @property
    def explain(self) -> Explain:
        """What the pattern says of the line that was asked about; of no line, what is true of any."""
        return self.pattern.explain.of([dict(self.fields)])

    def fill(self, text: str) -> str:
        """A sentence of the pattern with what was captured in it; what only a story knows becomes `…`."""
        fields = dict(self.fields)
        return SLOT.sub(lambda found: fields.get(found[1], "…"), text)

    @property
    def checks(self) -> tuple[str, ...]:
        """The pattern's commands, made to be pasted."""
        return tuple(commands(self.explain.confirm, dict(self.fields), "", self.platform))

    @property
    def advice(self) -> str:
        """What to do now; of routine messages, that nothing is to be done."""
        if self.is_routine:
            return ROUTINE if self.pattern.if_everybody is None else ROUTINE_UNLESS_EVERYBODY
        return advice(self.explain.fix, dict(self.fields), self.platform)

    @property
    def is_routine(self) -> bool:
        """Whether the message reports no failure, and its pattern advises nothing."""
        pattern = self.pattern
        reports_no_failure = pattern.role not in FAILURES and pattern.severity == "info"
        return reports_no_failure and not self.explain.fix

    @property
    def prevention(self) -> str:
        """What to do for good."""
        return advice(self.explain.prevent, dict(self.fields), self.platform)


@dataclass(frozen=True, slots=True)
class CardMeaning:
    """One card that explains what was asked, and the message that it explains."""

    card: Card
    message: str = ""
    """As the line has it, without its head, client, system error and code; '' if a code was asked about."""

    @property
    def headline(self) -> str:
        """The message with its values; without a line, the source's template."""
        return self.message or self.card.texts[0]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of what was asked."""

    asked: str
    what: str
    """'line', 'code', 'pattern' or 'category'."""
    meanings: tuple[Meaning, ...]
    cards: tuple[CardMeaning, ...] = ()
    """The card of a code, and those of lines that no pattern but a fallback explains."""
    said: tuple[Said, ...] = ()
    """Of lines: what was read in them."""
    source: str = "httpd"
    """Of lines: whose log they seem to be from."""


ROUTINE = "Routine: nothing to do."
ROUTINE_UNLESS_EVERYBODY = "Routine: nothing to do, unless nearly all clients get it."

AROUND = " \t\r\n\u00a0*_`'\"“”‘’()[]<>:;,.!?"
"""What may be around a word that was copied out of a line or a sentence."""


def answer(library: Library, cards: CardIndex, asked: str) -> Answer:
    """What patterns and cards say of a code, an id, a category, or else of lines of log."""
    word = asked.strip(AROUND)
    if CODE.fullmatch(word):
        code = whole_code(word)
        card = cards.by_code(code)
        return Answer(code, "code", tuple(map(Meaning, of_code(library, code))), (CardMeaning(card),) if card else ())
    if word in CATEGORIES:
        return Answer(word, "category", tuple(Meaning(p) for p in library.patterns if p.category == word))
    if (pattern := library.get(word)) is not None:
        return Answer(word, "pattern", (Meaning(pattern),))
    return of_lines(library, asked, cards)


def of_lines(library: Library, text: str, cards: CardIndex | None = None) -> Answer:
    """What some lines of log mean, in whatever format they are."""
    data = text.encode("utf-8", "surrogateescape").strip(b"\r\n") + b"\n"
    form = sniff(data, complete=True)
    said = read_lines(Matcher(library), data, form)
    there = Platform(system_of([text]), is_old=form.name == OF_OLD)
    meanings = {
        library.patterns[hit.pattern].id: Meaning(library.patterns[hit.pattern], hit.fields, there)
        for entry in said
        for hit in entry.hits
    }
    found = [card_of(library, cards, entry) for entry in said] if cards is not None else []
    explained = {one.card.id: one for one in reversed(found) if one is not None}
    in_order = tuple(reversed(explained.values()))
    return Answer(text, "line", tuple(meanings.values()), in_order, tuple(said), form.source or "httpd")


def card_of(library: Library, cards: CardIndex, said: Said) -> CardMeaning | None:
    """The card of an entry that no pattern knows, or only a fallback, which says less."""
    if any(not library.patterns[hit.pattern].fallback for hit in said.hits):
        return None
    card = cards.find(*said.kind, said.text)
    return None if card is None else CardMeaning(card, message_of(said.text))


def message_of(text: str) -> str:
    """The first line of an entry's text without what httpd puts before a message: client, system error, file, code."""
    at = 0
    while found := FIELD.match(text, at) or LEADING_CODE.match(text, at):
        at = found.end()
    return text[at:].split("\n", 1)[0].strip()


def read_lines(matcher: Matcher, data: bytes, form: Format) -> list[Said]:
    """Some lines of log as entries; lines without any head that is known count as httpd's own bare ones."""
    if form.source is None:
        return EntryReader(matcher).read_bytes(data)
    return [said for each in (form, *others_of(form)) for said in _read_as(matcher, data, each)]


def _read_as(matcher: Matcher, data: bytes, form: Format) -> list[Said]:
    """What one program's lines among them say."""
    reader = reader_of(form, ANY_DAY)
    return EntryReader(matcher, source=form.source or "httpd", vhost=form.vhost, reader=reader).read_bytes(data)
