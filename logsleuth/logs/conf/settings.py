"""What a configuration says of its server, as plain values: what a report uses, and a saved tally carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logsleuth.logs.conf.configuration import Configuration

MOST_SETTINGS = 100
MOST_MODULES = 300
MOST_SENTENCES = 30
LONGEST = 200
"""Characters of a setting's name or value."""
LONGEST_SENTENCE = 2000
MOST_CHILDREN = 1 << 20
DEFAULT_LEVEL = "warn"
"""LogLevel where the configuration names none (include/http_log.h: DEFAULT_LOGLEVEL)."""


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """What a configuration says of its server."""

    sentences: tuple[str, ...]
    """Sentences for the report."""
    children: int | None
    """How many child processes httpd may have; None: not known, or daemons serve instead."""
    values: tuple[tuple[str, str], ...]
    """Directives of the main server and their arguments, of those that hold for all requests and carry no secret."""
    modules: tuple[str, ...]
    """What LoadModule loads, such as 'wsgi_module'."""

    def check(self) -> None:
        """Raise ValueError if they are beyond their bounds: they may come from elsewhere."""
        words = [word for pair in self.values for word in pair] + list(self.modules)
        if (
            len(self.values) > MOST_SETTINGS
            or len(self.modules) > MOST_MODULES
            or len(self.sentences) > MOST_SENTENCES
            or any(len(word) > LONGEST for word in words)
            or any(len(sentence) > LONGEST_SENTENCE for sentence in self.sentences)
            or not 0 < (self.children or 1) <= MOST_CHILDREN
        ):
            raise ValueError("settings")


def settings_of(conf: Configuration | None) -> ServerSettings | None:
    """The settings of a configuration, if there is one."""
    if conf is None:
        return None
    children = None if conf.daemons or conf.children is None else min(conf.children, MOST_CHILDREN)
    return ServerSettings(
        sentences=tuple(sentence[:LONGEST_SENTENCE] for sentence in conf.sentences()[:MOST_SENTENCES]),
        children=children,
        values=tuple((name[:LONGEST], value[:LONGEST]) for name, value in _values(conf))[:MOST_SETTINGS],
        modules=tuple(sorted(name[:LONGEST] for name in conf.modules)[:MOST_MODULES]),
    )


def _values(conf: Configuration) -> Iterator[tuple[str, str]]:
    if conf.mpm:
        yield "MPM", conf.mpm
    yield "LogLevel", conf.hosts[0].log_level or DEFAULT_LEVEL
    yield from ((name, f"{value:,}") for name, value in sorted(conf.numbers.items()))
    if conf.daemons:
        yield "WSGIDaemonProcess", "; ".join(sorted(f"{one.processes} × {one.threads} threads" for one in conf.daemons))
    yield from sorted(conf.settings.items())
