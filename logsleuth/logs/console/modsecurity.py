"""ModSecurity's audit log, of which people paste part H, or the JSON: messages there lack the error log's head."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.bounded import json_object
from logsleuth.logs.httpd.record import LEVELS
from logsleuth.logs.httpd.tokenize import MONTHS, midnight
from logsleuth.logs.wrappers.peeled import Peeled
from logsleuth.logs.wrappers.stamps import zone_offset

if TYPE_CHECKING:
    from datetime import date

ERROR = re.compile(r'(?:Apache-Error: )?(?:\[file "[^"\n]{1,200}"\] )?\[line \d{1,6}\] \[level (?P<level>\d)\] ')
"""apache2/apache2_util.c, format_error_log_message: what another place of httpd logged for the request."""
MESSAGE = re.compile(
    r"(?:ModSecurity: )?Message: (?=Access denied|Warning\.|Request body|Output filter|Multipart|Rule |XML|JSON"
    r"|Execution error|Failed to|Audit log|collection_|Error |Unable to|Could not)"
)
"""apache2/msc_logging.c: the same words that stand in the error log behind `ModSecurity: `."""


TIME = re.compile(
    r"(?P<day>\d\d)/(?P<month>[A-Z][a-z]{2})/(?P<year>\d{4}):(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.\d+)?"
    r" (?P<zone>[+-]\d{4})",
    re.ASCII,
)


def peel_json_audit(text: str, newest: date) -> Peeled | None:
    """A transaction of an audit log in JSON (SecAuditLogFormat JSON): its first message, at its time."""
    document = json_object(text) if '"audit_data"' in text else None
    audit = document.get("audit_data") if document is not None else None
    if document is None or not isinstance(audit, dict):
        return None
    inner = next(filter(None, (peel_audit(said, newest) for said in _messages(audit))), None)
    transaction = document.get("transaction")
    found = TIME.fullmatch(str(transaction.get("time", ""))) if isinstance(transaction, dict) else None
    day = midnight(found["year"], MONTHS.get(found["month"], 0), found["day"]) if found is not None else None
    if inner is None or found is None or day is None:
        return inner
    seconds = day + int(found["hour"]) * 3600 + int(found["minute"]) * 60 + int(found["second"])
    return Peeled(inner.inner, seconds * 1_000_000, zone_offset(found["zone"]))


def _messages(audit: dict[str, object]) -> list[str]:
    """What the error log has of it, then what part H has."""
    lists = (audit.get("error_messages"), audit.get("messages"))
    texts = [said for one in lists if isinstance(one, list) for said in one if isinstance(said, str)]
    return [said if said.startswith("[") else f"Message: {said}" for said in texts]


def peel_audit(text: str, _: date) -> Peeled | None:
    """A line of part H, as the error log would have it."""
    if (found := ERROR.match(text)) is not None:
        level = min(int(found["level"]), len(LEVELS) - 1)  # syslog's numbers, as APLOG_ERR is 3
        return Peeled(f"[{LEVELS[level]}] {text[found.end() :]}")
    found = MESSAGE.match(text)
    return None if found is None else Peeled(f"[error] ModSecurity: {text[found.end() :]}")
