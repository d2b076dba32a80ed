"""The tools on standard input and output, by the official SDK of the Model Context Protocol."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

from logsleuth._version import __version__
from logsleuth.agents.tools import NOTICE
from logsleuth.errors import LogsleuthError
from logsleuth.report.escape import visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from logsleuth.agents.tools import Tools

INSTRUCTIONS = (
    "Finds out from Apache httpd's error logs what went wrong: `analyze` first, then `evidence` for the lines around a "
    f"claim, `explain` for one message. The tools only read files. {NOTICE}"
)


def serve(tools: Tools) -> None:
    """Answer until standard input ends."""
    server_of(tools).run("stdio")


def server_of(tools: Tools) -> MCPServer:
    """The server of these tools."""
    server = MCPServer("logsleuth", version=__version__, instructions=INSTRUCTIONS, log_level="ERROR")
    for tool in (tools.analyze, tools.explain, tools.evidence, tools.diff, tools.formats):
        server.add_tool(_answering(tool), structured_output=False)
    return server


def _answering(tool: Callable[..., str]) -> Callable[..., str]:
    """A tool whose mistakes in use are answers that the model reads; log text in them acts on nothing."""

    @functools.wraps(tool)
    def answer(*arguments: object, **named: object) -> str:
        try:
            return tool(*arguments, **named)
        except LogsleuthError as error:
            raise ToolError(visible(str(error))) from None
        except OSError as error:
            raise ToolError(visible(f"cannot read {error.filename}: {error.strerror}")) from None

    return answer
