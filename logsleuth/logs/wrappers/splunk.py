"""Splunk: exported results, as JSON and as CSV of raw events, and what its HTTP Event Collector takes."""

from __future__ import annotations

from logsleuth.logs.wrappers.wrapper import Shape

HOST = ("host", "Host")
FILE = ("source",)

SHAPES = (
    Shape("Splunk", marks=("_raw",), message=("_raw",), time=("_time",), host=HOST, file=FILE),
    Shape("Splunk (HEC)", marks=("event", "sourcetype"), message=("event", "event.message", "event.log"),
          time=("time",), host=HOST, file=FILE),
    Shape("Splunk (HEC)", marks=("event", "host", "time"), message=("event", "event.message", "event.log"),
          time=("time",), host=HOST, file=FILE),
)  # fmt: skip
