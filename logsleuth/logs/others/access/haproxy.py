"""HAProxy's HTTP log (`option httplog`): each request that a proxy in front of httpd took, made one of httpd's formats.

Its log format is "%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs
%{+Q}r" (doc/configuration.txt, HTTP log format), with whatever syslog puts before it. The date is when the request
came, in the local time of the proxy's host, without a zone; the last of the timers, in milliseconds, is what it took.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from logsleuth.regexes import regex
from logsleuth.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

NAME: Final = "HAProxy's HTTP log"
"""The name of such a format."""
MOST_LINES: Final = 2000
"""Lines by which it is known."""
LONGEST: Final = 16 << 10
"""Characters of a line that are looked at."""
LINE: Final = regex(
    r"(?<!\S)(?P<client>[0-9A-Fa-f.:]{1,50}|unix):\d{1,5} "
    r"\[(?P<time>\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d)\.\d{3}\] "
    r"(?P<frontend>\S+) (?P<backend>[^\s/]+)/(?P<server>\S+) "
    r"(?:-?\d{1,10}/){4}\+?(?P<took>-?\d{1,12}) (?P<status>-1|\d{3}) \+?\d{1,19} \S+ \S+ (?P<ended>[A-Za-z-]{4}) "
    r"(?:\d{1,10}/){4}\+?\d{1,10} \d{1,10}/\d{1,10} (?:\{[^{}]*\} ){0,2}"
    r'"(?P<request>[^"]*)'
)
"""Names of frontends end in ~ where they speak TLS; a server is <NOSRV> where none was there to ask. Within braces are
captured headers, in which braces and quotes, as in requests, are written as # and two digits. A `+` says that the line
was written before the end (`option logasap`), or that the request was sent to a second server."""
NO_ANSWER: Final = "-1"
"""The status of a request whose client left before it was answered."""
NO_REQUEST: Final = "<BADREQ>"
"""Of a connection on which none came that could be read."""
TEXT: Final = {ord("\\"): "\\\\", **{n: f"\\x{n:02x}" for n in (*range(32), 127)}}


class HaproxyHttp(NamedTuple):
    """How its lines are made usual ones."""

    is_local: bool = True
    is_dated: bool = True

    def usual_line(self, line: str) -> bytes | None:
        """The same request in httpd's usual format, with how long it took at its end; None: the line is none."""
        found = LINE.search(line, 0, LONGEST)
        if found is None:
            return None
        request = "-" if found["request"] == NO_REQUEST else found["request"].translate(TEXT)
        status = "-" if found["status"] == NO_ANSWER else found["status"]
        took = "-" if found["took"].startswith("-") else f"{found['took']}000"
        made = f'-: {found["client"]} - - [{found["time"]} +0000] "{request}" {status} 0 "-" "-" {took}'
        return made.encode("utf-8", "backslashreplace")


def requests_among(lines: Iterable[bytes]) -> int:
    """How many of a log's first lines are such requests."""
    texts = (line.decode("utf-8", "backslashreplace") for line in islice(lines, MOST_LINES))
    return sum(LINE.search(text, 0, LONGEST) is not None for text in texts)
