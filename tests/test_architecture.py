"""Who may import whom: the design's arrows, read from the code itself."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "logsleuth"

ALLOWED: dict[str, set[str]] = {
    "errors": set(),
    # nested and numeric texts, read with bounds: any part may
    "bounded": set(),
    # the user's home, likewise
    "home": set(),
    # texts in, texts out: for reports, and for examples in patterns
    "redaction": set(),
    # configuration for supervisors
    "probes": {"errors"},
    "library": {"errors"},
    "logs": {"errors"},
    "scan": {"library", "logs", "errors"},
    "engines": {"scan", "logs", "errors"},
    "story": {"scan", "library", "errors"},
    # the report knows the story's types; it shows the library's words and the facts of the logs
    "report": {"story", "scan", "library", "logs", "errors", "redaction"},
    "authoring": {"scan", "library", "logs", "errors", "redaction"},
    # the one screen that joins the stages
    "analysis": {"engines", "report", "story", "scan", "library", "logs", "errors"},
    # the same, bit by bit, while it happens
    "live": {"analysis", "engines", "report", "story", "scan", "library", "logs", "errors"},
    # the same for two logs side by side
    "comparing": {"analysis", "story", "scan", "library", "logs", "errors"},
    "cli": {"analysis", "live", "probes", "comparing", "report", "authoring", "library", "logs", "errors"},
    "__init__": {"analysis", "library", "report"},
    "__main__": {"cli"},
}
"""Each part of the package, and what it may import. A part that is not listed fails: say where it belongs."""


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """The parts of logsleuth that a module imports, at its top or late, for types or for real."""
    parts: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            pieces = name.split(".")
            if pieces[0] == "logsleuth" and len(pieces) > 1 and not pieces[1].startswith("__"):
                parts.add(pieces[1])
    return parts


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_imports_only_what_its_part_may(path: Path) -> None:
    part = part_of(path)
    assert part in ALLOWED, f"{path} belongs to no part of the design: list '{part}' in ALLOWED"
    assert imports(path) - {part, "bounded", "home"} <= ALLOWED[part]


def test_the_allowed_arrows_have_no_cycle() -> None:
    def reach(part: str, seen: tuple[str, ...] = ()) -> None:
        assert part not in seen, f"cycle: {' -> '.join((*seen, part))}"
        for target in ALLOWED[part]:
            reach(target, (*seen, part))

    for part in ALLOWED:
        reach(part)
