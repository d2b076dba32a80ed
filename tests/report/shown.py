"""The sentences with references of a rendered report, in any format, and those that the report's model does not hold."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any

from logsleuth.report.escape import visible
from logsleuth.report.render import render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from logsleuth.report.model import Report

WIDE = 100_000
SPACE = re.compile(r"\s+")


def of_text(shown: str) -> Iterator[str]:
    """Of the terminal's report: a line up to its references in brackets."""
    for line in shown.splitlines():
        for found in re.finditer(r"(\S.*?) \[(?:e\d+ ?)+\]", line):
            yield found[1]


def of_markdown(shown: str) -> Iterator[str]:
    """Of the markdown report: what stands before a row of links to evidence."""
    for line in re.sub(r"```.*?```", "", shown, flags=re.DOTALL).splitlines():
        for found in re.finditer(r"(\S.*?)(?: ?\[e\d+\]\(#[^)]*\))+", line):
            yield html.unescape(re.sub(r"\\([^\w\s])", r"\1", found[1]))


def of_html(shown: str) -> Iterator[str]:
    """Of the page: the text of the element in which references stand."""
    page = re.sub(r"<(script|style)\b.*?</\1>", "", shown, flags=re.DOTALL)
    for found in re.finditer(r'((?:(?!<(?:li|dd|td|tr|p|h\d|dt)\b).)*?)<span class="refs">', page, flags=re.DOTALL):
        block = re.split(r"<(?:li|dd|td|tr|p|h\d|dt)\b[^>]*>", found[1])[-1]
        yield html.unescape(re.sub(r"<[^>]+>", "", block))


def of_json(shown: str) -> Iterator[str]:
    """Of the contract: each text beside a list of references."""

    def walk(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
        if isinstance(value, dict):
            if isinstance(value.get("text"), str) and value.get("evidence") and "offset" not in value:
                yield value["text"]
            for name in ("summary", "impact"):
                for text, refs in zip(value.get(name) or (), value.get(f"{name}_evidence") or (), strict=False):
                    if refs:
                        yield text
            for one in value.values():
                yield from walk(one)
        elif isinstance(value, list):
            for one in value:
                yield from walk(one)

    yield from walk(json.loads(shown)["incidents"])


READERS: dict[str, Callable[[str], Iterable[str]]] = {
    "text": of_text, "markdown": of_markdown, "html": of_html, "json": of_json,
}  # fmt: skip


def unknown_sentences(report: Report, known: set[str]) -> list[str]:
    """Rendered sentences with a number and references that end in no sentence of the model."""
    ends = {_plain(text) for text in known}
    found = []
    for style, reader in READERS.items():
        shown = render(report, style, full=True, width=WIDE, redact="none")
        for text in reader(shown):
            plain = _plain(text)
            wrapped = style == "text" and any(end.endswith(plain) for end in ends)
            if re.search(r"\d", plain) and not wrapped and not _is_known(plain, ends):
                found.append(f"{style}: {plain[-160:]}")
    return found


def _plain(text: str) -> str:
    return SPACE.sub("", text.replace("\u200b", "")).rstrip("|").strip("~")


def _is_known(plain: str, ends: set[str]) -> bool:
    """A sentence, a row of a table with a worker or the heading of a cause: what precedes it on its line may be any."""
    return any(plain.endswith(end) for end in ends) or bool(OTHER.search(plain))


OTHER = re.compile(
    r"confidence(?:,seen[\d,]+times?)?$|Seen[\d,]+times?\.$|(?:crashed|killed|poisoned|hung|exited)~?\|?[\d|:,-]*$|^\d[\d:]*$"
    r"|\([\d:-]+\)$|Severity"
)
"""Headings of causes, rows of workers and times of recovery: `walk.py` holds these to their lines."""


def wrapped_lines(shown: str, report: Report) -> list[str]:
    """The lines of a terminal's report but for those that are pasted elsewhere, which are never broken."""
    commands = [visible(str(command)) for one in report.incidents for command in one.actions.confirm]
    commands += [visible(str(command)) for fault in report.faults for command in fault.confirm]
    config = [line for one in report.incidents for line in one.detection.probe.splitlines() if line]
    pasted = (*commands, *config)
    return [line for line in shown.splitlines() if not line.endswith(pasted)]
