"""The server, asked by a real client of the SDK over standard input and output."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mcp.client.client", reason="the extra 'mcp' is not installed")

from mcp import Client, StdioServerParameters, stdio_client

SAMPLES = Path(__file__).resolve().parent.parent.parent / "sample_logs"
EGG = str(SAMPLES / "stale-egg-24.log")
SECRET = "[Tue Mar 03 14:02:11 2009] [error] [client 203.0.113.77] PHP Fatal error:  Allowed memory size of 1 bytes exhausted, password=hunter22hunter"


def text_of(result: Any) -> str:  # noqa: ANN401 - the SDK's, which may be absent
    return "".join(part.text for part in result.content)


async def asked() -> dict[str, Any]:
    """One conversation that asks everything."""
    command = ["-m", "logsleuth", "mcp", "--root", str(SAMPLES), "--max-bytes", "6000"]
    server = StdioServerParameters(command=sys.executable, args=command)
    async with Client(stdio_client(server)) as client:
        calls: dict[str, tuple[str, dict[str, Any]]] = {
            "analyze": ("analyze", {"logs": [EGG]}),
            "small": ("analyze", {"logs": [EGG], "max_bytes": 1500}),
            "explain": ("explain", {"what": SECRET}),
            "code": ("explain", {"what": "AH00161"}),
            "evidence": ("evidence", {"logs": [EGG], "evidence_id": "e1"}),
            "no evidence": ("evidence", {"logs": [EGG], "evidence_id": "e999"}),
            "diff": ("diff", {"before": [str(SAMPLES / "quiet-day.log")], "after": [EGG]}),
            "formats": ("formats", {"logs": [EGG]}),
            "outside": ("analyze", {"logs": ["/etc/passwd"]}),
            "missing": ("analyze", {"logs": [f"{SAMPLES}/nosuch.log"]}),
            "no time": ("analyze", {"logs": [EGG], "since": "soonish"}),
        }
        tools = (await client.list_tools()).tools
        answers = {name: await client.call_tool(tool, arguments) for name, (tool, arguments) in calls.items()}
        return {"tools": tools, **answers}


def test_a_conversation() -> None:
    told = asyncio.run(asked())
    assert {tool.name for tool in told["tools"]} == {"analyze", "explain", "evidence", "diff", "formats"}
    assert all("log" in (tool.description or "") for tool in told["tools"])
    answers = {}
    for name in ("analyze", "small", "explain", "code", "evidence", "diff", "formats"):
        assert not told[name].is_error, text_of(told[name])
        assert len(text_of(told[name]).encode()) <= 6000
        answer = json.loads(text_of(told[name]))
        assert "untrusted" in answer["notice"]
        answers[name] = answer["data"]
    assert answers["analyze"]["incidents"][0]["category"] == "stale-egg"
    assert len(text_of(told["small"]).encode()) <= 1500
    assert answers["code"]["known"]
    assert answers["explain"]["patterns"][0]["id"].startswith("php.")
    assert "203.0.113.77" not in str(answers["explain"])
    assert "hunter22" not in str(answers["explain"])
    assert len(answers["evidence"]["around"]) > 1
    assert "/srv/" in answers["evidence"]["log_text"] or "egg" in answers["evidence"]["log_text"]
    assert answers["formats"]["logs"][0]["share"] == 1
    assert {row["kind"] for row in answers["diff"]["changes"]} & {"new", "more"}
    for name, words in {
        "outside": "--root FOLDER", "missing": "no such file", "no time": "not a time", "no evidence": "there is: e1",
    }.items():  # fmt: skip
        assert told[name].is_error
        assert words in text_of(told[name]), text_of(told[name])
