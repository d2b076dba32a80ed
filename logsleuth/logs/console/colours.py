"""ANSI colours and other commands to a terminal. httpd escapes what it logs, so none of them is a message's own."""

from __future__ import annotations

import re

ESCAPES = re.compile(
    r"(?:\x1b|\^\[)\[[0-9;?]{0,40}[ -/]{0,4}[@-~]"  # CSI, also as `cat -v` shows it
    r"|\x1b\][^\x07\x1b]{0,400}(?:\x07|\x1b\\)"  # OSC: titles, links
    r"|\x1b[()][0-9A-Za-z]|\x1b[=>78]"
)
LEFT_OVER = re.compile(r"\[(?:0m|m(?!\w)|0?\d;\d{1,3}m)(?:\[K)?|(?<![\w\]])\[\d{1,2}(?:;\d{1,3}){0,4}m(?:\[K)?")
"""What a web form leaves of a colour: the escape character is gone."""


def without_colours(text: str) -> str:
    """The same line in black and white."""
    if "\x1b" in text or "^[" in text:
        text = ESCAPES.sub("", text)
    return LEFT_OVER.sub("", text) if "m" in text and "[" in text else text
