"""Shell prompts before a line, and the commands that stand behind them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.logs.wrappers.peeled import Peeled

if TYPE_CHECKING:
    from datetime import date

PROMPT = re.compile(
    r"(?:\([\w.\- ]{1,40}\) )?"  # a Python environment
    r"(?:\[[\w.\-]{1,32}@[\w.\-]{1,64}[ :][^\]]{0,80}\][#$%] ?"  # [root@web01 ~]#
    r"|[\w.\-]{1,32}@[\w.\-]{1,64}(?:[: ][^\s#$%>]{0,80})?[ ]?[#$%>] ?"  # root@web01:/etc#
    r"|[\w.\-]{1,64}:[~/][^\s#$%>]{0,80}(?: [\w.\-]{1,32})?[#$%] ?"  # macbook:~ anna$
    r"|(?:bash|sh|zsh)-\d[\d.]{0,6}[#$] ?"
    r"|PS [A-Z]:\\[^>]{0,120}> ?|[A-Z]:\\[^>]{0,120}> ?"  # PowerShell, cmd
    r"|[$#%➜❯›] {1,3})",
)
COMMAND = re.compile(r"\s*(?:\w+=\S+ )*(?:[\w.~/\\:\-]{1,120})(?:\.exe)?(?:\s+[^:]*)?\Z", re.ASCII)
"""Behind a prompt: a program and its arguments. What a program says has a colon behind its name."""
TYPED = re.compile(
    r"\s*(?:sudo (?:-\w+ )*\S|(?:\S{0,80}/)?(?:apachectl|apache2ctl|apache2|httpd)(?:\.exe)? "
    r"(?:-[tvVSMkXDlL]\b|start\b|stop\b|restart\b|graceful|configtest\b|status\b)|service (?:httpd|apache2) \w+"
    r"|systemctl \w+ \S*(?:httpd|apache2)|journalctl -|/etc/(?:rc\.d/)?init\.d/(?:httpd|apache2) \w+|tail -\w+ "
    r"|(?:cat|less|grep|vi|vim|nano) \S*/)[^:]{0,120}\Z",
    re.ASCII,
)
"""Commands that are known as such without their prompt."""


def peel_prompt(text: str, _: date) -> Peeled | None:
    """A prompt, with or without a command behind it."""
    found = PROMPT.match(text)
    return None if found is None else Peeled(text[found.end() :])


def is_command(text: str) -> bool:
    """Whether a prompt, a prompt with a command, or a command alone is all that the line holds."""
    found = PROMPT.match(text)
    if found is None:
        return TYPED.match(text) is not None
    rest = text[found.end() :]
    return not rest.strip() or COMMAND.match(rest) is not None
