"""What a stranger may attach to an issue: the report, the lines that matter and the versions, all redacted.

Nothing enters a bundle but by one `Pseudonyms`, so that a name keeps its pseudonym from file to file.
"""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any, Final

from logsleuth.report.as_json import as_data
from logsleuth.report.redact import redacted_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from logsleuth.redaction.pseudonyms import Pseudonyms
    from logsleuth.report.model import Evidence, Report

MOST_LINES: Final = 500
"""Of each log."""
WIDEST: Final = 2000
"""Characters of a line; the rest says little and may hold much."""
LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the archive: none of theirs matters."""
PURPOSE: Final = {
    "about.json": "versions of logsleuth, Python, the platform and the libraries; the names of the settings in force",
    "report.json": "the report, as `logsleuth analyze --format json --redact strict` has it",
    "problem.txt": "what went wrong instead of a report",
    "lines.log": "the lines that the report rests on, with those around them, and those that nothing knows",
    "window.log": "the lines of the window of time that was named",
}
README: Final = """\
Made by `logsleuth report-bug` for an issue. Addresses, hosts, users, secrets, paths of the application and query
strings are replaced by pseudonyms, the same one for the same thing in all files. Redaction works by context and
shape and can miss a name: read these files before you hand them on.

"""


def of_report(report: Report, names: Pseudonyms) -> dict[str, str]:
    """The files that tell of a report: name to text."""
    shared = redacted_by(report, names)
    lines = [names.text(text)[:WIDEST] for text in telling_lines(report)]
    return {"report.json": json.dumps(as_data(shared), indent=2) + "\n", "lines.log": _text(lines)}


def of_problem(what: str, head: Iterable[str], names: Pseudonyms) -> dict[str, str]:
    """The files that tell why there is no report; `head`: the first lines of the log."""
    lines = [names.text(line)[:WIDEST] for line in head]
    return {"problem.txt": names.text(what) + "\n"} | ({"lines.log": _text(lines)} if lines else {})


def of_window(lines: Iterable[str], names: Pseudonyms) -> dict[str, str]:
    """The file of the lines that were asked for."""
    return {"window.log": _text([names.text(line)[:WIDEST] for line in lines])}


def telling_lines(report: Report) -> Iterator[str]:
    """Evidence and its neighbourhood, and what nothing knows, each line once, in the order of each log."""
    for log in report.logs:
        found: dict[int, str] = {one.offset: one.text for one in _evidence(report) if one.path == log.path}
        for incident in report.incidents:
            for excerpt in incident.excerpts:
                found |= {line.offset: line.text for line in excerpt.lines if excerpt.path == log.path}
        found |= {one.offset: one.text for one in report.unknown if one.path == log.path}
        kept = [found[offset] for offset in sorted(found)][:MOST_LINES]
        yield from (*kept, *(sample for sample in log.unparsed_samples if sample not in kept))


def _evidence(report: Report) -> Iterator[Evidence]:
    for incident in report.incidents:
        yield from incident.evidence
    for fault in report.faults:
        yield from fault.evidence


def about(versions: Mapping[str, Any], settings: Sequence[str]) -> dict[str, str]:
    """The file of versions and of settings, by their names only."""
    return {"about.json": json.dumps({"versions": versions, "settings": list(settings)}, indent=2) + "\n"}


def packed(files: Mapping[str, str]) -> bytes:
    """A zip archive of these files and of one that says what they are."""
    contents = "".join(f"{name:12} {PURPOSE[name]}\n" for name in files)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {"README.txt": README + contents, **files}.items():
            archive.writestr(zipfile.ZipInfo(name, LONG_AGO), text.encode("utf-8", "backslashreplace"), 8)
    return out.getvalue()


def _text(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
