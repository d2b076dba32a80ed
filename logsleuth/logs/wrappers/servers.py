"""Lines that begin with the virtual host's name, as `ErrorLogFormat "%v [%t] …"` and log collectors write them."""

from __future__ import annotations

import re

from logsleuth.logs.httpd.tokenize import HEAD
from logsleuth.logs.wrappers.peeled import Peeled

NAME = re.compile(r"(?P<open>\[)?(?P<vhost>[A-Za-z0-9_][\w.\-]*(?::\d{1,5})?)(?(open)\]):? (?=\[)", re.ASCII)


def peel_server(line: str) -> Peeled | None:
    """A server's name, in brackets or not, right before a head."""
    found = NAME.match(line)
    if found is None or HEAD.match(line, found.end()) is None:
        return None
    return Peeled(line[found.end() :], extra={"vhost": found["vhost"]})
