"""logsleuth tells the story of an Apache outage from its error log.

The public API is `analyze`, `load_patterns` and `Report`; nothing else is promised to stay.

    import logsleuth
    report = logsleuth.analyze(["error.log"], tz="Europe/Berlin")
    for incident in report.incidents:
        print(incident.category, incident.confidence, incident.summary)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logsleuth._version import __version__

__all__ = ["Report", "__version__", "analyze", "load_patterns"]

if TYPE_CHECKING:
    from logsleuth.library.load import load_library as load_patterns
    from logsleuth.pipeline import analyze
    from logsleuth.report.model import Report


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whichever of the public names is asked for
    """Import the public names on first use: the scan is not needed for `--help`."""
    if name == "analyze":
        from logsleuth.pipeline import analyze

        return analyze
    if name == "load_patterns":
        from logsleuth.library.load import load_library

        return load_library
    if name == "Report":
        from logsleuth.report.model import Report

        return Report
    raise AttributeError(f"module 'logsleuth' has no attribute '{name}'")
