"""How the lines of one log are read and counted: one value for the reference and the compiled scan."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from logsleuth.logs.open.block import SPAN
from logsleuth.scan.window import Window
from logsleuth.values import dataclass, field

if TYPE_CHECKING:
    from datetime import date, tzinfo

    from logsleuth.logs.httpd.record import Reader


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """What is fixed for one log, however many blocks it has."""

    vhost: bool = False
    """httpd's default format has a server name in brackets after the pid."""
    source: str = "httpd"
    """The program whose log it is."""
    reader: Reader | None = None
    """Reads each line; None: httpd's default formats."""
    access: tuple[str, ...] = ()
    """LogFormats of an access log that `reader` reads; the compiled scan may read them itself."""
    plain: tuple[str, date] | None = None
    """The wrapper of httpd's default format that `reader` takes off, of those that the compiled scan knows as well, and
    the day of the log's last change."""
    layouts: tuple[str, ...] = ()
    """The ErrorLogFormats of an error log that `reader` reads; the compiled scan may read them itself."""
    zone: tzinfo = UTC
    """Zone of the times that name none; other times are converted to it."""
    window: Window = field(default_factory=Window)
    """The stretch of local time that is counted."""
    span: int = SPAN
    """Most bytes that an entry may cover."""
    by_host: bool = False
    """Lines name the hosts that wrote them: each host's lines are counted apart."""
