"""Datadog: logs exported as CSV, and events of its API."""

from __future__ import annotations

from logsleuth.logs.wrappers.wrapper import Shape

CONTAINER = ("Container Name", "Container", "@container_name", "attributes.container_name")

SHAPES = (
    Shape("Datadog", marks=("Date", "Message"), message=("Message", "Content"), time=("Date",), host=("Host",),
          container=CONTAINER, level=("Status",), file=("Filename", "@filename")),
    Shape("Datadog", marks=("Date", "Content"), message=("Content",), time=("Date",), host=("Host",),
          container=CONTAINER, level=("Status",)),
    *(
        Shape("Datadog", marks=("message", mark, "timestamp"), message=("message",), time=("timestamp",),
              host=("pod_name", "host", "hostname"), container=CONTAINER, level=("status",),
              file=("attributes.filename", "filename"))
        for mark in ("ddtags", "ddsource", "status", "service")
    ),
)  # fmt: skip
"""By the columns of the CSV export; by the members of an event."""
