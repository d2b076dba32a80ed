"""`logsleuth probe`: ready configuration for a supervisor."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from logsleuth.cli.inputs import complete_logs
from logsleuth.errors import LogsleuthError

KINDS = ("monit", "systemd", "nagios", "icinga", "prometheus")


@click.command(name="probe", short_help="Print ready configuration for a supervisor.")
@click.argument("kind", type=click.Choice(KINDS), metavar=f"[{'|'.join(KINDS)}]")
@click.argument("logs", nargs=-1, metavar="[LOG]...", shell_complete=complete_logs)
@click.option("--url", default="http://localhost/", show_default=True, metavar="URL",
              help="A page that needs the application and is cheap.")  # fmt: skip
@click.option("--service", default="", metavar="NAME", help="Default: apache2 or httpd, whichever is here.")
@click.option("--pid-file", default="", metavar="FILE", help="Default: /run/SERVICE/SERVICE.pid.")
@click.option("-o", "--output", type=click.Path(file_okay=False), metavar="DIR", help="Write the files there.")
@click.option("--no-verify", is_flag=True, help="Skip checking the result with the supervisor itself.")
def command(
    kind: str, logs: tuple[str, ...], url: str, service: str, pid_file: str, output: str | None, no_verify: bool
) -> None:
    """Print configuration that notices when Apache no longer serves, filled in for this host.

    Two layers: an HTTP check of the application, and `logsleuth check`, which shows why it fails. Without LOG, the
    error log is looked for in the usual places. If the supervisor is installed here, it checks the configuration.

    Exit codes: 0 done; 1 the supervisor rejects it; 2 wrong usage.
    """
    from logsleuth.probes.configs import configs
    from logsleuth.probes.host import host, may_be_there
    from logsleuth.probes.verify import verify

    made = configs(kind, host(logs, url, service, pid_file))
    for config in made:
        if output is None:
            click.echo(f"# ===== {config.place}/{config.name}" if len(made) > 1 else f"# {config.place}/{config.name}")
            click.echo(config.text)
        else:
            _write(Path(output), config.name, config.text)
    accepted, remark = (None, "not checked") if no_verify else verify(kind, made)
    for log in logs:
        if not may_be_there(log):
            click.echo(f"logsleuth: there is no {log} yet; the probe reports it as unknown until there is", err=True)
    for line in remark.splitlines():
        click.echo(f"logsleuth: {line}", err=True)
    sys.exit(1 if accepted is False else 0)


def _write(folder: Path, name: str, text: str) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise LogsleuthError(f"cannot write {folder / name}: {error.strerror}", "name another folder: -o DIR") from None
    click.echo(folder / name)
