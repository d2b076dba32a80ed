"""The gist as a message for Slack: JSON with Block Kit blocks, for an incoming webhook or `chat.postMessage`.

Limits are those of Slack's reference of Block Kit: 150 characters of a header, 3,000 of a section's text, 50 blocks
a message. `&`, `<` and `>` are escaped, as its page on formatting asks; what else would act as markup is replaced by
what looks like it. `verbatim` keeps Slack from making links, mentions and channels of words.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from logsleuth.report.escape import visible
from logsleuth.report.gist import gist, proof_words
from logsleuth.report.words import cut

if TYPE_CHECKING:
    from logsleuth.report.formats import Look
    from logsleuth.report.model import Report

HEADER: Final = 150
LONGEST: Final = 590
"""Characters of one point before it is escaped: an escape makes five of one, and all must fit into a section."""
LOOKALIKES: Final = str.maketrans({"*": "∗", "~": "∼", "`": "'"})
ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
UNDERSCORE: Final = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
"""An underscore at the edge of a word, which could begin or end italics."""


def render(report: Report, look: Look) -> str:
    """One message."""
    told = gist(report)
    title = f"{told.severity.upper()}: {told.title}" if told.severity != "info" else told.title
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": cut(visible(title), HEADER), "emoji": False}}
    ]
    blocks += [_section(f"*{point.label}*\n{_mrkdwn(point.text)}") for point in told.points]
    if told.proof is not None:
        blocks.append(_section(f"```{_mrkdwn(proof_words(told.proof))}```"))
    if look.to.link:
        blocks.append(_section(f"<{look.to.link.translate(ESCAPES)}|The full report>"))
    message = {"text": _mrkdwn(title), "blocks": blocks, "unfurl_links": False, "unfurl_media": False}
    return json.dumps(message, indent=2) + "\n"


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _mrkdwn(text: str) -> str:
    """A text in which nothing acts in Slack's markup."""
    shown = cut(visible(text), LONGEST).translate(LOOKALIKES)
    return UNDERSCORE.sub("＿", shown).translate(ESCAPES)
