"""`logsleuth parse`: every line's fields as JSON Lines, for other tools."""

from __future__ import annotations

import json
import sys

import click

from logsleuth.cli.inputs import complete_logs, logs_or_pipe


@click.command(name="parse", short_help="Write each line's fields as JSON Lines.")
@click.argument("logs", nargs=-1, metavar="LOG...", callback=logs_or_pipe, shell_complete=complete_logs)
@click.option("--log-format", "log_formats", multiple=True, metavar="FORMAT",
              help="ErrorLogFormat's argument, as in httpd.conf. Several: main, connection, request.")  # fmt: skip
@click.option("--httpd-conf", type=click.Path(), metavar="FILE",
              help="The httpd configuration behind the logs: formats, log files, number of workers.")  # fmt: skip
@click.option("--access-format", "access_formats", multiple=True, metavar="FORMAT",
              help="LogFormat's argument, as in httpd.conf, for access logs in a custom format.")  # fmt: skip
def command(
    logs: tuple[str, ...], log_formats: tuple[str, ...], httpd_conf: str | None, access_formats: tuple[str, ...]
) -> None:
    """Write one JSON object for each line of each LOG, in order.

    Fields: path, line, kind, time (local, as the log has it, with its precision), level, module, pid, tid,
    client, client_port, errno, code, message, referer, host, extra. What a line lacks is null.
    """
    from logsleuth.errors import LogsleuthError
    from logsleuth.logs.conf.configuration import read_configuration
    from logsleuth.logs.conf.formats import formats_of
    from logsleuth.logs.format.mixed import mixed
    from logsleuth.logs.httpd.layout.reader import joined
    from logsleuth.logs.open.block import read_lines
    from logsleuth.logs.open.log import look_at
    from logsleuth.report.surveys import record_data

    conf = read_configuration(httpd_conf) if httpd_conf else None
    for log in look_at(logs, formats_of(log_formats, conf), access_formats):
        if log.format.kind == "binary":
            raise LogsleuthError(f"{log.path}: {log.format.reason}", "name a log")
        read = joined(mixed(log)) if log.format.layouts else mixed(log)
        with log.open() as stream:
            for number, line in enumerate(read_lines(stream), 1):
                if (record := read(line.rstrip(b"\r"))) is not None:
                    record.host = record.host or log.host
                    sys.stdout.write(json.dumps(record_data(record, log.path, number)) + "\n")
