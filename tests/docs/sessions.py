"""Sessions shown in the documentation: a block `console` holds a command after `$ ` and exactly what it prints.

Each page is one session in a folder of its own, in which `samples` and `sample_logs` lead to ours. A command may be piped
into and out of `cat`, `head`, `tail` and `grep`.
"""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from click.testing import CliRunner

from logsleuth.cli.commands import cli

ROOT = Path(__file__).resolve().parent.parent.parent
DOCS = ROOT / "docs"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
MADE_BY_CODE = ("catalogue", "reference")


def pages() -> list[Path]:
    """The pages with sessions, in order."""
    written = (page for page in sorted(DOCS.rglob("*.md")) if page.relative_to(DOCS).parts[0] not in MADE_BY_CODE)
    return [page for page in written if BLOCK.search(page.read_text())]


def played(page: str) -> str:
    """The page with each session as it goes now; the current folder is the session's."""
    return BLOCK.sub(lambda block: f"```console\n{''.join(_lines(block[1]))}```", page)


def _lines(session: str) -> Iterator[str]:
    for line in session.splitlines():
        if line.startswith("$ "):
            yield f"{line}\n"
            yield from (f"{shown}\n" for shown in _run(line[2:]))


def _run(command: str) -> list[str]:
    """What a pipeline prints, without spaces at the ends of lines."""
    text = ""
    for stage in command.split(" | "):
        text = _stage(shlex.split(stage), text)
    return [line.rstrip() for line in text.splitlines()]


def _stage(words: list[str], text: str) -> str:
    match words:
        case ["logsleuth", *arguments]:
            return _logsleuth(arguments, text)
        case ["cat", path]:
            return Path(path).read_text()
        case ["head", number]:
            return "".join(text.splitlines(keepends=True)[: int(number.removeprefix("-"))])
        case ["tail", number]:
            return "".join(text.splitlines(keepends=True)[-int(number.removeprefix("-")) :])
        case ["grep", word]:
            return "".join(line for line in text.splitlines(keepends=True) if word in line)
    raise AssertionError(f"no session may run {words}")


def _logsleuth(arguments: list[str], text: str) -> str:
    home = str(Path.cwd())
    meant = [home + word[1:] if word.startswith("~/") else word for word in arguments]
    done = CliRunner().invoke(cli, meant, input=text, prog_name="logsleuth", env={"COLUMNS": "100"})
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.output.replace(home, "~")
