"""Sender and receiver of a message to a service: from the environment, so that no command line holds a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Addressee:
    """What a message to a service says about its sender and receiver."""

    pagerduty_key: str = ""
    """The integration key of the PagerDuty service; empty: a placeholder is written."""
    source: str = ""
    """The host that is spoken of; empty: the paths of its logs."""
    link: str = ""
    """http(s) address at which the full report can be read."""


NOBODY: Final = Addressee()


def addressee(environment: Mapping[str, str]) -> Addressee:
    """From LOGSLEUTH_PAGERDUTY_KEY, LOGSLEUTH_SOURCE and LOGSLEUTH_REPORT_URL (ignored unless it is http or https)."""
    link = environment.get("LOGSLEUTH_REPORT_URL", "")
    return Addressee(
        environment.get("LOGSLEUTH_PAGERDUTY_KEY", ""),
        environment.get("LOGSLEUTH_SOURCE", ""),
        link if link.startswith(("https://", "http://")) and link.isprintable() and " " not in link else "",
    )
