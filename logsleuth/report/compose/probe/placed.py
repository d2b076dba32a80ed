"""Where on its machine a log is that was given by its bare name, as lines of the logs say it."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from logsleuth.regexes import regex
from logsleuth.report.compose.probe.probe import OWN_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable

SERVER_ROOT: Final = regex(
    r"Command line: .{0,400}? -d ['\"]?(?P<root>[A-Za-z]:[\\/][A-Za-z0-9_ .()\\/-]{1,200}?)(?=['\"]| -[A-Za-z]\b)",
    needs=("Command line: ",),
)
"""In httpd's own words on Windows (AH00094, server/core.c), which doubles backslashes."""
LARAVEL: Final = regex(r"laravel(?:-\d{4}-\d\d-\d\d)?\.log")
"""What Laravel calls its log (config/logging.php), which it keeps in storage/logs."""
OF_LARAVEL: Final = regex(r"(?P<root>/(?:[A-Za-z0-9_.-]{1,60}/){1,8}?)vendor/laravel/", needs=("vendor/laravel/",))
"""Its own folder, in the trace of an exception."""
RELEASE: Final = regex(r"/releases/[^/]{1,60}/")
"""One of several of which the link `current` beside them shows which is in use."""


def placed(path: str, lines: Iterable[str]) -> str:
    """The path of a log on its machine, as lines tell it; as it was given where it has a folder, or none does."""
    if PurePath(path).name != path or ":" in path:
        return path
    if OWN_NAME.fullmatch(path):
        roots = {_folder(found["root"]) for line in lines if (found := SERVER_ROOT.search(line)) is not None}
        return f"{roots.pop()}\\logs\\{path}" if len(roots) == 1 else path
    if LARAVEL.fullmatch(path):
        traces = (at["root"] for line in lines if (at := OF_LARAVEL.search(line)) is not None)
        homes = {RELEASE.sub("/current/", root) for root in traces}
        return f"{homes.pop()}storage/logs/{path}" if len(homes) == 1 else path
    return path


def _folder(root: str) -> str:
    return root.replace("\\\\", "\\").replace("/", "\\").rstrip("\\")
