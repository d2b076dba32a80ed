"""Monitors that already ask for a page, as an access log shows them, and what they were answered in an outage."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from logsleuth.regexes import regex
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.report.compose.again import AskedAgain

AGENTS: Final = regex(
    r"UptimeRobot|Pingdom|kube-probe|ELB-HealthChecker|GoogleHC|GoogleStackdriverMonitoring|Amazon-Route53-Health-Check"
    r"|StatusCake|Site24x7|Uptime-Kuma|Better ?(?:Uptime|Stack)|HetrixTools|NodePing|updown\.io|Datadog/?Synthetics"
    r"|Blackbox[- ]Exporter|Consul Health Check|monit/\d|check_http|Zabbix|Freshping|Checkly|Catchpoint|HAProxy"
    r"|PRTG Network Monitor"
)
"""How monitors name themselves in User-Agent."""
HEALTH: Final = regex(
    r"/(?:[\w.-]{1,40}/){0,3}(?:health(?:z|[-_]?check)?|livez|readyz|ping|heartbeat|alive)(?:\.\w{1,5})?"
)
"""Pages that are made to be asked for by monitors."""
PLAIN: Final = regex(r"/[A-Za-z0-9_./-]{0,59}")
"""Paths that stand in a configuration as they are."""
BY_ITS_OPTION: Final = {"check_http": " (to check_http unless it has the option -f critical)"}
"""How a redirect becomes a failure."""
LEAST: Final = 5
"""Requests of one monitor in an outage: scanners ask for such pages once or twice."""


@dataclass(frozen=True, slots=True)
class Monitor:
    """What asks for one page again and again."""

    name: str
    """As it calls itself; empty: its page alone says what it is."""
    path: str
    requests: int
    """In the outage."""
    failed: int
    """Those that were answered with an error, or refused."""
    redirected: int = 0

    @property
    def sentence(self) -> str:
        """What it saw."""
        asks = f"The monitor that already asks for {self.path} ({self.name})" if self.name else f"The check {self.path}"
        if self.redirected > self.failed:
            was = f"was redirected {self.redirected:,} of {self.requests:,} times"
            return f"{asks} {was}: to most monitors a redirect is a good answer{BY_ITS_OPTION.get(self.name, '')}."
        if not self.failed:
            return (
                f"{asks} got a good answer {self.requests:,} times out of {self.requests:,}: it saw nothing of this "
                "outage."
            )
        if self.failed == self.requests:
            return f"{asks} got an error all {self.requests:,} times: it saw this outage."
        return f"{asks} got an error {self.failed:,} of {self.requests:,} times."


def monitors_among(asked: Iterable[AskedAgain]) -> tuple[Monitor, ...]:
    """The monitors of an outage's requests, that which asked most often first."""
    counted: Counter[tuple[str, str]] = Counter()
    failed: Counter[tuple[str, str]] = Counter()
    redirected: Counter[tuple[str, str]] = Counter()
    for one in asked:
        found = AGENTS.search(one.agent)
        if PLAIN.fullmatch(one.path) is None or (found is None and HEALTH.fullmatch(one.path) is None):
            continue
        key = (found[0].partition("/")[0] if found else "", one.path)
        counted[key] += 1
        failed[key] += one.level in {"error", "warn"}
        redirected[key] += one.level == "notice"
    return tuple(
        Monitor(name, path, count, failed[name, path], redirected[name, path])
        for (name, path), count in counted.most_common()
        if count >= LEAST
    )
