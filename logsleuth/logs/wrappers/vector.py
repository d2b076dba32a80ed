"""Vector's sources (file, docker_logs, kubernetes_logs, journald, syslog), and its `parse_apache_log`."""

from __future__ import annotations

from logsleuth.logs.wrappers.wrapper import Shape

SHAPES = (
    Shape(
        "Vector", marks=("source_type",), message=("message",), time=("timestamp",),
        host=("kubernetes.pod_name", "host", "hostname", "container_name"),
        container=("kubernetes.container_name", "container_name", "container_id"), file=("file",),
        level=("severity", "level"), program=("SYSLOG_IDENTIFIER", "appname"), pid=("pid", "procid", "_PID"),
        module=("module",), tid=("thread",), client=("client",), port=("port",), split=True,
    ),
    Shape(
        "Vector (parse_apache_log)", marks=("severity", "timestamp", "module"), message=("message",),
        time=("timestamp",), host=("host", "hostname"), file=("file",), level=("severity",), pid=("pid",),
        module=("module",), tid=("thread",), client=("client",), port=("port",), split=True,
    ),
)  # fmt: skip
