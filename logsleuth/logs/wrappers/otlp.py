"""OpenTelemetry's log records (OTLP/JSON), one an object, as documents.py takes them out of their resources."""

from __future__ import annotations

from logsleuth.logs.wrappers.wrapper import Shape

SHAPES = (
    Shape(
        "OpenTelemetry", marks=("otlp",), message=("body", "attributes.log.record.original", "attributes.message"),
        time=("timeUnixNano", "observedTimeUnixNano"),
        host=("resource.k8s.pod.name", "resource.host.name", "attributes.host.name", "resource.container.name",
              "resource.host.id", "resource.service.instance.id"),
        container=("resource.k8s.container.name", "resource.container.name", "resource.container.id"),
        file=("attributes.log.file.path", "attributes.log.file.name"), level=("attributes.level", "severityText"),
        pid=("attributes.pid", "attributes.process.pid"), module=("attributes.module",), tid=("attributes.tid",),
        client=("attributes.client",), split=True,
    ),
)  # fmt: skip
