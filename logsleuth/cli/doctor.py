"""`logsleuth doctor`: what is installed, and what it can read here."""

from __future__ import annotations

import sys

import click


@click.command(name="doctor", short_help="Check the installation, and which logs can be read here.")
def command() -> None:
    """Check the installation: the right program, the compiled scan, the patterns, optional extras, readable logs.

    Exit codes: 0 all is well, or works with limits; 2 something is broken.
    """
    from logsleuth.cli.health import Grade, examine
    from logsleuth.report.escape import visible

    findings = examine()
    for finding in findings:
        click.echo(f"{finding.grade.value:7} {finding.subject:10} {visible(finding.text)}")
    if any(finding.grade is Grade.BROKEN for finding in findings):
        sys.exit(2)
