"""`logsleuth patterns coverage`: how much of some logs the library knows."""

from __future__ import annotations

import click

from logsleuth.cli.inputs import complete_logs
from logsleuth.cli.options import EXTRA


@click.command(name="coverage")
@click.argument("logs", nargs=-1, required=True, metavar="LOG...", shell_complete=complete_logs)
@click.option("--top", default=20, show_default=True, help="Number of unknown message shapes to show.")
@click.option("--by-log", is_flag=True, help="Show each log's share, lowest first.")
@click.option("--least", type=float, metavar="PERCENT", help="Exit with 1 if fewer of the lines are known.")
@EXTRA
def command(logs: tuple[str, ...], top: int, by_log: bool, least: float | None, patterns: tuple[str, ...]) -> None:
    """Show what share of the lines of each LOG is known, and the most frequent shapes of those that are not.

    For each shape: number of lines, module and level, the text with '*' for what varies, and a real line. Shapes that
    only a general pattern (a fallback) matches come last, marked as such.
    """
    from logsleuth.authoring.coverage import measure
    from logsleuth.library.load import load_library
    from logsleuth.logs.open.log import open_logs
    from logsleuth.report.escape import visible

    coverage = measure(open_logs(logs)[0], load_library(patterns))
    click.echo(f"known: {coverage.all}; of error and above: {coverage.grave}")
    if by_log:
        for path, share in sorted(coverage.by_log.items(), key=lambda item: item[1].known / (item[1].lines or 1)):
            click.echo(f"  {share!s:26} {path}")
    for (module, level, text), unknown in coverage.ranked()[:top]:
        general = f"  (only {unknown.fallback})" if unknown.fallback else ""
        click.echo(f"{unknown.lines:8,} {module}:{level} {visible(text)}{general}")
        example = unknown.entry.raw[-1] if unknown.entry else b""
        click.echo(f"{'':8} {visible(example.decode('utf-8', 'backslashreplace'))[:300]}")
    if least is not None and coverage.all.known * 100 < least * coverage.all.lines:
        raise SystemExit(1)
