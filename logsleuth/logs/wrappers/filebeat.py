"""Filebeat, of all ages, and Logstash behind it (Elastic Common Schema; Filebeat's exported fields)."""

from __future__ import annotations

from logsleuth.logs.wrappers.wrapper import Shape

HOST = (
    "kubernetes.pod.name", "host.name", "host.hostname", "agent.hostname", "agent.name", "beat.hostname", "beat.name",
    "host",
)  # fmt: skip
CONTAINER = ("kubernetes.container.name", "container.name", "container.id")
FILE = ("log.file.path", "source", "path")

SHAPES = (
    Shape(
        "Filebeat (apache module)", marks=("apache.error", "@timestamp"), message=("event.original", "message"),
        time=("@timestamp",), host=HOST, container=CONTAINER, file=FILE, level=("log.level", "apache.error.level"),
        module=("apache.error.module",), pid=("process.pid", "apache.error.pid"),
        tid=("process.thread.id", "apache.error.tid"), client=("source.address", "source.ip", "client.ip"),
        port=("source.port",), split=True,
    ),
    *(
        Shape(
            "Filebeat", marks=("@timestamp", mark), message=("message", "event.original"), time=("@timestamp",),
            host=HOST, container=CONTAINER, file=FILE, level=("log.level",),
        )
        for mark in ("agent.type", "@metadata.beat", "beat", "log.offset", "log.file.path")
    ),
    Shape(
        "Logstash", marks=("@timestamp", "@version"), message=("message", "event.original"), time=("@timestamp",),
        host=HOST, container=CONTAINER, file=FILE, level=("log.level", "loglevel", "level"), pid=("pid",),
        module=("module",), tid=("tid",), client=("client", "clientip"), split=True,
    ),
)  # fmt: skip
"""With its apache module, whose pipeline takes the head apart; without; and Logstash's own events."""
