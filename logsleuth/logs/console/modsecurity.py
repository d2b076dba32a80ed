"""ModSecurity's audit log, of which people paste part H: messages there lack the head that the error log has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.logs.httpd.record import LEVELS
from logsleuth.logs.wrappers.peeled import Peeled

if TYPE_CHECKING:
    from datetime import date

ERROR = re.compile(r'(?:Apache-Error: )?(?:\[file "[^"\n]{1,200}"\] )?\[line \d{1,6}\] \[level (?P<level>\d)\] ')
"""apache2/apache2_util.c, format_error_log_message: what another place of httpd logged for the request."""
MESSAGE = re.compile(
    r"(?:ModSecurity: )?Message: (?=Access denied|Warning\.|Request body|Output filter|Multipart|Rule |XML|JSON"
    r"|Execution error|Failed to|Audit log|collection_|Error |Unable to|Could not)"
)
"""apache2/msc_logging.c: the same words that stand in the error log behind `ModSecurity: `."""


def peel_audit(text: str, _: date) -> Peeled | None:
    """A line of part H, as the error log would have it."""
    if (found := ERROR.match(text)) is not None:
        level = min(int(found["level"]), len(LEVELS) - 1)  # syslog's numbers, as APLOG_ERR is 3
        return Peeled(f"[{LEVELS[level]}] {text[found.end() :]}")
    found = MESSAGE.match(text)
    return None if found is None else Peeled(f"[error] ModSecurity: {text[found.end() :]}")
