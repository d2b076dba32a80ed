"""The pages of docs/reference, made from the code: commands, JSON, the Python API, keys of patterns, categories."""

import ast
import inspect
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import click

import logsleuth
from logsleuth import options
from logsleuth.cli.commands import cli
from logsleuth.library.category import CATEGORIES
from logsleuth.report import model

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
HEAD = "<!-- Made by `pytest tests/docs --update-golden`; change the code instead. -->\n"


def commands() -> Iterator[str]:
    """Every command with the text of its --help."""
    yield "# Commands\n"
    yield "The same as `logsleuth COMMAND --help`, and as the manual pages (`logsleuth man COMMAND`)."
    root = click.Context(cli, info_name="logsleuth", help_option_names=["-h", "--help"])
    yield from _command(cli, root, 2)
    for name in cli.list_commands(root):
        command = cli.get_command(root, name)
        assert command is not None
        context = click.Context(command, info_name=name, parent=root)
        yield from _command(command, context, 2)
        group = command if isinstance(command, click.Group) else click.Group()
        for sub in group.list_commands(context):
            inner = group.get_command(context, sub)
            assert inner is not None
            yield from _command(inner, click.Context(inner, info_name=sub, parent=context), 3)


def _command(command: click.Command, context: click.Context, level: int) -> Iterator[str]:
    yield f"\n{'#' * level} {context.command_path}\n"
    yield f"    {context.command_path} {' '.join(command.collect_usage_pieces(context))}\n"
    yield from _help(inspect.cleandoc(command.help or ""))
    # click keeps the help option of the first who asks, and a test may have asked a command without its group
    rows = [record for one in command.params if (record := one.get_help_record(context))]
    rows.append((", ".join(context.help_option_names), "Show this message and exit."))
    yield "| option | |\n|---|---|"
    yield from (f"| `{_cell(option)}` | {_cell(text)} |" for option, text in rows)


def _help(text: str) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        lines = paragraph.split("\n")
        if lines[0].strip() == "\b":
            yield "\n".join(f"    {line}" for line in lines[1:]) + "\n"
        else:
            yield _cell(" ".join(lines)) + "\n"


def report_json() -> Iterator[str]:
    """The fields of the report's JSON."""
    schema = json.loads((DOCS / "schema" / "report-2.schema.json").read_text())
    yield "# JSON of the report\n"
    yield f"{schema['description']}\n"
    yield "For validators: [JSON Schema](../schema/report-2.schema.json)."
    yield from _object("Report", schema)
    for name, one in schema["$defs"].items():
        yield from _object(name, one)


def _object(name: str, schema: dict[str, Any]) -> Iterator[str]:
    """A table of the fields, and those of objects within them."""
    if "properties" not in schema:
        yield f"\n## {name}\n\n{_kind(schema)}. {schema.get('description', '')}"
        return
    yield f"\n## {name}\n"
    yield "| field | kind | |\n|---|---|---|"
    inner: list[tuple[str, dict[str, Any]]] = []
    for field, one in schema["properties"].items():
        yield f"| `{field}` | {_cell(_kind(one))} | {_cell(one.get('description', ''))} |"
        nested = one.get("items", one)
        if "properties" in nested:
            inner.append((f"{name}.{field}", nested))
    for path, nested in inner:
        yield from _object(path, nested)


def _kind(schema: dict[str, Any]) -> str:
    """The kind of a value, in words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " or ".join("null" if one is None else f"`{one}`" for one in schema["enum"])
    if "anyOf" in schema:
        return " or ".join(map(_kind, schema["anyOf"]))
    kinds = schema.get("type", "any")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return " or ".join(
        f"list of {_kind(schema['items'])}" if one == "array" and "items" in schema else one for one in kinds
    )


def python() -> Iterator[str]:
    """The public API, with its types."""
    yield "# Python API\n"
    yield f"{inspect.cleandoc(inspect.getdoc(logsleuth) or '').split('    import')[0].strip()}\n"
    yield '```python\nimport logsleuth\n\nreport = logsleuth.analyze(["error.log"], tz="Europe/Berlin")\n'
    yield "for incident in report.incidents:\n    print(incident.category, incident.confidence, incident.summary)\n```"
    for name in ("analyze", "load_patterns"):
        yield from _function(name, getattr(logsleuth, name))
    yield "\n## Options\n"
    yield from _classes(options, "Options")
    yield "\n## The report\n\nFrozen dataclasses. Times are microseconds since 1970, UTC."
    yield from _classes(model, "Report")


def _classes(module: ModuleType, first: str) -> Iterator[str]:
    """The classes of a module, this one first."""
    tree = ast.parse(Path(str(module.__file__)).read_text())
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    for node in sorted(classes, key=lambda one: one.name != first):
        yield from _class(node)


def _function(name: str, function: Callable[..., object]) -> Iterator[str]:
    yield f"\n## logsleuth.{name}\n"
    signature = inspect.signature(function)
    lines: list[str] = []
    for one in signature.parameters.values():
        if one.kind is one.KEYWORD_ONLY and "    *,\n" not in lines:
            lines.append("    *,\n")
        default = "" if one.default is one.empty else f" = {one.default!r}"
        lines.append(f"    {one.name}: {one.annotation}{default},\n")
    yield f"```python\n{name}(\n{''.join(lines)}) -> {signature.return_annotation}\n```\n"
    yield inspect.getdoc(function) or ""


def _class(node: ast.ClassDef) -> Iterator[str]:
    yield f"\n### {node.name}\n\n{ast.get_docstring(node) or ''}\n"
    yield "| field | type | |\n|---|---|---|"
    for field, after in zip(node.body, [*node.body[1:], None], strict=True):
        if isinstance(field, ast.AnnAssign):
            said = after.value.value if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else ""
            yield f"| `{ast.unparse(field.target)}` | `{_cell(ast.unparse(field.annotation))}` | {_cell(str(said))} |"


def pattern_keys() -> Iterator[str]:
    """The keys of a pattern file."""
    schema = json.loads((DOCS / "schema" / "pattern-1.schema.json").read_text())
    yield "# Keys of a pattern\n"
    yield "How to write one: [pattern format](../pattern-format.md). Editors check files by the"
    yield "[JSON Schema](../schema/pattern-1.schema.json)."
    yield from _object("Pattern", schema)


def categories() -> Iterator[str]:
    """The kinds of outages."""
    yield "# Categories\n"
    yield "What a report may name as the kind of an outage: `logsleuth explain CATEGORY` lists the patterns of one.\n"
    yield "| category | | a restart | where its trigger would be seen |\n|---|---|---|---|"
    for one in CATEGORIES:
        seen = _cell("; ".join(one.trigger_seen_in))
        yield f"| `{one.slug}` | {_cell(one.title)} | {one.restart.replace('-', ' ')} | {seen} |"


def _cell(text: str) -> str:
    """Text in a table, in which nothing ends the cell or starts a tag."""
    plain = re.sub(r"\s+", " ", text).strip()
    return plain.replace("|", "\\|").replace("<", "&lt;")


PAGES: dict[str, Callable[[], Iterator[str]]] = {
    "commands.md": commands, "json.md": report_json, "python.md": python, "pattern-keys.md": pattern_keys,
    "categories.md": categories,
}  # fmt: skip


def page(name: str) -> str:
    """The text of a page."""
    return HEAD + "\n" + "\n".join(PAGES[name]()) + "\n"
