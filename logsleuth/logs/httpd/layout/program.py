"""A format as a small machine that reads a line: what it tries first is what httpd prints when values are there.

httpd deletes a field (from one unescaped space to the next) as soon as one value in it is missing, so each field
with such a value is there whole or not at all; the message alone is printed in any case. Reading is a search among
these choices. It is no regex, because lines are hostile: no place of the line is looked at twice in the same state,
so the time is bounded by the line's length times the format's; a line for which that is too much is in no format.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.logs.httpd.layout.shapes import ERROR_BEGIN, SPANS, exact, known_errors, may_be_empty
from logsleuth.logs.httpd.layout.times import GROUP
from logsleuth.logs.httpd.record import LEVELS
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logsleuth.logs.httpd.layout.items import Item, Role

Value = tuple["Item", str, "dict[str, str | None]"]
"""A directive, what stands for it in the line, and the pieces of its time."""
LEVEL_NUMBER = {name: number for number, name in enumerate(LEVELS)}
NOTHING = re.compile(r"(?!)")
LONGEST_LINE = 8192
"""Characters of a line that httpd writes (MAX_STRING_LEN in include/httpd.h)."""
MOST_STEPS = 100_000
"""Values without an end of their own, times the characters of a line: a second's work, or two. No server's format has
the 13 such values that make a line of httpd's too long for it."""
END = 0
"""The state that is reached when all items are read."""


@dataclass(slots=True)
class Constant:
    """Read this text."""

    then: int
    text: str


@dataclass(slots=True)
class Exact:
    """Read a value whose end is seen from the value itself."""

    then: int
    item: Item
    regex: re.Pattern[str]


@dataclass(slots=True)
class Span:
    """Read a value that ends where what follows it begins."""

    then: int
    item: Item
    run: re.Pattern[str]
    shape: re.Pattern[str] | None
    follow: re.Pattern[str] = NOTHING


@dataclass(slots=True)
class Choice:
    """Go on at `then`, or, if that leads nowhere, at `other`."""

    then: int
    other: int


Node = Constant | Exact | Span | Choice


class Program:
    """The machine of one format."""

    def __init__(self, items: Sequence[Item], role: Role) -> None:
        self._role = role
        self.nodes: list[Node] = [Choice(END, END)]  # the end's place
        self.start = self._whole = END
        for part in reversed(fields_of(items)):
            self.start, self._whole = self._field(part, self.start, self._whole)
        for node in self.nodes:
            if isinstance(node, Span):
                node.follow = re.compile("|".join(dict.fromkeys(self._firsts(node.then, set()))), re.ASCII | re.DOTALL)

        self.spans = sum(isinstance(node, Span) for node in self.nodes)
        """How many of its values end only where what follows them begins."""

    def _add(self, node: Node) -> int:
        self.nodes.append(node)
        return len(self.nodes) - 1

    def _field(self, part: Sequence[Item], then: int, then_whole: int) -> tuple[int, int]:
        """The state that reads one field, whole or as what httpd leaves of it, and the one that reads it whole.

        They go on at `then`. A message stays when a value before it is missing, but httpd then still takes the
        field's begin for the begin of the next one: that is whole (`then_whole`), or the message goes with it.
        """
        whole = self._chain(part, then)
        place = next((at for at, item in enumerate(part) if item.directive == "M"), len(part))
        start = whole
        if place < len(part) and self._has_gaps(part[:place]):
            alone = self._chain([item for item in part if item.directive == "M"], then_whole)
            start = self._add(Choice(start, alone))
        if self._has_gaps(part):
            start = self._add(Choice(start, then))
        return start, whole

    def _has_gaps(self, part: Sequence[Item]) -> bool:
        return any(may_be_empty(item, self._role) for item in part)

    def _chain(self, part: Sequence[Item], then: int) -> int:
        """The state that reads all these items one after the other."""
        for item in reversed(part):
            following = self.nodes[then]
            if item.directive == "" and not item.argument:
                then = self._add(Exact(then, item, NOTHING))
            elif item.directive == "":
                text = item.argument or ""
                joined = Constant(following.then, text + following.text) if isinstance(following, Constant) else None
                then = self._add(joined or Constant(then, text))
            elif (regex := exact(item)) is not None:
                then = self._add(Exact(then, item, regex))
            else:
                then = self._add(Span(then, item, *SPANS[item.directive]))
        return then

    def _firsts(self, state: int, seen: set[int]) -> Iterator[str]:
        """Regexes of what may stand first at a state; those of states that were `seen` are known."""
        if state in seen:
            return
        seen.add(state)
        node = self.nodes[state]
        if state == END:
            yield r"\Z"
        elif isinstance(node, Choice):
            yield from self._firsts(node.then, seen)
            yield from self._firsts(node.other, seen)
        elif isinstance(node, Constant):
            yield re.escape(node.text)
        elif isinstance(node, Exact):
            yield f"(?:{GROUP.sub('(?:', node.regex.pattern)})"
            yield from ["-"] if node.item.hyphen else []
        else:
            yield "."
            if node.item.directive == "M":  # a message may be empty
                yield from self._firsts(node.then, seen)

    def read(self, text: str) -> list[Value] | None:
        """The values that a line holds; None if it is no line of this format."""
        if self.spans * len(text) > MOST_STEPS:
            return None
        return _Reading(self.nodes, text).run(self.start)


class _Reading:
    """One line being read, depth first."""

    def __init__(self, nodes: Sequence[Node], text: str) -> None:
        self.nodes = nodes
        self.text = text
        self.values: list[Value] = []
        self.level: int | None = None
        self.seen: set[int] = set()
        """Choices that were taken before, at the same place: they lead nowhere."""
        self.tried: dict[int, tuple[int, int]] = {}
        """By state: the first place from which a value without end was sought, and how far it could reach."""
        self.waiting: list[tuple[int, int, int, int]] = []
        """Where to go on when this way ends: state, place, next place to look for the value's end, values so far."""

    def run(self, start: int) -> list[Value] | None:
        self.waiting.append((start, 0, -1, 0))
        while self.waiting:
            state, at, look, depth = self.waiting.pop()
            del self.values[depth:]
            if self._follow(state, at, look):
                return self.values
        return None

    def _follow(self, state: int, at: int, look: int) -> bool:
        """Go on as far as it goes; true at the end of both format and line."""
        place: int | None = at
        while place is not None:
            node = self.nodes[state]
            if state == END:
                return place == len(self.text)
            if isinstance(node, Choice):
                key = state * (len(self.text) + 1) + place
                if key in self.seen:
                    return False
                self.seen.add(key)
                self.waiting.append((node.other, place, -1, len(self.values)))
            elif isinstance(node, Constant):
                place = place + len(node.text) if self.text.startswith(node.text, place) else None
            elif isinstance(node, Exact):
                place = self._exact(node, place)
            else:
                place = self._span(node, state, place, look)
            state, look = node.then, -1
        return False

    def _exact(self, node: Exact, at: int) -> int | None:
        item = node.item
        found = node.regex.match(self.text, at)
        if found is not None:
            if not self._wanted(item):
                return None
            self.values.append((item, found[0], found.groupdict()))
            if item.directive == "l":
                self.level = LEVEL_NUMBER[found[0]]
            return found.end()
        return at + 1 if item.hyphen and self.text.startswith("-", at) else None

    def _span(self, node: Span, state: int, at: int, look: int) -> int | None:
        """The nearest end of the value that was not tried yet; the next one is left waiting."""
        item = node.item
        found = node.run.match(self.text, at)
        reach = at if found is None else found.end()
        if look < 0:
            if not self._wanted(item):
                return None
            begins = item.directive != "E" or ERROR_BEGIN.match(self.text, at)
            if not begins or self._in_vain(state, at, reach):
                return at + 1 if item.hyphen and self.text.startswith("-", at) else None
            look = at + (len(begins[0]) if isinstance(begins, re.Match) else item.directive != "M")
            if item.directive == "E" and (known := known_errors().match(self.text, at)):
                self.waiting.append((state, at, look, len(self.values)))
                self.values.append((item, known[0], {}))
                return known.end()
        while look <= reach and (found := node.follow.search(self.text, look)) and found.start() <= reach:
            end = found.start()
            look = end + 1
            value = self.text[at:end]
            if node.shape is None or node.shape.fullmatch(value) or (item.hyphen and value == "-"):
                self.waiting.append((state, at, look, len(self.values)))
                if not (item.hyphen and value == "-"):
                    self.values.append((item, value, {}))
                return end
        return None

    def _in_vain(self, state: int, at: int, reach: int) -> bool:
        """Whether all ends that can be reached were tried already, from a place further left."""
        begin, end = self.tried.get(state, (len(self.text) + 1, -1))
        if begin <= at and reach <= end:
            return True
        self.tried[state] = (at, reach)
        return False

    def _wanted(self, item: Item) -> bool:
        """`%7F` is not printed for messages above level debug."""
        return not item.level or self.level is None or self.level >= item.level


def fields_of(items: Sequence[Item]) -> list[list[Item]]:
    """The items in groups that are printed or left out together."""
    fields: list[list[Item]] = [[]]
    for item in items:
        if item.separates and fields[-1]:
            fields.append([])
        fields[-1].append(item)
    return fields
