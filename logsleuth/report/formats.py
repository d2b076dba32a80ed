"""The formats of the report: what each is for, and where it is made. A new format is a row here and a file beside."""

from __future__ import annotations

from typing import Final

from logsleuth.errors import LogsleuthError
from logsleuth.report.addressee import NOBODY, Addressee
from logsleuth.values import dataclass

SHOWN_INCIDENTS: Final = 3
"""Incidents that the terminal tells of in full: more than a few screens, nobody reads in the midst of an outage."""


@dataclass(frozen=True, slots=True)
class Format:
    """One format. Its module has a function `render(report, look) -> str`."""

    module: str
    suffixes: tuple[str, ...]
    """Of files that are meant by `-o` without `--format`."""
    for_others: bool
    """Made to be handed on: redacted unless told otherwise."""
    shows_excerpts: bool = False
    """It shows the lines around the evidence."""
    tells: int | None = None
    """Of how many incidents it tells in full, unless all are asked for; None: of all."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a report is shown, where the format leaves a choice."""

    full: bool = False
    """All incidents and all evidence, not only the first screens."""
    width: int = 100
    """Columns of the terminal."""
    colour: bool = False
    template: str = ""
    """Path of the user's own template."""
    to: Addressee = NOBODY
    """Whom a message is for."""


FORMATS: dict[str, Format] = {
    "text": Format("logsleuth.report.terminal", (".txt",), False, tells=SHOWN_INCIDENTS),
    "brief": Format("logsleuth.report.brief", (), True),
    "markdown": Format("logsleuth.report.markdown", (".md", ".markdown"), True),
    "slack": Format("logsleuth.report.slack", (), True),
    "pagerduty": Format("logsleuth.report.pagerduty", (), True),
    "html": Format("logsleuth.report.html", (".html", ".htm"), True, shows_excerpts=True),
    "json": Format("logsleuth.report.as_json", (".json",), False),
    "csv": Format("logsleuth.report.as_csv", (".csv",), True),
    "timesketch": Format("logsleuth.report.timesketch", (".jsonl",), False),
    "ecs": Format("logsleuth.report.ecs", (".ndjson",), False),
    "otlp": Format("logsleuth.report.otlp", (), False),
    "sarif": Format("logsleuth.report.sarif", (".sarif",), True),
}


NOT_WRITTEN: Final = tuple(
    f".{name}"
    for name in "pdf doc docx odt rtf tex xls xlsx ods ppt pptx png jpg svg xml yaml yml zip gz".split()  # noqa: SIM905
)
"""Suffixes of what people would expect to be made, and is not."""


def format_of(path: str) -> str:
    """The format that a file's name asks for; text if it asks for none. Raises LogsleuthError."""
    if path.lower().endswith(NOT_WRITTEN):
        known = " ".join(suffix for kind in FORMATS.values() for suffix in kind.suffixes)
        raise LogsleuthError(
            f"cannot write {path}: no report has this format", f"use one of {known}, or name a --format"
        )
    return next((name for name, kind in FORMATS.items() if path.lower().endswith(kind.suffixes)), "text")
