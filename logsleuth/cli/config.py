"""`logsleuth config`: the settings in force, and where each comes from."""

from __future__ import annotations

import click


@click.command(name="config", short_help="Show the settings in force, and where each comes from.")
@click.pass_context
def command(context: click.Context) -> None:
    """Show each setting, its value, and the file or variable that sets it.

    Files are /etc/logsleuth.toml, ~/.config/logsleuth/config.toml and the one of `logsleuth --config FILE`; variables
    are named such as LOGSLEUTH_TZ. Options on the command line override all of them.
    """
    from logsleuth.cli.settings import SETTINGS, in_force, usual_files
    from logsleuth.report.escape import visible

    found = {value.setting.name: value for value in in_force(context.find_root().params["config"])}
    for setting in SETTINGS:
        value = found.get(setting.name)
        text = f"{_shown(value.value)}  ({value.origin})" if value else "-"
        click.echo(f"{setting.name:14} {visible(text)}")
    click.echo(f"# files: {', '.join(visible(str(path)) for path in usual_files())}")


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
