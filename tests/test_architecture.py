"""Who may import whom: the design's floors, read from the code itself, imports for types included."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "logsleuth"

FLOORS: tuple[tuple[str, ...], ...] = (
    ("errors", "units", "values", "regexes", "home", "spelling", "_version"),
    ("bounded",),
    ("redaction", "probes", "options"),
    ("library",),
    ("logs",),
    ("scan",),
    ("engines", "authoring"),
    # the straight line from a tally to what happened
    ("timeline",),
    ("lives",),
    ("signals",),
    ("incidents",),
    ("causes",),
    ("story",),
    # hosts side by side
    ("fleet",),
    # what is shown: imports values, decides nothing
    ("report", "diff"),
    ("pipeline", "live", "times"),
    ("agents",),
    ("cli",),
    ("__init__", "__main__"),
)
"""From the ground up. A module imports only from its own part and from floors below; a new part must be put here."""

SIDEWAYS: dict[str, frozenset[str]] = {
    # a comparison is read by the same engines, and printed by the same renderers
    "report": frozenset({"diff"}),
}
"""Arrows between two parts of one floor."""

MODULES = sorted(PACKAGE.rglob("*.py"))


def part_of(name: str) -> str:
    return name.split(".", maxsplit=1)[0]


def name_of(path: Path) -> str:
    relative = path.relative_to(PACKAGE).with_suffix("")
    parts = relative.parts[:-1] if relative.name == "__init__" and len(relative.parts) > 1 else relative.parts
    return ".".join(parts)


NAMES = {name_of(path) for path in MODULES}


def imports(path: Path) -> Iterator[str]:
    """The modules of logsleuth that one imports, at its top or late, for types or for real."""
    for node in ast.walk(ast.parse(path.read_text())):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            if name.startswith("logsleuth."):
                inner = name.removeprefix("logsleuth.")
                yield inner if inner in NAMES else inner.rpartition(".")[0] or "__init__"


def floor_of(part: str) -> int:
    found = [number for number, parts in enumerate(FLOORS) if part in parts]
    assert found, f"'{part}' belongs to no floor of the design: put it into FLOORS"
    return found[0]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_lead_only_downward(path: Path) -> None:
    part = part_of(name_of(path))
    for name in imports(path):
        other = part_of(name)
        if other != part and other not in SIDEWAYS.get(part, ()):
            assert floor_of(other) < floor_of(part), f"{name_of(path)} imports {name}, which is not below it"


TANGLED = frozenset({"logs"})
"""Parts in which modules still import one another for types; to be emptied."""


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = {name_of(path): set(imports(path)) & NAMES for path in MODULES if part_of(name_of(path)) not in TANGLED}
    graph = {name: others & graph.keys() for name, others in graph.items()}
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, "cycle: " + " -> ".join((*way[way.index(name) :], name))
        if name not in done:
            for other in sorted(graph[name] - {name}):
                visit(other, (*way, name))
            done.add(name)

    for name in sorted(graph):
        visit(name, ())
