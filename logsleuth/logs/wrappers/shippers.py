"""All shippers whose records are known, the more special shapes first; and what stores put around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.logs.wrappers import (
    azure,
    cloudwatch,
    datadog,
    filebeat,
    fluent,
    gcp,
    gelf,
    loki,
    otlp,
    rsyslog_json,
    splunk,
    vector,
)
from logsleuth.values import replace

if TYPE_CHECKING:
    from logsleuth.logs.wrappers.wrapper import Shape

SHAPES: tuple[Shape, ...] = (
    *otlp.SHAPES,
    *gcp.SHAPES,
    *gelf.SHAPES,
    *loki.SHAPES,
    *splunk.SHAPES,
    *rsyslog_json.SHAPES,
    *filebeat.SHAPES,
    *vector.SHAPES,
    *azure.SHAPES,
    *cloudwatch.SHAPES,
    *datadog.SHAPES,
    *fluent.SHAPES,
    gelf.TABLE,
)
"""A new shipper is a file beside this one, and a row here."""

ENVELOPES: dict[str, str] = {
    "_source": "Elasticsearch",
    "fields": "Elasticsearch",
    "result": "Splunk search",
    "attributes": "the API",
    "content.attributes": "the archive",
}
"""Where stores keep the record that a shipper sent: Elasticsearch and OpenSearch (`_search`, elasticdump), Splunk's
export, Datadog's API; and how reports name it."""


def enveloped(shape: Shape, path: str) -> Shape:
    """The same records, as a store keeps them."""
    name = ENVELOPES.get(path, path)
    return replace(shape, name=f"{shape.name} in {name}" if name not in shape.name else shape.name, envelope=path)
