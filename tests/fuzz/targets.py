"""What is fuzzed: each target reads one input, and may refuse it only in the way that its callers expect."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from logsleuth.errors import LogsleuthError

if TYPE_CHECKING:
    from logsleuth.library.pattern import Library

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CORPUS = HERE / "corpus"
SHIPPED = ROOT / "tests" / "logs" / "shipped.jsonl"
DAY = date(2020, 3, 3)
Run = Callable[[bytes], None]


@dataclass(frozen=True)
class Target:
    """Something that reads what others wrote."""

    run: Run
    """Raises whatever its callers do not expect."""
    seeds: Callable[[], Sequence[bytes]]
    """Inputs from which others are made."""
    weight: float = 1.0
    """Its share of the time."""
    longest: int = 1 << 16
    """Bytes of an input."""


@cache
def logs() -> tuple[bytes, ...]:
    """One short log of each kind that is read, and the begins of the labelled ones."""
    own = [path.read_bytes() for path in sorted((CORPUS / "logs").iterdir())]
    exports = (json.loads(row)["text"].encode() for row in SHIPPED.read_text(encoding="utf-8").splitlines())
    labelled = [path.read_bytes()[:3000] for path in sorted((ROOT / "sample_logs").glob("*.log"))]
    return (*own, *exports, *labelled, *(example.encode() for example in examples()[:400:8]))


@cache
def lines() -> tuple[bytes, ...]:
    """Lines of all of them, and of the patterns' examples."""
    examples_ = (line.encode() for example in examples() for line in example.split("\n"))
    return tuple(dict.fromkeys((*(line for log in logs() for line in log.split(b"\n") if line), *examples_)))


@cache
def examples() -> tuple[str, ...]:
    """The patterns' examples and counter-examples."""
    from logsleuth.library.load import shipped_library

    return tuple(
        one.log for pattern in shipped_library().patterns for one in (*pattern.examples, *pattern.counter_examples)
    )


def corpus(name: str) -> tuple[bytes, ...]:
    """The inputs of one kind in the corpus."""
    return tuple(path.read_bytes() for path in sorted((CORPUS / name).iterdir()))


def shipped(glob: str) -> tuple[bytes, ...]:
    """Files of the library."""
    return tuple(path.read_bytes() for path in sorted((ROOT / "patterns").glob(glob)) if path.stat().st_size < 8000)


@contextlib.contextmanager
def refusing(*expected: type[Exception]) -> Iterator[None]:
    """The refusals that a caller expects."""
    with contextlib.suppress(LogsleuthError, *expected):
        yield


# lines


@cache
def readers() -> tuple[Callable[[bytes], object], ...]:
    """The readers of all kinds of logs, without the guard around them."""
    from logsleuth.logs.format.reader import _reader_of
    from logsleuth.logs.format.sniff import sniff
    from logsleuth.logs.httpd.layout.reader import layout_reader
    from logsleuth.logs.httpd.tokenize import tokenize
    from logsleuth.logs.others.access.reader import access_reader

    found: dict[str, Callable[[bytes], object]] = {"tokenize": tokenize, "vhost": partial(tokenize, vhost=True)}
    for log in logs():
        form = sniff(log, complete=True, newest=DAY)
        read = _reader_of(form, DAY) if form.source is not None else None
        if read is not None:
            found.setdefault(f"{form.kind} {form.wrapper} {form.layouts} {form.pasted}", read)
    for argument in (
        '"[%{u}t] [%-m:%l] [pid %P:tid %T] %7F: %E: [client\\\\ %a] %M% ,\\\\ referer\\\\ %{Referer}i"',
        '"%{cuz}t %l %m %P %v %L %M"',
        '"%M"',
        '"%t %M"',
    ):
        found[argument] = layout_reader((argument,))
    for argument in (
        '"%h %l %u %t \\"%r\\" %>s %b"',
        '"%{%s}t %{usec_frac}t %a \\"%r\\" %s %D %T"',
        '"%v:%p %h %{%Y-%m-%d %T %z}t \\"%m %U%q %H\\" %>s %O"',
    ):
        found[argument] = access_reader((argument,))
    return tuple(found.values())


_turn = 0


def read_line(data: bytes) -> None:
    """A line, by one reader after the other."""
    global _turn  # noqa: PLW0603 - each input is read by the next reader
    _turn += 1
    line = data.replace(b"\n", b" ")
    readers()[_turn % len(readers())](line)


def redact(data: bytes) -> None:
    """A line, redacted."""
    from logsleuth.redaction.pseudonyms import Pseudonyms

    text = data.decode("utf-8", "backslashreplace")
    for level in ("default", "strict"):
        Pseudonyms(level).text(text)


def escape(data: bytes) -> None:
    """A text, for a terminal, markdown, and a shell."""
    from logsleuth.library.commands import command, instruction, word
    from logsleuth.report.escape import fenced, markdown, visible

    text = data.decode("utf-8", "surrogateescape")
    assert visible(text).isprintable()
    assert "\n" not in markdown(text)
    fenced([text])
    assert "\n" not in word(text)
    command(text, {"x": text, "path": "a b"})
    instruction(text, {"x": text})


def nested(data: bytes) -> None:
    """A text as JSON and TOML."""
    from logsleuth.bounded import json_object, number, read_toml

    text = data.decode("utf-8", "backslashreplace")
    json_object(text)
    number(text)
    with refusing(ValueError):
        read_toml(text)


# files of the user's


def formats(data: bytes) -> None:
    """An ErrorLogFormat, a LogFormat, and a line that they read."""
    from logsleuth.logs.httpd.layout.layout import layout
    from logsleuth.logs.httpd.layout.reader import layout_reader
    from logsleuth.logs.others.access.layout import access_layout
    from logsleuth.logs.others.access.reader import access_reader

    argument, _, line = data.decode("utf-8", "backslashreplace").partition("\n")
    with refusing():
        layout(argument)
        layout_reader((argument,))(line.encode())
    with refusing():
        access_layout(argument)
        access_reader((argument,))(line.encode())


def configuration(data: bytes) -> None:
    """A configuration."""
    from logsleuth.logs.conf.configuration import read_configuration

    path = _file(data.replace(b"\n/", b"\n").replace(b" /", b" "))  # of this machine nothing is included
    with refusing():
        found = read_configuration(str(path))
        found.sentences()
        _ = found.children, found.formats_of("/var/log/apache2/error.log.1")


def patterns(data: bytes) -> None:
    """A pattern, a card and a pack's description."""
    from logsleuth.library.card_parse import read_cards
    from logsleuth.library.mistakes import Mistakes
    from logsleuth.library.pack import read_manifest
    from logsleuth.library.parse import parse_pattern

    text = data.decode("utf-8", "replace")
    with refusing(Mistakes):
        parse_pattern(text, "x", trusted=False)
    with refusing(Mistakes):
        read_cards(text)
    path = _file(data, "pack.toml")
    with refusing():
        read_manifest(path.parent)


def times(data: bytes) -> None:
    """Options that name times, zones and spans."""
    from logsleuth.live.limits import Lost, seconds_of
    from logsleuth.timeline.clock import Clock, zone
    from logsleuth.times import moment

    text = data[:200].decode("utf-8", "replace")
    for read in (
        zone,
        partial(seconds_of, option="--grace"),
        Lost.of,
        lambda one: Clock(zone("Asia/Tokyo")).wall(moment(one, "--since", datetime(2026, 3, 3, 14))),
    ):
        with refusing():
            read(text)


@cache
def states() -> tuple[bytes, ...]:
    """A state as a probe left it."""
    from logsleuth.live.check import check
    from logsleuth.live.probe import Options, Probe

    folder = _folder()
    options = Options((str(ROOT / "sample_logs" / "crash-prefork.log"),), state=str(folder / "kept"), tz="UTC")
    check(Probe.of(options, None), 1_600_000_000.0)
    return ((folder / "kept").read_bytes(), b"logsleuth state 2\n", b"")


def state(data: bytes) -> None:
    """A saved state."""
    from logsleuth.live import saved

    path = _file(data, "state")
    path.chmod(0o600)
    with refusing():
        saved.load(path)


def packed(data: bytes) -> None:
    """A compressed log."""
    from logsleuth.logs.open.unpack import compression_of, open_packed

    kind = compression_of(data[:6])
    if kind is not None:
        with open_packed(partial(io.BytesIO, data), kind) as stream:
            while stream.read(1 << 20):
                pass


def opened(data: bytes) -> None:
    """A file of any kind, opened as a user's: plain, compressed, an archive."""
    from logsleuth.logs.open.log import look_at

    with refusing():
        for log in look_at([str(_file(data, "opened"))]):
            with contextlib.suppress(OSError), log.open() as stream:
                while stream.read(1 << 20):
                    pass


@cache
def archives() -> tuple[bytes, ...]:
    """Archives of a log, a packed log and a file that is no log."""
    import gzip
    import tarfile
    import zipfile

    files = {
        "web01/error.log": logs()[0],
        "web01/error.log.1.gz": gzip.compress(logs()[1]),
        "x/notes.txt": b"milk\n",
        "bomb-error.log": bytes(1 << 20),
    }
    made = []
    for how in ("w:", "w:gz"):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode=how) as tar:
            for name, data in files.items():
                member = tarfile.TarInfo(name)
                member.size = len(data)
                tar.addfile(member, io.BytesIO(data))
        made.append(out.getvalue())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return (*made, out.getvalue(), *packs()[:8], *corpus("archives"))


@cache
def packs() -> tuple[bytes, ...]:
    """Logs, packed in each way."""
    import bz2
    import gzip
    import lzma

    from logsleuth.logs.open.members import zstd_library

    pack = (gzip.compress, bz2.compress, lzma.compress, zstd_library().compress)
    return tuple(one(log) for one in pack for log in (*logs()[:3], bytes(300_000), b""))


# whole runs


MADE_ONCE = (
    "logsleuth.authoring.explain.Matcher", "logsleuth.engines.scanners.Matcher", "logsleuth.live.probe.Matcher", "logsleuth.pipeline.load_library",
)  # fmt: skip


@cache
def made_once() -> None:
    """Let the library and its automaton be made once for all inputs: they cost more than most logs."""
    from logsleuth.scan.matcher import Matcher

    matchers: dict[int, Matcher] = {}

    def matcher_of(library: Library) -> Matcher:
        return matchers.setdefault(id(library), matchers.get(id(library)) or Matcher(library))

    library = _library()
    made = {"Matcher": matcher_of, "load_library": lambda *_, **__: library}
    for name in MADE_ONCE:
        module, _, attribute = name.rpartition(".")
        setattr(importlib.import_module(module), attribute, made[attribute])


def recognise(data: bytes) -> None:
    """A log, looked at."""
    from logsleuth.logs.format.reader import reader_of
    from logsleuth.logs.format.sniff import sniff

    form = sniff(data, complete=len(data) % 2 == 0, newest=DAY)
    read = reader_of(form, DAY) if form.source else None
    for line in data.split(b"\n")[:5] if read else ():
        assert read is not None
        read(line)


def analyse(data: bytes) -> None:
    """A log, from its bytes to every report."""
    import logsleuth
    from logsleuth.report.render import render

    made_once()
    with refusing():
        report = logsleuth.analyze([_file(data, "error.log")], tz="UTC", jobs=1)
        for style in ("text", "markdown", "json", "html", "csv"):
            render(report, style, redact="strict" if len(data) % 2 else "none", full=True)


def explain(data: bytes) -> None:
    """Some lines, explained."""
    from logsleuth.authoring.explain import of_lines
    from logsleuth.cli.explain import _whole

    made_once()
    for meaning in of_lines(_library(), data.decode("utf-8", "surrogateescape")).meanings:
        for line in _whole(meaning):
            assert line.isprintable()


@cache
def _library() -> Library:
    from logsleuth.library.load import shipped_library

    return shipped_library()


def parse(data: bytes) -> None:
    """A log, parsed by the command line."""
    from logsleuth.cli.parse import command

    out = io.StringIO()
    with refusing(OSError), contextlib.redirect_stdout(out):
        command.callback((str(_file(data, "parsed.log")),), (), None, ())  # type: ignore[misc]


def check_twice(data: bytes) -> None:
    """A log that grows, under a probe: what it says is one line, whatever came."""
    from logsleuth.live.check import check
    from tests.live.fed import probe_of

    made_once()
    log = _folder() / "probed.log"
    probe = probe_of(log)
    probe.state.unlink(missing_ok=True)
    half = len(data) // 2
    for part in (data[:half], data):
        log.write_bytes(part)
        with refusing():
            _, line = check(probe, 1_583_244_200.0)
            assert line.isprintable()


@cache
def _folder() -> Path:
    """One folder for all files; in memory, where there is such a file system."""
    memory = Path("/dev/shm")
    holder = tempfile.TemporaryDirectory(prefix="logsleuth-fuzz-", dir=memory if memory.is_dir() else None)
    _kept.append(holder)
    return Path(holder.name)


_kept: list[object] = []


def _file(data: bytes, name: str = "input") -> Path:
    path = _folder() / name
    path.write_bytes(data)
    return path


OPTIONS = (
    b"Europe/Berlin",
    b"-06:00",
    b"UTC+14:00",
    b"2026-03-03 14:00",
    b"24h",
    b"10m",
    b"25%",
    b"3/1h",
    b"yesterday",
    b"0001-01-01T00:00+14:00",
    b"9999-12-31",
)
TARGETS: Mapping[str, Target] = {
    "readers": Target(read_line, lines, 8, 20_000),
    "nested": Target(nested, lambda: (*corpus("nested"), *lines()[:300]), 2),
    "escape": Target(escape, lambda: (*lines()[:400], *corpus("texts")), 1, 20_000),
    "redaction": Target(redact, lambda: (*lines(), *corpus("texts")), 1, 20_000),
    "formats": Target(formats, lambda: corpus("formats"), 1, 8000),
    "configuration": Target(configuration, lambda: corpus("configuration"), 1),
    "patterns": Target(
        patterns,
        lambda: (
            *shipped("httpd/**/*.toml")[:40],
            *shipped("codes/*.toml")[:10],
            *corpus("nested"),
            *corpus("patterns"),
        ),
        1,
    ),
    "times": Target(times, lambda: OPTIONS, 0.5, 200),
    "state": Target(state, states, 1, 1 << 20),
    "packed": Target(packed, packs, 1, 1 << 20),
    "opened": Target(opened, archives, 1, 1 << 21),
    "recognise": Target(recognise, logs, 2),
    "explain": Target(explain, lines, 2, 20_000),
    "parse": Target(parse, logs, 1),
    "check": Target(check_twice, logs, 2),
    "analyse": Target(analyse, logs, 4),
}
"""By name."""
