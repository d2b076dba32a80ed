"""Shell commands and instructions with values of a log in them: every output makes them here.

Commands are printed to be pasted, and a client may have chosen the value. So a value is never more than part of one
word of the command: in sh, bash, zsh and fish alike, in an interactive shell too. Where no quoting could achieve
that (the value would stand in a program of another language), the slot's name appears in capitals instead.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from logsleuth.library import powershell
from logsleuth.library.slot import SLOT
from logsleuth.regexes import regex
from logsleuth.values import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Self

PLAIN = regex(r"[A-Za-z0-9_@:,./-]+")
"""Characters that mean nothing to any shell, quoted or not (zsh expands a leading '=', fish a '%')."""
ESCAPED = frozenset("\\'!")
QUOTED = regex(r"[\\'!]|[^\\'!]+")
"""The pieces of a quoted word: in single quotes fish knows backslashes, and sh has no way to write a quote; an
interactive bash or csh expands '!' even in double quotes. A backslash outside of quotes stands for all three."""
AND = " and "
COMMENT = "#"
"""Where bash reads a comment, zsh reads arguments unless it is told otherwise."""
NUMBER = regex(r"\d{1,19}", re.ASCII)
DOTTED_NAME = regex(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*", re.ASCII)

RUN_THEIR_ARGUMENTS = frozenset({"eval", "ssh", "su", "watch", "xargs", "at", "batch"})
"""Programs that hand their arguments to a shell once more."""
PROGRAM_OPTIONS = {
    "sed": "-e", "perl": "-e", "ruby": "-e", "node": "-e", "mysql": "-e", "mariadb": "-e", "php": "-r",
    "python": "-c", "psql": "-c", "sh": "-c", "bash": "-c", "dash": "-c", "zsh": "-c", "ksh": "-c", "fish": "-c",
    "awk": "", "gawk": "", "mawk": "", "jq": "",
}  # fmt: skip
"""Interpreters, without version numbers, and the option behind which their program stands."""
FIRST_OPERAND_IS_PROGRAM = frozenset({"sed", "awk", "gawk", "mawk", "jq"})


@dataclass(slots=True)
class _Word:
    """A word of a template while it is read."""

    text: str = ""
    """What stands in it besides slots."""
    slots: int = 0


@dataclass(slots=True)
class _Frame:
    """One command line: the whole template, or what stands in parentheses."""

    closes: str
    """The character that ends it."""
    quote: str = ""
    words: list[_Word] = field(default_factory=lambda: [_Word()])
    """The words of the present simple command, the last still being read."""

    def end_word(self) -> None:
        if self.words[-1] != _Word():
            self.words.append(_Word())

    def end_command(self) -> None:
        self.words = [_Word()]


@dataclass(frozen=True, slots=True)
class _Slot:
    """A place in a template that a value fills."""

    match: re.Match[str]
    quote: str
    """The quote in which it stands, '#' in a comment, or ''."""
    starts_word: bool
    words: list[_Word]
    """The words of its simple command: this slot's own is at `number`."""
    number: int


Shell = Literal["sh", "powershell"]
"""'sh': whichever shell of Unix it is pasted into."""


class Command(str):
    """A shell command that knows what it was made of: redaction replaces the values, never text within its quotes."""

    __slots__ = ("shell", "template", "values")
    template: str
    values: tuple[tuple[str, str], ...]
    shell: Shell

    def __new__(cls, template: str, values: tuple[tuple[str, str], ...], shell: Shell = "sh") -> Self:
        """Fill the slots of a template."""
        fill = powershell.command if shell == "powershell" else command
        made = super().__new__(cls, fill(template, dict(values)))
        made.template, made.values, made.shell = template, values, shell
        return made

    def __getnewargs__(self) -> tuple[str, tuple[tuple[str, str], ...], Shell]:  # type: ignore[override]
        """What a copy is made of."""
        return self.template, self.values, self.shell

    def with_values(self, change: Callable[[str], str]) -> Command:
        """The same command with each value changed."""
        return Command(self.template, tuple((slot, change(value)) for slot, value in self.values), self.shell)


def command(template: str, values: Mapping[str, str]) -> str:
    """A shell command with its slots filled; a slot without a value becomes its own name in capitals."""
    slots, certain = _read(template)
    parts, end = [], 0
    for slot in slots:
        parts += [template[end : slot.match.start()], _filled(slot, values, certain=certain)]
        end = slot.match.end()
    return "".join((*parts, template[end:]))


def instruction(text: str, values: Mapping[str, str]) -> str:
    """A sentence that tells what to do, and may hold a command: only plain words are filled in."""

    def plain(slot: re.Match[str]) -> str:
        value = values.get(slot[1], "")
        return value if all(map(_is_plain, value.split(AND))) else slot[1].upper()

    return SLOT.sub(plain, text)


def together(values: Sequence[str]) -> str:
    """Several values in one place of a sentence."""
    return AND.join(values)


def _is_plain(value: str) -> bool:
    return PLAIN.fullmatch(value) is not None and not value.startswith("-")


def word(value: str) -> str:
    """A value as one word of a command line."""
    shown = _printable(value)
    if PLAIN.fullmatch(shown):
        return shown
    pieces = QUOTED.findall(shown)
    return "".join(f"\\{piece}" if piece in ESCAPED else f"'{piece}'" for piece in pieces) or "''"


def withheld(template: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """Slots that keep their names though they have values: for the lint of patterns."""
    slots, certain = _read(template)
    named = [(slot, slot.match[1]) for slot in slots]
    kept = [name for slot, name in named if _is_withheld(slot, values.get(name, "any text"), certain=certain)]
    return tuple(dict.fromkeys(kept))


def _is_withheld(slot: _Slot, value: str, *, certain: bool) -> bool:
    """Whether the value could be read as a program where it stands."""
    return (_in_program(slot) or not certain) and not _harmless_code(slot, value)


def _filled(slot: _Slot, values: Mapping[str, str], *, certain: bool) -> str:
    name = slot.match[1]
    value = values.get(name)
    if value is None or _is_withheld(slot, value, certain=certain):
        return name.upper()
    if slot.quote == COMMENT:
        return instruction(slot.match[0], values)
    shown = _printable(value)
    if slot.starts_word and shown.startswith("-"):
        shown = f"./{shown}"  # else it would be read as an option
    if PLAIN.fullmatch(shown):
        return shown
    if slot.quote == "'":
        return "".join(f"'\\{piece}'" if piece in ESCAPED else piece for piece in QUOTED.findall(shown))
    return f'"{word(shown)}"' if slot.quote else word(shown)


def _printable(value: str) -> str:
    """Without characters that a terminal or shell would act on: they become escapes."""
    if value.isprintable():
        return value
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in value)


def _in_program(slot: _Slot) -> bool:
    """Whether the slot stands in a program that another interpreter reads."""
    before = [word.text for word in slot.words[: slot.number]]
    own = slot.words[slot.number]
    for at, text in enumerate(before):
        name = _program(text)
        if name in RUN_THEIR_ARGUMENTS:
            return True
        if name in PROGRAM_OPTIONS:
            operands = [word for word in before[at + 1 :] if not word.startswith("-")]
            alone = own.text == "" and own.slots == 1
            first = name in FIRST_OPERAND_IS_PROGRAM and not operands
            return not alone or first or before[-1] == (PROGRAM_OPTIONS[name] or None)
    return False


def _harmless_code(slot: _Slot, value: str) -> bool:
    """Whether a value means only itself in the program that it is put into: a number, or a module's name in Python."""
    if NUMBER.fullmatch(value):
        return True
    is_python = any(_program(word.text) == "python" for word in slot.words[: slot.number])
    return is_python and DOTTED_NAME.fullmatch(value) is not None


def _program(text: str) -> str:
    """The name of a program, without its folder and version: `python` for `/srv/venv/bin/python3.11`."""
    return text.rsplit("/", 1)[-1].rstrip("0123456789.")


@lru_cache(maxsize=1024)
def _read(template: str) -> tuple[Sequence[_Slot], bool]:
    """The slots of a template, and whether all of its quoting is of the kinds that are understood here."""
    slots: list[_Slot] = []
    stack, certain, at = [_Frame("")], True, 0
    while at < len(template):
        frame, sign, pair = stack[-1], template[at], template[at : at + 2]
        slot = SLOT.match(template, at)
        if slot is not None and template[at - 1 : at] not in ("$", "%"):  # a variable, or one of curl's own
            own = frame.words[-1]
            slots.append(_Slot(slot, frame.quote, own == _Word(), frame.words, len(frame.words) - 1))
            own.slots += 1
            at = slot.end()
            continue
        if sign == COMMENT and not frame.quote and frame.words[-1] == _Word():
            frame.quote = COMMENT  # the end of the line ends it
        certain = certain and not _is_beyond_us(template, at, frame.quote)
        escapes = sign == "\\" and frame.quote not in ("'", COMMENT)
        at += 2 if escapes else 1
        if pair == "$(" and frame.quote not in ("'", COMMENT):
            frame.words[-1].text += pair
            stack.append(_Frame(")"))
            at += 1
        elif sign == "(" and not frame.quote:
            stack.append(_Frame(")"))
        elif sign == frame.closes and not frame.quote:
            stack.pop()
        else:
            _take(frame, pair if escapes else sign)
    return slots, certain and len(stack) == 1 and stack[0].quote in ("", COMMENT)


def _take(frame: _Frame, sign: str) -> None:
    """Read one character, or an escaped one, of a command line."""
    if frame.quote:
        if sign == ("\n" if frame.quote == COMMENT else frame.quote):
            frame.quote = ""
        else:
            frame.words[-1].text += sign
    elif sign in ("'", '"'):
        frame.quote = sign
    elif sign in (" ", "\t", "<", ">"):
        frame.end_word()
    elif sign in ("|", ";", "&", "\n", ")"):
        frame.end_command()
    else:
        frame.words[-1].text += sign


def _is_beyond_us(template: str, at: int, quote: str) -> bool:
    """Whether a kind of quoting begins here in which no value can be made safe: only numbers are filled in then."""
    pair = template[at : at + 2]
    if quote in ("'", COMMENT):
        return False
    if pair == "${" or template[at] == "`" or template.startswith("$((", at):
        return True
    return not quote and pair in ("$'", '$"', "<<", "((")
