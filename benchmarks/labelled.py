"""Small labelled logs, each written down in a few lines of TOML: what httpd wrote and when, and what was wrong.

A folder holds NUMBER.toml for each number of signals/tuning.py, with logs on either side of it, and words.toml with
httpd's own messages; detectors.toml has a log for each detector. `why` says why the label is right for those who are
called at night; `wrong_when` and `wrong_without`, which change makes the answer wrong. Times are UTC.
"""

from __future__ import annotations

import tempfile
import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from logsleuth.engines.read import ThisMachine
from logsleuth.engines.reading import Reading
from logsleuth.logs.httpd.layout.given import no_layouts
from logsleuth.logs.open.log import open_logs
from logsleuth.scan.window import Window
from logsleuth.timeline.clock import Clock, zone
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from logsleuth.logs.open.log import Log
    from logsleuth.scan.tally import Tally
    from logsleuth.story import Story

DAY = date(2026, 3, 3)
"""The day of all times that name none."""
WORDS = "words.toml"
HEADS = {
    "error.log": "[{when:%a %b %d %H:%M:%S.%f %Y}] ",
    "access.log": "{client} - - [{when:%d/%b/%Y:%H:%M:%S +0000}] ",
    "dpkg.log": "{when:%Y-%m-%d %H:%M:%S} ",
    "messages": "{when:%b %e %H:%M:%S} web1 kernel: ",
}
"""How each file's lines begin."""
GIVE = 10 * SECOND
"""Microseconds by which an onset or an end may differ from the label."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A log and its label."""

    name: str
    of: str
    """The number, or the detector, that it is about."""
    wrong_when: str
    """'halved', 'doubled', or 'without': the change that makes the answer wrong."""
    files: Mapping[str, str]
    incidents: tuple[Mapping[str, Any], ...]
    """What was wrong, in order of time; only the keys that are given are compared."""
    faults: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Read:
    """A labelled log, read once."""

    tally: Tally
    logs: list[Log]
    clock: Clock


def labelled_in(folder: Path) -> list[Labelled]:
    """All labelled logs of a folder, in order of their files."""
    words = tomllib.loads((folder / WORDS).read_text()) if (folder / WORDS).exists() else {}
    return [
        _labelled(one, path.stem, words)
        for path in sorted(folder.glob("*.toml"))
        if path.name != WORDS
        for one in tomllib.loads(path.read_text())["log"]
    ]


def read_labelled(one: Labelled, library: Any) -> Read:  # noqa: ANN401 - whatever is loaded
    """A labelled log, all of its files."""
    clock = Clock(zone("UTC"))
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in one.files]
        for path, text in zip(paths, one.files.values(), strict=True):
            path.write_text(text)
        logs, _ = open_logs([str(path) for path in paths], no_layouts)
        tally, _ = ThisMachine(library, 1).read(Reading(logs, Window(), clock.tz))
    return Read(tally, logs, clock)


def what_is_wrong(one: Labelled, story: Story) -> str:
    """In what a story differs from the label; empty: in nothing."""
    found = sorted(story.diagnoses, key=lambda diagnosis: diagnosis.incident.onset)
    if len(found) != len(one.incidents):
        return f"{len(found)} incidents: {', '.join(str(diagnosis.category) for diagnosis in found) or 'none'}"
    for wanted, diagnosis in zip(one.incidents, found, strict=True):
        incident = diagnosis.incident
        recovery = incident.recovery
        said: dict[str, Any] = {
            "category": diagnosis.category,
            "severity": diagnosis.severity,
            "onset": incident.onset,
            "over": incident.over,
            "ended": recovery.how.value if recovery else "not yet",
            "lost": len(diagnosis.workers.lost),
            "triggers": len(diagnosis.triggers),
            "returns": len(incident.returns),
        }
        for key, value in wanted.items():
            if isinstance(value, time | datetime):
                if abs(said[key] - _micros(value)) > GIVE:
                    return f"{key} {datetime.fromtimestamp(said[key] / SECOND, UTC)}"
            elif said[key] != value:
                return f"{key} {said[key]}"
    for fault in one.faults:
        trends = [one.trend for one in story.faults if one.series.meaning.category == fault["category"]]
        if trends != [fault["trend"]]:
            return f"{fault['category']} {trends}"
    return ""


def _labelled(one: Mapping[str, Any], number: str, words: Mapping[str, str]) -> Labelled:
    rows: dict[str, list[tuple[datetime, str]]] = {"error.log": []}
    for line in one["lines"]:
        rows.setdefault(line.get("file", "error.log"), []).extend(_rows(line, words))
    files = {name: "".join(text for _, text in sorted(found, key=lambda row: row[0])) for name, found in rows.items()}
    detector = one.get("wrong_without", "")
    return Labelled(
        name=one["name"],
        of=detector or number,
        wrong_when="without" if detector else one["wrong_when"],
        files=files,
        incidents=tuple(one.get("incidents", ())),
        faults=tuple(one.get("faults", ())),
    )


def _rows(line: Mapping[str, Any], words: Mapping[str, str]) -> Iterator[tuple[datetime, str]]:
    """The lines of one entry: the same words at each of its times, by changing workers for changing clients."""
    text = words.get(line["says"], line["says"])
    for number, when in enumerate(_times(line)):
        pid = line.get("pid", 200 + number % line.get("workers", 8))
        client = f"{line.get('net', '203.0.113')}.{1 + number % line.get('clients', 40)}"
        said = text.format(pid=pid, client=client, number=number)
        yield when, HEADS[line.get("file", "error.log")].format(when=when, client=client) + said + "\n"


def _times(line: Mapping[str, Any]) -> Iterator[datetime]:
    """The times of one entry: those listed, or at a fixed distance from one moment to another."""
    if "at" in line:
        yield from map(_when, line["at"])
        return
    when, end = _when(line["from"]), _when(line["until"])
    while when < end:
        yield when
        when += timedelta(seconds=line["every"])


def _when(value: time | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime.combine(DAY, value)


def _micros(value: time | datetime) -> int:
    return int(_when(value).replace(tzinfo=UTC).timestamp()) * SECOND
