"""The report without who and where: the same pseudonym for the same name all through it."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any, TypeVar, cast

from logsleuth.library.commands import Command
from logsleuth.redaction.pseudonyms import Level, Pseudonyms
from logsleuth.report.model import Evidence, Excerpt, UnknownMessage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.report.model import Report

T = TypeVar("T")
OF_THE_LOG = (Evidence, Excerpt)
"""Their text is the log's own; elsewhere log text stands within sentences of ours."""
AS_IT_IS = frozenset(
    """id pattern category severity confidence kind phase role how level version zone patterns_digest format
    pool_source recovery_how ended_by recovery known source rule reason verdict about trend restart
    why_confidence""".split()  # noqa: SIM905 - a list of words reads best as words
)
"""Fields that hold words of ours only."""
CONFIGURATION = "probe"
"""The field of a configuration: of the log it holds names of sites and paths, and no sentence tells what they are."""


QUOTED = re.compile(r"“[^”]*”")
PSEUDONYMS = (
    "Addresses, hosts, users and secrets are replaced by pseudonyms such as host-1, in commands too: put the real "
    "names back before you run them. `--redact none` keeps them."
)
MASKED = re.compile(r"\S*\*\S*[A-Za-z]\S*")
"""A word of a message's shape of which a part is masked: no rule knows a secret or a host by what is left of it."""


def redacted(report: Report, level: str = "default", words: Sequence[str] = ()) -> Report:
    """The report with names, addresses and secrets replaced wherever text stands."""
    return redacted_by(report, Pseudonyms(cast("Level", level), words))


def redacted_by(report: Report, names: Pseudonyms) -> Report:
    """The report with these pseudonyms, and those that it gives cause for."""
    names.know_hosts(host.host for host in report.hosts)
    report = _walked(report, names)
    return dataclasses.replace(report, notes=(*report.notes, PSEUDONYMS)) if names.given else report


def _walked(report: Report, names: Pseudonyms) -> Report:
    for incident in report.incidents:  # first what tells by its context who a name is, then what only names it
        _walk((incident.evidence, incident.excerpts), names, ours=False)
    return _walk(report, names, ours=True)


def _walk(value: T, names: Pseudonyms, *, ours: bool) -> T:
    result: Any = value
    if isinstance(value, Command):
        result = value.with_values(lambda text: names.text(text, ours=ours))
    elif isinstance(value, str):
        result = _unmasked(names.text(value, ours=ours))
    elif isinstance(value, UnknownMessage):
        text = names.text(value.text)
        result = dataclasses.replace(
            value, path=names.text(value.path), text=text, template=MASKED.sub("*", names.text(value.template))
        )
    elif isinstance(value, tuple):
        result = tuple(_walk(item, names, ours=ours) for item in value)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        own = ours and not isinstance(value, OF_THE_LOG)
        result = dataclasses.replace(
            value,
            **{
                field.name: names.elsewhere(getattr(value, field.name))
                if field.name == CONFIGURATION
                else _walk(getattr(value, field.name), names, ours=own)
                for field in dataclasses.fields(value)
                if field.name not in AS_IT_IS
            },
        )
    return result  # type: ignore[no-any-return]


def _unmasked(text: str) -> str:
    """A sentence without half-masked words in the shapes of messages that it quotes."""
    return QUOTED.sub(lambda quoted: MASKED.sub("*", quoted[0].strip("“”")).join("“”"), text) if "*" in text else text
