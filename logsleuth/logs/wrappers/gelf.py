"""Graylog: GELF messages, and messages exported as JSON or CSV."""

from __future__ import annotations

from logsleuth.logs.wrappers.wrapper import Shape

SHAPES = (
    Shape(
        "GELF", marks=("short_message", "host"), message=("full_message", "short_message"), time=("timestamp",),
        host=("host",), container=("_container_name", "_container_id"), file=("_file", "file", "_filename"),
        level=("level",), pid=("_pid", "_process_id"),
    ),
    Shape(
        "Graylog", marks=("gl2_message_id", "message"), message=("full_message", "message"), time=("timestamp",),
        utc=True, host=("source",), file=("file", "filename"), level=("level",),
    ),
)  # fmt: skip
TABLE = Shape("Graylog", marks=("timestamp", "source", "message"), message=("full_message", "message"),
              time=("timestamp",), utc=True, host=("source",))  # fmt: skip
"""Its CSV export; other programs' records may have these fields too."""
