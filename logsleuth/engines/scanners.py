"""The scanner of each log of a call, made when it is first asked for."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

from logsleuth.logs.format.reader import reader_of
from logsleuth.scan.matcher import Matcher
from logsleuth.scan.options import ScanOptions
from logsleuth.scan.scanner import Scanner
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from logsleuth.library.pattern import Library
    from logsleuth.logs.open.log import Log
    from logsleuth.scan.window import Window


@dataclass(slots=True)
class Scanners:
    """Not frozen, as it keeps what it has made. Another process gets the recipe, and makes its own."""

    logs: Sequence[Log]
    library: Library
    zone: tzinfo
    window: Window
    by_host: bool = False
    """Where lines name their hosts, each host's are counted apart."""
    matcher: Matcher | None = None
    """One of these patterns that was made before; making it takes a tenth of a second."""
    _made: dict[int, Scanner] = field(default_factory=dict)

    def __call__(self, number: int) -> Scanner:
        """The scanner of the log of this number."""
        if number not in self._made:
            self.matcher = self.matcher or Matcher(self.library)
            self._made[number] = Scanner(self.matcher, self._options(self.logs[number]))
        return self._made[number]

    def _options(self, log: Log) -> ScanOptions:
        form = log.format
        return ScanOptions(
            form.vhost, form.source or "httpd", reader_of(form, log.newest), self.zone, self.window,
            by_host=self.by_host and log.host_known == "lines",
        )  # fmt: skip

    def __reduce__(self) -> tuple[Any, ...]:
        """What another process makes its own scanners of: how the logs are read, not what is in them."""
        logs = [replace(log, stream=None, data=None) for log in self.logs]
        return Scanners, (logs, self.library, self.zone, self.window, self.by_host)
