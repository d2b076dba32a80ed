"""The scanner of each log of a reading, made when it is first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logsleuth.logs.format.reader import access_formats, plain_layouts, plain_wrapper, reader_of
from logsleuth.scan.matcher import Matcher
from logsleuth.scan.options import ScanOptions
from logsleuth.scan.scanner import Scanner
from logsleuth.values import dataclass, field, replace

if TYPE_CHECKING:
    from logsleuth.engines.reading import Reading
    from logsleuth.library.pattern import Library
    from logsleuth.logs.open.log import Log


@dataclass(slots=True)
class Scanners:
    """Not frozen, as it keeps what it has made. Another process gets the recipe, and makes its own."""

    reading: Reading
    library: Library
    matcher: Matcher | None = None
    """One of these patterns that was made before; making it takes a tenth of a second."""
    _made: dict[int, Scanner] = field(default_factory=dict)

    def __call__(self, number: int) -> Scanner:
        """The scanner of the log of this number."""
        if number not in self._made:
            self.matcher = self.matcher or Matcher(self.library)
            self._made[number] = Scanner(self.matcher, options_of(self.reading, self.reading.logs[number]))
        return self._made[number]

    def __reduce__(self) -> tuple[Any, ...]:
        """What another process makes its own scanners of: how the logs are read, not what is in them."""
        return Scanners, (replace(self.reading, logs=[recipe(log) for log in self.reading.logs]), self.library)


def options_of(reading: Reading, log: Log) -> ScanOptions:
    """How a log is scanned in a reading."""
    form = log.format
    by_host = reading.by_host and log.host_known == "lines"
    return ScanOptions(
        form.vhost, form.source or "httpd", reader_of(form, log.newest), access_formats(form),
        plain_wrapper(form, log.newest), plain_layouts(form), reading.zone, reading.window, by_host=by_host,
    )  # fmt: skip


def recipe(log: Log) -> Log:
    """How a log is read, without what was already read of it: what is sent to another process."""
    return replace(log, stream=None, data=None, head=b"")
