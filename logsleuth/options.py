"""What a run is told: one value for each command that reads logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.values import dataclass

if TYPE_CHECKING:
    from datetime import datetime
    from os import PathLike

    from distributed import Client

    Path = str | PathLike[str]


@dataclass(frozen=True, slots=True)
class Options:
    """What `analyze` is told."""

    paths: tuple[Path, ...]
    """Error logs and what is beside them: files, directories, globs, or '-' for standard input."""
    tz: str | None = None
    """The zone of times that name none, such as 'Europe/Berlin'."""
    patterns: tuple[Path, ...] = ()
    """More pattern files and folders; they override the shipped ones."""
    since: datetime | None = None
    """Only lines from this time on; without a zone it is read in `tz`."""
    until: datetime | None = None
    jobs: int | None = None
    """Number of parallel workers; None: one per CPU, if there is much to read."""
    command: str = ""
    """What the report names as the command that made it."""
    log_formats: tuple[str, ...] = ()
    """Arguments of the ErrorLogFormat directives that the logs were written by."""
    access_formats: tuple[str, ...] = ()
    """Arguments of LogFormat directives."""
    httpd_conf: Path | None = None
    """The configuration that the logs were written under; with `{host}` in its path, each host has its own."""
    host_from: str | None = None
    """A regex that finds the host in a log's path: its group `host`, else its first group, else all that it matches.
    A path in which it finds nothing is of no host; what matches nothing anywhere makes all logs one host's."""
    host: str | None = None
    """The only host, of several, that is reported on."""
    engine: str | Client = "local"
    """Where logs are scanned: 'local' (this machine), 'dask' (a cluster within this process), 'dask://SCHEDULER:8786',
    or a `distributed.Client`. The report is the same."""
    excerpts: bool = True
    """Whether the lines around the evidence are read once more: what HTML shows, and names are redacted by."""
    told: int | None = None
    """Of how many of one host's incidents the report tells in full, besides those that go on; the others it only lists,
    in `untold`. None: of all."""
