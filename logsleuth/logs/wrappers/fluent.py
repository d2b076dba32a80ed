"""Fluent Bit and Fluentd: records as JSON, and their file outputs, which put time and tag before the record.

Fluent Bit's stdout plugin without a format prints MessagePack as Ruby does: `"log"=>"…"`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.logs.wrappers.moments import stamp_of
from logsleuth.logs.wrappers.objects import object_of
from logsleuth.logs.wrappers.shape import peel_record
from logsleuth.logs.wrappers.wrapper import Shape
from logsleuth.values import replace

if TYPE_CHECKING:
    from logsleuth.logs.wrappers.peeled import Peeled

MESSAGE = ("log", "message", "MESSAGE", "msg")
HOST = ("kubernetes.pod_name", "hostname", "host", "_HOSTNAME", "kubernetes.host", "container_name")
RECORD = Shape(
    "Fluentd or Fluent Bit", marks=(), message=MESSAGE,
    time=("@timestamp", "time", "timestamp", "date"), host=HOST,
    container=("kubernetes.container_name", "container_name", "container_id"),
    file=("file", "filename", "filepath", "path", "tailed_path"), level=("level", "PRIORITY"),
    program=("SYSLOG_IDENTIFIER", "ident"), pid=("pid", "SYSLOG_PID", "_PID"), module=("module",), tid=("tid",),
    client=("client",), split=True,
)  # fmt: skip
"""`log` is from containers, `message` from parsers; `level`, `pid` and `client` are from the apache_error parser."""


def _of(name: str, *marks: str) -> Shape:
    return replace(RECORD, name=name, marks=marks)


SHAPES = (
    _of("Fluent Bit", "date", "log"),
    _of("Fluent Bit", "date", "message"),
    _of("Fluent Bit or Fluentd", "kubernetes.pod_name"),
    _of("Fluentd", "tag", "message"),
    _of("Fluentd", "tag", "log"),
    _of("Fluentd (apache_error)", "level", "message", "time"),
    _of("Fluentd (apache_error)", "level", "message", "client"),
)
TIMED = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?: ?[+-]\d\d:?\d\d|Z)?)"
    r"(?:[\t,]| (?=\S+[ :]))(?P<tag>[^\s,:]+)(?:[\t,]|: | )(?=\{)",
    re.ASCII,
)
"""Fluentd's out_file and stdout: time, tag and record, between tabs, spaces or commas."""
TAGGED = re.compile(r"(?P<tag>[^\s:\[]{1,200}): \[(?P<time>\d{1,19}(?:\.\d{1,9})?), (?=\{)", re.ASCII)
"""Fluent Bit's file output: `tag: [time, record]`."""
RUBY = re.compile(
    r"\[\d+\] (?P<tag>\S{1,200}): \[(?:\[)?(?P<time>\d{1,19}(?:\.\d{1,9})?)(?:, \{[^{}]*\}\])?, (?=\{)", re.ASCII
)
"""Fluent Bit's stdout output: `[0] tag: [[time, {}], record]`."""
ARROW = re.compile(r'("(?:[^"\\]|\\.)*")=>')


def peel_fluentd(line: str) -> Peeled | None:
    """A line of Fluentd's file or stdout output."""
    found = TIMED.match(line)
    return None if found is None else _peel(line[found.end() :], found)


def peel_fluent_bit(line: str) -> Peeled | None:
    """A line of Fluent Bit's file or stdout output."""
    found = TAGGED.match(line)
    if found is not None:
        return _peel(line[found.end() :].rstrip()[:-1], found)
    found = RUBY.match(line)
    if found is None:
        return None
    return _peel(ARROW.sub(r"\1:", line[found.end() :].rstrip()[:-1]), found)


def _peel(record: str, outer: re.Match[str]) -> Peeled | None:
    """A record, with the time and tag that stand before it."""
    fields = object_of(record)
    if fields is None:
        return None
    time = outer["time"] if stamp_of(outer["time"]) is not None else None
    peeled = peel_record(RECORD, {**fields, "@timestamp": time} if time else fields)
    if peeled is not None:
        peeled.extra["tag"] = outer["tag"]
    return peeled
