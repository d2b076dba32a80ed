"""`logsleuth patterns check`: test and lint in one go, for hooks and for authors."""

from __future__ import annotations

import sys

import click

from logsleuth.cli.options import EXTRA


@click.command(name="check")
@click.argument("files", nargs=-1, type=click.Path())
@EXTRA
def command(files: tuple[str, ...], patterns: tuple[str, ...]) -> None:
    """Test and lint all patterns, or those in FILES, against the whole library.

    Exit codes: 0 all right; 1 an example failed or something was found; 2 a file cannot be read.
    """
    from logsleuth.authoring import selftest
    from logsleuth.authoring.choose import in_files
    from logsleuth.authoring.lint import run
    from logsleuth.library.load import load_library

    library = load_library((*patterns, *files))
    chosen = in_files(library, files)
    failures = selftest.run(library, chosen)
    findings = list(run.lint(library, chosen))
    for text in (selftest.summary(failures), run.summary(findings)):
        if text:
            click.echo(text)
    click.echo(f"{len(chosen)} patterns, {len(failures)} failures, {len(findings)} findings")
    if failures or findings:
        sys.exit(1)
