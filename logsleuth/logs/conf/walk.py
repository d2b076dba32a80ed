"""The directives of an httpd configuration in the order in which httpd would read them.

Includes are followed, and the sections that httpd decides on while it reads (`IfModule`, `IfDefine`, `IfVersion`,
`IfFile`): by what the configuration itself loads and defines. Sources: server/config.c, modules/core/mod_so.c.
"""

from __future__ import annotations

import glob
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from logsleuth.logs.conf.words import SPACES, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DEEPEST = 16
"""Includes within includes; httpd gives up at 128, people long before."""
MOST_FILES = 5000
BUILT_IN = {"core.c", "core_module", "http_core.c", "mod_so.c", "so_module"}
VARIABLE = re.compile(r"\$\{([^}]*)\}")
EXPORT = re.compile(r"(?:export\s+)?([A-Za-z_]\w*)=(.*)")
VERSION = (2, 4, 99)
"""Taken for `IfVersion`, as the configuration does not tell which httpd reads it."""


@dataclass(frozen=True, slots=True)
class Directive:
    """One line of the configuration that httpd would take."""

    name: str
    """In lower case."""
    words: tuple[str, ...]
    arguments: str
    """What stands behind the name, untouched."""
    place: str
    """`file:line`."""


@dataclass(slots=True)
class Walk:
    """Reads a configuration; what could not be followed is in `trouble`, one sentence each."""

    root: Path
    """ServerRoot: what paths are relative to."""
    defines: dict[str, str] = field(default_factory=dict)
    modules: set[str] = field(default_factory=lambda: set(BUILT_IN))
    trouble: list[str] = field(default_factory=list)
    _files: int = 0
    _skipping: list[bool] = field(default_factory=list)

    def file(self, path: Path, depth: int = 0) -> Iterator[Directive]:
        """The directives of a file and all that it includes. A file that can't be read is trouble, told."""
        self._files += 1
        if self._files > MOST_FILES or depth > DEEPEST:
            self.trouble.append(f"{path}: includes go too deep")
            return
        try:
            text = path.read_text("utf-8", "replace")
        except OSError as error:
            self.trouble.append(f"{path} cannot be read: {error.strerror or error}")
            return
        open_sections, self._skipping = self._skipping, []  # a section ends in the file in which it begins
        for number, line in logical_lines(text):
            yield from self._line(line, f"{path}:{number}", depth, skip_all=any(open_sections))
        self._skipping = open_sections

    def _line(self, line: str, place: str, depth: int, *, skip_all: bool) -> Iterator[Directive]:
        name, _, arguments = line.partition(" ")
        name = name.lower().rstrip(">") if name.startswith("</") else name.lower()
        if name.startswith("</if"):
            if self._skipping:
                self._skipping.pop()
            return
        if name in CONDITIONS:
            self._skipping.append(not CONDITIONS[name](self, self.filled(arguments).strip(" >")))
            return
        if any(self._skipping) or skip_all:
            return
        arguments = self.filled(arguments.strip(SPACES))
        try:
            words = tuple(words_of(arguments.rstrip(">") if name.startswith("<") else arguments))
        except ValueError as error:
            self.trouble.append(f"{place}: {error}")
            return
        yield from self._follow(Directive(name, words, arguments, place), depth)

    def _follow(self, directive: Directive, depth: int) -> Iterator[Directive]:
        first = directive.words[0] if directive.words else ""
        match directive.name:
            case "define" if first:
                self.defines[first] = directive.words[1] if len(directive.words) > 1 else ""
            case "undefine":
                self.defines.pop(first, None)
            case "loadmodule" if len(directive.words) > 1:
                self.modules |= {first, f"{Path(directive.words[1]).stem}.c"}
            case "serverroot" if first:
                self.root = Path(first)
            case "include" | "includeoptional" if first:
                yield from self._include(first, directive, depth)
                return
        yield directive

    def _include(self, pattern: str, directive: Directive, depth: int) -> Iterator[Directive]:
        path = str(self.path(pattern))
        found = sorted(glob.glob(path))  # noqa: PTH207 - the order is httpd's
        if not found and directive.name == "include" and not glob.has_magic(path):
            self.trouble.append(f"{directive.place}: {path} is not there")
        for name in found:
            here = Path(name)
            files = sorted(file for file in here.rglob("*") if file.is_file()) if here.is_dir() else [here]
            for file in files:
                yield from self.file(file, depth + 1)

    def path(self, text: str) -> Path:
        """A path of the configuration."""
        return self.root / text

    def filled(self, text: str) -> str:
        """With `${NAME}` replaced, as far as the name is known: by Define, or else by the environment."""
        return VARIABLE.sub(lambda found: self.defines.get(found[1], os.environ.get(found[1], found[0])), text)

    def read_environment(self, path: Path) -> None:
        """Take what Debian's `envvars`, a shell script beside the configuration, exports."""
        try:
            lines = path.read_text("utf-8", "replace").splitlines()
        except OSError:
            return
        for line in lines:
            if found := EXPORT.fullmatch(line.strip()):
                value = re.sub(r"\$\{?SUFFIX\}?", "", found[2].strip("\"'"))
                self.defines.setdefault(found[1], value)


def logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with their numbers, those joined that end in a backslash; without comments and empty ones."""
    held, begin = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        begin = begin or number
        if line.endswith("\\") and not line.endswith("\\\\"):
            held += line[:-1]
            continue
        whole, held = (held + line).strip(SPACES), ""
        if whole and not whole.startswith("#"):
            yield begin, re.sub(r"^(\S+)\s+", r"\1 ", whole)
        begin = 0


def _module(walk: Walk, argument: str) -> bool:
    """`<IfModule [!]name>`: a module that the configuration loads. What is compiled in can't be seen in it."""
    name = argument.strip("\"'")
    return (name.lstrip("!") in walk.modules) != name.startswith("!")


def _define(walk: Walk, argument: str) -> bool:
    name = argument.strip("\"'")
    return (name.lstrip("!") in walk.defines) != name.startswith("!")


def _file(walk: Walk, argument: str) -> bool:
    name = argument.strip("\"'")
    return os.path.exists(walk.path(name.lstrip("!"))) != name.startswith("!")  # noqa: PTH110 - never raises


def _version(walk: Walk, argument: str) -> bool:
    found = re.fullmatch(r"(!?)\s*(<=?|>=?|==?|~)?\s*([\d.]+)", argument.strip("\"'"))
    if found is None:
        return True
    asked = tuple(int(part) for part in found[3].split(".") if part)
    have = VERSION[: len(asked)]
    fits = {"<": have < asked, "<=": have <= asked, ">": have > asked, ">=": have >= asked}.get(found[2], have == asked)
    return fits != bool(found[1])


def _there(walk: Walk, argument: str) -> bool:
    """`<IfDirective>`, `<IfSection>`: any module may be compiled in, so what is asked for is taken to be there."""
    return not argument.startswith("!")


CONDITIONS: dict[str, Callable[[Walk, str], bool]] = {
    "<ifmodule": _module,
    "<ifdefine": _define,
    "<iffile": _file,
    "<ifversion": _version,
    "<ifdirective": _there,
    "<ifsection": _there,
}
"""Sections that httpd decides on while it reads, and whether it goes in."""
