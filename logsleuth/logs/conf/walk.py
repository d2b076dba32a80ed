"""The directives of an httpd configuration in the order in which httpd would read them.

Includes are followed, and the sections that httpd decides on while it reads (`IfModule`, `IfDefine`, `IfVersion`,
`IfFile`): by what the configuration itself loads and defines. Sources: server/config.c, modules/core/mod_so.c.
"""

from __future__ import annotations

import glob
import os
import re
import stat
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from logsleuth.logs.conf.words import SPACES, words_of
from logsleuth.values import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DEEPEST = 16
"""Includes within includes; httpd gives up at 128, people long before."""
MOST_FILES = 5000
"""Files read and folders looked into, all includes together."""
USUAL_FOLDERS = 50
"""What a wildcard for folders is reckoned to find: an include of `/*/*/x` counts as the folders it looks into."""
KERNEL = ("/dev/", "/proc/", "/sys/")
"""Files that are none: to open one may start a watchdog, to read one may take the kernel's messages from others."""
MOST_STRAYS = 20
"""Devices and binary files that are included; where there are more, what is included is no configuration."""
MOST_WILDCARDS = 3
"""Parts of an included path with a wildcard: `/*/*/*/*` would look at every file of the machine."""
LONGEST_PART = 255
"""Characters of a part of a path: no file system has longer names, and Python's wildcards take quadratic time."""
MOST_PARTS = 100
"""Parts of an included path: Python looks for wildcards in one within the other."""
MOST_BYTES = 8 << 20
MOST_LINES = 200_000
"""Of all files together: ten thousand virtual hosts."""
LONGEST_LINE = 16 << 10
"""Characters of a line, with the lines that continue it and its variables filled in; httpd took 8,192 for long."""
MOST_NAMES = 10_000
"""Variables and modules that are remembered."""
MOST_TROUBLE = 100
WILDCARD = re.compile(r"[*?\[]")
BUILT_IN = {"core.c", "core_module", "http_core.c", "mod_so.c", "so_module"}
VARIABLE = re.compile(r"\$\{([^}]*)\}")
EXPORT = re.compile(r"(?:export\s+)?([A-Za-z_]\w*)=(.*)")
VERSION = (2, 4, 99)
"""The version assumed for `IfVersion`, as the configuration does not show which httpd reads it."""


@dataclass(frozen=True, slots=True)
class Directive:
    """One line of the configuration that httpd would take."""

    name: str
    """In lower case."""
    words: tuple[str, ...]
    arguments: str
    """The text after the name, unchanged."""
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
    copy: Path | None = None
    """Where a copy of another machine's configuration lies: its absolute paths are looked for beside and above it,
    `web01/etc/httpd` for `/etc/httpd`, and never on this machine. None: it is this machine's own."""
    _files: int = 0
    _bytes: int = 0
    _lines: int = 0
    _strays: int = 0
    _skipping: list[bool] = field(default_factory=list)

    def file(self, path: Path, depth: int = 0) -> Iterator[Directive]:
        """The directives of a file and all that it includes. A file that cannot be read is noted in `trouble`."""
        self._files += 1
        if depth > DEEPEST:
            self.complain(f"{path}: includes go too deep")
            return
        try:
            text = self._text(path)
        except OSError as error:
            self.complain(f"{path} cannot be read: {error.strerror or error}")
            return
        open_sections, self._skipping = self._skipping, []  # a section ends in the file in which it begins
        for number, line in logical_lines(text):
            self._lines += 1
            if self._lines > MOST_LINES:
                self.complain(f"{path}:{number}: the configuration has more than {MOST_LINES:,} lines")
                break
            yield from self._line(line, f"{path}:{number}", depth, skip_all=any(open_sections))
        self._skipping = open_sections

    def complain(self, sentence: str) -> None:
        """Note what could not be followed; after many sentences one more says nothing new."""
        if len(self.trouble) < MOST_TROUBLE:
            self.trouble.append(sentence)

    def _complain_first(self, sentence: str) -> None:
        """Note what explains the sentences before it."""
        self.trouble.insert(0, sentence)
        del self.trouble[MOST_TROUBLE:]

    def _text(self, path: Path) -> str:
        """The content of a file. Raises OSError if it cannot be read, or is no file: a device has no end."""
        if os.path.realpath(path).startswith(KERNEL) or not stat.S_ISREG(path.stat().st_mode):
            self._strays += 1
            raise OSError("it is not a regular file")
        with open(path, "rb", opener=_open_at_once) as stream:
            data = stream.read(MOST_BYTES - self._bytes + 1)
        self._bytes += len(data)
        if self._bytes > MOST_BYTES:
            raise OSError(f"the configuration has more than {MOST_BYTES >> 20} MB")
        if b"\0" in data:  # httpd reads no further in such a line, and no path may hold it
            self._strays += 1
            raise OSError("it is a binary file")
        return data.decode("utf-8", "replace")

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
        if len(line) > LONGEST_LINE or len(arguments) > LONGEST_LINE:
            self.complain(f"{place}: the line has more than {LONGEST_LINE:,} characters")
            return
        try:
            words = tuple(words_of(arguments.rstrip(">") if name.startswith("<") else arguments))
        except ValueError as error:
            self.complain(f"{place}: {error}")
            return
        yield from self._follow(Directive(name, words, arguments, place), depth)

    def _follow(self, directive: Directive, depth: int) -> Iterator[Directive]:
        first = directive.words[0] if directive.words else ""
        match directive.name:
            case "define" if first and len(self.defines) < MOST_NAMES:
                self.defines[first] = directive.words[1] if len(directive.words) > 1 else ""
            case "undefine":
                self.defines.pop(first, None)
            case "loadmodule" if len(directive.words) > 1 and len(self.modules) < MOST_NAMES:
                self.modules |= {first, f"{Path(directive.words[1]).stem}.c"}
            case "serverroot" if first:
                self._set_root(first)
            case "include" | "includeoptional" if first:
                yield from self._include(first, directive, depth)
                return
        yield directive

    def _include(self, pattern: str, directive: Directive, depth: int) -> Iterator[Directive]:
        path = str(self.path(pattern))
        if too_much := self._too_much(path):
            self.complain(f"{directive.place}: {too_much}")
            return
        found = sorted(islice(glob.iglob(path), MOST_FILES))  # noqa: PTH207 - the order is httpd's
        if not found and directive.name == "include" and not glob.has_magic(path):
            self.complain(f"{directive.place}: {path} is not there")
        for name in found:
            for file in self._files_below(name) if os.path.isdir(name) else (name,):  # noqa: PTH112 - never raises
                if self._files >= MOST_FILES:
                    self.complain(f"{directive.place}: {path}: the configuration has more than {MOST_FILES:,} files")
                    return
                yield from self.file(Path(file), depth + 1)
                if self._strays > MOST_STRAYS:
                    self._complain_first(f"{directive.place}: {name} is not a folder of configuration files")
                    return

    def _too_much(self, path: str) -> str:
        """Why the files of an included path would take too long to look for; empty: they do not."""
        if self._strays > MOST_STRAYS:
            return f"{path} is not read: too many files before it are no configuration"
        parts = Path(path).parts
        if len(parts) > MOST_PARTS:
            return f"the path has more than {MOST_PARTS} parts"
        if any(len(part) > LONGEST_PART for part in parts):
            return f"a part of the path has more than {LONGEST_PART} characters"
        wildcards = [WILDCARD.search(part) is not None for part in parts]
        if sum(wildcards) > MOST_WILDCARDS:
            return f"the path has more than {MOST_WILDCARDS} parts with wildcards"
        self._files += USUAL_FOLDERS ** sum(wildcards[:-1]) if any(wildcards) else 0
        if self._files >= MOST_FILES:
            return f"{path} is not read: the configuration has more than {MOST_FILES:,} files"
        return ""

    def _files_below(self, folder: str) -> Iterator[str]:
        """The files in a folder and below it, in order; folders count as files, so that empty ones have an end too."""
        for here, folders, names in os.walk(folder):
            self._files += 1
            if self._files >= MOST_FILES:
                self.complain(f"{folder} has more than {MOST_FILES:,} folders and files")
                return
            folders.sort()
            yield from (os.path.join(here, name) for name in sorted(names))  # noqa: PTH118 - as os.walk names them

    def _set_root(self, text: str) -> None:
        if self.copy is None:
            self.root = Path(text)
        elif (found := self.path(text)).is_dir():
            self.root = found
        elif self.copy.name == "conf":  # Red Hat's httpd.conf lies a folder below ServerRoot
            self.root = self.copy.parent

    def path(self, text: str) -> Path:
        """A path of the configuration."""
        if self.copy is None or not text.startswith("/"):
            return self.root / text
        below = text.strip("/")
        fixed = WILDCARD.split(below)[0].rpartition("/")[0] if WILDCARD.search(below) else below
        above = (self.copy, *self.copy.parents[:-1])
        return next((one for one in above if os.path.exists(one / fixed)), self.copy) / below  # noqa: PTH110 - never raises

    def filled(self, text: str) -> str:
        """With `${NAME}` replaced, as far as the name is known: by Define, or else by the environment.

        A text that grows too long is cut where it does; it is one character longer than a line may be.
        """
        parts, length, end = [], 0, 0
        for found in VARIABLE.finditer(text):
            value = self.defines.get(found[1], os.environ.get(found[1], found[0]))
            parts += [text[end : found.start()], value]
            length += found.start() - end + len(value)
            end = found.end()
            if length > LONGEST_LINE:
                break
        return "".join((*parts, text[end:])) if length <= LONGEST_LINE else "".join(parts)[: LONGEST_LINE + 1]

    def read_environment(self, path: Path) -> None:
        """Take what Debian's `envvars`, a shell script beside the configuration, exports."""
        try:
            lines = self._text(path).splitlines()
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
            held += line[:-1] if len(held) <= LONGEST_LINE else ""
            continue
        whole, held = (held + line).strip(SPACES), ""
        if whole and not whole.startswith("#"):
            yield begin, re.sub(r"^(\S+)\s+", r"\1 ", whole)
        begin = 0


def _open_at_once(path: str, flags: int) -> int:
    """Open a file; a pipe keeps nobody waiting."""
    return os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC)


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
    found = re.fullmatch(r"(!?)\s*(<=?|>=?|==?|~)?\s*(\d{1,9}(?:\.\d{1,9}){0,3})", argument.strip("\"'"), re.ASCII)
    if found is None:
        return True
    asked = tuple(map(int, found[3].split(".")))
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
