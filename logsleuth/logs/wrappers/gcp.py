"""Google Cloud Logging's LogEntry, as `gcloud logging read --format=json`, sinks and the console export it."""

from __future__ import annotations

from logsleuth.logs.wrappers.wrapper import Shape

SHAPES = (
    Shape(
        "Google Cloud Logging", marks=("logName",),
        message=("textPayload", "jsonPayload.message", "jsonPayload.log", "jsonPayload.MESSAGE", "jsonPayload.msg"),
        time=("timestamp", "receiveTimestamp"),
        host=(
            "resource.labels.pod_name", "labels.compute.googleapis.com/resource_name", "labels.instance_name",
            "jsonPayload._HOSTNAME", "jsonPayload.hostname", "jsonPayload.host", "resource.labels.node_name",
            "resource.labels.instance_id", "resource.labels.node_id",
        ),
        container=("resource.labels.container_name",),
        file=("labels.agent.googleapis.com/log_file_path", "labels.filename", "logName"),
        level=("jsonPayload.level", "severity"), program=("jsonPayload.SYSLOG_IDENTIFIER",), pid=("jsonPayload.pid",),
        module=("jsonPayload.module",), tid=("jsonPayload.tid",), client=("jsonPayload.client",), split=True,
    ),
)  # fmt: skip
"""The Ops Agent's apache_error receiver takes the head apart, into jsonPayload."""
