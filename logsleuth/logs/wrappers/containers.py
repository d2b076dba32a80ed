"""Lines as container runtimes keep them: Docker's json-file, Kubernetes' CRI, and what is put before each line."""

from __future__ import annotations

import re

from logsleuth.bounded import json_object
from logsleuth.logs.wrappers.peeled import Peeled
from logsleuth.logs.wrappers.stamps import ISO, iso_stamp

CRI = re.compile(rf"{ISO} (?P<stream>stdout|stderr) (?P<tag>[FP](?::[\w:]*)?) ", re.ASCII)
"""Kubernetes: `2020-03-03T14:02:11.120001234Z stderr F message`; P marks a part of a line."""
STAMPED = re.compile(rf"(?:\[pod/(?P<pod>[^\]\s]+)\] )?\[?{ISO}\]? (?=\S)", re.ASCII)
"""`docker logs -t`, `kubectl logs --timestamps --prefix`, moreutils' `ts`."""
COMPOSED = re.compile(rf"(?P<container>\w[\w.\-]*) +\| (?:{ISO} )?", re.ASCII)
"""`docker compose logs`, with and without `--timestamps`."""
MEMBERS = frozenset({"log", "stream", "time", "attrs"})
"""What Docker writes; shippers that read its files add more."""
POD = re.compile(r"\[pod/(?P<pod>[^\]\s]+)\] ", re.ASCII)
STAMP = re.compile(ISO, re.ASCII)


def peel_docker(line: str) -> Peeled | None:
    """Docker's `*-json.log`: one object a line, with the line, its stream and the time in UTC."""
    outer = json_object(line)
    if outer is None or not outer.keys() <= MEMBERS:
        return None
    inner, time = outer.get("log"), outer.get("time")
    if not isinstance(inner, str) or not isinstance(time, str):
        return None
    found = STAMP.match(time)
    stamp = iso_stamp(found) if found else None
    if stamp is None:
        return None
    stream = outer.get("stream")
    return Peeled(inner.rstrip("\r\n"), *stamp, extra={"stream": stream} if isinstance(stream, str) else {})


def peel_cri(line: str) -> Peeled | None:
    """`/var/log/pods/*/*/*.log`."""
    found = CRI.match(line)
    stamp = iso_stamp(found) if found else None
    if found is None or stamp is None:
        return None
    return Peeled(line[found.end() :], *stamp, extra={"stream": found["stream"]})


def peel_stamp(line: str) -> Peeled | None:
    """A time stamp, a pod's name, or both before the line."""
    found = STAMPED.match(line)
    if found is not None:
        stamp = iso_stamp(found)
        return None if stamp is None else Peeled(line[found.end() :], *stamp, host=_pod(found["pod"]))
    found = POD.match(line)
    return None if found is None else Peeled(line[found.end() :], host=_pod(found["pod"]))


def peel_compose(line: str) -> Peeled | None:
    """A container's name and a bar before the line."""
    found = COMPOSED.match(line)
    if found is None:
        return None
    time, offset, precision = (iso_stamp(found) if found["date"] else None) or (None, None, 0)
    return Peeled(line[found.end() :], time, offset, precision, host=found["container"])


def _pod(name: str | None) -> str | None:
    """The pod, of 'pod/container': a machine of its own as far as processes are concerned."""
    return name.partition("/")[0] if name else None
