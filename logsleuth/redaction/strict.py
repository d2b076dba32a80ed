"""The rules of --redact strict: addresses of pages, files of the application, identifiers."""

from __future__ import annotations

from logsleuth.redaction.rule import Rule, rule

STRICT: tuple[Rule, ...] = (
    rule("query", "?", r"\?(?P<value>[^\s'\"<>]+)"),
    rule("path", "://", r"(?<=://)[^\s/'\"<>]+/(?P<value>[^\s'\"<>?]+)"),
    rule(
        "path",
        "/",
        r"(?<![\w:/.\-<])/(?P<value>(?:srv|var/www|opt|data|mnt|www|usr/local|app|home|Users)/[^\s'\":,;)\]]+)",
    ),
    rule(
        "path",
        "exist: configuration: stat found: long:",
        r"""\b(?:does[ ]not[ ]exist|denied[ ]by[ ]server[ ]configuration|unable[ ]to[ ]stat|not[ ]found|too[ ]long)
          :[ ]/(?P<value>[^\s,'\"]+)""",
    ),
    rule("name", "agent", r"\buser-?agent['\"]?[:=][ ]*['\"]?(?P<value>[^'\"]+)"),
    rule("id", "-", r"\b(?P<value>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b"),
    rule("id", "", r"\b(?P<value>(?=[0-9a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{24,})\b"),
    rule("number", "", r"(?<!tid[ ])(?<![\d.:\-])(?P<value>\d(?:[ \-]?\d){11,18})(?![\d.:])"),
)
