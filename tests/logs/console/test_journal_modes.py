"""One failed start, as each of journalctl's output modes shows it: all are read alike.

The forms are those of journalctl 252 (systemd's `logs-show.c`); the texts are httpd's and systemd's.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import pytest

import logsleuth

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

START = datetime(2026, 3, 3, 14, 2, 11, 101000, tzinfo=UTC)
BOOTED = START - timedelta(seconds=5678, microseconds=351000)


class Entry(NamedTuple):
    after: int
    """Milliseconds."""
    program: str
    pid: int
    message: str

    @property
    def time(self) -> datetime:
        return START + timedelta(milliseconds=self.after)

    @property
    def micros(self) -> int:
        return int(self.time.timestamp()) * 1_000_000 + self.time.microsecond

    @property
    def uptime(self) -> float:
        return (self.time - BOOTED).total_seconds()

    @property
    def unit(self) -> str:
        return "init.scope" if self.pid == 1 else "apache2.service"

    @property
    def fields(self) -> dict[str, str]:
        return {
            "__REALTIME_TIMESTAMP": str(self.micros), "_HOSTNAME": "web1", "SYSLOG_IDENTIFIER": self.program,
            "_PID": str(self.pid), "_COMM": self.program, "PRIORITY": "6", "MESSAGE": self.message,
        }  # fmt: skip

    def line(self, time: str, host: str = "web1 ", program: str = "") -> str:
        return f"{time} {host}{program or self.program}[{self.pid}]: {self.message}"


ENTRIES = (
    Entry(0, "systemd", 1, "Starting apache2.service - The Apache HTTP Server..."),
    Entry(129, "apachectl", 4120, "(98)Address already in use: AH00072: make_sock: could not bind to address [::]:80"),
    Entry(130, "apachectl", 4120, "no listening sockets available, shutting down"),
    Entry(131, "apachectl", 4120, "AH00015: Unable to open logs"),
    Entry(150, "systemd", 1, "apache2.service: Control process exited, code=exited, status=1/FAILURE"),
    Entry(151, "systemd", 1, "apache2.service: Failed with result 'exit-code'."),
    Entry(152, "systemd", 1, "Failed to start apache2.service - The Apache HTTP Server."),
)


def lines(write: Callable[[Entry], str]) -> str:
    return "".join(write(entry) + "\n" for entry in ENTRIES)


def verbose(entry: Entry) -> str:
    cursor = f"[s=a8c0;i={entry.after:x};b=9f3c;m=15274c298;t=64c1f26558948;x=c771]"
    fields = [f"    {name}={value}" for name, value in entry.fields.items() if not name.startswith("__")]
    return "\n".join([f"{entry.time:%a %F %T.%f} UTC {cursor}", *fields])


def export(entry: Entry) -> str:
    return "".join(f"{name}={value}\n" for name, value in entry.fields.items())


DATED = {
    "short": lines(lambda entry: entry.line(f"{entry.time:%b %d %T}")),
    "short without host": lines(lambda entry: entry.line(f"{entry.time:%b %d %T}", "")),
    "short-precise": lines(lambda entry: entry.line(f"{entry.time:%b %d %T.%f}")),
    "short-full": lines(lambda entry: entry.line(f"{entry.time:%a %F %T} UTC")),
    "short-iso": lines(lambda entry: entry.line(f"{entry.time:%FT%T}+0000")),
    "short-iso of systemd 255": lines(lambda entry: entry.line(f"{entry.time:%FT%T}+00:00")),
    "short-iso without host": lines(lambda entry: entry.line(f"{entry.time:%FT%T}+0000", "")),
    "short-iso-precise": lines(lambda entry: entry.line(f"{entry.time:%FT%T.%f}+0000")),
    "short-unix": lines(lambda entry: entry.line(f"{entry.micros / 1e6:.6f}")),
    "with-unit": lines(lambda entry: entry.line(f"{entry.time:%a %F %T} UTC", program=entry.unit)),
    "verbose": lines(verbose),
    "export": lines(export),
    "json": lines(lambda entry: json.dumps(entry.fields)),
    "json-pretty": lines(lambda entry: json.dumps(entry.fields, indent="\t", separators=(",", " : "))),
    "json-sse": lines(lambda entry: f"data: {json.dumps(entry.fields)}\n"),
    "json-seq": lines(lambda entry: f"\x1e{json.dumps(entry.fields)}"),
}
UNDATED = {
    "short-monotonic": lines(lambda entry: entry.line(f"[{entry.uptime:12.6f}]")),
    "short-delta": lines(lambda entry: entry.line(f"[{entry.uptime:12.6f} <    0.109000 >]")),
    "short-delta, first": lines(lambda entry: entry.line(f"[{entry.uptime:12.6f}                ]")),
    "cat": lines(lambda entry: entry.message),
}
NAMES_NO_ZONE = ("short", "short without host", "short-precise")


def analyzed(text: str, folder: Path) -> logsleuth.Report:
    path = folder / "paste.txt"
    path.write_text(text)
    return logsleuth.analyze([str(path)])


@pytest.mark.parametrize("mode", DATED)
def test_a_failed_start_is_found_with_its_time(mode: str, tmp_path: Path) -> None:
    report = analyzed(DATED[mode], tmp_path)
    (incident,) = report.incidents
    assert incident.category == "port-in-use"
    assert incident.onset // 1_000_000 == int(START.timestamp())


@pytest.mark.parametrize("mode", [mode for mode in DATED if mode not in NAMES_NO_ZONE and "full" not in mode])
def test_the_zone_is_known_where_the_mode_names_it(mode: str, tmp_path: Path) -> None:
    report = analyzed(DATED[mode], tmp_path)
    assert report.zone == "UTC"


@pytest.mark.parametrize("mode", UNDATED)
def test_without_times_the_fault_is_still_named(mode: str, tmp_path: Path) -> None:
    report = analyzed(UNDATED[mode], tmp_path)
    assert "port-in-use" in {fault.category for fault in report.faults}
