"""rsyslog's JSON: its `jsonmesg` property, and the templates that are usual before Logstash."""

from __future__ import annotations

from logsleuth.logs.wrappers.wrapper import Shape

FILE = ("$!.metadata.filename", "$!metadata.filename", "metadata.filename", "filename", "file")

SHAPES = (
    Shape(
        "rsyslog", marks=("syslogtag", "msg"), message=("msg",), time=("timereported", "timegenerated"),
        host=("hostname", "fromhost"), file=FILE, level=("syslogseverity",), program=("programname", "app-name"),
        pid=("procid",),
    ),
    *(
        Shape("rsyslog", marks=(mark, "message", severity), message=("message",),
              time=("@timestamp", "timestamp", "time"),
              host=("host", "hostname", "sysloghost"), file=FILE, level=(severity,), program=(mark,),
              pid=("procid", "pid"))
        for mark in ("programname", "program", "tag", "syslogtag")
        for severity in ("severity", "syslogseverity-text", "syslogseverity", "level")
    ),
    Shape("rsyslog", marks=("msg", "hostname", "timereported"), message=("msg",), time=("timereported",),
          host=("hostname",), level=("syslogseverity",), program=("programname",)),
)  # fmt: skip
"""As `%jsonmesg%` has it; as templates do that name a program and a severity."""
