"""Saved tallies: what was counted in a host's logs, in a file that travels instead of the logs.

A line of JSON says what the file is; what follows is compressed msgpack. Files come from other machines: nothing of
one is believed before it is checked, and no part of it is unpacked beyond a bound.
"""

from __future__ import annotations

import json
import zlib
from datetime import date  # noqa: TC003 - a saved log is read by these annotations
from typing import TYPE_CHECKING, Any

import msgspec

from logsleuth._version import __version__
from logsleuth.bounded import json_object
from logsleuth.errors import LogsleuthError
from logsleuth.fleet.scanned import Scanned
from logsleuth.fleet.sound import check_tally
from logsleuth.fleet.split import HostLogs
from logsleuth.logs.conf.settings import ServerSettings  # noqa: TC001 - a saved host is read by these annotations
from logsleuth.logs.format.sniff import Format  # noqa: TC001 - a saved log is read by these annotations
from logsleuth.logs.open.hosts import HowKnown  # noqa: TC001 - the same
from logsleuth.logs.open.log import Log
from logsleuth.scan.tally import FORMAT, Tally
from logsleuth.timeline.clock import UNKNOWN, Clock, zone
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

OURS = b'{"logsleuth": "tally", '
LARGEST_HEAD = 64 * 1024
LARGEST = 1 << 30
"""Bytes of a file's content when it is unpacked: a thousand hosts' tallies."""
WAY_OUT = "scan the logs again with `logsleuth scan --save`"


@dataclass(frozen=True, slots=True)
class SavedLog:
    """What a report needs to know of a log that is not there."""

    path: str
    size: int | None
    newest: date
    compression: str | None
    format: Format
    begins: int | None
    mark: bytes
    """Of its first bytes: the same log saved twice is known by it."""
    hosts: tuple[str, ...]
    host_known: HowKnown | None

    def log(self) -> Log:
        """As a log of which no byte can be read any more."""
        return Log(
            self.path, self.size, self.newest, self.compression, self.format, begins=self.begins, mark=self.mark,
            hosts=self.hosts, host_known=self.host_known, data=b"",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SavedHost:
    """One host's logs and tally."""

    name: str
    known: HowKnown | None
    logs: tuple[SavedLog, ...]
    tally: Tally
    zone: str
    zone_known: str
    remarks: tuple[str, ...]
    partial: bool
    seen: dict[str, tuple[int, ...]]
    settings: ServerSettings | None = None

    def scanned(self) -> Scanned:
        """The host as if its logs had just been scanned. Raises ValueError if any of it cannot be so."""
        check_tally(self.tally, len(self.logs))
        if self.settings is not None:
            self.settings.check()
        known = self.zone_known
        clock = Clock(zone(UNKNOWN if known == "unknown" else self.zone), known=known)
        logs = HostLogs(self.name, self.known, tuple(range(len(self.logs))))
        return Scanned(
            logs,
            tuple(log.log() for log in self.logs),
            self.tally,
            clock,
            self.remarks,
            self.partial,
            self.seen,
            self.settings,
        )


def saved(hosts: Sequence[SavedHost], digest: str, redacted: str) -> bytes:
    """The file that holds these hosts. `digest`: of the patterns; `redacted`: the level."""
    head = {
        "logsleuth": "tally", "format": FORMAT, "version": __version__, "patterns": digest, "redacted": redacted,
        "hosts": [{"host": host.name, "zone": host.zone, "logs": len(host.logs)} for host in hosts[:100]],
    }  # fmt: skip
    return json.dumps(head).encode() + b"\n" + zlib.compress(msgspec.msgpack.encode(tuple(hosts)), 6)


def of_scanned(scanned: Scanned, name: str) -> SavedHost:
    """What is saved of a host; `name`: what it is called where its logs name no host."""
    clock = scanned.clock
    logs = tuple(
        SavedLog(
            log.path, log.size, log.newest, log.compression, log.format, log.begins, log.mark[:64], log.hosts,
            log.host_known,
        )
        for log in scanned.logs
    )  # fmt: skip
    named = {(log.host, log.host_known) for log in scanned.logs if log.host}
    own, known = named.pop() if len(named) == 1 else (name, "tally")
    seen = {key: tuple(times) for key, times in scanned.requests().items()}
    return SavedHost(
        scanned.host.name or own or name, scanned.host.known or known, logs, scanned.tally, clock.name, clock.known,
        scanned.remarks, scanned.partial, seen, scanned.settings,
    )  # fmt: skip


def tallies_at(path: Path) -> list[Path]:
    """The saved tallies that a path means: a file that is one, or those in a folder, by their names."""
    if path.is_dir():
        return sorted(path.glob("*.tally"))
    try:
        with path.open("rb") as stream:
            return [path] if stream.read(len(OURS)) == OURS else []
    except OSError:
        return []


def load(path: Path, digest: str) -> list[Scanned]:
    """The hosts of a saved file. Raises LogsleuthError if it is another kind of file, or was made otherwise.

    `digest`: of the patterns at hand, which must be those that the logs were scanned with.
    """
    try:
        with path.open("rb") as stream:
            head = stream.readline(LARGEST_HEAD)
            _check_head(head, path, digest)
            data = _unpacked(stream.read(LARGEST))
        return [host.scanned() for host in msgspec.msgpack.decode(data, type=tuple[SavedHost, ...])]
    except OSError as error:
        raise LogsleuthError(f"cannot read {path}: {error.strerror or error}", "check the path") from None
    except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError, zlib.error):
        raise LogsleuthError(f"{path} is damaged", f"fetch it again, or {WAY_OUT}") from None


def _check_head(line: bytes, path: Path, digest: str) -> None:
    """Whether a file is one that can be merged here. Raises LogsleuthError if it is not."""
    if not line.startswith(OURS):
        raise LogsleuthError(f"{path} is not a saved tally", "name files that `logsleuth scan --save` has written")
    head: dict[str, Any] = json_object(line.decode("utf-8", "replace").strip()) or {}
    if head.get("format") != FORMAT:
        made = str(head.get("version"))[:20]
        raise LogsleuthError(
            f"{path} was written by another version of logsleuth ({made}; this is {__version__})",
            f"use one version on all machines: {WAY_OUT}",
        )
    if head.get("patterns") != digest:
        raise LogsleuthError(
            f"{path} was scanned with other patterns than those here",
            f"name the same --patterns, or {WAY_OUT} and these patterns",
        )


def _unpacked(data: bytes) -> bytes:
    """The content; no more of it than LARGEST is unpacked. Raises ValueError if it is longer or cut off."""
    unpack = zlib.decompressobj()
    content = unpack.decompress(data, LARGEST)
    if not unpack.eof:
        raise ValueError("too long, or cut off")
    return content
