"""From the Report to the page: the template, the style, the script and the data, in one file.

Log text goes into the page in two ways only: through the template, where `visible` and autoescape act on every
value, and as JSON in a data block in which no `<` stands; the script writes it by `textContent` and on a canvas.
"""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import timedelta
from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from logsleuth.report.answers import answers, last_moment
from logsleuth.report.escape import visible
from logsleuth.report.fates import how_known_words, pool_words, telling_columns
from logsleuth.report.fates import routine_words as routine_ends
from logsleuth.report.fault_words import how_often, notable, points
from logsleuth.report.fleet_view import HEADS, host_rows, picture, shown
from logsleuth.report.headline import headline, is_down
from logsleuth.report.html.picture import overview, whole_picture
from logsleuth.report.listing import in_order, listed
from logsleuth.report.seen import is_few_lines, is_whole_shown, routine_of_a_quiet_log, routine_words, seen_words
from logsleuth.report.words import after, clock, clock_after, day_clock, day_span, format_shown, place, plural
from logsleuth.timeline.clock import iso, zone
from logsleuth.units import duration

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    from logsleuth.report.formats import Look
    from logsleuth.report.model import Evidence, IncidentReport, Report

ASSETS = files("logsleuth.report.html")
SCRIPTS = ("vendor/uplot/uPlot.iife.min.js", "page.js")
STYLES = ("vendor/uplot/uPlot.min.css", "page.css")


def render(report: Report, look: Look) -> str:
    """The whole page."""
    tz = zone(report.zone)
    scripts, styles = [_asset(name) for name in SCRIPTS], [_asset(name) for name in STYLES]
    page = _environment(report, tz).get_template("page.html.jinja")
    return page.render(
        report=report,
        policy=policy(scripts, styles),
        scripts=[Markup(text) for text in scripts],
        styles=[Markup(text) for text in styles],
        licence=Markup.escape(_asset("vendor/uplot/LICENSE")),
        data=data_block(
            {
                "whole": _whole(report, tz) if is_whole_shown(report) else None,
                "incidents": [{**_picture(incident, tz), **_zone(report, tz)} for incident in in_order(report)],
            }
        ),
    )


def policy(scripts: list[str], styles: list[str]) -> str:
    """A Content-Security-Policy that lets only these scripts and styles act, and nothing be fetched or sent."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(map(_digest, scripts))}",
            f"style-src {' '.join(map(_digest, styles))}",
            "connect-src 'none'",
            "img-src 'none'",
            "font-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def data_block(data: Any) -> Markup:  # noqa: ANN401 - any JSON
    """Data as JSON in which nothing can end the element that it stands in, nor begin a comment there."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text)


def _asset(name: str) -> str:
    return ASSETS.joinpath(name).read_text(encoding="utf-8").replace("\r", "")


def _environment(report: Report, tz: tzinfo) -> Environment:
    environment = Environment(
        loader=FunctionLoader(_asset),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "clock": partial(clock, tz=tz), "clock_after": partial(clock_after, tz=tz),
        "day_clock": partial(day_clock, tz=tz), "day_span": partial(day_span, tz=tz),
        "iso": iso, "duration": duration,
        "after": after, "plural": plural, "format_shown": format_shown,
        "pool_words": pool_words, "routine_words": routine_ends, "how_known_words": how_known_words,
    }  # fmt: skip
    environment.globals |= {
        "answers": partial(answers, report=report, tz=tz), "overview": overview, "last_moment": last_moment,
        "headline": headline, "is_down": is_down(report), "faults": notable(report),
        "how_often": partial(how_often, tz=tz), "points": partial(points, tz=tz), "columns": telling_columns,
        "fleet_picture": picture, "shown_host": shown, "host_rows": host_rows, "host_heads": HEADS, "tz": tz,
        "host_id": {host.host: f"h{number}" for number, host in enumerate(report.hosts, 1)}.__getitem__,
        "place": place, "marks": marks, "neighbourhood": neighbourhood,
        "listed": partial(listed, report, tz), "in_order": partial(in_order, report),
        "seen_words": seen_words, "few_lines": is_few_lines(report),
        "routine_kinds": routine_of_a_quiet_log(report), "routine": routine_words,
        "is_whole_shown": is_whole_shown(report), "whole_picture": whole_picture,
    }  # fmt: skip
    return environment


def _shown(value: Any) -> Any:  # noqa: ANN401 - whatever a template prints
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def marks(incident: IncidentReport) -> Callable[[tuple[str, ...]], dict[str, str]]:
    """What a row is filtered by: pid, pattern and severity of the first line that it cites."""
    by_id = {evidence.id: evidence for evidence in incident.evidence}
    severity = {signal.pattern: signal.severity for signal in incident.signals}

    def of(cited: tuple[str, ...]) -> dict[str, str]:
        evidence = by_id.get(cited[0]) if cited else None
        pattern = evidence.pattern if evidence else None
        return {
            "pid": str(evidence.pid) if evidence and evidence.pid else "",
            "pattern": pattern or "",
            "severity": severity.get(pattern) or "unrated",
        }

    return of


def neighbourhood(incident: IncidentReport) -> list[dict[str, Any]]:
    """The evidence in its neighbourhood: stretches of lines, each with the evidence that it is, if it is any.

    Evidence without a neighbourhood makes a stretch of its own.
    """
    by_place = {(evidence.path, evidence.offset): evidence for evidence in incident.evidence}
    stretches = []
    for excerpt in incident.excerpts:
        lines = []
        for number, line in enumerate(excerpt.lines):
            told = by_place.pop((excerpt.path, line.offset), None)
            at = None if excerpt.line is None else excerpt.line + number
            lines.append({"number": at, "text": told.text if told else line.text, "evidence": told})
        stretches.append({"path": excerpt.path, "lines": lines})
    stretches += [_alone(evidence) for evidence in by_place.values()]
    return stretches


def _alone(evidence: Evidence) -> dict[str, Any]:
    return {"path": evidence.path, "lines": [{"number": evidence.line, "text": evidence.text, "evidence": evidence}]}


def _browser_zone(tz: tzinfo) -> str:
    """The name by which browsers know a zone; of a fixed offset that of a zone which always has it."""
    offset = tz.utcoffset(None)
    if offset is None:
        return str(getattr(tz, "key", "UTC"))
    minutes = offset // timedelta(minutes=1)
    if minutes % 60:
        return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    return f"Etc/GMT{-minutes // 60:+d}" if minutes else "UTC"  # in these names the sign is turned round


def _picture(incident: IncidentReport, tz: tzinfo) -> dict[str, Any]:
    """What the script draws: times in milliseconds since 1970, UTC."""
    begin, end = incident.errors_from, incident.errors_from + incident.errors_step * len(incident.errors)
    return {
        "id": incident.id,
        "onset": _ms(incident.onset),
        "over": None if incident.recovery_time is None else _ms(incident.recovery_time),
        "from": _ms(begin),
        "to": _ms(max(end, last_moment(incident))),
        "pool": incident.pool,
        "lost": _losses(incident),
        "signals": [
            {
                "pattern": signal.pattern or visible(signal.title), "title": visible(signal.title),
                "severity": signal.severity or "unrated", "count": signal.count,
                "moments": [[_ms(time), count] for time, count in signal.moments],
            }
            for signal in incident.signals
        ],
        "lanes": [
            {
                "pid": lane.pid, "lost": None if lane.lost is None else _ms(lane.lost), "how": lane.how,
                "inferred": lane.inferred, "signs": [[_ms(first), _ms(last)] for first, last in lane.signs],
            }
            for lane in incident.lanes
        ],
        "events": [
            {"time": _ms(row.time), "kind": row.kind, "text": visible(row.text)} for row in incident.timeline
        ],
    }  # fmt: skip


def _zone(report: Report, tz: tzinfo) -> dict[str, str]:
    """The zone of the axes: as browsers know it, and as the tables name it."""
    return {"zone": _browser_zone(tz), "zone_name": report.zone}


def _whole(report: Report, tz: tzinfo) -> dict[str, Any] | None:
    """What the script draws of the whole log: times in milliseconds since 1970, UTC."""
    whole = report.whole
    if whole is None:
        return None
    return {
        "id": "whole",
        **_zone(report, tz),
        "from": _ms(whole.begin),
        "to": _ms(whole.end),
        "step": whole.step / 1000,
        "failures": whole.failures,
        "marks": [{"time": _ms(mark.time), "kind": mark.kind} for mark in whole.marks],
        "incidents": [
            {"id": incident.id, "from": _ms(incident.onset), "to": _ms(last_moment(incident))}
            for incident in report.incidents
        ],
    }


def _losses(incident: IncidentReport) -> list[int]:
    """When workers were lost; where not all are listed, as near as the curve tells."""
    if incident.lost_count == len(incident.lost):
        return [_ms(worker.time) for worker in incident.lost]
    steps = zip((0, *incident.curve), incident.curve, strict=False)
    times = (incident.errors_from + incident.errors_step * number for number in range(len(incident.curve)))
    return [_ms(time) for time, (before, after) in zip(times, steps, strict=False) for _ in range(after - before)]


def _ms(micros: int) -> int:
    return micros // 1000
