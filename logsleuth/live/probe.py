"""What is probed, and how: the options of `check` and `watch`, as values."""

from __future__ import annotations

from fnmatch import filter as matching
from pathlib import Path
from typing import TYPE_CHECKING

from logsleuth.errors import LogsleuthError
from logsleuth.library.cards import load_cards
from logsleuth.library.load import load_library
from logsleuth.live import saved
from logsleuth.live.guard import Guard
from logsleuth.live.ledger import Ledger
from logsleuth.live.limits import Limits, Lost, seconds_of
from logsleuth.live.ranges import Range, is_range
from logsleuth.logs.conf.configuration import configuration
from logsleuth.logs.conf.formats import formats_of
from logsleuth.logs.conf.settings import settings_of
from logsleuth.scan.matcher import Matcher
from logsleuth.spelling import suggestion
from logsleuth.timeline.clock import Clock, zone
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from logsleuth.library.card_index import CardIndex
    from logsleuth.library.pattern import Library
    from logsleuth.logs.conf.settings import ServerSettings
    from logsleuth.logs.httpd.layout.given import LayoutsOf


@dataclass(frozen=True, slots=True)
class Options:
    """The options as they were written."""

    logs: tuple[str, ...]
    kind: str = "check"
    """The command: a watch holds its state as long as it runs, and `check` must not wait for it."""
    state: str | None = None
    lost: str = "25%"
    critical: tuple[str, ...] = ()
    grace: str = "10m"
    warning: str | None = None
    restarts: str = "3/1h"
    restart_only: bool = False
    tz: str | None = None
    patterns: tuple[str, ...] = ()
    log_formats: tuple[str, ...] = ()
    httpd_conf: str | None = None
    textfile: str | None = None


@dataclass(frozen=True, slots=True)
class Probe:
    """What is watched, and how."""

    logs: tuple[str, ...]
    state: Path
    library: Library
    cards: CardIndex
    clock: Clock
    limits: Limits
    layouts: LayoutsOf
    settings: ServerSettings | None = None
    """What the configuration says."""
    since: int | None = None
    """Local seconds since 1970: what is older is not read at the first look; None: all is."""
    textfile: Path | None = None
    """Where to write metrics for node_exporter."""

    @classmethod
    def of(cls, options: Options, since: datetime | None) -> Probe:
        """The probe that these options mean; `since`: without a zone, it is of the logs'. Raises LogsleuthError."""
        clock = Clock(zone(options.tz), known="named" if options.tz else "from this machine")
        conf = configuration(options.httpd_conf)
        library = load_library(list(options.patterns))
        globs = tuple(word for word in options.critical if not is_range(word))
        _check_globs(globs, [pattern.id for pattern in library.patterns])
        limits = Limits(
            Lost.of(options.lost), globs, seconds_of(options.grace, "--grace"), Guard.of(options.restarts),
            options.restart_only, _range_of([options.warning] if options.warning else [], "--warning"),
            _range_of([word for word in options.critical if is_range(word)], "--critical"),
        )  # fmt: skip
        state = Path(options.state) if options.state else saved.place_of(options.logs, options.kind)
        return cls(
            options.logs, state, library, load_cards(list(options.patterns)), clock, limits,
            formats_of(options.log_formats, conf), settings_of(conf),
            clock.wall(since), Path(options.textfile) if options.textfile else None,
        )  # fmt: skip

    def ledger(self) -> tuple[Ledger, tuple[str, ...]]:
        """The logs as they were left, and what there is to say of that. Raises LogsleuthError (exit code 3)."""
        state, note = saved.load(self.state)
        ledger = Ledger(state, Matcher(self.library), self.clock.tz, self.layouts, self.since)
        return ledger, (note,) if note else ()


def _range_of(written: Sequence[str], option: str) -> Range | None:
    """The one range that is written, if there is one. Raises LogsleuthError."""
    if len(written) > 1:
        raise LogsleuthError(f"{option} has {len(written)} ranges: {' and '.join(written)}", "give one")
    return Range.of(written[0]) if written else None


def _check_globs(globs: Sequence[str], names: list[str]) -> None:
    """A pattern that is misspelt would never be critical, and nobody would notice."""
    for glob in globs:
        if not matching(names, glob):
            raise LogsleuthError(
                f"--critical '{glob}' is not a pattern",
                suggestion(glob, names, "logsleuth patterns list shows them"),
            )
