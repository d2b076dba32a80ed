"""A template of the user's own (Jinja2) over the same Report, in a sandbox.

The template is the user's, the text that it prints is the log's: control and invisible characters are shown as escapes
in all that it prints, and in a template of HTML or XML (by its name, as in `page.html.jinja`) values are escaped.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from markupsafe import Markup

from logsleuth.errors import LogsleuthError
from logsleuth.report.answers import answers
from logsleuth.report.bounded_template import BoundedEnvironment, joined
from logsleuth.report.escape import markdown, visible
from logsleuth.report.glyphs import spark
from logsleuth.report.words import clock, day_clock, day_span, offset, place, plural
from logsleuth.timeline.clock import iso, zone
from logsleuth.units import duration

if TYPE_CHECKING:
    from logsleuth.report.formats import Look
    from logsleuth.report.model import Report

ESCAPED = frozenset({".html", ".htm", ".xhtml", ".xml", ".svg"})


def render(report: Report, look: Look) -> str:
    """What the user's template makes of the report. Raises LogsleuthError with the line if the template is wrong."""
    path = Path(look.template)
    if not path.is_file():
        raise LogsleuthError(f"no such template: {path}", "name a file; docs/reports.md shows an example")
    try:
        return joined(_environment(path, report).get_template(path.name).generate(report=report))
    except TemplateSyntaxError as error:
        raise LogsleuthError(
            f"{path}:{error.lineno}: {error.message}", "see docs/reports.md for what it may use"
        ) from None
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError, OverflowError) as error:
        raise LogsleuthError(
            f"{path}:{_line(error, path)}: {error}", "see docs/reports.md for what it may use"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise LogsleuthError(f"cannot read {path}: {error}", "name a text file") from None


def _line(error: BaseException, path: Path) -> int:
    """The last line of the template that was at work."""
    line, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _environment(path: Path, report: Report) -> BoundedEnvironment:
    tz = zone(report.zone)
    environment = BoundedEnvironment(
        loader=FileSystemLoader(path.parent),
        autoescape=bool(ESCAPED & {suffix.lower() for suffix in path.suffixes}),
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "clock": partial(clock, tz=tz), "day_clock": partial(day_clock, tz=tz), "day_span": partial(day_span, tz=tz),
        "iso": iso, "duration": duration,
        "offset": offset, "plural": plural, "markdown": markdown, "spark": spark,
    }  # fmt: skip
    environment.globals |= {"answers": partial(answers, report=report, tz=tz), "place": place}
    return environment


def _shown(value: Any) -> Any:  # noqa: ANN401 - whatever a template prints
    if isinstance(value, Markup):
        return Markup(visible(value))
    return visible(value) if isinstance(value, str) else value
