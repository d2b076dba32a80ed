"""Azure: Log Analytics' tables (Syslog, ContainerLogV2, text logs of one's own) and App Service's console logs."""

from __future__ import annotations

from logsleuth.logs.wrappers.wrapper import Shape

TIME = ("TimeGenerated", "EventTime")
HOST = ("PodName", "HostName", "Computer", "_ResourceId")
CONTAINER = ("ContainerName", "ContainerId")
FILE = ("FilePath", "FilePath_s")

SHAPES = (
    Shape(
        "Azure (Syslog)", marks=("SyslogMessage",), message=("SyslogMessage",), time=("EventTime", "TimeGenerated"),
        utc=True, host=HOST, level=("SeverityLevel",), program=("ProcessName",), pid=("ProcessID",),
    ),
    *(
        Shape("Azure", marks=(column, "TimeGenerated"), message=(column,), time=TIME, utc=True, host=HOST,
              container=CONTAINER, file=FILE, level=("LogLevel", "Level"))
        for column in ("LogMessage", "LogEntry", "RawData", "ResultDescription", "Message", "Log_s")
    ),
    Shape(
        "Azure App Service", marks=("resultDescription", "time"), message=("resultDescription",), time=("time",),
        utc=True, host=("containerId", "Host", "host"), level=("level", "Level"),
    ),
)  # fmt: skip
