"""All rules, in the order in which they are tried: the most certain first.

A name alone (`alice`, `db7`) looks like any other word: it is first recognised by its context and then, if it is
distinctive enough, replaced wherever it occurs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.redaction import accounts, calls, headers, hosts, keys, people, shells, strict, tokens, urls

if TYPE_CHECKING:
    from logsleuth.redaction.rule import Rule

SECRETS: tuple[Rule, ...] = (
    *tokens.SHAPES, *headers.SECRETS, *urls.SECRETS, *shells.SECRETS, *keys.SECRETS, *calls.SECRETS, *tokens.DRAWN,
)  # fmt: skip
DEFAULT: tuple[Rule, ...] = (*SECRETS, *people.MAILS, *people.USERS, *hosts.HOSTS, *people.NUMBERS, *accounts.ACCOUNTS)
STRICT: tuple[Rule, ...] = strict.STRICT
