"""AWS CloudWatch Logs: events of the API and of subscriptions, Insights' rows, `aws logs tail`.

What is exported to S3 has a time stamp before each line, as other wrappers have.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.logs.wrappers.peeled import Peeled
from logsleuth.logs.wrappers.shape import host_in
from logsleuth.logs.wrappers.stamps import ISO, iso_stamp
from logsleuth.logs.wrappers.wrapper import Shape

if TYPE_CHECKING:
    from datetime import date

STREAM = ("logStreamName", "logStream")

SHAPES = (
    *(
        Shape("CloudWatch", marks=(mark, "timestamp"), message=("message",), time=("timestamp",), stream=STREAM,
              file=("logGroupName", "logGroup"))
        for mark in ("ingestionTime", "eventId", "logStream", "logStreamName")
    ),
    Shape(
        "CloudWatch Insights", marks=("@message",), message=("@message",), time=("@timestamp", "@ingestionTime"),
        utc=True, host=("@entity.KeyAttributes.Name",), stream=("@logStream",), file=("@log",),
    ),
    Shape("CloudWatch", marks=("id", "timestamp", "message"), message=("message",), time=("timestamp",), stream=STREAM),
)  # fmt: skip
TAIL = re.compile(rf"{ISO} (?P<stream>[\w.\-/:@#$\[\]]{{1,512}}) (?=\S)", re.ASCII)
"""`aws logs tail --format detailed`: time, stream, message."""
PROGRAM = re.compile(
    rf"{ISO} (?:(?:\S{{1,255}} )?[\w./\-()@]{{1,64}}\[\d{{1,10}}\]|\S{{1,255}} (?:sudo|su|kernel|systemd|logrotate)): ",
    re.ASCII,
)
"""A host, or none, before a program and its pid, or before one that gives no pid: a line of syslog's or the journal's,
not a stream and its message."""
TEXT = re.compile(
    r"EVENTS\t(?P<id>\d+)\t(?P<taken>\d{13})\t(?P<stream>\S+)\t(?P<message>.*)\t(?P<time>\d{13})\Z",
    re.ASCII | re.DOTALL,
)
"""`aws logs filter-log-events --output text`: an event's members by their names' order."""


def peel_tail(line: str, newest: date) -> Peeled | None:
    """A line of `aws logs tail`, or of the command line's text output."""
    if found := TEXT.match(line):
        return Peeled(found["message"], int(found["time"]) * 1000, 0, 3, host=host_in(found["stream"]))
    found = TAIL.match(line)
    stamp = iso_stamp(found) if found else None
    if found is None or stamp is None or stamp[1] is None or found["stream"].startswith("["):
        return None
    if PROGRAM.match(line):
        return None
    return Peeled(line[found.end() :], *stamp, host=host_in(found["stream"]), extra={"stream": found["stream"]})
